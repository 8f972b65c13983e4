"""Groups over a real store: what counts for whom, what the clock does next, and what a round survives."""

import asyncio
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from clock import Clock
from semax_bot.quiz.board import RIGHT, SPEED
from semax_bot.quiz.values import Question
from semax_bot.quiz.wish import WishError
from semax_bot.reply import Reply, plain
from semax_bot.schedule.memory import LEECH
from semax_bot.schedule.values import Card
from semax_bot.store import channels, due, learners, log, posts, schema, subscriptions
from semax_bot.store.due import Due
from semax_bot.store.store import Store
from semax_bot.store.subscriptions import Kind
from semax_bot.tutor import Tutor, Who
from semax_bot.tutor.groups import GRACE, LATE, NO_ROUND, NOT_YOURS, RUNNING, SECONDS, SLACK, Groups
from semax_bot.tutor.rounds import NO_TOPIC
from semax_bot.tutor.values import Delivery, Posted

ANNA, BORIS, CLARA = Who("telegram", "5"), Who("telegram", "6"), Who("telegram", "7")
NAMES = {ANNA: "Anna", BORIS: "Boris", CLARA: "Clara"}
HOME, TOPIC, CHANNEL = "-100", "-100/7", "-200"


@pytest.fixture
def clock() -> Clock:
    """A Monday in winter, nine in the morning UTC."""
    return Clock()


@pytest.fixture
def group(tutor: Tutor, store: Store, clock: Clock) -> "Group":
    """A group in which nothing was asked yet."""
    return Group(Tutor(tutor.course, store, clock, Random(7)), store, clock)


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
        home = self.chat.partition("/")[0]
        return plain(await self.groups.leaderboard(home, self.chat, all_time))

    async def cards(self, who: Who) -> dict[str, Card]:
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


async def test_a_whole_round(group: Group) -> None:
    """The job itself: two questions, three people, each answer worth its points, then the board and what was missed."""
    first = await group.starts("/quiz 2 40s")
    assert first.seconds == 40
    assert not first.anonymous
    assert "1 of 2" in first.question.context
    await group.votes(first, ANNA, after=0)
    await group.votes(first, BORIS, after=20)
    assert await group.due() == []
    second = await group.puts(await group.waits(41))
    assert second.question.item != first.question.item
    assert "2 of 2" in second.question.context
    await group.votes(second, ANNA, BORIS, right=False, after=1)
    await group.votes(second, CLARA)
    end = await group.waits(41)
    assert end.post is None
    half = RIGHT + round(SPEED / 2)
    assert lines(end.say[:1]) == [
        f"1. Anna · {RIGHT + SPEED} points, 1 of 2 right",
        f"2. Boris · {half} points, 1 of 2 right",
        f"3. Clara · {RIGHT} points, 1 of 2 right",
    ]
    assert "3 people answered" in plain(end.say[0])
    assert end.say[1].entry == group.tutor.course.items[second.question.item].entries[0]
    assert set(await group.cards(ANNA)) == {first.question.item, second.question.item}
    assert set(await group.cards(CLARA)) == {second.question.item}
    group.clock.now += timedelta(hours=1)
    assert await group.due() == []
    assert await group.stored("due") == 0


async def test_a_round_without_misses_has_no_card(group: Group) -> None:
    """Nothing was missed, so nothing is taught; equal points share a place."""
    await group.votes(await group.starts("/quiz 1"), ANNA, BORIS, CLARA)
    (said,) = (await group.waits()).say
    assert [line[0] for line in lines([said])] == ["1", "1", "1"]


async def test_a_round_that_nobody_answers(group: Group) -> None:
    """It says so kindly, and names nobody."""
    await group.starts("/quiz 1")
    (said,) = (await group.waits()).say
    assert "Nobody answered" in plain(said)
    assert await group.stored("learner") == 0


