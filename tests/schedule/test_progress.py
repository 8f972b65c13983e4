"""Progress: what counts as mastered, the learner's own days, and a page that is short and kind."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semax_bot.course.load import Course, load
from semax_bot.reply import plain
from semax_bot.schedule.memory import LEECH, mastered, retrievability
from semax_bot.schedule.progress import AHEAD, BARS, WEAKEST, Progress, drawn, page, progress, streak
from semax_bot.schedule.values import Card
from semax_bot.settings import content_folder

COURSE = load(content_folder())
ITEMS = tuple(COURSE.items)
NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)  # a Wednesday
GMT = ZoneInfo("Etc/UTC")
MADRID = ZoneInfo("Europe/Madrid")
# Summer time at night, at midnight, by half an hour, never; offsets of 45 minutes and of almost a day.
NAMES = (
    "Europe/Madrid America/New_York Africa/Cairo America/Havana Australia/Lord_Howe Asia/Kathmandu Pacific/Kiritimati"
)
ZONES = st.sampled_from([ZoneInfo(name) for name in NAMES.split()])
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))


def card(item: str, *, right: bool = True, misses: int = 0, due: float = 9, ago: float = 1) -> Card:
    """A card that was reviewed some days ago and is due some days from now; 6 misses set it aside."""
    at = NOW - timedelta(days=ago)
    return Card(item, 10.0, 5.0, NOW + timedelta(days=due), at, at, right, misses, aside=misses >= LEECH)


def reached(*cards: Card, zone: ZoneInfo = GMT, now: datetime = NOW, course: Course = COURSE) -> Progress:
    """The progress of a learner with these cards, who answered once, today."""
    return progress(course, {card.item: card for card in cards}, [(now, True)], [now], now, zone)


@st.composite
def memories(draw: st.DrawFn) -> Mapping[str, Card]:
    """Any cards of any items, one of them of an item that is gone."""
    cards = [
        card(
            item,
            right=draw(st.booleans()),
            misses=draw(st.integers(0, 6)),
            due=draw(st.floats(-40, 40)),
            ago=draw(st.floats(0, 40)),
        )
        for item in draw(st.lists(st.sampled_from(ITEMS), unique=True, max_size=12))
    ]
    return {each.item: each for each in (*cards, card("06/item/gone"))}


def test_unseen_and_just_missed_are_not_mastered() -> None:
    """FSRS counts whole days, so a card missed a minute ago still reads 1.0; it must not count all the same."""
    missed, known = card(ITEMS[0], right=False, ago=1 / 1440), card(ITEMS[1], ago=1 / 1440)
    assert retrievability(missed, NOW) == 1.0
    sections = reached(missed, known).sections
    assert sum(section.mastered for section in sections) == 1
    assert sum(section.seen for section in sections) == 2
    assert sum(section.total for section in sections) == len(ITEMS)


def test_what_fades_is_not_mastered() -> None:
    """An item answered right long ago counts as seen only, from the day on which it is likely forgotten."""
    assert [sum(part.mastered for part in reached(card(ITEMS[0], ago=ago)).sections) for ago in (10, 12)] == [1, 0]


@given(memories(), ZONES)
def test_numbers_agree(cards: Mapping[str, Card], zone: ZoneInfo) -> None:
    """Whatever the cards and the zone: parts never exceed the whole, sums match, and a gone item counts nowhere."""
    result = progress(COURSE, cards, [], [], NOW, zone)
    known = [each for each in cards.values() if each.item in COURSE.items]
    assert all(0 <= part.mastered <= part.seen <= part.total for part in result.sections)
    assert sum(part.seen for part in result.sections) == len(known)
    assert sum(part.mastered for part in result.sections) == sum(mastered(each, NOW) for each in known)
    last = NOW.astimezone(zone).date() + timedelta(days=AHEAD)
    soon = [each for each in known if not each.aside and each.due.astimezone(zone).date() <= last]
    assert (len(result.due), sum(result.due)) == (AHEAD + 1, len(soon))
    assert set(result.leeches) == {each.item for each in known if each.aside}
    assert len(result.weakest) == len(set(result.weakest)) <= WEAKEST


def test_due_days() -> None:
    """Overdue and due today count for today, the eighth day is beyond, and what is set aside is not due."""
    waits = [-30, -0.1, 0.4, 0.6, 6.9, 7.4, 7.6, 300]
    cards = [card(item, due=wait) for item, wait in zip(ITEMS, waits, strict=False)]
    assert reached(*cards, card(ITEMS[20], due=0, misses=LEECH)).due == (3, 1, 0, 0, 0, 0, 0, 2)


@pytest.mark.parametrize("night", [date(2026, 3, 28), date(2026, 10, 24)])
def test_due_days_are_local_when_clocks_change(night: date) -> None:
    """Around both changes of clocks, late in the evening is today and shortly after midnight is tomorrow."""
    now = datetime.combine(night, time(20), MADRID).astimezone(UTC)
    hours = [(0, time(23, 59)), (1, time(0, 1)), (1, time(23, 59)), (2, time(0, 1))]
    dues = [datetime.combine(night + timedelta(days=wait), clock, MADRID).astimezone(UTC) for wait, clock in hours]
    cards = [replace(card(item), due=due) for item, due in zip(ITEMS, dues, strict=False)]
    assert reached(*cards, zone=MADRID, now=now).due[:3] == (1, 2, 1)


@pytest.mark.parametrize(
    ("weeks", "count"),
    [
        ("", 0),
        (".", 0),
        ("x", 1),
        ("x.", 1),  # today is not over
        ("x..", 1),  # yesterday is this week's free day
        ("x...", 0),
        ("x.x", 2),
        ("x..x", 1),
        ("x.x.", 2),
        ("xx.xxxx|xx.xxxx|x", 13),
        ("xx.xx.x|x", 4),  # from Thursday on only Saturday is missed
        ("xxxxxx.|.x", 7),  # two in a row, but of two weeks
        ("xxxxxx.|..x", 1),
        (".......|x.x", 2),
    ],
)
def test_streak(weeks: str, count: int) -> None:
    """Each ISO week has one free day; a second one missed ends the stretch; today without an answer does not."""
    marks = weeks.replace("|", "")
    monday = date(2026, 12, 21)  # so that a year ends within
    days = [monday + timedelta(days=place) for place, mark in enumerate(marks) if mark == "x"]
    assert streak(days, monday + timedelta(days=max(0, len(marks) - 1))) == count


@given(st.sets(st.integers(0, 60)), st.integers(0, 60), st.integers(0, 60))
def test_practice_never_shortens_a_streak(places: set[int], extra: int, today: int) -> None:
    """One more day of practice never costs anything, and a streak is never longer than the days practised so far."""
    start = date(2026, 12, 1)
    days = {start + timedelta(days=place) for place in places}
    before = streak(days, start + timedelta(days=today))
    assert before <= len([place for place in places if place <= today])
    assert before <= streak(days | {start + timedelta(days=extra)}, start + timedelta(days=today))


@given(ZONES, st.dates(date(2026, 1, 1), date(2026, 11, 1)), st.lists(st.times(), min_size=1, max_size=40))
def test_streak_is_of_local_days(zone: ZoneInfo, first: date, clocks: list[time]) -> None:
    """An answer on each of some days in a row, at whatever hour and across any change of clocks, is that many days."""
    days = [first + timedelta(days=place) for place in range(len(clocks))]
    moments = [datetime.combine(day, at, zone).astimezone(UTC) for day, at in zip(days, clocks, strict=True)]
    now = datetime.combine(days[-1], time.max, zone).astimezone(UTC)
    assert progress(COURSE, {}, [], moments, now, zone).streak == len(days)


@given(st.lists(st.tuples(MOMENTS, st.booleans())), MOMENTS)
def test_accuracy_is_of_thirty_days(graded: list[tuple[datetime, bool]], now: datetime) -> None:
    """Only what was graded within the last 30 days counts; without any there is no accuracy."""
    result = progress(COURSE, {}, graded, [], now, MADRID)
    recent = [right for at, right in graded if timedelta(0) <= now - at < timedelta(days=30)]
    assert (result.right, result.graded) == (sum(recent), len(recent))
    assert result.accuracy == (sum(recent) / len(recent) if recent else None)


def test_weakest_entries_come_by_misses() -> None:
    """Most missed first, then what fades; entries that are mastered or set aside are not named as weak."""
    mains = list({item.entries[0]: item.id for item in reversed(list(COURSE.items.values()))}.items())[:7]
    (often, a), (once, b), (faded, c), (fading, d), (known, e), (aside, f), (gone, g) = mains
    result = reached(
        card(a, right=False, misses=4),
        card(b, right=False, misses=1),
        card(c, ago=200),
        card(d, ago=20),
        card(e, misses=5),
        card(f, right=False, misses=LEECH),
        card(g, right=True, ago=12),
    )
    assert result.weakest == (often, once, faded, fading)
    assert not {known, aside, gone} & set(result.weakest)


def test_a_newcomer_is_welcomed() -> None:
    """Who has answered nothing reads one friendly line, no zeros, and can start right there."""
    reply = page(COURSE, progress(COURSE, {}, [], [], NOW, MADRID))
    assert [button.action for row in reply.buttons for button in row] == ["quiz:"]
    assert "Nothing here yet" in plain(reply)
    assert "0" not in plain(reply)


def test_the_page_says_it_all() -> None:
    """The page names mastery, streak, accuracy, what is due, and leads to weak and set-aside entries by buttons."""
    leech, weak = COURSE.items["06/item/dopac-under-amphetamine"], COURSE.items["06/item/bdnf-is"]
    cards = [card(leech.id, right=False, misses=LEECH), card(weak.id, right=False, misses=1, due=0.1)]
    result = reached(*cards, card(ITEMS[0], due=2))
    text = plain(page(COURSE, replace(result, right=199, graded=200)))
    assert "1 of 136 mastered, 3 seen so far." in text
    assert "Streak: 1 day; one missed day a week is free" in text
    assert "Right in the last 30 days: 99% of 200 answers" in text
    assert "Due for review: 1 today, 1 in the next 7 days" in text
    assert f"Set aside after many misses: {COURSE.entries[leech.entries[0]].title}. " in text
    actions = [button.action for row in page(COURSE, result).buttons for button in row]
    assert actions == [f"card:{weak.entries[0]}", f"card:{leech.entries[0]}", "quiz:"]


@given(memories())
def test_the_page_fits_below_a_picture(cards: Mapping[str, Card]) -> None:
    """Telegram allows 1024 characters below a picture and 64 bytes behind a button; no button comes twice."""
    reply = page(COURSE, progress(COURSE, cards, [(NOW, True)] * 300, [NOW] * 300, NOW, GMT))
    assert len(plain(reply)) <= 1024
    actions = [button.action for row in reply.buttons for button in row]
    assert len(actions) == len(set(actions)) <= 9
    assert max(len(action.encode()) for action in actions) <= 64


def test_a_picture_is_drawn_from_plain_values() -> None:
    """What the picture shows survives JSON, names the days after today, and has nothing that is not shown."""
    result = reached(card(ITEMS[0], due=2), card(ITEMS[1], right=False, misses=3, due=0))
    shown = drawn(COURSE, result, "dark")
    assert json.loads(json.dumps(shown)) == shown
    assert (shown["theme"], shown["title"], shown["subtitle"]) == (
        "dark",
        "1 of 136 mastered",
        "Streak: 1 day · 100% right in 30 days",
    )
    assert [day["day"] for day in shown["due"]] == "Today Thu Fri Sat Sun Mon Tue Wed".split()
    assert [day["items"] for day in shown["due"]] == [1, 0, 1, 0, 0, 0, 0, 0]
    assert drawn(COURSE, replace(result, weakest=(), leeches=(), answers=9), "dark") == shown
    assert drawn(COURSE, replace(result, graded=0, right=0))["subtitle"] == "Streak: 1 day"


def test_a_long_course_is_shown_by_units() -> None:
    """More sections than a picture holds are added up by unit, in the picture and in the text alike."""
    result = reached(card(ITEMS[0]), card(ITEMS[-1], right=False))
    many = replace(result, sections=result.sections * (BARS // len(result.sections) + 1))
    (bar,) = drawn(COURSE, many)["sections"]
    assert bar == {"title": f"Unit 6 · {COURSE.units[6].title}", "mastered": 2, "seen": 4, "total": 2 * len(ITEMS)}
    assert f"{bar['title']}: 2 of {2 * len(ITEMS)}" in plain(page(COURSE, many))
