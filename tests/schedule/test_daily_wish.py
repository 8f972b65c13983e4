"""What is understood behind /daily, and how the rest is turned down."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semax_bot.schedule.places import KNOWN, OTHERS
from semax_bot.schedule.slots import EVERY_DAY, WEEKDAYS
from semax_bot.schedule.wish import MOST, DailyWish, DailyWishError, daily_wish
from semax_bot.schedule.zones import place, zones


def at(*clocks: str) -> tuple[time, ...]:
    """Times of day."""
    return tuple(time.fromisoformat(clock) for clock in clocks)


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("09:00 mon-wed-fri", DailyWish(times=at("09:00"), days=frozenset({1, 3, 5}))),
        ("09:00 tue/thu", DailyWish(times=at("09:00"), days=frozenset({2, 4}))),
        ("09:00 mon&wed", DailyWish(times=at("09:00"), days=frozenset({1, 3}))),
        ("/daily", DailyWish()),
        ("/daily@semax_tutor_bot 08:30", DailyWish(times=at("08:30"))),
        ("8:30pm Europe/Berlin", DailyWish(times=at("20:30"), place="europe/berlin")),
        ("08:30 19:00 weekdays", DailyWish(times=at("08:30", "19:00"), days=WEEKDAYS)),
        ("off", DailyWish(off=True)),
        ("7 p.m. in New York", DailyWish(times=at("19:00"), place="new york")),
        ("8.30 and 20h", DailyWish(times=at("08:30", "20:00"))),
        ("at 8pm, 8:30am on Mon, Wed and Fri", DailyWish(times=at("08:30", "20:00"), days=frozenset({1, 3, 5}))),
        ("fri-mon noon", DailyWish(times=at("12:00"), days=frozenset({5, 6, 7, 1}))),
        ("weekends midnight utc+2", DailyWish(times=at("00:00"), days=EVERY_DAY - WEEKDAYS, place="utc+2")),
        ("08:30 gmt-5:30", DailyWish(times=at("08:30"), place="gmt-5:30")),
        ("0830 every day", DailyWish(times=at("08:30"), days=EVERY_DAY)),
        ("12am 12pm", DailyWish(times=at("00:00", "12:00"))),
        ("14", DailyWish(times=at("14:00"))),
        ("08:30 08:30", DailyWish(times=at("08:30"))),
        ("Mondays 9:00 Monrovia", DailyWish(times=at("09:00"), days=frozenset({1}), place="monrovia")),
        ("８：３０", DailyWish(times=at("08:30"))),
        ("berlin", DailyWish(place="berlin")),
        ("8:30 London, UK", DailyWish(times=at("08:30"), place="london, uk")),
        ("Paris, France, 8:30,19:00", DailyWish(times=at("08:30", "19:00"), place="paris, france")),
        ("UTC+2", DailyWish(place="utc+2")),
        ("utc-3:30", DailyWish(place="utc-3:30")),
        ("+5:30", DailyWish(place="+5:30")),
        ("-5", DailyWish(place="-5")),
        ("8:30 UTC −5", DailyWish(times=at("08:30"), place="utc -5")),
        ("8:30 Etc/GMT+5", DailyWish(times=at("08:30"), place="etc/gmt+5")),
        ("8:30 from Monday to Friday", DailyWish(times=at("08:30"), days=WEEKDAYS)),
        ("19 Uhr", DailyWish(times=at("19:00"))),
        ("19 Uhr 30 and 8:30 Uhr", DailyWish(times=at("08:30", "19:30"))),
        ("7 o’clock pm", DailyWish(times=at("19:00"))),
        ("8 in the evening", DailyWish(times=at("20:00"))),
        ("8:30 every morning", DailyWish(times=at("08:30"))),
        ("8:30 🙂", DailyWish(times=at("08:30"))),
        ("“8:30🙂” – (Berlin)!", DailyWish(times=at("08:30"), place="berlin")),
        ("🙂 ...", DailyWish()),
        ("off!", DailyWish(off=True)),
    ],
)
def test_understood(text: str, wish: DailyWish) -> None:
    """The ways in which people write times, days and places."""
    assert daily_wish(text) == wish


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("8", "8:00, or 8pm"),
        ("half past 8", "in figures"),
        ("8:30-9:30", "“8:30-9:30” is a span"),
        ("9:00 - 10:00 Berlin", "“9:00 - 10:00” is a span"),
        ("9am to 5pm", "is a span"),
        ("noon - 1pm", "is a span"),
        ("8:30 -5", "written like UTC-5"),
        ("-1:00", "a time, or hours from UTC"),
        ("08:30 every 2 days", "“every 2 days” I cannot keep: a question comes on weekdays that you name"),
        ("08:30 every other day", "on weekdays that you name"),
        ("3 times a week", "on weekdays that you name"),
        ("tomorrow", "“tomorrow” I cannot keep"),
        ("Morning!", "“morning” is no time on a clock"),
        ("every morning", "Send the time itself"),
        ("pause", "/daily off stops them"),
        ("resume", "/daily 08:30 starts"),
        ("help", "/daily alone shows"),
        ("8:30 not sunday", "name the days that you do want"),
        ("7 o'clock", "7:00, or 7pm"),
        ("25:00", "hours go from 0 to 23"),
        ("08:75", "minutes to 59"),
        ("13pm", "from 1 to 12"),
        ("0am", "from 1 to 12"),
        ("8:30:15", "no time that I can read"),
        ("1:00 2:00 3:00 4:00", f"{MOST} times a day are the most"),
        ("off 08:30", "/daily off, or /daily 08:30"),
    ],
)
def test_turned_down_kindly(text: str, words: str) -> None:
    """Each message says what to write instead."""
    with pytest.raises(DailyWishError, match=words.replace("(", r"\(")):
        daily_wish(text)


def test_no_place_is_turned_down() -> None:
    """A word that leads nowhere must not be part of a name that leads to a zone."""
    names = [name for also in (KNOWN | OTHERS).values() for name in also.split(", ")]
    for name in [*names, *(place(zone) for zone in zones())]:
        daily_wish(f"8:30 {name}")


@given(st.text())
def test_any_text_is_read_or_turned_down(text: str) -> None:
    """Whatever is typed: a wish that can be kept, or words for people."""
    try:
        wish = daily_wish(text)
    except DailyWishError:
        return
    assert len(wish.times) <= MOST
    assert list(wish.times) == sorted(set(wish.times))
    assert wish.days <= EVERY_DAY


def test_every_zone_can_be_named_behind_the_command() -> None:
    """The buttons of /daily send a zone's own name, in which nothing is taken for a time, a day or an offset."""
    assert [zone for zone in zones() if daily_wish(zone) != DailyWish(place=zone.casefold())] == []