async def test_only_the_first_possible_vote_counts(group: Group) -> None:
    """Doubled, withdrawn, impossible and forged votes change nothing."""
    first = await group.starts("/quiz 1")
    assert await group.groups.vote(ANNA, "Anna", poll(first), [], None)
    assert await group.groups.vote(ANNA, "Anna", poll(first), [99], None)
    assert not await group.groups.vote(ANNA, "Anna", "forged", first.question.right, None)
    assert not await group.groups.vote_as_chat("forged")
    await group.groups.closed("forged", [1, 2])
    assert await group.stored("learner") == 0
    await group.votes(first, ANNA)
    await group.votes(first, ANNA, right=False)
    assert (await group.cards(ANNA))[first.question.item].right
    end = await group.waits()
    assert lines(end.say) == [f"1. Anna · {RIGHT} points, 1 of 1 right"]
    assert await group.stored("attempt") == 1


@pytest.mark.parametrize(("after", "points"), [(-3, 15), (0, 15), (9, 14), (15, 12), (30, 10), (500, 10), (None, 10)])
async def test_speed_counts_if_it_is_known(group: Group, after: float | None, points: int) -> None:
    """By the moment at which the vote came; after a restart or a backlog, which hide that, nobody has an advantage."""
    await group.votes(await group.starts("/quiz 1 30s"), ANNA, after=after)
    assert lines((await group.waits()).say) == [f"1. Anna · {points} points, 1 of 1 right"]


async def test_a_vote_after_its_time_counts_without_speed(group: Group) -> None:
    """It was given in time and handled late: no reason to lose it."""
    first = await group.starts("/quiz 2")
    await group.puts(await group.waits())
    await group.votes(first, ANNA, after=-30)
    assert set(await group.cards(ANNA)) == {first.question.item}
    assert f"1. Anna · {RIGHT} points" in await group.board()
    end = await group.waits()
    await group.votes(first, BORIS)
    assert lines(end.say) == [f"1. Anna · {RIGHT} points, 1 of 2 right"]
    assert "Boris" in await group.board()


async def test_a_vote_as_a_chat_is_counted_and_nobodys(group: Group) -> None:
    """Anonymous admins and channels vote under another name than a person's."""
    first = await group.starts("/quiz 1")
    assert await group.groups.vote_as_chat(poll(first))
    end = await group.waits()
    assert "1 vote came from a chat" in plain(end.say[0])
    assert await group.stored("learner") == 0
    assert await group.stored("attempt") == 0


async def test_the_unlisted_are_counted_and_not_named(group: Group) -> None:
    """Who left the boards is on none, earlier answers included; the answers count for their progress all the same."""
    first = await group.starts("/quiz 1")
    await group.votes(first, ANNA, BORIS)
    await group.tutor.accounts.set(BORIS, "set:unlisted:1")
    end = await group.waits()
    assert [line.split()[1] for line in lines(end.say)] == ["Anna"]
    assert "2 people answered" in plain(end.say[0])
    assert "Boris" not in await group.board(all_time=True)
    assert set(await group.cards(BORIS)) == {first.question.item}
    await group.tutor.accounts.set(BORIS, "set:unlisted:0")
    assert "Boris" in await group.board()


async def test_names_are_those_of_the_last_answer_and_harmless(group: Group) -> None:
    """Somebody who is renamed stands once on the board; line breaks and overrides do not reach it."""
    first = await group.starts("/quiz 2")
    await group.votes(first, ANNA, name="Old\u202e name\nof hers")
    assert "1. Old name of hers · " in await group.board()
    await group.votes(await group.puts(await group.waits()), ANNA, name="\u200b")
    assert lines((await group.waits()).say) == ["1. Somebody · 20 points, 2 of 2 right"]


async def test_one_round_at_a_time(group: Group) -> None:
    """A second one would mix two boards; who asks for it hears how to end the first."""
    first, second = await asyncio.gather(*(group.groups.start(HOME, who, "/quiz 1") for who in (ANNA, BORIS)))
    assert isinstance(first, Delivery)
    assert isinstance(second, Reply)
    assert plain(second) == RUNNING
    await group.puts(first)
    assert isinstance(await group.groups.start(HOME, ANNA, "/quiz"), Reply)
    await group.waits()
    await group.starts()


async def test_two_processes_start_one_round(group: Group, url: str, tmp_path: Path) -> None:
    """Whoever comes second, even from another process, finds the round of the first."""
    other = await Store.open(url, tmp_path)
    try:
        tutors = (group.tutor, Tutor(group.tutor.course, other, group.clock))
        begun = await asyncio.gather(*(tutor.groups.start(HOME, ANNA, "/quiz") for tutor in tutors))
    finally:
        await other.close()
    assert sorted(type(one).__name__ for one in begun) == ["Delivery", "Reply"]


