"""Daily prompts over a real store: one per slot and local date, whatever happens, and none to who does not want any."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from clock import Clock
from semax_bot.reply import plain
from semax_bot.schedule.values import Card
from semax_bot.store import deliveries, due, learners, log, subscriptions
from semax_bot.store.store import Store
from semax_bot.store.subscriptions import Kind, Off
from semax_bot.tutor import Tutor
from semax_bot.tutor.deliveries import LEASE
from semax_bot.tutor.prompts import PATIENCE, PRACTICE, SILENCE
from tutor.prompted import ANNA, DAY, answers, buttons, hears, question, sends, wrong


async def off(store: Store) -> Off | None:
    """Why Anna gets no daily question, if she gets none."""
    async with store.reading() as conn:
        return (await subscriptions.of_chat(conn, ANNA.handle))[Kind.QUESTION].off


async def test_a_prompt_a_day(tutored: Tutor, clock: Clock) -> None:
    """The job itself: set once, asked each day at that local time, with a line that changes, until it is stopped."""
    said = plain(await hears(tutored, "/daily 08:30 Berlin"))
    assert "08:30" in said
    assert "Berlin" in said
    assert "tomorrow at 08:30" in said
    lines = set()
    for day in range(5):
        clock.now = datetime(2026, 11, 24 + day, 7, 29, 59, tzinfo=UTC)
        assert await sends(tutored) == []
        clock.now += timedelta(seconds=1)
        (delivery,) = await sends(tutored)
        assert question(delivery).prompt
        lines.add(question(delivery).question.context.split("\n")[0])
        assert await sends(tutored) == []
        await answers(tutored, delivery, right=day % 2 == 0)
    assert len(lines) > 1
    assert "Stopped" in plain(await hears(tutored, "/daily off"))
    clock.now += DAY
    assert await sends(tutored) == []


async def test_the_end_of_a_prompt_offers_more(tutored: Tutor, clock: Clock) -> None:
    """Who wants more gets a round from there; the entry of a miss is one tap away."""
    await hears(tutored, "/daily 12:00")
    clock.now += timedelta(hours=3)
    (delivery,) = await sends(tutored)
    end = await answers(tutored, delivery, right=False)
    assert "quiz:" in buttons(end)
    assert any(action.startswith("card:") for action in buttons(end))


async def test_several_slots_and_weekdays(tutored: Tutor, clock: Clock) -> None:
    """Up to three times a day, on the days that were asked for and no others."""
    await hears(tutored, "/daily 10:00 12:00 weekdays UTC")
    sent = []
    for _ in range(24 * 8):
        clock.now += timedelta(hours=1)
        for one in await sends(tutored):
            sent.append((clock.now.isoweekday(), clock.now.hour))
            await answers(tutored, one)
    assert sent == [(day, hour) for day in (1, 2, 3, 4, 5, 1) for hour in (10, 12)]


async def test_what_is_due_comes_first(tutored: Tutor, clock: Clock) -> None:
    """A prompt asks what the learner is about to forget before anything new."""
    turn = await tutored.rounds.start(ANNA, ANNA.handle, "/quiz 1")
    assert turn.ask is not None
    await tutored.rounds.sent(turn.ask.id, "first", 1)
    graded = await tutored.rounds.grade(ANNA, ANNA.handle, "first", wrong(turn.ask))
    assert graded is not None
    assert graded.turn.over is not None
    await tutored.rounds.over(graded.turn.over)
    await hears(tutored, "/daily 12:00 UTC")
    clock.now += DAY * 2 + timedelta(hours=4)
    (delivery,) = await sends(tutored)
    assert question(delivery).question.item == turn.ask.question.item
    assert "days ago" in question(delivery).question.context


async def test_with_nothing_left_it_practises(tutored: Tutor, store: Store, clock: Clock) -> None:
    """Once today's new items are used up and nothing is due, the prompt says that it is practice."""
    await tutored.rounds.start(ANNA, ANNA.handle, "/quiz 10")
    for number in range(10):
        waits = await tutored.rounds.outstanding(ANNA, ANNA.handle)
        assert waits is not None
        item = tutored.course.items[waits.item]
        right = [place for place, authored in enumerate(waits.shown) if item.options[authored].right]
        await tutored.rounds.sent(waits.id, f"new {number}", number)
        graded = await tutored.rounds.grade(ANNA, ANNA.handle, f"new {number}", right)
        assert graded is not None
        if graded.turn.over is not None:
            await tutored.rounds.over(graded.turn.over)
    await hears(tutored, "/daily 09:30 UTC")
    clock.now += timedelta(minutes=30)
    (delivery,) = await sends(tutored)
    assert question(delivery).question.context.startswith(PRACTICE)


