"""What is said at the end of a round: the score, what was missed, when to come back by the learner's clock."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from quiz.made import NOW
from semax_bot.course.load import Course
from semax_bot.quiz.card import MISSED, come_back, end, nothing
from semax_bot.quiz.values import Mode, Round
from semax_bot.reply import plain

BERLIN = ZoneInfo("Europe/Berlin")
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        ([], ""),
        ([-1, 0, 5], "2 questions are due now: /review."),
        ([-1], "1 question is due now: /review."),
        ([5, 90], "Come back today after 15:30: 1 question is due that day."),
        ([24, 26, 99], "Come back tomorrow after 10:30: 2 questions are due that day."),
        ([48], "Come back on Thursday after 10:30: 1 question is due that day."),
        ([24 * 6], "Come back on Monday after 10:30: 1 question is due that day."),
        ([24 * 7], "Come back in 7 days: 1 question is due that day."),
        ([14], "Come back tomorrow after 00:30: 1 question is due that day."),
    ],
)
def test_when_to_come_back_is_said_in_plain_words(hours: Sequence[int], words: str) -> None:
    """A learner reads a day and an hour of their own, and how much waits there."""
    due = [NOW + each * HOUR for each in hours]
    assert come_back(due, NOW, BERLIN) == words


def test_a_short_day_is_a_day() -> None:
    """Over the night in which clocks go forward, the same time tomorrow is 23 hours away, and still tomorrow."""
    evening = datetime(2026, 3, 28, 21, 30, tzinfo=UTC)
    assert come_back([evening + 23 * HOUR], evening, BERLIN).startswith("Come back tomorrow after 22:30")


def test_a_round_ends_with_score_buttons_and_a_date(course: Course) -> None:
    """The card says how it went, and leads to what was missed, each entry once."""
    missed = ("06/item/dopac-is", "06/item/dopac-trace", "06/item/hiaa-name")
    done = Round(Mode.QUIZ, (), right=("06/item/bdnf-where",) * 3, missed=missed)
    reply = end(course, done, [NOW + 24 * HOUR], NOW, BERLIN)
    assert plain(reply).split("\n") == [
        "Round done",
        "3 of 6 right at the first try. Good work.",
        "The buttons below lead to what you missed.",
        "Come back tomorrow after 10:30: 1 question is due that day.",
    ]
    assert [button.action for row in reply.buttons for button in row] == ["card:06/term/dopac", "card:06/term/5-hiaa"]


@pytest.mark.parametrize(
    ("right", "missed", "words"),
    [
        (5, 0, "5 of 5 right at the first try. Well done!"),
        (1, 4, "1 of 5 right at the first try. A miss now is the best time to learn it."),
        (0, 0, "Stopped before the first answer; nothing is lost."),
    ],
)
def test_the_score_is_said_kindly(course: Course, right: int, missed: int, words: str) -> None:
    """All right, few right and nothing answered each get words of their own."""
    names = list(course.items)
    done = Round(Mode.QUIZ, (), tuple(names[:right]), tuple(names[right : right + missed]))
    assert words in plain(end(course, done, [], NOW, BERLIN))


def test_cramming_says_that_nothing_moved(course: Course) -> None:
    """Whoever practised knows that the dates are as they were."""
    text = plain(end(course, Round(Mode.CRAM, (), ("06/item/dopac-is",)), [], NOW, BERLIN))
    assert text.startswith("Practice done\n")
    assert "your schedule has not moved" in text


def test_many_misses_keep_the_card_small(course: Course) -> None:
    """A screen of buttons helps nobody; items that have left the course since are passed over."""
    done = Round(Mode.QUIZ, (), missed=("06/item/gone", *course.items))
    reply = end(course, done, [], NOW, BERLIN)
    assert len(reply.buttons) == MISSED
    assert all(len(button.action.encode()) <= 64 for row in reply.buttons for button in row)


def test_an_empty_round_says_what_to_do_instead() -> None:
    """Nothing due is good news; the next step is named, whether new items are left today or not."""
    text = plain(nothing([NOW + 24 * HOUR], NOW, BERLIN, new_left=3))
    assert text.startswith("Nothing is due right now.\nCome back tomorrow")
    assert text.endswith("/quiz brings new questions.")
    assert "/quiz cram" in plain(nothing([], NOW, BERLIN, new_left=0))