async def test_topics_have_rounds_of_their_own(group: Group) -> None:
    """Two topics of a forum share a leaderboard and nothing else."""
    topic = group.elsewhere(TOPIC)
    here, there = await group.starts("/quiz 1"), await topic.starts("/quiz 1")
    await group.votes(here, ANNA)
    await topic.votes(there, BORIS)
    group.clock.now += timedelta(seconds=SECONDS) + SLACK
    ends = {delivery.chat: delivery for delivery in await group.due()}
    assert ["Anna" in plain(ends[chat].say[0]) for chat in (HOME, TOPIC)] == [True, False]
    assert ["Boris" in plain(ends[chat].say[0]) for chat in (HOME, TOPIC)] == [False, True]
    assert await group.board() == await topic.board()
    assert "Anna" in await group.board()
    assert "Boris" in await group.board()


async def test_who_may_stop(group: Group) -> None:
    """The starter and admins; others hear who may. The open question is named, so that its poll can be closed."""
    assert plain((await group.groups.stop(HOME, ANNA, is_admin=True))[0][0]) == NO_ROUND
    first = await group.starts()
    await group.votes(first, BORIS)
    for stranger in (BORIS, None):
        said, message = await group.groups.stop(HOME, stranger, is_admin=False)
        assert (plain(said[0]), message) == (NOT_YOURS, None)
    said, message = await group.groups.stop(HOME, ANNA, is_admin=False)
    assert message == 1000 + first.id
    assert lines(said) == [f"1. Boris · {RIGHT} points, 1 of 1 right"]
    assert await group.stored("due") == 0
    await group.starts(starter=None)
    assert plain((await group.groups.stop(HOME, ANNA, is_admin=False))[0][0]) == NOT_YOURS
    assert plain((await group.groups.stop(HOME, BORIS, is_admin=True))[0][0]) != NOT_YOURS


async def test_a_question_that_arrives_after_the_end_starts_no_clock(group: Group) -> None:
    """A slow send may be overtaken by /stop."""
    begun = await group.groups.start(HOME, ANNA, "/quiz")
    assert isinstance(begun, Delivery)
    assert (await group.groups.stop(HOME, ANNA, is_admin=False))[1] is None
    await group.puts(begun)
    assert await group.stored("due") == 0


async def test_a_round_goes_on_if_we_die_while_sending(group: Group) -> None:
    """Whether the question arrived is not known, so it is not repeated; after a while the next one comes."""
    begun = await group.groups.start(HOME, ANNA, "/quiz 2")
    assert isinstance(begun, Delivery)
    assert begun.post is not None
    group.clock.now += timedelta(seconds=SECONDS)
    assert await group.due() == []
    second = await group.puts(await group.waits(GRACE.total_seconds()))
    assert second.question.item != begun.post.question.item
    await group.votes(second, ANNA)
    assert lines((await group.waits()).say) == [f"1. Anna · {RIGHT} points, 1 of 1 right"]


async def test_a_round_that_stood_still_ends(group: Group) -> None:
    """After a long outage nobody is waiting for the next question; the board tells how far they came."""
    await group.votes(await group.starts("/quiz 5"), ANNA)
    end = await group.waits((LATE + timedelta(seconds=SECONDS + 2)).total_seconds())
    assert end.post is None
    assert lines(end.say) == [f"1. Anna · {RIGHT} points, 1 of 1 right"]
    await group.starts()


async def test_a_deadline_is_taken_once(group: Group) -> None:
    """Should two processes hold the same one, the second finds it done."""
    await group.starts("/quiz 2")
    group.clock.now += timedelta(seconds=SECONDS) + SLACK
    async with group.store.reading() as conn:
        (row,) = (await conn.execute(select(schema.due))).all()
    one = Due(row.id, row.kind, row.ref, row.at)
    assert await group.store.write(lambda conn: group.groups.begin_deadline(conn, one)) is not None
    assert await group.store.write(lambda conn: group.groups.begin_deadline(conn, one)) is None
    assert (
        await group.store.write(lambda conn: group.groups.begin_deadline(conn, Due(1, "deadline", 99, one.at))) is None
    )


