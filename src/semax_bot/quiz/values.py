"""A round, and what it asks."""

from dataclasses import dataclass
from enum import StrEnum


class Mode(StrEnum):
    """What a round is for."""

    QUIZ = "quiz"  # due items, then new ones
    REVIEW = "review"  # only what is due
    CRAM = "cram"  # practice; the schedule does not move
    DAILY = "daily"  # one question that nobody asked for just now: due, else new, else practice


@dataclass(frozen=True, slots=True)
class Step:
    """One item to be asked; `practice` marks a repeat, which is logged and does not move the schedule."""

    item: str
    practice: bool = False


@dataclass(frozen=True, slots=True)
class Round:
    """A short quiz: what is still to come, and how the first attempts went, by item."""

    mode: Mode
    coming: tuple[Step, ...]
    right: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()
    topic: str = ""  # the entry or section that was asked for, if any


@dataclass(frozen=True, slots=True)
class Question:
    """One item as it is put to a learner: its options in the order shown, the right ones by their places."""

    item: str
    text: str
    options: tuple[str, ...]
    right: tuple[int, ...]
    explanation: str
    context: str = ""
    several: bool = False  # whether any number of options may be right


@dataclass(frozen=True, slots=True)
class Score:
    """What one learner has on a board: by what name, how many points, right answers, and answers at all."""

    name: str
    points: int
    right: int
    answers: int


@dataclass(frozen=True, slots=True)
class Tally:
    """How one question was answered: so many, and so many of them right."""

    item: str
    answers: int
    right: int
