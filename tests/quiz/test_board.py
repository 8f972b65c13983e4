"""Boards: places and points that add up, names that cannot break a line, and words that shame nobody."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semax_bot.course.load import Course
from semax_bot.course.model import Item
from semax_bot.quiz.board import (
    LINES,
    NAME,
    NO_VOTES,
    NOBODY,
    OPT_OUT,
    RIGHT,
    SPEED,
    leaderboard,
    named,
    places,
    points,
    result,
    scoreboard,
    weakest,
)
from semax_bot.quiz.judge import DISAGREES
from semax_bot.quiz.values import Score, Tally
from semax_bot.reply import CAVEAT_ICON, CHECK_ICON, plain

SHARES = st.floats(allow_nan=False, min_value=-10, max_value=10)
SCORES = st.lists(st.builds(Score, st.just("A"), st.integers(0, 6), st.integers(0, 5), st.integers(0, 5)))


def score(name: str, points: int = 10, right: int = 1, answers: int = 2) -> Score:
    """Somebody's line."""
    return Score(name, points, right, answers)


@given(SHARES, SHARES)
def test_points_grow_with_what_is_left_of_the_time(one: float, other: float) -> None:
    """Right counts most, speed a little, whatever clocks say; a wrong answer is worth nothing however quick."""
    assert points(False, one) == 0
    assert RIGHT <= points(True, one) <= RIGHT + SPEED
    assert points(True, min(one, other)) <= points(True, max(one, other))
    assert (points(True), points(True, 0.5), points(True, 1)) == (RIGHT, RIGHT + round(SPEED / 2), RIGHT + SPEED)


@given(SCORES)
def test_equal_points_share_a_place(scores: list[Score]) -> None:
    """A place says how many are strictly better, plus one: 1, 1, 3."""
    placed = places(scores)
    assert sorted(map(repr, scores)) == sorted(repr(one) for _, one in placed)
    for place, one in placed:
        assert place == 1 + sum(other.points > one.points for other in scores)
    assert [place for place, _ in placed] == sorted(place for place, _ in placed)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("Alice", "Alice"),
        ("  Zoë\n\t of  Oz ", "Zoë of Oz"),
        ("<b>x</b> & co", "<b>x</b> & co"),
        ("\u202egnp.exe\u202c", "gnp.exe"),
        ("\u200b\u200d\ufeff", NOBODY),
        ("\u3164\u2800", NOBODY),
        ("\u0301\u0302", NOBODY),
        ("", NOBODY),
        ("x" * 64, "x" * (NAME - 1) + "…"),
        ("Ann\u0000a\x1b[31m", "Anna[31m"),
        ("😀", "😀"),
        ("שלום", "שלום"),
    ],
)
def test_names_are_fit_to_be_seen(raw: str, shown: str) -> None:
    """Line breaks, controls, overrides and nothing at all become a name that keeps to its place."""
    assert named(raw) == shown


@given(st.text(max_size=70))
def test_no_name_breaks_a_board(name: str) -> None:
    """Whatever people call themselves: one line, short, something to see, and the same when seen again."""
    shown = named(name)
    assert 0 < len(shown) <= NAME
    assert len(shown.splitlines()) == 1
    assert not any(unicodedata.category(char) in {"Cc", "Cf", "Cs"} for char in shown)
    assert named(shown) == shown


def test_a_scoreboard(course: Course) -> None:
    """Places with ties, what each got, how many answered, and what the group should read again."""
    dopac, trkb = (
        next(item for item in course.items.values() if item.entries[0] == entry)
        for entry in ("06/term/dopac", "06/term/trkb")
    )
    tallies = [Tally(dopac.id, 4, 4), Tally(trkb.id, 4, 1)]
    scores = [score("Bob", 25, 2), score("Alice", 25, 2), score("<b>Eve</b>", 12, 1)]
    said = plain(scoreboard(course, scores, tallies, 4, 2))
    assert said.splitlines() == [
        "Scoreboard · 2 questions",
        "1. Bob · 25 points, 2 of 2 right",
        "1. Alice · 25 points, 2 of 2 right",
        "3. <b>Eve</b> · 12 points, 1 of 2 right",
        "4 people answered. 2 votes came from chats.",
        f"Missed most: “{course.entries['06/term/trkb'].title}”. Here is what the unit says.",
    ]
    weak = weakest(course, tallies)
    assert weak is not None
    assert weak.id == "06/term/trkb"
    assert weakest(course, tallies[:1]) is None
    assert weakest(course, [Tally("06/item/taken-out", 4, 0)]) is None
    assert "Missed" not in plain(scoreboard(course, scores, tallies[:1], 4, 0))


