"""What the tutor and its surfaces hand each other in quizzes and deliveries."""

from dataclasses import dataclass
from typing import NamedTuple

from semax_bot.quiz.values import Question
from semax_bot.reply import Reply
from semax_bot.store.values import Channel, Due

__all__ = ["Asked", "Channel", "Counting", "Delivery", "Due", "Graded", "Posted", "Turn", "Who"]


class Who(NamedTuple):
    """A learner: the surface, and the person's id there."""

    surface: str
    handle: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that is to be put to a learner; once it is, the surface reports it by `id`.

    A `prompt` was not asked for just now, so it can be put off.
    """

    id: int
    question: Question
    prompt: bool = False


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


@dataclass(frozen=True, slots=True)
class Posted:
    """A question for everybody in a chat, which closes by itself after so many seconds, if any are given.

    `anonymous` hides who voted how, as channels require.
    """

    id: int
    question: Question
    seconds: int | None = None
    anonymous: bool = False


@dataclass(frozen=True, slots=True)
class Counting:
    """A post whose poll, in this message, is to be closed and counted; what is said then follows from the counts.

    The message is None where its id is not known any more.
    """

    post: int
    message: int | None


@dataclass(frozen=True, slots=True)
class Delivery:
    """What is to be sent into a chat now, once: messages, then a question; its surface reports by `id` how it went.

    `ask` is for the chat's own person, `post` for everybody; `counting` comes before anything is said, `chart` names
    the picture that goes with the first message, and `stale` is the message of an older question, to be closed after.
    Something `urgent` is being waited for.
    """

    id: int
    chat: str
    say: tuple[Reply, ...] = ()
    ask: Asked | None = None
    post: Posted | None = None
    counting: Counting | None = None
    chart: str = ""
    stale: int | None = None
    urgent: bool = False
