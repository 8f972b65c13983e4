"""What the quiz items of a course must hold, so that a round teaches, gives nothing away, and drills no false fact."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from semax_bot.course.draft import Draft, Part
from semax_bot.course.model import Entry, Item, ItemKind, Unit, Verdict
from semax_bot.course.read import Fault

ITEMS_PER_ENTRY = 2  # a single item is soon known by heart
TELLING_LENGTH = 0.4  # share of the choices among three or more in which the longest, or shortest, may be right

_DISPUTED = {Verdict.CONTRADICTED, Verdict.DOUBTFUL, Verdict.NOT_ESTABLISHED, Verdict.NOT_FOUND}
_WHOSE = re.compile(r"\b(?:course|unit|evidence|study|studies|literature|check|abstracts?)\b", re.IGNORECASE)
_UNHEARD = re.compile(r"(?<=\w)-|[^\w%+<>=±-]")  # signs stay: +25% and -25% are two answers


def item_faults(course: Draft) -> Iterator[Fault]:
    """Every fault of the items by themselves, beside each other, and as the unit's set."""
    disputed = {
        part.value.id: part.value.source_check.verdict
        for part in course.of(Entry)
        if part.value.source_check and part.value.source_check.verdict in _DISPUTED
    }
    for item in course.of(Item):
        yield from _answers(item)
        yield from _options(item)
        yield from _nobodys_statement(item, disputed)
    yield from _doubled_questions(course)
    yield from _untested_entries(course)
    yield from _telling_lengths(course)


def _answers(item: Part[Item]) -> Iterator[Fault]:
    """How many options an item has, and how many are right, follows from its kind."""
    kind, count = item.value.kind, len(item.value.options)
    right = sum(option.right for option in item.value.options)
    if right in (0, count):
        message = "every option is right; add a wrong one" if right else "no option is right; add `right: yes` to one"
        yield item.fault(message, "options")
    elif kind is ItemKind.ALL and count < 3:
        yield item.fault(f'kind "all" has 3 options at least, not {count}; add one, or choose another kind', "options")
    elif kind is ItemKind.MYTH and count != 2:
        yield item.fault(f'kind "myth" has two options, not {count}; keep a myth and a fact', "options")
    elif kind is not ItemKind.ALL and right > 1:
        yield item.fault(f'kind "{kind}" has one right option, not {right}; keep one, or make it kind "all"', "options")


def _options(item: Part[Item]) -> Iterator[Fault]:
    heard: set[str] = set()
    for index, option in enumerate(item.value.options):
        key = _heard(option.text)
        if key in heard:
            yield item.fault(f'the option "{option.text}" stands here twice; keep one', "options", index)
        heard.add(key)
        if option.right and option.why:
            message = "`why` is for wrong options; put the reason for a right one into `explanation`"
            yield item.fault(message, "options", index, "why")


def _nobodys_statement(item: Part[Item], disputed: dict[str, Verdict]) -> Iterator[Fault]:
    """Where the literature does not bear an entry out, a learner must know who is speaking."""
    tested = [name for name in item.value.entries if name in disputed]
    if tested and not _WHOSE.search(f"{item.value.question} {item.value.context}"):
        yield item.fault(
            f'{tested[0]} has the verdict "{disputed[tested[0]]}"; say in question or context whose statement this is, '
            'with a word such as "unit", "course", "study", "evidence" or "check"',
            "question",
        )


def _doubled_questions(course: Draft) -> Iterator[Fault]:
    first: dict[str, Part[Item]] = {}
    for item in course.of(Item):
        other = first.setdefault(_heard(item.value.question), item)
        if other is not item:
            message = f"{other.value.id} asks this as well ({other.place}); ask something else, or keep one of the two"
            yield item.fault(message, "question")


def _untested_entries(course: Draft) -> Iterator[Fault]:
    """A unit has items for all of its entries, or none yet."""
    if course.faults:
        return  # an item that could not be read may be the one that seems missing
    quizzed = {item.unit for item in course.of(Item)}
    tested = Counter(name for item in course.of(Item) for name in set(item.value.entries))
    for entry in course.of(Entry):
        count = tested[entry.value.id]
        if entry.unit in quizzed and count < ITEMS_PER_ENTRY:
            message = f"is tested by {count} of the unit's items, {ITEMS_PER_ENTRY} at least; write another one for it"
            yield entry.fault(message, "id")


def _telling_lengths(course: Draft) -> Iterator[Fault]:
    """Who always picks the longest option, or the shortest, must not do well."""
    for unit in course.of(Unit):
        items = [item.value for item in course.of(Item) if item.unit == unit.unit and _is_choice(item.value)]
        for length, end in (("longest", -1), ("shortest", 0)):
            telling = [item.id for item in items if _is_right(item, end)]
            if len(telling) > TELLING_LENGTH * len(items):
                yield unit.fault(
                    f"the {length} option is right in {len(telling)} of {len(items)} items, {TELLING_LENGTH:.0%} at "
                    f"most; make options more alike in {', '.join(telling[:3])}",
                    "number",
                )


def _is_choice(item: Item) -> bool:
    return len(item.options) >= 3 and sum(option.right for option in item.options) == 1


def _is_right(item: Item, end: int) -> bool:
    """Whether the option at one end of the lengths is right, and no other has its length."""
    length = sorted(len(option.text) for option in item.options)[end]
    return [option.right for option in item.options if len(option.text) == length] == [True]


def _heard(text: str) -> str:
    """A text without case and punctuation."""
    return _UNHEARD.sub("", unicodedata.normalize("NFKC", text).replace("−", "-").casefold())
