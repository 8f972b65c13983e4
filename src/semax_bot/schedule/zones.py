"""Time zones as people name them: by a city, a country, an abbreviation or an offset from UTC."""

import re
import unicodedata
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from rapidfuzz import fuzz, process

OFFERED = 6  # zones among which a learner has to choose
LIKE = 82.0  # likeness, 0 to 100, of a mistyped name: 'berlni' is Berlin, but 'atlantis' is not Atlanta
AHEAD = 3.0  # likeness by which the best of several is taken for what was meant

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

# Zones, the best known first, and what people call them beside their own names.
_KNOWN = {
    "UTC": "utc, z, universal time",
    "Europe/London": "uk, gb, britain, england, scotland, manchester, edinburgh",
    "Europe/Berlin": "germany, deutschland, munich, munchen, hamburg, cologne, koln, frankfurt",
    "America/New_York": "ny, nyc, et, eastern, us eastern, boston, washington, dc, philadelphia, miami, atlanta",
    "America/Los_Angeles": "la, pt, pacific, us pacific, california, san francisco, sf, seattle, san diego, las vegas",
    "America/Chicago": "ct, central, us central, texas, houston, dallas, austin, minneapolis",
    "Asia/Kolkata": "india, mumbai, bombay, delhi, new delhi, bangalore, bengaluru, chennai, hyderabad, calcutta",
    "Asia/Shanghai": "china, beijing, peking, shenzhen, guangzhou",
    "Asia/Tokyo": "japan, osaka, kyoto",
    "Europe/Moscow": "russia, msk, saint petersburg, st petersburg, petersburg",
    "Europe/Paris": "france, lyon, marseille",
    "Europe/Kyiv": "ukraine, kiev, odesa, lviv, kharkiv",
    "Africa/Lagos": "nigeria, abuja",
    "Africa/Johannesburg": "south africa, cape town, pretoria, durban",
    "Africa/Cairo": "egypt, alexandria",
    "Africa/Nairobi": "kenya",
    "America/Sao_Paulo": "brazil, brasil, rio, rio de janeiro, brasilia",
    "Asia/Dubai": "uae, emirates, abu dhabi",
    "Asia/Singapore": "sg",
    "Australia/Sydney": "canberra, new south wales",
    "Europe/Madrid": "spain, barcelona, valencia, seville",
    "Europe/Rome": "italy, milan, naples, turin, florence",
    "Europe/Athens": "greece",
    "Europe/Istanbul": "turkey, turkiye, ankara",
    "Europe/Warsaw": "poland, krakow, gdansk, wroclaw",
    "Europe/Vienna": "austria, wien, graz",
    "Europe/Zurich": "switzerland, bern, geneva, basel",
    "Europe/Amsterdam": "netherlands, holland, rotterdam",
    "Europe/Brussels": "belgium",
    "Europe/Stockholm": "sweden",
    "Europe/Oslo": "norway",
    "Europe/Copenhagen": "denmark",
    "Europe/Helsinki": "finland",
    "Europe/Prague": "czechia, czech republic",
    "Europe/Budapest": "hungary",
    "Europe/Bucharest": "romania",
    "Europe/Lisbon": "portugal, porto",
    "Europe/Dublin": "ireland",
    "Atlantic/Reykjavik": "iceland",
    "Africa/Casablanca": "morocco",
    "Africa/Accra": "ghana",
    "Asia/Jerusalem": "israel, tel aviv",
    "Asia/Riyadh": "saudi arabia, jeddah",
    "Asia/Baghdad": "iraq",
    "Asia/Tehran": "iran",
    "Asia/Tbilisi": "tiflis",
    "Asia/Kabul": "afghanistan",
    "Asia/Karachi": "pakistan, lahore, islamabad",
    "Asia/Tashkent": "uzbekistan",
    "Asia/Yekaterinburg": "ekaterinburg",
    "Asia/Kathmandu": "nepal",
    "Asia/Dhaka": "bangladesh",
    "Asia/Almaty": "kazakhstan, astana",
    "Asia/Novosibirsk": "",
    "Asia/Bangkok": "thailand",
    "Asia/Ho_Chi_Minh": "vietnam, hanoi, saigon",
    "Asia/Jakarta": "java",
    "Asia/Hong_Kong": "hk",
    "Asia/Manila": "philippines",
    "Asia/Taipei": "taiwan",
    "Asia/Kuala_Lumpur": "malaysia",
    "Australia/Perth": "western australia",
    "Asia/Seoul": "korea, south korea, busan",
    "Australia/Adelaide": "south australia",
    "Australia/Brisbane": "queensland",
    "Australia/Melbourne": "victoria",
    "Asia/Vladivostok": "",
    "Pacific/Auckland": "new zealand, nz, wellington",
    "America/Toronto": "ottawa, ontario, montreal, quebec",
    "America/Denver": "mt, mountain, us mountain, colorado, salt lake city",
    "America/Phoenix": "arizona",
    "America/Vancouver": "british columbia",
    "America/Halifax": "atlantic time, nova scotia",
    "America/St_Johns": "newfoundland",
    "America/Mexico_City": "mexico, guadalajara",
    "America/Bogota": "colombia",
    "America/Lima": "peru",
    "America/Caracas": "venezuela",
    "America/Santiago": "chile",
    "America/Argentina/Buenos_Aires": "argentina",
    "America/Anchorage": "alaska",
    "Pacific/Honolulu": "hawaii",
}
_FAME = {zone: number for number, zone in enumerate(_KNOWN)}
_AREAS = set("Africa America Antarctica Arctic Asia Atlantic Australia Europe Indian Pacific".split())
_OFFSET = re.compile(r"(?:utc|gmt)?\s*([+-])\s*(\d{1,2})(?::?([0-5]\d))?")


