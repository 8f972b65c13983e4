"""Whether an answer is right, and the one line that follows it. Options go by their authored places."""

import re
from collections.abc import Collection, Iterator

from semax_bot.answering.compose import VERDICTS
from semax_bot.course.load import Course
from semax_bot.course.model import Entry, Item, Verdict
from semax_bot.reply import CHECK_ICON

DISAGREES = frozenset(
    {Verdict.CONTRADICTED, Verdict.DOUBTFUL, Verdict.NOT_ESTABLISHED, Verdict.NOT_FOUND, Verdict.PARTLY}
)
HINT = 200  # characters; the most that Telegram shows over a poll
FINDING = 160  # characters of it after an answer; whole sentences, and the first in any case
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9])")


def judge(item: Item, chosen: Collection[int]) -> bool:
    """Right means exactly the right set: none missing, none too many."""
    return set(chosen) == _right(item)


def because(course: Course, item: Item, chosen: Collection[int]) -> str:
    """What to say after the answer, on one line: why it is wrong, and what the evidence is where that disagrees.

    Empty if it was right and the literature has nothing to add.
    """
    return " ".join([*_why(item, chosen), *_evidence(course.entries[item.entries[0]])])


def hint(course: Course, item: Item) -> str:
    """The simple line of the item's entry, as much as fits over a poll, with the right options blanked out."""
    entry = course.entries[item.entries[0]]
    text = entry.simple or entry.short
    for option in item.options:
        if option.right:
            text = re.sub(re.escape(option.text), "…", text, flags=re.IGNORECASE)
    return text if len(text) <= HINT else text[: HINT - 1].rsplit(" ", 1)[0] + "…"


def _right(item: Item) -> set[int]:
    return {place for place, option in enumerate(item.options) if option.right}


def _why(item: Item, chosen: Collection[int]) -> Iterator[str]:
    """The reason of the first wrong option chosen, or what was left out, or the explanation."""
    right = _right(item)
    if set(chosen) == right:
        return
    wrong = [item.options[place] for place in sorted(set(chosen) - right)]
    left_out = [item.options[place].text for place in sorted(right - set(chosen))]
    if why := next((option.why for option in wrong if option.why), ""):
        yield why
    elif not wrong and chosen:
        yield f"Also right: {'; '.join(left_out)}."
    else:
        yield " ".join(item.explanation.split())


def _evidence(entry: Entry) -> Iterator[str]:
    check = entry.source_check
    if check and check.verdict in DISAGREES:
        finding, *more = _SENTENCE_END.split(check.finding)
        for sentence in more:
            if len(finding) + len(sentence) >= FINDING:
                break
            finding += f" {sentence}"
        yield f"{CHECK_ICON} The unit on “{entry.title}”: {VERDICTS[check.verdict]}. {finding}"
