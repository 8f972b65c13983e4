"""Time zones: found by whatever a person calls them, and never one that nobody meant."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from semax_bot.schedule import zones
from semax_bot.schedule.places import KNOWN, OTHERS
from semax_bot.schedule.zones import COMMON, OFFERED, match, place

WINTER, SUMMER = datetime(2026, 1, 15, 12, tzinfo=UTC), datetime(2026, 7, 15, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "zone"),
    [
        ("Berlin", "Europe/Berlin"),
        ("  berlin ", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("berlni", "Europe/Berlin"),
        ("Germany", "Europe/Berlin"),
        ("München", "Europe/Berlin"),
        ("frankfrt", "Europe/Berlin"),
        ("NYC", "America/New_York"),
        ("new york", "America/New_York"),
        ("york", "America/New_York"),
        ("US/Eastern", "America/New_York"),
        ("LA", "America/Los_Angeles"),
        ("UK", "Europe/London"),
        ("São Paulo", "America/Sao_Paulo"),
        ("Buenos Aires", "America/Argentina/Buenos_Aires"),
        ("Kiev", "Europe/Kyiv"),
        ("vladivostock", "Asia/Vladivostok"),
        ("Nome", "America/Nome"),
        ("Rome", "Europe/Rome"),
        ("JST", "Asia/Tokyo"),
        ("utc", "UTC"),
        ("UTC+5:30", "Asia/Kolkata"),
        ("+0545", "Asia/Kathmandu"),
        ("London, UK", "Europe/London"),
        ("london uk", "Europe/London"),
        ("Paris, France", "Europe/Paris"),
        ("Besançon, France", "Europe/Paris"),
        ("Saint Petersburg, Russia", "Europe/Moscow"),
        ("Omsk, Russia", "Asia/Omsk"),
        ("Austin, TX", "America/Chicago"),
        ("Portland, Oregon, USA", "America/Los_Angeles"),
        ("Birmingham, Alabama", "America/Chicago"),
        ("New York City", "America/New_York"),
        ("Ho Chi Minh City", "Asia/Ho_Chi_Minh"),
        ("mexico city", "America/Mexico_City"),
        ("eastern time", "America/New_York"),
        ("central time", "America/Chicago"),
        ("mountain time", "America/Denver"),
        ("pacific time", "America/Los_Angeles"),
        ("Pacific Standard Time", "America/Los_Angeles"),
        ("Berlin time", "Europe/Berlin"),
        ("Tokio", "Asia/Tokyo"),
        ("Moskau", "Europe/Moscow"),
        ("Genf", "Europe/Zurich"),
        ("Praha", "Europe/Prague"),
        ("Roma", "Europe/Rome"),
        ("zulu", "UTC"),
        ("SGT", "Asia/Singapore"),
        ("CAT", "Africa/Harare"),
        ("EAT", "Africa/Nairobi"),
        ("GST", "Asia/Dubai"),
        ("Uganda", "Africa/Kampala"),
        ("Laos", "Asia/Vientiane"),
        ("Manama", "Asia/Bahrain"),
    ],
)
def test_a_clear_name_means_one_zone(words: str, zone: str) -> None:
    """Cities, countries, nicknames, accents and slips all lead to the zone, without a question back."""
    assert match(words, WINTER) == match(words, SUMMER) == [zone]


@pytest.mark.parametrize(
    ("words", "among"),
    [
        ("CET", {"Europe/Berlin", "Europe/Paris"}),
        ("cest", {"Europe/Berlin", "Europe/Paris"}),
        ("IST", {"Asia/Kolkata", "Europe/Dublin", "Asia/Jerusalem"}),
        ("CST", {"America/Chicago", "Asia/Shanghai"}),
        ("north dakota", {"America/North_Dakota/Center", "America/North_Dakota/Beulah"}),
        ("Europe", {"Europe/London", "Europe/Berlin"}),
        ("BST", {"Europe/London", "Asia/Dhaka"}),
        ("AST", {"America/Halifax", "Asia/Riyadh"}),
        ("GMT", {"UTC", "Europe/London"}),
        ("Georgia", {"Asia/Tbilisi", "America/New_York"}),
        ("Rome, Georgia", {"Europe/Rome", "America/New_York"}),
        ("London, Ontario", {"Europe/London", "America/Toronto"}),
        ("paris texas", {"Europe/Paris", "America/Chicago"}),
        ("Birmingham", {"Europe/London", "America/Chicago"}),
        ("Russia", {"Europe/Moscow", "Asia/Vladivostok"}),
        ("tokoy", {"Asia/Tokyo", "Africa/Lome"}),
    ],
)
def test_what_means_several_is_offered_and_not_guessed(words: str, among: set[str]) -> None:
    """IST is Mumbai, Dublin and Jerusalem; only the learner knows which."""
    assert among <= set(match(words, WINTER))


@pytest.mark.parametrize(
    "words",
    [
        "",
        "🙂",
        "xyzzy",
        "2",
        "a",
        "-",
        "UTC+99",
        "UTC+9:17",
        "my home",
        "Semax",
        "atlantis",
        "x" * 9999,
        "Paris, TX",
        ",",
        "a, b",
    ],
)
def test_what_is_no_zone_gives_none(words: str) -> None:
    """A wrong zone would move somebody's days; none is better."""
    assert match(words, WINTER) == []