@pytest.mark.parametrize("change", ["/daily 08:30 Auckland", "/daily 08:30", "/daily 08:30 weekdays UTC+1"])
async def test_a_slot_comes_once_on_a_date(tutored: Tutor, store: Store, clock: Clock, change: str) -> None:
    """Neither another zone nor the same time set anew brings a slot twice on one local date."""
    await hears(tutored, "/daily 08:30 Berlin")
    seen: list[tuple[str, str]] = []
    for hour in range(24 * 4):
        clock.now += timedelta(hours=0.5)
        if hour == 50:
            await hears(tutored, change)
        for delivery in await sends(tutored):
            async with store.reading() as conn:
                begun = await deliveries.get(conn, delivery.id)
            assert begun is not None
            seen.append((begun.slot, begun.day))
    assert len(seen) == len(set(seen)) >= 1


async def test_after_downtime_only_the_latest(tutored: Tutor, clock: Clock) -> None:
    """Two slots were missed: the later one is sent, once; the one of yesterday is not."""
    await hears(tutored, "/daily 10:00 12:00 UTC")
    clock.now += DAY + timedelta(hours=5)
    assert len(await sends(tutored)) == 1
    assert await sends(tutored) == []
    clock.now += timedelta(hours=24 - 5 - 3 - 9 + 10)  # ten on the next day
    assert len(await sends(tutored)) <= 1


async def test_too_late_is_not_sent(tutored: Tutor, clock: Clock) -> None:
    """Six hours after its time a prompt is dropped, and the next one comes as usual."""
    await hears(tutored, "/daily 10:00 UTC")
    clock.now = datetime(2026, 11, 23, 16, tzinfo=UTC)
    assert await sends(tutored) == []
    clock.now = datetime(2026, 11, 24, 15, 59, tzinfo=UTC)
    assert len(await sends(tutored)) == 1


async def test_who_is_in_a_round_is_not_disturbed(tutored: Tutor, clock: Clock) -> None:
    """A prompt waits until ten minutes after the last answer."""
    await hears(tutored, "/daily 09:30 UTC")
    clock.now += timedelta(minutes=28)
    await tutored.rounds.start(ANNA, ANNA.handle, "/quiz 3")
    clock.now += timedelta(minutes=2)
    assert await sends(tutored) == []
    clock.now += timedelta(minutes=11)
    assert len(await sends(tutored)) == 1


async def test_seven_ignored_then_a_question_then_silence(tutored: Tutor, clock: Clock) -> None:
    """Who ignores seven in a row is asked once, and left alone until they say so."""
    await hears(tutored, "/daily 12:00 UTC")
    clock.now += timedelta(hours=3)
    for _ in range(PATIENCE):
        (delivery,) = await sends(tutored)
        assert delivery.ask is not None
        clock.now += DAY
    (delivery,) = await sends(tutored)
    assert delivery.say == (SILENCE,)
    for _ in range(3):
        clock.now += DAY
        assert await sends(tutored) == []
    on = await tutored.daily.tap(ANNA, ANNA.handle, "daily:on:")
    assert "tomorrow" in plain(on)
    clock.now += DAY
    (delivery,) = await sends(tutored)
    assert delivery.ask is not None


async def test_an_answer_ends_the_count(tutored: Tutor, clock: Clock) -> None:
    """Six ignored, one answered, six ignored: nobody is asked whether to go on."""
    await hears(tutored, "/daily 12:00 UTC")
    clock.now += timedelta(hours=3)
    for number in range(13):
        (delivery,) = await sends(tutored)
        assert delivery.ask is not None
        if number == 6:
            await answers(tutored, delivery)
        clock.now += DAY


async def test_an_unanswered_prompt_is_closed_by_the_next(tutored: Tutor, clock: Clock) -> None:
    """There is one open question at a time; the older one's message is named, to be closed."""
    await hears(tutored, "/daily 12:00 UTC")
    clock.now += timedelta(hours=3)
    (first,) = await sends(tutored)
    clock.now += DAY
    (second,) = await sends(tutored)
    assert second.stale == 100 + first.id
    assert await tutored.rounds.grade(ANNA, ANNA.handle, f"poll {first.id}", [0]) is None
    await answers(tutored, second)
    clock.now += DAY
    (third,) = await sends(tutored)
    assert third.stale is None


