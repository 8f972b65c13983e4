"""The clock rules of daily prompts: local times of day and weekdays in a time zone, and the moments that they mean.

A slot is a local time of day. It keeps that time across changes of the zone's offset; one that does not exist on a date
is moved to the next minute that does, one that exists twice is its first. A date that a zone leaves out (Apia had no
30 December 2011) has no slots.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LATE = timedelta(hours=6)  # after its time a prompt is dropped
EVENING = time(19)
EVERY_DAY = frozenset(range(1, 8))
WEEKDAYS = frozenset(range(1, 6))
_DAY = timedelta(days=1)
_INSTANT = timedelta(microseconds=1)
_NAMES = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()


@dataclass(frozen=True, slots=True)
class Slots:
    """Local times of day (whole minutes, sorted) on ISO weekdays, 1 for Monday to 7; neither is ever empty."""

    times: tuple[time, ...]
    days: frozenset[int] = EVERY_DAY

    def as_text(self) -> str:
        """As one column of the store keeps it: '08:30 19:00 12345'."""
        return " ".join([*map(slot, self.times), "".join(map(str, sorted(self.days)))])

    @classmethod
    def from_text(cls, text: str) -> "Slots":
        """What `as_text` wrote. Raises ValueError for anything else."""
        *times, days = text.split()
        return cls(tuple(map(time.fromisoformat, times)), frozenset(map(int, days)))


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One slot on one local date, and the moment (UTC) that it means."""

    slot: str
    day: date
    at: datetime


def slot(clock: time) -> str:
    """The name of a slot: '08:30'."""
    return f"{clock:%H:%M}"


def said(slots: Slots) -> str:
    """The slots for people: 'every day at 08:30', 'on weekdays at 08:30 and 19:00', 'on Monday and Friday at 08:30'."""
    if slots.days == EVERY_DAY:
        days = "every day"
    elif slots.days == WEEKDAYS:
        days = "on weekdays"
    elif slots.days == EVERY_DAY - WEEKDAYS:
        days = "at weekends"
    else:
        days = f"on {_joined([_NAMES[day - 1] for day in sorted(slots.days)])}"
    return f"{days} at {_joined([*map(slot, slots.times)])}"


def moment(day: date, clock: time, zone: ZoneInfo) -> datetime | None:
    """The moment (UTC) at which a zone's clocks show this time on this date; None for a date that the zone leaves out.

    A time that exists twice means the first one; in a gap the first minute after it.
    """
    found = _moment(day, clock, zone)
    if found.astimezone(zone).date() > day and _moment(day, time(), zone).astimezone(zone).date() > day:
        return None
    return found


def coming(slots: Slots, zone: ZoneInfo, after: datetime) -> Occurrence:
    """The first occurrence after a moment. Of slots that one gap moves to the same minute it is the earliest."""
    first = after.astimezone(zone).date() - _DAY
    for number in range(11):  # a week, and what a gap or a date left out may add
        found = [one for one in _on(first + number * _DAY, slots, zone) if one.at > after]
        if found:
            return min(found, key=lambda one: one.at)
    raise AssertionError("a week without one of its weekdays")


def latest(slots: Slots, zone: ZoneInfo, now: datetime) -> Occurrence | None:
    """The last occurrence at or before a moment; None if there was none for over a week."""
    last = now.astimezone(zone).date() + _DAY
    for number in range(11):
        found = [one for one in _on(last - number * _DAY, slots, zone) if one.at <= now]
        if found:
            return max(found, key=lambda one: one.at)
    return None


def current(slots: Slots, zone: ZoneInfo, now: datetime) -> Occurrence | None:
    """The occurrence that may still be served: the latest, if it is not LATE."""
    last = latest(slots, zone, now)
    return last if last and now - last.at < LATE else None


def near(slots: Slots, zone: ZoneInfo, at: datetime, within: timedelta) -> Occurrence | None:
    """The first occurrence that is no further than this from a moment, before or after it."""
    found = coming(slots, zone, at - within - _INSTANT)
    return found if found.at <= at + within else None


def day_said(day: date, today: date) -> str:
    """A local date for people: 'today', 'tomorrow', 'on Friday'; 'in 7 days' from where a weekday would mislead."""
    away = (day - today).days
    return {0: "today", 1: "tomorrow"}.get(away, f"on {day:%A}" if away < 7 else f"in {away} days")


def next_day(slot: str, zone: ZoneInfo, day: date) -> datetime:
    """The moment of a slot on the local date after `day`, or on the next one that exists."""
    clock = time.fromisoformat(slot)
    return moment(day + _DAY, clock, zone) or _moment(day + 2 * _DAY, clock, zone)


def evening(zone: ZoneInfo, now: datetime) -> datetime | None:
    """This evening; None from an hour before it."""
    at = moment(now.astimezone(zone).date(), EVENING, zone)
    return at if at and at - now >= timedelta(hours=1) else None


def _on(day: date, slots: Slots, zone: ZoneInfo) -> Iterator[Occurrence]:
    if day.isoweekday() in slots.days:
        for clock in slots.times:
            if at := moment(day, clock, zone):
                yield Occurrence(slot(clock), day, at)


def _moment(day: date, clock: time, zone: ZoneInfo) -> datetime:
    wanted = datetime.combine(day, clock)
    by_old = wanted.replace(tzinfo=zone).astimezone(UTC)  # by the offset before a change, where there is one
    if _shown(by_old, zone) == wanted:
        return by_old
    by_new = wanted.replace(tzinfo=zone, fold=1).astimezone(UTC)
    low, high = 0, int((by_old - by_new).total_seconds() // 60)  # minutes after by_new; the gap ends between the two
    while low < high:
        middle = (low + high) // 2
        if _shown(by_new + timedelta(minutes=middle), zone) >= wanted:
            high = middle
        else:
            low = middle + 1
    return by_new + timedelta(minutes=high)


def _shown(at: datetime, zone: ZoneInfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None)


def _joined(words: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))
