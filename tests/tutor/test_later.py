"""Putting a prompt off, over a real store: it comes back once, at its time, if it is still wanted then."""

from datetime import timedelta

import pytest

from clock import Clock
from semax_bot.tutor import Tutor
from semax_bot.tutor.prompts import NOT_ON
from tutor.prompted import ANNA, BORIS, DAY, answers, hears, question, sends


async def test_later(tutored: Tutor, clock: Clock) -> None:
    """A prompt that is put off comes back at its time, once; the old poll takes no answer."""
    await hears(tutored, "/daily 12:00 UTC")
    clock.now += timedelta(hours=3)
    (delivery,) = await sends(tutored)
    assert await tutored.prompts.choices(ANNA, ANNA.handle) == ("hour", "evening", "tomorrow")
    text, done = await tutored.prompts.later(ANNA, question(delivery).id, "hour")
    assert (text, done) == ("I will ask again at 13:00.", True)
    assert await tutored.rounds.grade(ANNA, ANNA.handle, f"poll {delivery.id}", [0]) is None
    clock.now += timedelta(minutes=59)
    assert await sends(tutored) == []
    clock.now += timedelta(minutes=1)
    (again,) = await sends(tutored)
    text, done = await tutored.prompts.later(ANNA, question(again).id, "evening")
    assert (text, done) == ("I will ask again at 19:00.", True)
    clock.now += timedelta(hours=6)
    (evening,) = await sends(tutored)
    assert await tutored.prompts.choices(ANNA, ANNA.handle) == ("hour", "tomorrow")
    text, done = await tutored.prompts.later(ANNA, question(evening).id, "tomorrow")
    assert (text, done) == ("I will ask again tomorrow at 12:00.", True)
    clock.now += timedelta(hours=17)
    assert len(await sends(tutored)) == 1


async def test_later_is_for_its_own_learner_and_once(tutored: Tutor, clock: Clock) -> None:
    """A forged or an old button puts nothing off."""
    await hears(tutored, "/daily 12:00 UTC")
    clock.now += timedelta(hours=3)
    (delivery,) = await sends(tutored)
    asked = question(delivery).id
    assert not (await tutored.prompts.later(BORIS, asked, "hour"))[1]
    assert not (await tutored.prompts.later(ANNA, asked + 1, "hour"))[1]
    assert not (await tutored.prompts.later(ANNA, asked, "year"))[1]
    await answers(tutored, delivery)
    assert not (await tutored.prompts.later(ANNA, asked, "hour"))[1]


@pytest.mark.parametrize(
    ("times", "when", "said", "comes"),
    [
        ("12:00 15:00 19:00", "evening", "at 19:00", 19),
        ("12:00 13:00", "hour", "at 13:00", 13),
        ("08:30 12:00", "tomorrow", "tomorrow at 12:00", 36),
        ("12:00 13:20", "hour", "at 13:20", 13),
    ],
)
async def test_later_joins_what_comes_then_anyway(
    tutored: Tutor, clock: Clock, times: str, when: str, said: str, comes: int
) -> None:
    """Put off to the time of a regular question, or close to it, there is one question, and its time is named."""
    await hears(tutored, f"/daily {times} UTC")
    clock.now = clock.now.replace(hour=12, second=4)
    (delivery,) = await sends(tutored)
    assert await tutored.prompts.later(ANNA, question(delivery).id, when) == (f"I will ask again {said}.", True)
    regular = clock.now.replace(hour=0, minute=0) + timedelta(hours=comes)
    clock.now = regular - timedelta(minutes=1)
    await sends(tutored)
    sent = 0
    for _ in range(60):
        clock.now += timedelta(minutes=1)
        sent += len(await sends(tutored))
    assert sent == 1


async def test_later_gives_way_to_new_times(tutored: Tutor, clock: Clock) -> None:
    """Whoever sets a regular question close to the one put off gets the regular one."""
    await hears(tutored, "/daily 12:00 UTC")
    clock.now += timedelta(hours=3)
    (delivery,) = await sends(tutored)
    await tutored.prompts.later(ANNA, question(delivery).id, "hour")
    await hears(tutored, "/daily 13:10 UTC")
    clock.now += timedelta(hours=1)
    assert await sends(tutored) == []
    clock.now += timedelta(minutes=10)
    assert len(await sends(tutored)) == 1


async def test_later_waits_while_a_round_runs(tutored: Tutor, clock: Clock) -> None:
    """It breaks into no round, as a regular question does not, and comes when that is over."""
    await hears(tutored, "/daily 12:00 UTC")
    clock.now += timedelta(hours=3)
    (delivery,) = await sends(tutored)
    await tutored.prompts.later(ANNA, question(delivery).id, "hour")
    clock.now += timedelta(minutes=59)
    await tutored.rounds.start(ANNA, ANNA.handle, "/quiz 5")
    clock.now += timedelta(minutes=1)
    assert await sends(tutored) == []
    clock.now += timedelta(minutes=11)
    assert len(await sends(tutored)) == 1


async def test_later_respects_a_pause_and_an_end(tutored: Tutor, clock: Clock) -> None:
    """Paused meanwhile it does not come; once stopped there is nothing to put off, and that is said."""
    await hears(tutored, "/daily 12:00 UTC")
    clock.now += timedelta(hours=3)
    (delivery,) = await sends(tutored)
    await tutored.prompts.later(ANNA, question(delivery).id, "hour")
    await tutored.accounts.set(ANNA, "set:paused:1")
    clock.now += timedelta(hours=1)
    assert await sends(tutored) == []
    await tutored.accounts.set(ANNA, "set:paused:0")
    clock.now += DAY
    (delivery,) = await sends(tutored)
    await hears(tutored, "/daily off")
    assert await tutored.prompts.choices(ANNA, ANNA.handle) == ()
    assert await tutored.prompts.later(ANNA, question(delivery).id, "hour") == (NOT_ON, False)
