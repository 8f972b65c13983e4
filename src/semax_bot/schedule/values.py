"""The log of a learner's attempts, and the memory that is derived from it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Event(StrEnum):
    """What a row of the log records. Nothing is ever changed in the log; a correction is a row of its own."""

    ANSWER = "answer"
    GUESSED = "guessed"  # the attempt `of` was right by luck
    TAKEN_BACK = "taken-back"  # the attempt `of` was a slip of the finger
    RELEASED = "released"  # an item that was set aside is asked again


@dataclass(frozen=True, slots=True)
class Attempt:
    """One row of the log of one learner and one item; `at` is UTC, `id` grows with time."""

    id: int
    item: str
    at: datetime
    event: Event = Event.ANSWER
    right: bool = False
    hinted: bool = False  # the hint was read before the answer
    practice: bool = False  # a repeat within a round, or cramming: the schedule does not move
    of: int | None = None  # the attempt that a correction is about


@dataclass(frozen=True, slots=True)
class Card:
    """One learner's memory of one item, derived from the log. Times are UTC, stability is in days."""

    item: str
    stability: float
    difficulty: float
    due: datetime
    last_review: datetime
    first_review: datetime
    right: bool  # whether the last graded attempt was
    misses: int  # graded misses since the item was last released
    aside: bool  # a leech: missed so often that it is not asked until released
