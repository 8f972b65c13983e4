"""What is asked for with /quiz: how many questions, about what, whether they count, and how long each stays open."""

import re
from dataclasses import dataclass

from semax_bot.errors import Declined
from semax_bot.quiz.values import Mode

_COMMAND = re.compile(r"^\s*/\w+(?:@\w+)?")
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?")
_SIZE = re.compile(r"[1-9]|1[0-9]|20")
_TIME = re.compile(r"(?:^|\s)([+-]?\d+(?:[.,]\d+)?)\s?(?:s|secs?|seconds?)(?!\S)", re.IGNORECASE)
_SECONDS = re.compile(r"[2-5][0-9]|60")


class WishError(Declined):
    """A number of questions, or of seconds for each, that no round can have."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A round as it was asked for: `size` is None where the learner's setting decides, `topic` is free text.

    `seconds` is how long each question of a group stays open; alone a learner takes as long as it takes.
    """

    size: int | None = None
    mode: Mode = Mode.QUIZ
    topic: str = ""
    seconds: int | None = None


def wish(text: str) -> Wish:
    """Read '/quiz', '/quiz 10', '/quiz cram turnover 8', '/quiz 5 dopamine 20s'; the command itself may be left out.

    Raises WishError for a size other than 1 to 20, or a time other than 20 to 60 seconds.
    """
    line = " ".join(_COMMAND.sub("", text).split())
    time = _TIME.search(line)
    seconds = _seconds(time[1]) if time else None
    words = _TIME.sub("", line, count=1).split()
    cramming = bool(words) and words[0].casefold() == "cram"
    words = words[cramming:]
    place = next((place for place in (-1, 0) if words and _NUMBER.fullmatch(words[place])), None)
    size = _size(words.pop(place)) if place is not None else None
    return Wish(size, Mode.CRAM if cramming else Mode.QUIZ, " ".join(words), seconds)


def _size(word: str) -> int:
    if not _SIZE.fullmatch(word):
        raise WishError("A round has 1 to 20 questions. Try /quiz 10, or just /quiz.")
    return int(word)


def _seconds(word: str) -> int:
    if not _SECONDS.fullmatch(word):
        raise WishError("In a group each question stays open for 20 to 60 seconds. Try /quiz 5 30s, or just /quiz.")
    return int(word)