def test_an_offset_is_meant_as_of_now() -> None:
    """UTC+2 is Athens in winter and Berlin in summer."""
    assert "Europe/Athens" in match("UTC+2", WINTER)
    assert "Europe/Berlin" not in match("UTC+2", WINTER)
    assert "Europe/Berlin" in match("gmt +2", SUMMER)
    assert match("UTC−3", WINTER) == match("-3", WINTER) == match("UTC-03:00", WINTER) != match("+3", WINTER)


def test_a_few_letters_alike_are_not_taken_for_a_name() -> None:
    """Mars is not Marseille, and nobody who says north means the north of Australia."""
    for words in ("Mars", "north", "south", "cata", "new"):
        assert len(match(words, WINTER)) != 1


def test_posix_names_count_the_other_way_round() -> None:
    """Etc/GMT+5 is five hours behind UTC."""
    assert match("Etc/GMT+5", WINTER) == match("UTC-5", WINTER) != []


@settings(max_examples=30)
@given(st.integers(-12 * 60, 14 * 60), st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)))
def test_each_zone_offered_for_an_offset_has_it(minutes: int, now: datetime) -> None:
    """Whatever the season and the year."""
    sign, minutes = ("-" if minutes < 0 else "+"), abs(minutes)
    wanted = timedelta(minutes=minutes) * (-1 if sign == "-" else 1)
    for zone in match(f"UTC{sign}{minutes // 60}:{minutes % 60:02}", now):
        assert now.astimezone(ZoneInfo(zone)).utcoffset() == wanted


@given(st.text(max_size=80))
def test_any_words_give_at_most_a_handful_of_real_zones(words: str) -> None:
    """What a learner types can neither break the search nor flood the chat, nor bring up a zone that cannot be set."""
    found = match(words, WINTER)
    assert len(found) == len(set(found)) <= OFFERED
    assert set(found) <= zones.zones()


def test_every_zone_is_found_by_its_own_name() -> None:
    """Also the small ones; where several share a place and its rules, one of them."""
    for zone in zones.zones():
        (found,) = match(zone, WINTER)
        same = [WINTER.astimezone(ZoneInfo(name)).utcoffset() for name in (zone, found)]
        assert same[0] == same[1]
        assert place(found) == place(zone) or found in KNOWN


def test_known_zones_exist_and_are_no_oddities() -> None:
    """A slip in the tables would silently take a city away; 'Etc/GMT-2' means the opposite of what people think."""
    assert set(COMMON) | set(KNOWN) | set(OTHERS) <= zones.zones()
    assert not set(KNOWN) & set(OTHERS)
    names = [name for also in (KNOWN | OTHERS).values() for name in also.split(", ") if name]
    assert names == [zones._heard(name) for name in names]
    assert not [zone for zone in zones.zones() if zone.startswith(("Etc", "posix")) or zone in {"Factory", "localtime"}]
    assert max(len(f"set:zone:{zone}".encode()) for zone in zones.zones()) <= 64


def test_a_zone_reads_as_people_say_it() -> None:
    """Nobody lives in Buenos_Aires."""
    assert [place(zone) for zone in ("America/Argentina/Buenos_Aires", "UTC")] == ["Buenos Aires", "UTC"]
