"""What a learner asks for with /daily: at which times, on which days, by which clock, or no more."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import time

from semax_bot.errors import Declined
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
_HALVES = {"morning": "am", "afternoon": "pm", "evening": "pm"}
_OFF = set("off stop none never no cancel end quit disable unsubscribe".split())
_FILLING = set("at and on every each day days from in by the time o'clock please to a me my send set change".split())

# Words that name neither a time nor a day nor a place, and what to say to them.
_ASTRAY = {
    "today tomorrow tonight now once twice later soon next weekly hourly monthly week weeks month months hour hours "
    "times january february march april may june july august september october november december": (
        "“{word}” I cannot keep: a question comes every day, or on weekdays that you name. "
        "Send /daily 08:30, or /daily 08:30 mon wed fri."
    ),
    "morning mornings afternoon afternoons evening evenings night nights early late lunch lunchtime breakfast "
    "dinner bedtime before after around about between": (
        "“{word}” is no time on a clock. Send the time itself: /daily 08:30, or /daily 8:30pm."
    ),
    "half quarter past one two three four five six seven eight nine ten eleven twelve": (
        "I read times in figures only, not “{word}”. Send it like /daily 08:30, or /daily 8:30pm."
    ),
    "not except without but excluding skip": (
        "“{word}” I cannot follow: name the days that you do want. Send /daily 08:30 weekdays, or /daily 08:30 mon-sat."
    ),
    "pause resume continue start begin restart help": (
        "“{word}” means nothing behind /daily. /daily 08:30 starts the questions, /daily off stops them, "
        "and /daily alone shows what there is."
    ),
}
_ANSWERS = {word: answer for words, answer in _ASTRAY.items() for word in words.split()}

_COMMAND = re.compile(r"^\s*/\w+(?:@\w+)?")
_OFFSET = re.compile(  # a bare minus only before a whole hour: '-1:00' may be a slip
    r"(?:\b(?:etc/)?(?:utc|gmt)\s*[+-]\s?|\+\s?)\d{1,2}(?::?[0-5]\d)?(?![\d:])|(?<!\S)-\s?\d{1,2}(?!\S)"
)
_EVERY_DAY = re.compile(r"\b(?:every|each) day\b")
_EVERY_FEW = re.compile(
    r"\b(?:every|each) (?:\d+|two|three|few|other|second|third) ?(?:day|week|month|hour|minute)s?\b"
)
_OCLOCK = re.compile(r"(\d) ?o['’]?clock\b")
_HOURS = re.compile(r"(\d) ?(?:uhr|h)\b(?: ?(\d\d)\b)?")  # '19 uhr 30' -> '19h30'
_HALF = re.compile(r"(\d) ?([ap])\.? ?m\.?(?!\w)")  # '8 p.m.' -> '8pm'
_PART = re.compile(r"\b(0?[1-9]|1[0-2])((?:[:.]\d\d)?) (?:in the|every|each) (morning|afternoon|evening)\b")
_TO = r"(?:[-–—]|\bto\b|\btill\b|\buntil\b)"
_RANGE = re.compile(rf"\b([a-z]{{3,}}) ?{_TO} ?([a-z]{{3,}})")
_LIST = re.compile(r"\b[a-z]{3,}(?:[/&+][a-z]{3,})+\b|\b[a-z]{3,}(?:-[a-z]{3,}){2,}\b")
_TIME = r"(?:\d{1,2}(?:[:.h]\d\d)?h?(?:am|pm)?|noon|midnight)"
_SPAN = re.compile(rf"(?<![\w:.+-]){_TIME} ?{_TO} ?{_TIME}(?![\w:])")
_CLOCK = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))?h?(am|pm)?|(\d{2})(\d{2})")
_EDGES = re.compile(r"^[^\w+-]+|\W+$")  # quotes, full stops, emoji


class DailyWishError(Declined):
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
    MOST times, a span of time, 'off' together with something else, and words that can be no place.
    """
    places: list[str] = []
    words = _OFFSET.sub(lambda found: _kept(places, found[0]), _tidied(text))
    days: set[int] = set()
    words = _RANGE.sub(lambda found: _spanned(days, found), _LIST.sub(_listed, words))
    times: set[time] = set()
    off = False
    for written in words.replace(",", ", ").replace(";", " ").split():
        word = _EDGES.sub("", written)
        if word in _OFF:
            off = True
        elif clock := _clock(word):
            times.add(clock)
        elif found := _day(word):
            days |= found
        elif word and word not in _FILLING:
            places.append(word + "," * written.endswith(","))  # kept, as a country may follow
    if off and (times or days or places):
        raise DailyWishError("Off, or at a time? Send /daily off, or /daily 08:30.")
    if len(times) > MOST:
        raise DailyWishError(
            f"{MOST} times a day are the most. Send the ones you like best, such as /daily 08:30 19:00."
        )
    return DailyWish(off, tuple(sorted(times)), frozenset(days), " ".join(places).rstrip(","))


def _tidied(text: str) -> str:
    """The words behind the command with each time in one piece. Raises DailyWishError for what we do not offer."""
    words = " ".join(unicodedata.normalize("NFKC", _COMMAND.sub("", text)).casefold().replace("−", "-").split())
    words = _HOURS.sub(r"\1h\2", _OCLOCK.sub(r"\1", _EVERY_DAY.sub("everyday", words)))
    words = _PART.sub(lambda found: f"{found[1]}{found[2]}{_HALVES[found[3]]}", _HALF.sub(r"\1\2m", words))
    if few := _EVERY_FEW.search(words):
        raise DailyWishError(
            f"“{few[0]}” I cannot keep: a question comes on weekdays that you name. Send /daily 08:30 mon wed fri."
        )
    if span := _SPAN.search(words):
        raise DailyWishError(
            f"“{span[0]}” is a span, and a question needs one time. Send /daily 08:30. "
            "Hours behind UTC are written like UTC-5."
        )
    for word in words.split():
        if answer := _ANSWERS.get(_EDGES.sub("", word)):
            raise DailyWishError(answer.format(word=_EDGES.sub("", word)))
    return words


def _kept(places: list[str], words: str) -> str:
    places.append(words.strip())
    return " "


def _listed(found: re.Match[str]) -> str:
    """'mon-wed-fri' and 'tue/thu' as days one by one; 'europe/berlin' as it is."""
    parts = re.split(r"[-/&+]", found[0])
    return " ".join(parts) if all(map(_day, parts)) else found[0]


def _spanned(days: set[int], found: re.Match[str]) -> str:
    """Take 'mon-fri' out of the words; the range may go over the end of the week."""
    first, last = _day(found[1]), _day(found[2])
    if not (first and last and len(first) == len(last) == 1):
        return found[0]
    (start,), (end,) = first, last
    days.update((start - 1 + step) % 7 + 1 for step in range((end - start) % 7 + 1))
    return " "


def _day(word: str) -> frozenset[int] | None:
    name = word.removesuffix("s") if len(word) > 4 else word
    if name in _SETS:
        return _SETS[name]
    if number := _SHORT.get(word):
        return frozenset({number})
    return next((frozenset({at}) for at, day in enumerate(_DAYS, 1) if name in {day, day[:3]}), None)


def _clock(word: str) -> time | None:
    """The time that a word names; None if it is none. Raises DailyWishError for a number that is no time."""
    found = _CLOCK.fullmatch(word)
    if found is None:
        if word[:1] == "-" and word[1:2].isdigit():
            raise DailyWishError(f"“{word[:20]}”: a time, or hours from UTC? Send it like 08:30, or UTC-5.")
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