async def test_a_group_moves_in_mid_round(group: Group) -> None:
    """Under its new id it goes on where it was: question, board, members, daily question; also if told twice."""
    first = await group.starts("/quiz 2")
    await group.votes(first, ANNA)
    await group.tutor.daily.hear(None, HOME, "/daily 09:00 Berlin", group=True)
    for _ in range(2):
        await group.groups.moved(HOME, "-100900")
    moved = group.elsewhere("-100900")
    await moved.votes(first, BORIS)
    await moved.votes(await moved.puts(await moved.waits()), ANNA)
    end = await moved.waits()
    assert [line.split()[1] for line in lines(end.say)] == ["Anna", "Boris"]
    assert "Anna" in await moved.board()
    assert "Nobody" in await group.board()
    async with group.store.reading() as conn:
        assert set(await subscriptions.of_chat(conn, "-100900")) == {Kind.QUESTION}


async def test_the_starter_is_forgotten_in_mid_round(group: Group) -> None:
    """The round goes on for the others, and nothing of the forgotten one is left on its board."""
    first = await group.starts("/quiz 2")
    await group.votes(first, ANNA, BORIS)
    await group.tutor.accounts.forget(ANNA, ["5"])
    second = await group.puts(await group.waits())
    await group.votes(second, BORIS)
    said, _ = await group.groups.stop(HOME, CLARA, is_admin=True)
    assert [line.split()[1] for line in lines(said)] == ["Boris"]
    assert "1 person answered" in plain(said[0])
    assert await group.cards(ANNA) == {}


async def test_a_group_that_throws_us_out_has_no_round(group: Group) -> None:
    """Nothing more is sent there; let in again, a new round can start."""
    await group.starts()
    await group.groups.left(HOME)
    await group.groups.left(HOME)
    group.clock.now += timedelta(hours=1)
    assert await group.due() == []
    assert await group.stored("due") == 0
    await group.starts()


async def test_wishes_of_a_group(group: Group) -> None:
    """Topic, size, time and practice as asked for; what cannot be is said."""
    said = await group.groups.start(HOME, ANNA, "/quiz xyzzy")
    assert isinstance(said, Reply)
    assert plain(said) == NO_TOPIC
    with pytest.raises(WishError, match="20 to 60"):
        await group.groups.start(HOME, ANNA, "/quiz 90s")
    first = await group.starts("/quiz cram dopamine 2 20s")
    items = group.tutor.course.items
    assert set(items[first.question.item].entries) & set(group.tutor.topic("dopamine"))
    assert first.seconds == 20
    await group.votes(first, ANNA)
    assert await group.cards(ANNA) == {}
    assert await group.stored("attempt") == 1


async def test_a_group_is_not_asked_the_same_again(group: Group) -> None:
    """Round after round brings other questions; another group starts at its own beginning."""
    seen: list[str] = []
    for _ in range(4):
        posted = await group.starts("/quiz 2")
        seen.append(posted.question.item)
        seen.append((await group.puts(await group.waits())).question.item)
        await group.waits()
    assert len(set(seen)) == 8
    course = group.tutor.course
    assert {course.items[name].section for name in seen} == {section.id for section in course.units[6].sections}


async def test_the_week_of_the_leaderboard_is_the_groups_own(group: Group) -> None:
    """It begins on Monday at midnight by the clock of the group's daily question, and by UTC without one."""
    group.clock.now = datetime.fromisoformat("2026-11-22T23:30+00:00")  # a Monday already in Berlin
    await group.votes(await group.starts("/quiz 1"), ANNA)
    group.clock.now = datetime.fromisoformat("2026-11-23T08:00+00:00")
    assert "Anna" not in await group.board()
    assert "Anna" in await group.board(all_time=True)
    await group.tutor.daily.hear(None, HOME, "/daily 09:00 Berlin", group=True)
    assert "Anna" in await group.board()
    group.clock.now += timedelta(days=7)
    assert "Anna" not in await group.board()


async def asks(group: Group) -> Posted:
    """A question by itself, as the daily ones are, which stands in the chat; its result is due a day later."""
    posted = await group.store.write(lambda conn: group.groups.question(conn, group.chat))
    assert posted is not None
    assert posted.seconds is None
    await group.sends(posted)
    await group.store.write(lambda conn: due.put(conn, "result", posted.id, group.clock() + timedelta(days=1)))
    return posted


