"""What a learner asks for with /quiz: how many questions, about what, and whether they count."""

import re
from dataclasses import dataclass

from semax_bot.errors import SemaxBotError
from semax_bot.quiz.values import Mode

_COMMAND = re.compile(r"^\s*/\w+(?:@\w+)?")
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?")
_SIZE = re.compile(r"[1-9]|1[0-9]|20")


class WishError(SemaxBotError):
    """A number of questions that no round can have."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A round as it was asked for: `size` is None where the learner's setting decides, `topic` is free text."""

    size: int | None = None
    mode: Mode = Mode.QUIZ
    topic: str = ""


def wish(text: str) -> Wish:
    """Read '/quiz', '/quiz 10', '/quiz dopamine', '/quiz cram turnover 8'; the command itself may be left out.

    Raises WishError for a size other than 1 to 20.
    """
    words = _COMMAND.sub("", text).split()
    cramming = bool(words) and words[0].casefold() == "cram"
    words = words[cramming:]
    place = next((place for place in (-1, 0) if words and _NUMBER.fullmatch(words[place])), None)
    size = _size(words.pop(place)) if place is not None else None
    return Wish(size, Mode.CRAM if cramming else Mode.QUIZ, " ".join(words))


def _size(word: str) -> int:
    if not _SIZE.fullmatch(word):
        raise WishError("A round has 1 to 20 questions. Try /quiz 10, or just /quiz.")
    return int(word)
