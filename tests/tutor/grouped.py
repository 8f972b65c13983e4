"""A group as surface and clock see it, for the tests of groups over a real store."""

from collections.abc import Iterable
from datetime import timedelta
from functools import partial

from sqlalchemy import select

from clock import Clock
from semax_bot.quiz.values import Question
from semax_bot.reply import Reply, plain
from semax_bot.schedule.values import Card
from semax_bot.store import due, learners, log, schema
from semax_bot.store.store import Store
from semax_bot.tutor import Tutor, Who
from semax_bot.tutor.groups import SECONDS
from semax_bot.tutor.values import Delivery, Posted

ANNA, BORIS, CLARA = Who("telegram", "5"), Who("telegram", "6"), Who("telegram", "7")
NAMES = {ANNA: "Anna", BORIS: "Boris", CLARA: "Clara"}
HOME, TOPIC, CHANNEL = "-100", "-100/7", "-200"


class Group:
    """Does what surface and clock do for one group, with a message id for each question."""

    def __init__(self, tutor: Tutor, store: Store, clock: Clock, chat: str = HOME) -> None:
        self.tutor, self.groups, self.store, self.clock, self.chat = tutor, tutor.groups, store, clock, chat

    def elsewhere(self, chat: str) -> "Group":
        """Another chat of the same tutor."""
        return Group(self.tutor, self.store, self.clock, chat)

    async def starts(self, text: str = "/quiz 2", starter: Who | None = ANNA) -> Posted:
        """Begin a round; its first question, which reaches the chat at once."""
        begun = await self.groups.start(self.chat, starter, text)
        assert isinstance(begun, Delivery)
        return await self.puts(begun)

    async def puts(self, delivery: Delivery) -> Posted:
        """The question of a delivery, once it stands in the chat."""
        assert delivery.chat == self.chat
        assert delivery.post is not None
        return await self.sends(delivery.post)

    async def sends(self, posted: Posted) -> Posted:
        """The same for a question by itself."""
        await self.store.write(lambda conn: self.groups.posted(conn, posted, poll(posted), 1000 + posted.id))
        return posted

    async def due(self, kind: str = "deadline") -> list[Delivery]:
        """What the clock begins on now."""
        now = self.clock()
        lease = now + timedelta(minutes=1)
        claimed = await self.store.write(lambda conn: due.claim(conn, "me", kind in due.URGENT, 9, now, lease))
        begin = self.groups.begin_deadline if kind == "deadline" else self.groups.begin_result
        begun = [await self.store.write(partial(begin, one=one)) for one in claimed]
        return [delivery for delivery in begun if delivery]

    async def waits(self, seconds: float = SECONDS + 1) -> Delivery:
        """Let the time of a question pass; what comes next."""
        self.clock.now += timedelta(seconds=seconds)
        (delivery,) = await self.due()
        return delivery

    async def votes(
        self, posted: Posted, *people: Who, right: bool = True, after: float | None = None, name: str = ""
    ) -> None:
        """Answer, so many seconds after the question came; None: nobody knows when."""
        received = None if after is None else self.clock() + timedelta(seconds=after)
        for who in people:
            picks = posted.question.right if right else wrong(posted.question)
            assert await self.groups.vote(who, name or NAMES[who], poll(posted), picks, received)

    async def board(self, all_time: bool = False) -> str:
        """The leaderboard, in words."""
        return plain(await self.groups.leaderboard(self.chat, all_time))

    async def cards(self, who: Who) -> dict[str, Card]:
        """What somebody remembers."""
        async with self.store.reading() as conn:
            found = await learners.find(conn, *who)
            return await log.cards(conn, found.id) if found else {}

    async def stored(self, table: str) -> int:
        """How many rows a table has."""
        async with self.store.reading() as conn:
            return len((await conn.execute(select(schema.metadata.tables[table]))).all())


def poll(posted: Posted) -> str:
    """What the surface calls a question."""
    return f"poll {posted.id}"


def wrong(question: Question) -> Iterable[int]:
    """A choice that is not the right one."""
    return {next(place for place in range(len(question.options)) if {place} != set(question.right))}


def lines(replies: Iterable[Reply]) -> list[str]:
    """The lines of people on the board among these replies."""
    return [text for reply in replies for text in plain(reply).splitlines() if " · " in text and text[0].isdigit()]