async def test_a_shut_chat_is_switched_off_and_on_again(tutored: Tutor, store: Store, clock: Clock) -> None:
    """Somebody who blocks us gets nothing more until they are back; then it goes on as it was."""
    await hears(tutored, "/daily 12:00 UTC")
    clock.now += timedelta(hours=3)
    await sends(tutored, fails=True, shut=True)
    clock.now += DAY
    assert await sends(tutored) == []
    assert await off(store) is Off.SHUT
    await tutored.daily.back(ANNA.handle)
    clock.now += DAY
    assert len(await sends(tutored)) == 1
    await hears(tutored, "/daily off")
    await tutored.daily.shut(ANNA.handle)
    await tutored.daily.back(ANNA.handle)
    assert await off(store) is Off.STOPPED


async def test_paused_gets_none(tutored: Tutor, clock: Clock) -> None:
    """The pause of /settings holds the prompts and nothing is caught up after it."""
    await hears(tutored, "/daily 12:00 UTC")
    await tutored.accounts.set(ANNA, "set:paused:1")
    clock.now += timedelta(hours=3)
    assert await sends(tutored) == []
    await tutored.accounts.set(ANNA, "set:paused:0")
    assert await sends(tutored) == []
    clock.now += DAY
    assert len(await sends(tutored)) == 1


async def test_two_processes_send_one(tutor: Tutor, store: Store, clock: Clock) -> None:
    """What one process has claimed another one leaves alone; after the lease it takes it up; the first one is late."""
    first, second = (Tutor(tutor.course, store, clock, Random(7)) for _ in range(2))
    await hears(first, "/daily 12:00 UTC")
    clock.now += timedelta(hours=3)
    (claimed,) = await first.deliveries.claim(False, 10)
    assert await second.deliveries.claim(False, 10) == []
    clock.now += LEASE
    (taken,) = await second.deliveries.claim(False, 10)
    assert await first.deliveries.begin(claimed) is None
    assert await second.deliveries.begin(taken) is not None
    clock.now += LEASE  # the second one dies while it sends: nobody sends it again
    assert await sends(first) == []
    async with store.reading() as conn:
        assert await deliveries.unknown(conn, clock.now) == 1


async def test_a_forgotten_learner_gets_none(tutored: Tutor, store: Store, clock: Clock) -> None:
    """What is due for somebody who is gone is dropped, not sent."""
    await hears(tutored, "/daily 12:00 UTC")
    clock.now += timedelta(hours=3)
    (claimed,) = await tutored.deliveries.claim(False, 10)
    await tutored.accounts.forget(ANNA, [ANNA.handle])
    assert await tutored.deliveries.begin(claimed) is None
    async with store.reading() as conn:
        assert not await due.waiting(conn, False, clock.now + DAY)
        assert await learners.find(conn, *ANNA) is None
        assert await subscriptions.of_chat(conn, ANNA.handle) == {}


async def test_what_never_came_was_not_ignored(tutored: Tutor, clock: Clock) -> None:
    """Telegram's refusals say nothing about the learner's patience."""
    await hears(tutored, "/daily 12:00 UTC")
    clock.now += timedelta(hours=3)
    for _ in range(PATIENCE + 1):
        (delivery,) = await sends(tutored, fails=True)
        assert delivery.ask
        clock.now += DAY


async def test_practice_releases_nothing(tutored: Tutor, store: Store, clock: Clock) -> None:
    """Where nothing is due and the prompt is for practice, an item that was set aside stays so."""

    async def aside(conn: AsyncConnection) -> int:
        me = await learners.learner_of(conn, *ANNA, clock.now)
        for item in tutored.course.items:
            card = Card(item, 1.0, 5.0, clock.now + 9 * DAY, clock.now, clock.now - DAY, False, 6, True)
            await log.save_card(conn, me.id, card)
        return me.id

    me = await store.write(aside)
    await hears(tutored, "/daily 12:00 UTC")
    clock.now += timedelta(hours=3)
    (delivery,) = await sends(tutored)
    assert PRACTICE in question(delivery).question.context
    async with store.reading() as conn:
        assert all(card.aside for card in (await log.cards(conn, me)).values())
