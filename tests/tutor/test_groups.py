"""Rounds of groups over a real store: what counts for whom, and one round at a time."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from semax_bot.quiz.board import RIGHT, SPEED
from semax_bot.reply import Reply, plain
from semax_bot.store.store import Store
from semax_bot.tutor import Tutor
from semax_bot.tutor.groups import RUNNING
from semax_bot.tutor.values import Delivery
from tutor.grouped import ANNA, BORIS, CLARA, HOME, Group, lines, poll


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
