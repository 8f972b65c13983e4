"""What the tutor and its surfaces hand each other in quizzes."""

from dataclasses import dataclass
from typing import NamedTuple

from semax_bot.quiz.values import Question
from semax_bot.reply import Reply


class Who(NamedTuple):
    """A learner: the surface, and the person's id there."""

    surface: str
    handle: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that is to be put to a learner; once it is, the surface reports it by `id`."""

    id: int
    question: Question


@dataclass(frozen=True, slots=True)
class Turn:
    """What comes next in a round: words first, then a question; or, once it is over, the card of round `over`."""

    say: tuple[Reply, ...] = ()
    ask: Asked | None = None
    over: int | None = None


@dataclass(frozen=True, slots=True)
class Graded:
    """An answer that was counted: of which question, in which message, whether it was right, and what comes next."""

    asked: int
    message: int | None
    right: bool
    turn: Turn
