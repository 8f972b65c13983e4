"""The operator's counts: true to the log, and silent about people."""

import json
from datetime import timedelta

from semax_bot.schedule.values import Attempt, Event
from semax_bot.store import deliveries, log
from semax_bot.store.deliveries import State
from semax_bot.store.stats import ENOUGH, LISTED, Confused, Met, Stats, confused, stats
from semax_bot.store.store import Store
from store.filled import NOW, busy, do, learner


async def counted(store: Store) -> Stats:
    """The counts now."""
    async with store.reading() as conn:
        return await stats(conn, NOW)


async def answer(store: Store, me: int, item: str, right: bool, practice: bool = False) -> int:
    """One answer in the log; returns its row."""
    return await do(store, log.append, me, Attempt(0, item, NOW, right=right, practice=practice))


async def test_an_empty_store_counts_nothing(store: Store) -> None:
    """The first thing that an operator sees is no error."""
    empty = await counted(store)
    assert empty == Stats(0, 0, 0, 0, 0, 0, (), (), ())
    assert empty.table().count("none") == 3


async def test_learners_answers_and_rounds_are_counted(store: Store) -> None:
    """Who answered within a week is active; corrections and releases are no answers."""
    me = await busy(store)
    await do(store, log.append, me, Attempt(0, "dopac-1", NOW, Event.GUESSED, of=1))
    await do(store, log.append, me, Attempt(0, "dopac-1", NOW, Event.RELEASED))
    for days in (6, 8):
        other = await learner(store, f"of {days} days ago")
        await do(store, log.append, other, Attempt(0, "dopac-1", NOW - timedelta(days=days), practice=True))
    await learner(store, "new")
    found = await counted(store)
    assert (found.learners, found.active, found.attempts, found.rounds) == (4, 2, 3, 1)


async def test_what_may_not_have_arrived_is_counted(store: Store) -> None:
    """A delivery that was begun, and never ended, is told from one that is under way, arrived, or was refused."""
    await busy(store)
    for slot, minutes, state in (
        ("08:00", 11, None),
        ("09:00", 9, None),
        ("10:00", 11, State.SENT),
        ("11:00", 11, State.FAILED),
    ):
        begun = NOW - timedelta(minutes=minutes)
        key = await do(store, deliveries.begin, "1", "question", slot, "2026-02-28", begun)
        assert key is not None
        if state:
            await do(store, deliveries.ended, key, state)
    found = await counted(store)
    assert (found.subscriptions, found.unknown_deliveries) == (1, 1)
    assert "1 deliver" in found.table()


async def test_an_item_is_hard_by_what_learners_knew_at_first_sight(store: Store) -> None:
    """Practice, slips that were taken back, and what was learnt later do not count; few answers say nothing yet."""
    for number in range(ENOUGH):
        me = await learner(store, str(number))
        await answer(store, me, "hard", right=True, practice=True)
        slip = await answer(store, me, "hard", right=True)
        await do(store, log.append, me, Attempt(0, "hard", NOW, Event.TAKEN_BACK, of=slip))
        await answer(store, me, "hard", right=False)
        await answer(store, me, "hard", right=True)
        await answer(store, me, "half", right=number > 0)
        await answer(store, me, "easy", right=True)
        await answer(store, me, "easy", right=False)
        if number:
            await answer(store, me, "rare", right=False)
    found = await counted(store)
    assert found.hardest == (Met("hard", ENOUGH, ENOUGH), Met("half", ENOUGH, 1))
    assert found.never_missed == (Met("easy", ENOUGH, 0),)


async def test_confusions_are_counted_without_words(store: Store) -> None:
    """The most frequent first, no more than fit a screen, also when many count at once."""
    for number in range(LISTED + 2):
        for _ in range(number + 1):
            await do(store, confused, f"06/term/e{number:02}")
    found = (await counted(store)).confused
    assert len(found) == LISTED
    assert found[0] == Confused(f"06/term/e{LISTED + 1}", LISTED + 2)
    assert [one.times for one in found] == sorted((one.times for one in found), reverse=True)


async def test_nobody_shows_through_the_counts(store: Store) -> None:
    """Neither the table nor the JSON holds an id of a person, a chat or a poll."""
    await busy(store, handle="987654321")
    found = await counted(store)
    for shown in (found.table(), json.dumps(found.as_json())):
        assert "987654321" not in shown
    assert json.loads(json.dumps(found.as_json()))["learners"] == 1