def match(text: str, now: datetime) -> list[str]:
    """The IANA names that somebody's words may mean, the best known first, at most OFFERED; one if that is clear.

    An offset means zones that have it at the moment `now`; so the answer may differ in summer and in winter.
    """
    if offset := _OFFSET.fullmatch(text.strip().casefold().replace("−", "-")):
        return _with_offset(offset, now)
    heard = _heard(text)
    if not heard:
        return []
    exactly = _distinct(_names().get(heard, []), now)
    found = exactly or _abbreviated(heard, now) or _beginning(heard) or _like(heard)
    return sorted(found, key=_rank)[:OFFERED]


@cache
def zones() -> frozenset[str]:
    """The zones that may be set: UTC, and those that are named after a place."""
    return frozenset(name for name in available_timezones() if name == "UTC" or name.split("/")[0] in _AREAS)


def place(zone: str) -> str:
    """A zone as people say it: 'Buenos Aires' for America/Argentina/Buenos_Aires."""
    return zone.rpartition("/")[2].replace("_", " ")


def _with_offset(written: re.Match[str], now: datetime) -> list[str]:
    sign, hours, minutes = written.groups()
    offset = timedelta(hours=int(hours), minutes=int(minutes or 0)) * (-1 if sign == "-" else 1)

    known = [name for name in _KNOWN if name in zones()]
    for names in (known, sorted(zones())):
        if found := [name for name in names if now.astimezone(ZoneInfo(name)).utcoffset() == offset]:
            return found[:OFFERED]
    return []


@cache
def _names() -> dict[str, list[str]]:
    """All that zones are called exactly, without accents and capitals."""
    names: dict[str, list[str]] = {}
    for zone in sorted(zones(), key=_rank):
        also = _KNOWN.get(zone, "").split(", ")
        for name in dict.fromkeys([_heard(zone), _heard(place(zone)), *also]):
            names.setdefault(name, []).append(zone)
    names.pop("", None)
    return names


def _distinct(found: list[str], now: datetime) -> list[str]:
    """The zones without those that tick like an earlier one: old names of a place stand beside its new one."""
    ticking: dict[tuple[timedelta | None, ...], str] = {}
    for name in found:
        ticking.setdefault(tuple(at.utcoffset() for at in _seasons(name, now)), name)
    return list(ticking.values())


def _abbreviated(heard: str, now: datetime) -> list[str]:
    """The known zones whose clocks show these letters in winter or in summer: CET, PST, IST ..."""
    letters = heard.upper()
    known = (name for name in _KNOWN if name in zones())
    return [name for name in known if letters in {at.tzname() for at in _seasons(name, now)}]


def _seasons(zone: str, now: datetime) -> list[datetime]:
    clock = ZoneInfo(zone)
    return [now.replace(month=month, day=1).astimezone(clock) for month in (1, 7)]


def _beginning(heard: str) -> set[str]:
    """The zones in one of whose names each of the words begins a word."""
    words = heard.split()
    if len(heard) < 3:
        return set()
    return {
        zone
        for name, found in _names().items()
        if all(any(part.startswith(word) for part in name.split()) for word in words)
        for zone in found
    }


def _like(heard: str) -> list[str]:
    """The zones one of whose names is spelled much like this; the best alone if the next is far behind."""
    likeness: dict[str, float] = {}
    for name, score, _ in process.extract(heard, list(_names()), scorer=fuzz.ratio, score_cutoff=LIKE, limit=None):
        for zone in _names()[name]:
            likeness[zone] = max(score, likeness.get(zone, 0.0))
    best = max(likeness.values(), default=0.0)
    return [zone for zone, score in likeness.items() if score > best - AHEAD]


def _rank(zone: str) -> tuple[int, str]:
    return _FAME.get(zone, len(_FAME)), zone


def _heard(text: str) -> str:
    """A name without accents, capitals and punctuation."""
    letters = unicodedata.normalize("NFKD", text[:64]).casefold()
    return " ".join("".join(sign if sign.isalnum() else " " for sign in letters if not _is_accent(sign)).split())


def _is_accent(sign: str) -> bool:
    return unicodedata.combining(sign) > 0
