"""Time zones as people name them: by a city, a country, an abbreviation or an offset from UTC."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from rapidfuzz import process
from rapidfuzz.distance import OSA

from semax_bot.schedule.places import KNOWN, OTHERS

LONGEST = 64  # letters that are read
OFFERED = 6  # zones among which a learner has to choose
SURE, NEAR = (
    0.82,
    0.78,
)  # likeness, 0 to 1, of a mistyped name: 'berlni' is Berlin, 'tokoy' may be Tokyo, 'atlantis' is none
AHEAD = 0.03  # likeness by which the best of several is taken for what was meant
NEAREST = 3  # names offered where the likeliest is near, but not sure
SHARE, SHORTEST = 0.55, 4  # letters of a name that say it surely: 'york' is New York, 'mars' is not Marseille

COMMON = (  # around the world from west to east, so that everyone finds a neighbour
    "America/Los_Angeles",
    "America/Denver",
    "America/Chicago",
    "America/New_York",
    "America/Sao_Paulo",
    "UTC",
    "Europe/London",
    "Europe/Berlin",
    "Europe/Kyiv",
    "Europe/Moscow",
    "Asia/Dubai",
    "Asia/Kolkata",
    "Asia/Shanghai",
    "Asia/Tokyo",
    "Australia/Sydney",
    "Pacific/Auckland",
)

_FAME = {zone: number for number, zone in enumerate(KNOWN)}
_AREAS = set("Africa America Antarctica Arctic Asia Atlantic Australia Europe Indian Pacific".split())
_OFFSET = re.compile(r"(etc/)?(?:utc|gmt)?\s*([+-])\s*(\d{1,2})(?::?([0-5]\d))?")
_NOWHERE = ("", "north", "south", "west", "center")  # also names of zones, which nobody means by these words
# What people say behind a name: New York City, Berlin time.
_PLAIN = {"city", "time", "timezone", "zone", "standard", "daylight", "summer"}


def match(text: str, now: datetime) -> list[str]:
    """The IANA names that somebody's words may mean, the best known first, at most OFFERED; one if that is clear.

    An offset means zones that have it at the moment `now`; so the answer may differ in summer and in winter.
    """
    if offset := _OFFSET.fullmatch(text.strip().casefold().replace("−", "-")):
        return _with_offset(offset, now)
    heard = _heard(text)
    if not heard:
        return []
    found = _called(heard, now) or _parted(text[:LONGEST], now) or _beginning(heard) or _like(heard)
    return sorted(found, key=_rank)[:OFFERED]


@cache
def zones() -> frozenset[str]:
    """The zones that may be set: UTC, and those that are named after a place."""
    return frozenset(name for name in available_timezones() if name == "UTC" or name.split("/")[0] in _AREAS)


def place(zone: str) -> str:
    """A zone as people say it: 'Buenos Aires' for America/Argentina/Buenos_Aires."""
    return zone.rpartition("/")[2].replace("_", " ")


def _with_offset(written: re.Match[str], now: datetime) -> list[str]:
    is_posix, sign, hours, minutes = written.groups()
    is_west = (sign == "-") != bool(is_posix)  # Etc/GMT+5 is what everybody else calls UTC-5
    offset = timedelta(hours=int(hours), minutes=int(minutes or 0)) * (-1 if is_west else 1)

    known = [name for name in KNOWN if name in zones()]
    for names in (known, sorted(zones())):
        if found := [name for name in names if now.astimezone(ZoneInfo(name)).utcoffset() == offset]:
            return found[:OFFERED]
    return []


@cache
def _names() -> dict[str, list[str]]:
    """All that zones are called exactly, without accents and capitals."""
    names: dict[str, list[str]] = {}
    for zone in sorted(zones(), key=_rank):
        also = (KNOWN | OTHERS).get(zone, "").split(", ")
        for name in dict.fromkeys([_heard(zone), _heard(place(zone)), *also]):
            names.setdefault(name, []).append(zone)
    for name in _NOWHERE:
        names.pop(name, None)
    return names


def _called(heard: str, now: datetime) -> list[str]:
    """The zones of exactly this name or abbreviation, also if a plain word such as 'time' stands behind it."""
    words = heard.split()
    while words:
        name = " ".join(words)
        if found := _distinct(_names().get(name, []), now):
            return list(dict.fromkeys([*found, *_abbreviated(name, now)]))
        if (found := _abbreviated(name, now)) or words.pop() not in _PLAIN:
            return found
    return []


def _parted(text: str, now: datetime) -> list[str]:
    """The zones of a place with its country or state behind it: 'London, UK', 'paris france', 'Austin, TX'."""
    if "," in text:
        name, *behind = [_called(_heard(part), now) for part in text.split(",")]
        within = next(filter(None, behind), [])
        is_state = not within and len(_heard(text.rpartition(",")[2])) == 2  # 'Paris, TX' is not the one in France
        return [] if is_state and _areas(name) != {"America"} else _inside(name, within, now)
    words = _heard(text).split()
    for cut in range(len(words) - 1, 0, -1):
        name, within = (_called(" ".join(part), now) for part in (words[:cut], words[cut:]))
        if name and within:
            return _inside(name, within, now)
    return []


def _inside(name: list[str], within: list[str], now: datetime) -> list[str]:
    """The zones of a name that lie within others, or all of both: there is a Paris in France and one in Texas."""
    if both := [zone for zone in name if zone in within]:
        return both
    is_wide = len(within) > 1  # of Russia or Canada only the best known zones are listed
    if name and is_wide and _areas(name) <= _areas(within):
        return name
    return _distinct([*name, *within], now)


def _areas(found: Iterable[str]) -> set[str]:
    return {zone.split("/")[0] for zone in found}


def _distinct(found: Iterable[str], now: datetime) -> list[str]:
    """The zones without those that tick like an earlier one: old names of a place stand beside its new one."""
    ticking: dict[tuple[timedelta | None, ...], str] = {}
    for name in found:
        ticking.setdefault(tuple(at.utcoffset() for at in _seasons(name, now)), name)
    return list(ticking.values())


def _abbreviated(heard: str, now: datetime) -> list[str]:
    """The known zones whose clocks show these letters in winter or in summer: CET, PST, IST ..."""
    if not (heard.isalpha() and 3 <= len(heard) <= 4):
        return []
    letters = heard.upper()
    known = (name for name in KNOWN if name in zones())
    return [name for name in known if letters in {at.tzname() for at in _seasons(name, now)}]


def _seasons(zone: str, now: datetime) -> list[datetime]:
    clock = ZoneInfo(zone)
    return [now.replace(month=month, day=1).astimezone(clock) for month in (1, 7)]


def _beginning(heard: str) -> list[str]:
    """The zones in one of whose names each of the words begins a word; one alone only if it is most of the name."""
    words, letters = heard.split(), len(heard.replace(" ", ""))
    if letters < 3:
        return []
    share: dict[str, float] = {}
    for name, found in _names().items():
        if all(any(part.startswith(word) for part in name.split()) for word in words):
            for zone in found:
                share[zone] = max(letters / len(name.replace(" ", "")), share.get(zone, 0.0))
    is_sure = letters >= SHORTEST and max(share.values(), default=0.0) >= SHARE
    return list(share) if is_sure or len(share) > 1 else []


def _like(heard: str) -> list[str]:
    """The zones one of whose names is spelled much like this; the best alone if it is sure and far ahead."""
    names = process.extract(heard, list(_names()), scorer=OSA.normalized_similarity, limit=OFFERED)
    best = names[0][1]
    if best < NEAR:
        return []
    near = [name for name, likeness, _ in names if likeness > best - AHEAD]
    if best < SURE:  # the next ones as well, so that it becomes a question
        near = [name for name, _, _ in names[: max(len(near), NEAREST)]]
    return list(dict.fromkeys(zone for name in near for zone in _names()[name]))


def _rank(zone: str) -> tuple[int, str]:
    return _FAME.get(zone, len(_FAME)), zone


def _heard(text: str) -> str:
    """A name without accents, capitals and punctuation."""
    letters = unicodedata.normalize("NFKD", text[:LONGEST]).casefold()
    return " ".join("".join(sign if sign.isalnum() else " " for sign in letters if not _is_accent(sign)).split())


def _is_accent(sign: str) -> bool:
    return unicodedata.combining(sign) > 0