async def test_the_result_of_a_daily_question(group: Group) -> None:
    """A day later: how many answered, how many of them rightly, votes as a chat included, and why."""
    posted = await asks(group)
    await group.votes(posted, ANNA, after=0)
    await group.votes(posted, BORIS, right=False)
    assert f"1. Anna · {RIGHT} points" in await group.board()
    assert await group.due("result") == []
    group.clock.now += timedelta(days=1)
    (delivery,) = await group.due("result")
    assert delivery.counting is not None
    assert delivery.counting.message == 1000 + posted.id
    counts = [0] * len(posted.question.options)
    counts[posted.question.right[0]] = 3
    counts[next(iter(wrong(posted.question)))] += 1
    item = group.tutor.course.items[posted.question.item]
    reply = await group.groups.result(delivery.counting.post, counts)
    single = not posted.question.several
    assert ("4 people answered, 75%" if single else "2 people answered, 50%") in plain(reply)
    assert " ".join(item.explanation.split()) in plain(reply)
    assert [button.action for row in reply.buttons for button in row] == [f"card:{item.entries[0]}"]
    assert await group.due("result") == []


async def test_a_result_without_its_poll(group: Group) -> None:
    """The message may be gone: then the votes that were heard serve, or an earlier count."""
    posted = await asks(group)
    await group.votes(posted, ANNA)
    assert "1 person answered, and was right." in plain(await group.groups.result(posted.id, None))
    await group.groups.closed(poll(posted), [9])
    assert "1 person answered" in plain(await group.groups.result(posted.id, None))
    counts = [2 * (place in posted.question.right) for place in range(len(posted.question.options))]
    await group.groups.closed(poll(posted), counts)
    assert "2 people answered, 100%" in plain(await group.groups.result(posted.id, None))


async def test_a_question_that_never_came_has_no_result(group: Group) -> None:
    """A result of nothing would only puzzle."""
    posted = await group.store.write(lambda conn: group.groups.question(conn, HOME))
    assert posted is not None
    await group.store.write(lambda conn: due.put(conn, "result", posted.id, group.clock()))
    assert await group.due("result") == []
    assert await group.stored("due") == 0


async def test_a_channels_question_is_anonymous_and_single(group: Group) -> None:
    """As Telegram requires; the votes by option then tell all. Without them no number is made up."""
    channel = group.elsewhere(CHANNEL)

    async def keep(conn: AsyncConnection) -> None:
        learner = await learners.learner_of(conn, *ANNA, group.clock())
        await channels.keep(conn, CHANNEL, "News", learner.id, group.clock())

    await group.store.write(keep)
    for _ in range(len(group.tutor.course.items)):
        posted = await asks(channel)
        assert posted.anonymous
        assert not posted.question.several
        group.clock.now += timedelta(minutes=1)
    reply = await group.groups.result(posted.id, None)
    assert "answered" not in plain(reply).replace(posted.question.text, "")
    assert reply.buttons == ()
    counts = [6 * (place in posted.question.right) for place in range(len(posted.question.options))]
    assert "6 people answered, 100%" in plain(await group.groups.result(posted.id, counts))
    assert "6 people answered" in plain(await group.groups.result(posted.id, None))
    async with group.store.reading() as conn:
        kept = await posts.get(conn, posted.id)
    assert kept is not None
    assert kept.counts == tuple(counts)


async def test_somebody_who_misses_an_item_too_often_is_told_of(group: Group) -> None:
    """Whoever keeps track of items set aside has to hear of those from groups too."""
    heard: list[Who] = []
    course, topic = group.tutor.course, group.tutor.topic
    group.groups = Groups(course, group.store, topic, group.clock, Random(7), heard.append)
    misses = 0
    while not heard:
        posted = await group.starts("/quiz trkb 1 20s")
        await group.votes(posted, ANNA, right=False)
        await group.waits(21)
        misses += 1
        group.clock.now += timedelta(days=1)
    assert heard == [ANNA]
    assert misses >= LEECH
    assert any(card.aside for card in (await group.cards(ANNA)).values())
