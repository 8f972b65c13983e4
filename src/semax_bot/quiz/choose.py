"""Which items a round asks, and in what order.

What is due is never put off for variety: variety decides only between items that have the same claim to be asked.
"""

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from random import Random
from zoneinfo import ZoneInfo

from semax_bot.course.load import Course
from semax_bot.course.model import Item
from semax_bot.quiz.values import Step
from semax_bot.schedule.memory import due
from semax_bot.schedule.values import Card

NEW_A_DAY = 10  # items seen for the first time; each comes back within days, so more would soon pile up


@dataclass(frozen=True, slots=True)
class Memory:
    """What a learner remembers (cards by item) at a moment (UTC)."""

    cards: Mapping[str, Card]
    now: datetime

    def due(self, item: Item) -> bool:
        """Whether an item that was seen before is to be asked again."""
        card = self.cards.get(item.id)
        return card is not None and due(card, self.now)

    def claim(self, item: Item) -> tuple[int, float]:
        """Sorts the items of a topic: due or set aside, then new ones by difficulty, then by when they will be due."""
        card = self.cards.get(item.id)
        if card is None:
            return 1, item.difficulty
        return 0 if card.aside or due(card, self.now) else 2, card.due.timestamp()

    def new_today(self, zone: ZoneInfo) -> int:
        """How many items were first graded on the learner's own day."""
        today = self.now.astimezone(zone).date()
        return sum(card.first_review.astimezone(zone).date() == today for card in self.cards.values())


def reading_order(course: Course) -> tuple[Item, ...]:
    """All items, section by section as a reader meets them."""
    place = {
        (number, section.id): (number, index)
        for number, unit in course.units.items()
        for index, section in enumerate(unit.sections)
    }
    return tuple(sorted(course.items.values(), key=lambda item: place[int(item.id[:2]), item.section]))


def choose(items: Sequence[Item], memory: Memory, size: int, new_left: int, rng: Random) -> tuple[Step, ...]:
    """Up to `size` items from `items` (in reading order): what is due, longest overdue first, then new ones.

    New items, `new_left` at most, go round the sections, the easier ones of each first, and go on where earlier rounds
    stopped; with none left this is a review. Where less is due and new than asked for, the round is short.
    """
    overdue = sorted(filter(memory.due, items), key=lambda item: memory.cards[item.id].due)
    new = _round_sections(items, memory.cards, rng)
    fresh = max(0, min(len(new), new_left, size - len(overdue)))
    return _steps(_apart(_picked([overdue, new], min(size, len(overdue) + fresh))))


def about(course: Course, entries: Sequence[str], memory: Memory, size: int, rng: Random) -> tuple[Step, ...]:
    """Up to `size` items that test the entries asked for, then those of related entries.

    In both parts what is due or set aside comes first, then new items, easier ones first, then what is due later. Who
    asks for a topic wants all of it: the daily limit does not count, and items that were set aside return (the caller
    releases them).
    """
    pool = sorted(rng.sample(list(course.items.values()), len(course.items)), key=memory.claim)
    row: list[Item] = []
    for part in _own_and_near(course, entries, pool):
        tiers = [list(tier) for _, tier in groupby(part, key=lambda item: memory.claim(item)[0])]
        row = _apart(_picked(tiers, min(size - len(row), len(part))), row)
    return _steps(row)


def for_chat(
    course: Course, items: Sequence[Item], entries: Sequence[str], asked: Mapping[str, datetime], size: int, rng: Random
) -> tuple[Step, ...]:
    """Up to `size` of the items (in reading order) for everybody in a chat; `asked`: when each was last asked there.

    What was never asked there comes first, going round the sections, the easier ones of each first; then what was not
    asked there for longest. With `entries`, only items that test those, then those of related entries.
    """
    row: list[Item] = []
    for part in _own_and_near(course, entries, items) if entries else (items,):
        old = sorted((item for item in part if item.id in asked), key=lambda item: asked[item.id])
        new = _round_sections(part, asked, rng)
        row = _apart(_picked([new, old], min(size - len(row), len(part))), row)
    return _steps(row)


def cram(items: Sequence[Item], size: int, rng: Random) -> tuple[Step, ...]:
    """Up to `size` of the items, whatever is due, as practice."""
    return practice(_steps(_apart(_picked([rng.sample(items, len(items))], min(size, len(items))))))


def practice(steps: Iterable[Step]) -> tuple[Step, ...]:
    """The same steps, none of which moves the schedule."""
    return tuple(replace(step, practice=True) for step in steps)


def _steps(items: Iterable[Item]) -> tuple[Step, ...]:
    return tuple(Step(item.id) for item in items)


def _own_and_near(course: Course, entries: Sequence[str], items: Iterable[Item]) -> tuple[list[Item], list[Item]]:
    """The items that test these entries, and the others that test related ones, each in the order given."""
    related = {near for name in entries for near in course.entries[name].related}
    own: list[Item] = []
    near: list[Item] = []
    for item in items:
        if not set(entries).isdisjoint(item.entries):
            own.append(item)
        elif not related.isdisjoint(item.entries):
            near.append(item)
    return own, near


def _round_sections(items: Sequence[Item], known: Container[str], rng: Random) -> list[Item]:
    """The new items, one from each section in turn, in each turn the easiest first.

    A section that has had more turns than others waits for them.
    """
    sections: dict[tuple[str, str], list[Item]] = defaultdict(list)
    for item in items:
        sections[item.id[:2], item.section].append(item)
    turns: list[tuple[int, Item]] = []
    for members in sections.values():
        new = [item for item in rng.sample(members, len(members)) if item.id not in known]
        new.sort(key=lambda item: item.difficulty)
        turns += enumerate(new, start=len(members) - len(new))
    return [item for _, item in sorted(turns, key=lambda turn: (turn[0], turn[1].difficulty))]


def _picked(tiers: Iterable[Sequence[Item]], total: int) -> list[Item]:
    """`total` items, tier by tier; within one, an entry that fills half of the round already lets others pass."""
    picked: list[Item] = []
    for tier in tiers:
        tested = Counter(map(_main, picked))
        varied: list[Item] = []
        passed: list[Item] = []
        for item in tier:
            fits = tested[_main(item)] < (total + 1) // 2
            (varied if fits else passed).append(item)
            tested[_main(item)] += fits
        picked += [*varied, *passed][: total - len(picked)]
    return picked


def _apart(items: Sequence[Item], before: Sequence[Item] = ()) -> list[Item]:
    """`before`, then the items, in their order except where neighbours would test the same entry.

    An entry that makes up more than half of what is left has to be placed now, or it ends in neighbours.
    """
    row, left = list(before), list(items)
    while left:
        last = _main(row[-1]) if row else ""
        entry, count = Counter(map(_main, left)).most_common(1)[0]
        must = entry if 2 * count > len(left) else ""
        item = min(left, key=lambda item: (_main(item) == last, bool(must) and _main(item) != must))
        left.remove(item)
        row.append(item)
    return row


def _main(item: Item) -> str:
    return item.entries[0]
