"""Rounds of groups over a real store: what they survive, who may end them, and what comes next."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from semax_bot.quiz.board import LINES, RIGHT
from semax_bot.quiz.wish import WishError
from semax_bot.reply import Reply, plain
from semax_bot.store import schema, subscriptions
from semax_bot.store.subscriptions import Kind
from semax_bot.store.values import Due
from semax_bot.tutor import Who
from semax_bot.tutor.groups import GRACE, LATE, NO_ROUND, SECONDS, SLACK, NotYours
from semax_bot.tutor.inbox import Kept
from semax_bot.tutor.rounds import NO_TOPIC
from semax_bot.tutor.values import Delivery
from tutor.grouped import ANNA, BORIS, CLARA, HOME, TOPIC, Group, lines, poll


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
        with pytest.raises(NotYours):
            await group.groups.stop(HOME, stranger, is_admin=False)
    said, message = await group.groups.stop(HOME, ANNA, is_admin=False)
    assert message == 1000 + first.id
    assert lines(said) == [f"1. Boris · {RIGHT} points, 1 of 1 right"]
    assert await group.stored("due") == 0
    await group.starts(starter=None)
    with pytest.raises(NotYours):
        await group.groups.stop(HOME, ANNA, is_admin=False)
    assert "Round over" in plain((await group.groups.stop(HOME, BORIS, is_admin=True))[0][0])


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


async def test_who_throws_us_out_ends_the_rounds_of_all_topics(group: Group) -> None:
    """A group and its topics are one house."""
    await group.elsewhere(TOPIC).starts()
    await group.groups.left(HOME)
    group.clock.now += timedelta(minutes=1)
    assert await group.due() == []


async def test_a_group_is_greeted_once(group: Group) -> None:
    """Not again when it moves, of which Telegram tells as if we were let in; but again after we were out."""
    assert await group.tutor.deliveries.greets(HOME)
    assert not await group.tutor.deliveries.greets(HOME)
    group.clock.now += timedelta(days=31)
    await group.tutor.inbox.keep([Kept(1, "{}")])  # which forgets what is old
    await group.groups.moved(HOME, "-100900")
    assert not await group.tutor.deliveries.greets("-100900")
    await group.groups.left("-100900")
    assert await group.tutor.deliveries.greets("-100900")


async def test_a_board_says_how_many_more_there_are(group: Group) -> None:
    """The list is cut to what a phone shows; the rest is counted."""
    posted = await group.starts("/quiz 1")
    for number in range(LINES + 2):
        await group.votes(posted, Who("telegram", str(100 + number)), name="P")
    assert "and 2 more" in await group.board(all_time=True)


async def test_a_card_opened_brings_back_what_was_set_aside_in_a_group(group: Group) -> None:
    """An item missed too often in group quizzes is asked again once its card was read, without a restart."""
    opening = group.tutor.chats
    await opening.shown(ANNA, "5", group.tutor.open("06/term/trkb"))
    while not any(card.aside for card in (await group.cards(ANNA)).values()):
        posted = await group.starts("/quiz trkb 1 20s")
        await group.votes(posted, ANNA, right=False)
        await group.waits(21)
        group.clock.now += timedelta(days=1)
    for name in [name for name, card in (await group.cards(ANNA)).items() if card.aside]:
        await opening.shown(ANNA, "5", group.tutor.open(group.tutor.course.items[name].entries[0]))
    assert not any(card.aside for card in (await group.cards(ANNA)).values())


async def test_a_groups_poll_is_nobodys_private_question(group: Group) -> None:
    """A prompt whose fate is not known waits for its vote, and takes none that was meant for a group."""
    await group.tutor.rounds.start(ANNA, "5", "/quiz 1")
    posted = await group.starts("/quiz 1")
    assert await group.tutor.rounds.grade(ANNA, "5", poll(posted), [0]) is None
    await group.votes(posted, ANNA)
    assert await group.stored("attempt") == 1
