"""Quizzes of whole groups, step by step. Each step is one change of the store, and the clock takes the next."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from sqlalchemy.ext.asyncio import AsyncConnection

from semax_bot.course.load import Course
from semax_bot.errors import Declined
from semax_bot.quiz import board, choose
from semax_bot.quiz.board import points
from semax_bot.quiz.judge import judge
from semax_bot.quiz.shuffle import authored, question, shown
from semax_bot.quiz.values import Mode, Round
from semax_bot.quiz.wish import Wish, wish
from semax_bot.reply import Reply, line
from semax_bot.schedule.values import Attempt
from semax_bot.store import channels, deliveries, due, learners, log, moves, posts, votes
from semax_bot.store.deliveries import GREETING
from semax_bot.store.homes import home_of
from semax_bot.store.posts import GroupRound, Post
from semax_bot.store.store import Store
from semax_bot.store.values import Due
from semax_bot.tutor import boards
from semax_bot.tutor.memory import remember
from semax_bot.tutor.rounds import NO_TOPIC
from semax_bot.tutor.values import Counting, Delivery, Posted, Who

SIZE = 5  # questions of a round, unless somebody asks for another number
SECONDS = 30  # for each, likewise
SLACK = timedelta(seconds=1)  # after a question's time is up: votes of the last moment are still on their way
GRACE = timedelta(seconds=30)  # for a question to reach its chat; if we die before it has, the next comes after that
LATE = timedelta(minutes=5)  # a round that stood still for so long has no audience left and is not resumed

OPENING = "{count} questions for everybody here, {seconds} seconds each. The first comes now."
OPENING_ONE = "One question for everybody here, {seconds} seconds. It comes now."
RUNNING = "A round is running here already. Whoever started it, or an admin, can end it with /stop."
NO_ROUND = "No round is running here. /quiz starts one for everybody."


class NotYours(Declined):
    """Somebody wishes to end a round that others began."""

    def __init__(self) -> None:
        super().__init__("This round can be stopped by the one who started it, or by an admin of the group.")


class Groups:
    """The rounds and daily questions of all groups, and their boards. A chat goes by the key of its surface."""

    def __init__(
        self,
        course: Course,
        store: Store,
        topic: Callable[[str], Sequence[str]],
        now: Callable[[], datetime],
        rng: Random,
        set_aside: Callable[[Who], None],
    ) -> None:
        """`topic` names the entries that words are about; `set_aside` hears who missed an item too often."""
        self._course, self._store, self._topic, self._now, self._rng = course, store, topic, now, rng
        self._set_aside = set_aside
        self._items = choose.reading_order(course)
        self._single = tuple(filter(boards.is_single, self._items))

    async def start(self, chat: str, starter: Who | None, text: str) -> Delivery | Reply:
        """Begin the round that was asked for in `text`; `starter` is None for an admin who stays anonymous.

        A reply says why there is none: one is running here, or nothing fits. Raises WishError.
        """
        wanted = wish(text)
        entries = self._topic(wanted.topic) if wanted.topic else ()
        if wanted.topic and not entries:
            return line(NO_TOPIC)
        return await self._store.write(lambda conn: self._start(conn, chat, starter, wanted, entries))

    async def stop(self, chat: str, who: Who | None, is_admin: bool) -> tuple[tuple[Reply, ...], int | None]:
        """End the round for `who` wishes so: what to say, and the message of the question that is to be closed.

        Raises NotYours if `who` is neither the starter nor an admin.
        """

        async def change(conn: AsyncConnection) -> tuple[tuple[Reply, ...], int | None]:
            row = await posts.open_round(conn, chat)
            if row is None:
                return (line(NO_ROUND),), None
            if not (is_admin or (who and who.handle == row.starter)):
                raise NotYours
            waits = await self._close(conn, row)
            return await self._over(conn, row), waits

        return await self._store.write(change)

    async def vote(self, who: Who, name: str, poll: str, picked: Iterable[int], received: datetime | None) -> bool:
        """Count an answer: the places of the options picked, in the order shown. False if the poll is no post of ours.

        It counts once, also after its time. Speed counts if it is known when the vote was `received` (UTC).
        """
        picks = frozenset(picked)
        if not await self._is_ours(poll):
            return False
        if await self._store.write(lambda conn: self._vote(conn, who, name, poll, picks, received)):
            self._set_aside(who)
        return True

    async def vote_as_chat(self, poll: str) -> bool:
        """Count a vote in the name of a chat, which is nobody's. False if the poll is no post of ours."""
        if not await self._is_ours(poll):
            return False

        async def change(conn: AsyncConnection) -> None:
            if post := await posts.by_poll(conn, poll):
                await posts.another(conn, post.id)

        await self._store.write(change)
        return True

    async def closed(self, poll: str, counts: Sequence[int]) -> None:
        """A poll was closed, with so many votes for each option in the order shown."""
        if not await self._is_ours(poll):
            return

        async def change(conn: AsyncConnection) -> None:
            post = await posts.by_poll(conn, poll)
            if post and len(counts) == len(post.shown):
                await posts.counted(conn, post.id, counts)

        await self._store.write(change)

    async def leaderboard(self, chat: str, all_time: bool) -> Reply:
        """The best of a group, this week by the chat's own clock, or ever; those who are unlisted are left out."""
        async with self._store.reading() as conn:
            return await boards.of_home(conn, home_of(chat), chat, self._now(), all_time)

    async def moved(self, old: str, new: str) -> None:
        """A group has another id from now on. It may be said more than once."""
        await self._store.write(lambda conn: moves.move(conn, old, new))

    async def left(self, home: str) -> None:
        """The chat takes no message of ours any more, so its round is over, and those of its topics."""

        async def change(conn: AsyncConnection) -> None:
            for row in await posts.open_rounds(conn, home):
                await self._end(conn, row)
            await deliveries.forget_of(conn, home, GREETING)

        await self._store.write(change)

    async def shut_out(self, conn: AsyncConnection, chat: str) -> None:
        """One chat, or one topic, takes no message of ours, as part of a change."""
        if row := await posts.open_round(conn, chat):
            await self._end(conn, row)

    async def question(self, conn: AsyncConnection, chat: str) -> Posted | None:
        """A question for a chat by itself, stored; None if the course has none.

        A channel's is anonymous, and has one right option: of several Telegram tells how many votes each option got,
        but not how many people were right.
        """
        is_channel = await channels.known(conn, chat)
        items = self._single if is_channel else self._items
        asked = await posts.last_asked(conn, chat)
        for step in choose.for_chat(self._course, items, (), asked, 1, self._rng):
            item = self._course.items[step.item]
            order = shown(item, self._rng)
            key = await posts.add(conn, chat, item.id, order, self._now())
            return Posted(key, question(item, order), anonymous=is_channel)
        return None

    async def posted(self, conn: AsyncConnection, posted: Posted, poll: str, message: int) -> None:
        """The question stands in its chat, as this poll in this message; of a round's, the time runs from now on."""
        now = self._now()
        await posts.sent(conn, posted.id, poll, message, now)
        post = await posts.get(conn, posted.id)
        if posted.seconds is not None and post and not post.closed:
            await due.put(conn, "deadline", post.id, now + timedelta(seconds=posted.seconds) + SLACK)

    async def begin_deadline(self, conn: AsyncConnection, one: Due) -> Delivery | None:
        """The time of a round's question is up: the next one, or the board."""
        await due.drop(conn, one.kind, one.ref)
        post = await posts.get(conn, one.ref)
        row = await posts.group_round_of(conn, post.group_round_id) if post and post.group_round_id else None
        if post is None or row is None or post.closed or row.ended_at:
            return None
        await posts.close(conn, post.id)
        is_late = self._now() - one.at > LATE
        if not is_late and (following := await self._next(conn, row)):
            return following
        key = await self._begin(conn, row.chat, "round", f"end {row.id}", row.made_at)
        return Delivery(key, row.chat, await self._over(conn, row)) if key is not None else None

    async def begin_result(self, conn: AsyncConnection, one: Due) -> Delivery | None:
        """It is time to say what became of a daily question: its poll is to be closed and counted."""
        await due.drop(conn, one.kind, one.ref)
        post = await posts.get(conn, one.ref)
        if post is None or post.sent_at is None or post.closed or post.item not in self._course.items:
            return None
        await posts.close(conn, post.id)
        key = await self._begin(conn, post.chat, "result", str(post.id), post.made_at)
        return Delivery(key, post.chat, counting=Counting(post.id, post.message)) if key is not None else None

    async def result(self, post_id: int, counts: Sequence[int] | None) -> Reply:
        """What became of a daily question; `counts` are the votes by option as shown, None if the poll cannot tell."""
        return await self._store.write(lambda conn: boards.of_post(conn, self._course, post_id, counts))

    async def _start(
        self, conn: AsyncConnection, chat: str, starter: Who | None, wanted: Wish, entries: Sequence[str]
    ) -> Delivery | Reply:
        if await posts.open_round(conn, chat):
            return line(RUNNING)
        asked = await posts.last_asked(conn, chat)
        steps = choose.for_chat(self._course, self._items, entries, asked, wanted.size or SIZE, self._rng)
        steps = choose.practice(steps) if wanted.mode is Mode.CRAM else steps
        seconds, now = wanted.seconds or SECONDS, self._now()
        state = Round(wanted.mode, steps, topic=wanted.topic)
        key = await posts.start(conn, chat, starter.handle if starter else "", state, seconds, now)
        row = await posts.group_round_of(conn, key)
        first = await self._next(conn, row) if row else None
        if first is None:
            await posts.end(conn, key, now)
            return line(NO_TOPIC)
        opening = OPENING if len(steps) > 1 else OPENING_ONE
        return replace(first, say=(line(opening.format(count=len(steps), seconds=seconds)),), urgent=True)

    async def _next(self, conn: AsyncConnection, row: GroupRound) -> Delivery | None:
        """The next question of a round, with a deadline for the case that we die before it is sent; None at its end."""
        for place, step in enumerate(row.round.coming):
            if item := self._course.items.get(step.item):  # an item that its author took out is passed over
                order, now = shown(item, self._rng), self._now()
                await posts.save(conn, row.id, replace(row.round, coming=row.round.coming[place + 1 :]))
                post = await posts.add(conn, row.chat, item.id, order, now, row.id)
                await due.put(conn, "deadline", post, now + timedelta(seconds=row.seconds) + GRACE)
                key = await self._begin(conn, row.chat, "round", str(post), now)
                assert key is not None  # the post is new
                number = len(await posts.of_round(conn, row.id))
                count = f"Question {number} of {number + len(row.round.coming) - place - 1}"
                asked = question(item, order)
                asked = replace(asked, context="\n".join(filter(None, (count, asked.context))))
                return Delivery(key, row.chat, post=Posted(post, asked, row.seconds))
        return None

    async def _begin(self, conn: AsyncConnection, chat: str, kind: str, slot: str, day: datetime) -> int | None:
        return await deliveries.begin(conn, chat, kind, slot, day.date().isoformat(), self._now())

    async def _close(self, conn: AsyncConnection, row: GroupRound) -> int | None:
        """Close what is open of a round; returns the message of its open question."""
        message = None
        for post in await posts.of_round(conn, row.id):
            if not post.closed:
                await posts.close(conn, post.id)
                await due.drop(conn, "deadline", post.id)
                message = post.message
        return message

    async def _end(self, conn: AsyncConnection, row: GroupRound) -> None:
        await self._close(conn, row)
        await posts.end(conn, row.id, self._now())

    async def _over(self, conn: AsyncConnection, row: GroupRound) -> tuple[Reply, ...]:
        """End a round; what there is to say then."""
        now = self._now()
        await posts.end(conn, row.id, now)
        return await boards.of_round(conn, self._course, row, now)

    async def _is_ours(self, poll: str) -> bool:
        """Whether a poll is a post; to ask takes no writer, and leaves the update that asks in the inbox."""
        async with self._store.reading() as conn:
            return await posts.by_poll(conn, poll) is not None

    async def _vote(
        self, conn: AsyncConnection, who: Who, name: str, poll: str, picks: frozenset[int], received: datetime | None
    ) -> bool:
        """Count a vote, unless it is withdrawn, doubled or impossible; returns whether the item is set aside now."""
        post, now = await posts.by_poll(conn, poll), self._now()
        item = self._course.items.get(post.item) if post else None
        if post is None or item is None or not picks or picks - set(range(len(post.shown))):
            return False
        row = await posts.group_round_of(conn, post.group_round_id) if post.group_round_id else None
        learner = await learners.learner_of(conn, *who, now)
        chosen, home = authored(post.shown, picks), home_of(post.chat)
        right = judge(item, chosen)
        worth = points(right, _left(post, row, received))
        if not await votes.add(conn, post.id, learner.id, home, right, worth, now):
            return False
        await votes.named(conn, home, learner.id, board.named(name))
        practice = row is not None and row.round.mode is Mode.CRAM
        await log.append(conn, learner.id, Attempt(0, item.id, now, right=right, practice=practice), sorted(chosen))
        return not practice and await remember(conn, learner.id, item)


def _left(post: Post, row: GroupRound | None, received: datetime | None) -> float:
    """The share of a question's time that was left when a vote came; 0 where no time runs, or none is known."""
    if row is None or received is None or post.sent_at is None or post.closed:
        return 0.0
    return 1 - (received - post.sent_at) / timedelta(seconds=row.seconds)
