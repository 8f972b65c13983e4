"""Asking the tutor: time of `Tutor.ask` at the size of the unit and at 10,000 entries, and of building its index."""

import time
from collections.abc import Callable, Sequence
from statistics import median, quantiles
from unittest.mock import patch

from rapidfuzz import fuzz, process

from benchmarks import PROJECT
from benchmarks.synthetic import grown
from benchmarks.table import Row, at_most
from semax_bot.answering.index import Index
from semax_bot.course.load import Course, load
from semax_bot.evaluate import Question, read
from semax_bot.settings import content_folder
from semax_bot.tutor import Tutor

SMALL_GOAL, LARGE_GOAL = 1.0, 10.0  # ms
LARGE = 10_000  # entries
PASSES = 3


def rows() -> list[Row]:
    """The course as it is, then grown, each beside a plain fuzzy search of its titles."""
    course = load(content_folder())
    small, small_rows = _measure(course, SMALL_GOAL)
    large, large_rows = _measure(grown(course, LARGE), LARGE_GOAL)
    more = LARGE / len(course.entries)
    growth = Row("growth of the median", f"{large / small:.1f} times", "", f"for {more:.0f} times the entries")
    return [*small_rows, *large_rows, growth]


def questions() -> list[Question]:
    """All questions under tests/, in the order of their files."""
    return [question for path in sorted((PROJECT / "tests/questions").glob("*.yaml")) for question in read(path)[0]]


def _measure(course: Course, goal: float) -> tuple[float, list[Row]]:
    """The median time of `ask` (ms), and the rows about one course."""
    size = f"{len(course.entries):,} entries"
    with patch("semax_bot.answering.find.Index", wraps=Index) as built:
        began = time.perf_counter()
        tutor = Tutor(course)
        build = time.perf_counter() - began
        asked = questions()
        times = _times(lambda question: tutor.ask(question.question, question.after), asked)
    titles = [entry.title.casefold() for entry in course.entries.values()]
    plain = _times(lambda question: process.extractOne(question.question.casefold(), titles, scorer=fuzz.WRatio), asked)
    middle, top = median(times), quantiles(times, n=100)[-1]
    beside = f"{middle / median(plain):.1f} times the search of titles"
    once = "met" if built.call_count == 1 else "MISSED"
    return middle, [
        at_most(f"ask, {size}: median of {len(asked)} questions", middle, goal, "ms", f" (p99 {top:.3g} ms)"),
        Row(f"  RapidFuzz WRatio on {size}' titles: median", f"{median(plain):.3g} ms", "", f"ask takes {beside}"),
        Row(
            f"  to load the tables and build the index of {size}",
            f"{build:.2f} s",
            "",
            f"{build / middle * 1e3:.0f} asks",
        ),
        Row("  indexes built for all of these questions", str(built.call_count), "1", once),
    ]


def _times(ask: Callable[[Question], object], asked: Sequence[Question]) -> list[float]:
    """Milliseconds for each question: the best of some passes, as other processes only ever add to a time."""
    passes = [[_milliseconds(ask, question) for question in asked] for _ in range(PASSES)]
    return [min(times) for times in zip(*passes, strict=True)]


def _milliseconds(ask: Callable[[Question], object], question: Question) -> float:
    began = time.perf_counter()
    ask(question)
    return (time.perf_counter() - began) * 1e3
