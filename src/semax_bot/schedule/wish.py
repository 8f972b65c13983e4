"""What a learner asks for with /daily: at which times, on which days, by which clock, or no more."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import time

from semax_bot.errors import SemaxBotError
from semax_bot.schedule.slots import EVERY_DAY, WEEKDAYS

MOST = 3  # times a day; more would be a burden, not a habit

_DAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_SHORT = {"tues": 2, "thur": 4, "thurs": 4, "weds": 3}
_SETS = {
    "daily": EVERY_DAY,
    "everyday": EVERY_DAY,
    "weekday": WEEKDAYS,
    "workday": WEEKDAYS,
    "weekend": EVERY_DAY - WEEKDAYS,
}
_CLOCKS = {"noon": time(12), "midday": time(12), "midnight": time(0)}
_OFF = {"off", "stop", "none", "never", "no"}
_FILLING = {
    "at",
    "and",
    "on",
    "every",
    "each",
    "day",
    "days",
    "in",
    "by",
    "the",
    "time",
    "o'clock",
    "please",
    "to",
    "&",
}

_COMMAND = re.compile(r"^\s*/\w+(?:@\w+)?")
_OFFSET = re.compile(r"(?:\b(?:utc|gmt|etc/gmt)\s*)?(?<![\w:.])?[+-]\s?\d{1,2}(?::?[0-5]\d)?(?![\d:])")
_EVERY_DAY = re.compile(r"\b(?:every|each) day\b")
_HALF = re.compile(r"(\d)\s*([ap])\.?\s?m\.?(?!\w)")  # '8 p.m.', '8 pm' -> '8pm'
_RANGE = re.compile(r"([a-z]{3,})\s*[-–—]\s*([a-z]{3,})")
_CLOCK = re.compile(r"(\d{1,2})(?:[:.h](\d{2})|h)?(am|pm)?|(\d{2})(\d{2})")


class DailyWishError(SemaxBotError):
    """Words behind /daily that name no time we could keep; the message says which, and what to write."""


@dataclass(frozen=True, slots=True)
class DailyWish:
    """What was asked for; each part is empty where nothing was said of it. `place` is to be matched as a time zone."""

    off: bool = False
    times: tuple[time, ...] = ()
    days: frozenset[int] = frozenset()
    place: str = ""


def daily_wish(text: str) -> DailyWish:
    """Read '/daily 08:30', '/daily 8:30pm Europe/Berlin', '/daily 08:30 19:00 weekdays', '/daily off', '/daily'.

    Raises DailyWishError for a time that does not exist, a number that could be either half of the day, more than
    MOST times, and for 'off' together with something else.
    """
    words = " ".join(unicodedata.normalize("NFKC", _COMMAND.sub("", text)).casefold().split())
    places: list[str] = []
    words = _EVERY_DAY.sub("everyday", words)
    words = _OFFSET.sub(lambda found: _kept(places, found[0]), _HALF.sub(r"\1\2m", words))
    days: set[int] = set()
    words = _RANGE.sub(lambda found: _spanned(days, found), words)
    times: set[time] = set()
    off = False
    for word in re.split(r"[\s,;]+", words):
        if word in _OFF:
            off = True
        elif clock := _clock(word):
            times.add(clock)
        elif found := _day(word):
            days |= found
        elif word and word not in _FILLING:
            places.append(word)
    if off and (times or days or places):
        raise DailyWishError("Off, or at a time? Send /daily off, or /daily 08:30.")
    if len(times) > MOST:
        raise DailyWishError(
            f"{MOST} times a day are the most. Send the ones you like best, such as /daily 08:30 19:00."
        )
    return DailyWish(off, tuple(sorted(times)), frozenset(days), " ".join(places))


def _kept(places: list[str], words: str) -> str:
    places.append(words.strip())
    return " "


def _spanned(days: set[int], found: re.Match[str]) -> str:
    """Take 'mon-fri' out of the words; the range may go over the end of the week."""
    first, last = _day(found[1]), _day(found[2])
    if not (first and last and len(first) == len(last) == 1):
        return found[0]
    (start,), (end,) = first, last
    days.update((start - 1 + step) % 7 + 1 for step in range((end - start) % 7 + 1))
    return " "


def _day(word: str) -> frozenset[int] | None:
    name = word.removesuffix(".").removesuffix("s") if len(word) > 4 else word.removesuffix(".")
    if name in _SETS:
        return _SETS[name]
    if number := _SHORT.get(word.removesuffix(".")):
        return frozenset({number})
    return next((frozenset({at}) for at, day in enumerate(_DAYS, 1) if name in {day, day[:3]}), None)


def _clock(word: str) -> time | None:
    """The time that a word names; None if it is none. Raises DailyWishError for a number that is no time."""
    found = _CLOCK.fullmatch(word.removesuffix("."))
    if found is None:
        if word[:1].isdigit():
            raise DailyWishError(f"“{word[:20]}” is no time that I can read. Send it like 08:30 or 8:30pm.")
        return _CLOCKS.get(word)
    hours, minutes, half, whole, rest = found.groups()
    hour, minute = int(hours or whole), int(minutes or rest or 0)
    is_bare = not (minutes or rest or half or "h" in word)
    if is_bare and hour <= 12:
        raise DailyWishError(f"{hour} in the morning or in the evening? Send {hour}:00, or {hour}pm.")
    if half and not 1 <= hour <= 12:
        raise DailyWishError(f"There is no {word}. With am or pm the hours go from 1 to 12.")
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    if hour > 23 or minute > 59:
        raise DailyWishError(f"There is no {word}: hours go from 0 to 23 and minutes to 59, as in 08:30.")
    return time(hour, minute)
