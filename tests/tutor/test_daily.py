"""What /daily arranges, over a real store: what is kept, what is said of it, and how it goes on after a stop."""

from datetime import timedelta

from clock import Clock
from semax_bot.reply import plain
from semax_bot.tutor import Tutor
from semax_bot.tutor.prompts import PATIENCE
from semax_bot.tutor.values import Delivery
from tutor.prompted import DAY, buttons, hears, question, sends


async def test_other_days_leave_the_rest_as_it_is(tutored: Tutor, clock: Clock) -> None:
    """Days alone change neither the times nor whose prompt it is, so that it can still be put off."""
    await hears(tutored, "/daily 12:00 Berlin")
    assert "On weekdays at 12:00, Berlin time" in plain(await hears(tutored, "/daily weekdays"))
    clock.now += timedelta(hours=3)
    (delivery,) = await sends(tutored)
    assert question(delivery).prompt


async def test_stopped_after_silence_it_can_begin_anew(tutored: Tutor, clock: Clock) -> None:
    """Whoever let seven pass, stops, and sets a time again is not held in a pause that they never chose."""
    await hears(tutored, "/daily 12:00 UTC")
    clock.now += timedelta(hours=3)
    for _ in range(PATIENCE + 1):
        await sends(tutored)
        clock.now += DAY
    await hears(tutored, "/daily off")
    assert "tomorrow at 11:00" in plain(await hears(tutored, "/daily 11:00"))
    clock.now += DAY
    assert [bool(delivery.ask) for delivery in await sends(tutored)] == [True]


async def test_the_next_one_is_one_that_will_come(tutored: Tutor, clock: Clock) -> None:
    """A slot that was served already is not promised once more for the same local date in another zone."""
    await hears(tutored, "/daily 12:00 UTC")
    clock.now += timedelta(hours=3)
    await sends(tutored)
    assert "tomorrow at 12:00" in plain(await hears(tutored, "/daily New York"))
    clock.now += timedelta(hours=5)
    assert await sends(tutored) == []


async def test_a_shut_chat_is_told_so(tutored: Tutor, clock: Clock) -> None:
    """Its times are kept and shown, and one tap goes on; so does a question that does arrive."""
    home = "-100"
    await tutored.daily.hear(None, home, "/daily 12:00 UTC", group=True)
    clock.now += timedelta(hours=3)
    for way in ("tap", "post"):
        clock.now += DAY
        await sends(tutored, fails=True, shut=True)
        page = await tutored.daily.hear(None, home, "/daily", group=True)
        assert "12:00" in plain(page)
        assert "not allowed to write here" in plain(page)
        assert "daily:on:" in buttons(page)
        if way == "tap":
            assert "The next comes" in plain(await tutored.daily.tap(None, home, "daily:on:", group=True))
        else:
            begun = await tutored.groups.start(home, None, "/quiz 1")
            assert isinstance(begun, Delivery)
            await tutored.deliveries.sent(begun, "poll", 1)
            assert "The next comes" in plain(await tutored.daily.hear(None, home, "/daily", group=True))


async def test_a_place_alone_starts_nothing(tutored: Tutor, clock: Clock) -> None:
    """It is noted in private, and leaves a group's stopped question stopped."""
    assert plain(await hears(tutored, "/daily Berlin")).startswith("Noted: Berlin time.")
    await hears(tutored, "/daily 12:00")
    await hears(tutored, "/daily off")
    assert plain(await hears(tutored, "/daily Tokyo")).startswith("Noted: Tokyo time.")
    await tutored.daily.hear(None, "-100", "/daily 12:00 UTC", group=True)
    await tutored.daily.hear(None, "-100", "/daily off", group=True)
    noted = await tutored.daily.hear(None, "-100", "/daily Berlin", group=True)
    assert plain(noted).startswith("Noted: Berlin time.")
    clock.now += DAY
    assert await sends(tutored) == []
    assert "12:30, Berlin time" in plain(await tutored.daily.hear(None, "-100", "/daily 12:30", group=True))