def test_a_long_board_ends_with_a_count(course: Course, item: Item) -> None:
    """Nobody scrolls through a hundred names."""
    said = plain(scoreboard(course, [score(f"P{n}", n) for n in range(LINES + 7)], [Tally(item.id, 27, 27)], 30, 0))
    assert sum(" right" in line for line in said.splitlines()) == LINES
    assert "and 7 more" in said
    assert "30 people answered" in said
    assert "and" not in plain(scoreboard(course, [score(f"P{n}", n) for n in range(LINES)], [], 20, 0))


def test_a_round_that_nobody_answered_is_no_shame(course: Course, item: Item) -> None:
    """No empty table, no zero, no name."""
    said = plain(scoreboard(course, [], [Tally(item.id, 0, 0)], 0, 0))
    assert "Nobody answered this time" in said
    assert "0" not in said
    assert "1 vote came from a chat." in plain(scoreboard(course, [], [Tally(item.id, 0, 0)], 0, 1))


def test_a_name_from_the_right_keeps_its_numbers_in_place() -> None:
    """Beside a Hebrew or Arabic name digits would jump to its other side."""
    said = plain(leaderboard([score("שלום", 43)], all_time=True))
    assert "1. \u2068שלום\u2069 · 43 points" in said


@pytest.mark.parametrize("all_time", [False, True])
def test_a_leaderboard(all_time: bool) -> None:
    """Both stretches are one tap away, and whoever would rather not be there reads what to do."""
    reply = leaderboard([score("Alice", 43, 4, 6), score("Bob", 1, 0, 1)], all_time)
    assert "1. Alice · 43 points, 4 of 6 right\n2. Bob · 1 point, 0 of 1 right" in plain(reply)
    assert OPT_OUT in plain(reply)
    assert [[button.action for button in row] for row in reply.buttons] == [["lead:week", "lead:all"]]
    assert [button.label.startswith("✓") for button in reply.buttons[0]] == [not all_time, all_time]
    assert "/quiz" in plain(leaderboard([], all_time))


def test_a_result_shows_its_ground(course: Course) -> None:
    """Numbers, the right answer, why, and how well that is known: what the check doubts is never told as plain fact."""
    for item in course.items.values():
        entry, said = course.entries[item.entries[0]], plain(result(course, item, 12, 7))
        assert "12 people answered, 58% of them right." in said
        assert all(option.text in said for option in item.options if option.right)
        assert "Evidence: " in said
        doubted = entry.source_check is not None and entry.source_check.verdict in DISAGREES
        assert (CHECK_ICON in said) == doubted
        assert (CAVEAT_ICON in said) == bool(entry.caveats)


def test_a_result_with_few_votes_or_none(course: Course, item: Item) -> None:
    """One person is no percentage, nobody is no failure, and where no number is known none is said."""
    assert "1 person answered, and was right." in plain(result(course, item, 1, 1))
    assert "1 person answered, and missed it." in plain(result(course, item, 1, 0))
    assert NO_VOTES in plain(result(course, item, 0, 0))
    assert "answered" not in plain(result(course, item, None, 0)).replace(item.question, "")
    assert [button.action for row in result(course, item, 1, 1).buttons for button in row] == [
        f"card:{item.entries[0]}"
    ]
    assert result(course, item, 1, 1, to_card=False).buttons == ()


@pytest.fixture
def item(course: Course) -> Item:
    """Some item."""
    return next(iter(course.items.values()))
