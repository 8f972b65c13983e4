"""The clock rules: each slot once on each date that exists, at its own time wherever a clock shows that.

`make chaos` checks every zone over five years (environment variable CHAOS).
"""

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semax_bot.schedule.slots import (
    EVERY_DAY,
    LATE,
    WEEKDAYS,
    Occurrence,
    Slots,
    coming,
    current,
    evening,
    latest,
    moment,
    next_day,
    said,
)
from semax_bot.schedule.zones import zones

ALWAYS = (
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Africa/Casablanca",
    "America/Nuuk",
    "Europe/Berlin",
    "America/New_York",
)
CHAOS = "CHAOS" in os.environ
SAMPLE = sorted(zones()) if CHAOS else [*ALWAYS, *Random(6).sample(sorted(zones()), 20)]
YEARS = 5 if CHAOS else 1
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
TRICKY = Slots((time(0, 0), time(2, 30), time(23, 45)))

times = st.times(max_value=time(23, 59)).map(lambda clock: clock.replace(second=0, microsecond=0))
slots = st.builds(
    lambda clocks, days: Slots(tuple(sorted(set(clocks))), frozenset(days)),
    st.lists(times, min_size=1, max_size=3),
    st.sets(st.integers(1, 7), min_size=1),
)
moments = st.datetimes(datetime(2010, 1, 1), datetime(2035, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))
some_zones = st.sampled_from([*ALWAYS, *SAMPLE]).map(ZoneInfo)


def occurrences(wanted: Slots, zone: ZoneInfo, after: datetime, until: datetime) -> Iterator[Occurrence]:
    """All that come between two moments."""
    while (one := coming(wanted, zone, after)).at < until:
        yield one
        after = one.at


def shown(at: datetime, zone: ZoneInfo) -> datetime:
    """What the zone's clocks show."""
    return at.astimezone(zone).replace(tzinfo=None)


@pytest.mark.parametrize("name", SAMPLE)
def test_each_slot_once_a_day_at_its_time(name: str) -> None:
    """Through every change of the clock: the time as set or, in a gap, the first minute after it."""
    zone, start = ZoneInfo(name), datetime(2026, 1, 1, tzinfo=UTC)
    found = list(occurrences(TRICKY, zone, start, start + YEARS * 365 * DAY))
    assert [one.at for one in found] == sorted({one.at for one in found})
    assert len({(one.slot, one.day) for one in found}) == len(found)
    for one in found:
        wanted = datetime.combine(one.day, time.fromisoformat(one.slot))
        if shown(one.at, zone) != wanted:
            assert shown(one.at - MINUTE, zone) < wanted < shown(one.at, zone)
        else:
            assert shown(one.at - timedelta(hours=1), zone) != wanted
    days = {one.day for one in found if one.slot == "02:30"}
    assert len(days) >= YEARS * 365 - 1


@given(slots, some_zones, moments)
def test_what_comes_is_then_the_latest(wanted: Slots, zone: ZoneInfo, at: datetime) -> None:
    """The clock and the plan agree: when it is time for what was planned, that is what is current."""
    after = coming(wanted, zone, at)
    assert after.at > at
    assert after.day.isoweekday() in wanted.days
    last = latest(wanted, zone, after.at)
    assert last is not None
    assert last.at == after.at
    before = latest(wanted, zone, at)
    assert before is None or before.at <= at
    assert before is None or coming(wanted, zone, before.at).at == after.at


@given(slots, some_zones, moments)
def test_too_late_is_dropped(wanted: Slots, zone: ZoneInfo, at: datetime) -> None:
    """What is current is less than six hours old, and the latest there was."""
    one = current(wanted, zone, at)
    assert one == (last if (last := latest(wanted, zone, at)) and at - last.at < LATE else None)


@given(slots)
def test_slots_are_kept_as_text(wanted: Slots) -> None:
    """As the store keeps them, nothing is lost."""
    assert Slots.from_text(wanted.as_text()) == wanted


@pytest.mark.parametrize(
    ("zone", "day", "clock", "at"),
    [
        ("Europe/Berlin", date(2026, 3, 29), time(2, 30), "2026-03-29 01:00"),  # 02:00 to 03:00 does not exist
        ("Europe/Berlin", date(2026, 10, 25), time(2, 30), "2026-10-25 00:30"),  # exists twice
        ("America/New_York", date(2026, 3, 8), time(2, 0), "2026-03-08 07:00"),
        ("America/New_York", date(2026, 11, 1), time(1, 30), "2026-11-01 05:30"),
        ("Australia/Lord_Howe", date(2026, 10, 4), time(2, 15), "2026-10-03 15:30"),  # a gap of half an hour
        ("America/Nuuk", date(2024, 3, 30), time(23, 30), "2024-03-31 01:00"),  # the gap ends on the next date
        ("Pacific/Apia", date(2011, 12, 29), time(8, 30), "2011-12-29 18:30"),
        ("Pacific/Apia", date(2011, 12, 31), time(8, 30), "2011-12-30 18:30"),
    ],
)
def test_nights_on_which_clocks_change(zone: str, day: date, clock: time, at: str) -> None:
    """Known nights, worked out by hand."""
    assert moment(day, clock, ZoneInfo(zone)) == datetime.fromisoformat(at).replace(tzinfo=UTC)


def test_a_date_that_was_left_out_has_no_slots() -> None:
    """Samoa went from the 29th straight to the 31st."""
    zone = ZoneInfo("Pacific/Apia")
    assert moment(date(2011, 12, 30), time(8, 30), zone) is None
    one = coming(Slots((time(8, 30),)), zone, datetime(2011, 12, 29, 18, 30, tzinfo=UTC))
    assert one.day == date(2011, 12, 31)


def test_evening_and_the_next_day() -> None:
    """For how long a prompt can be put off."""
    zone = ZoneInfo("Europe/Berlin")
    assert evening(zone, datetime(2026, 11, 23, 17, tzinfo=UTC)) == datetime(2026, 11, 23, 18, tzinfo=UTC)
    assert evening(zone, datetime(2026, 11, 23, 17, 1, tzinfo=UTC)) is None
    assert next_day("08:30", zone, date(2026, 3, 28)) == datetime(2026, 3, 29, 6, 30, tzinfo=UTC)
    assert next_day("08:30", ZoneInfo("Pacific/Apia"), date(2011, 12, 29)).day == 30


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (EVERY_DAY, "every day at 08:30 and 19:00"),
        (WEEKDAYS, "on weekdays at 08:30 and 19:00"),
        (EVERY_DAY - WEEKDAYS, "at weekends at 08:30 and 19:00"),
        (frozenset({1, 3, 5}), "on Monday, Wednesday and Friday at 08:30 and 19:00"),
    ],
)
def test_slots_in_words(days: frozenset[int], words: str) -> None:
    """As people say them."""
    assert said(Slots((time(8, 30), time(19)), days)) == words
