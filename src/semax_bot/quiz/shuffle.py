"""An item as a learner sees it: its options in an order of their own, every time."""

from collections.abc import Iterable, Sequence
from random import Random

from semax_bot.course.model import Item, ItemKind
from semax_bot.quiz.values import Question


def shown(item: Item, rng: Random) -> tuple[int, ...]:
    """The authored place of each option in the order shown, every order as likely as any other."""
    return tuple(rng.sample(range(len(item.options)), len(item.options)))


def question(item: Item, order: Sequence[int]) -> Question:
    """The item with its options in the order that `shown` gave; the right ones are named by their place in it."""
    options = [item.options[place] for place in order]
    return Question(
        item=item.id,
        text=item.question,
        options=tuple(option.text for option in options),
        right=tuple(place for place, option in enumerate(options) if option.right),
        explanation=item.explanation,
        context=item.context,
        several=item.kind is ItemKind.ALL,  # not by the count of right ones, which would give it away
    )


def authored(order: Sequence[int], picked: Iterable[int]) -> frozenset[int]:
    """The authored places of options that were picked by their place in the order shown."""
    return frozenset(order[place] for place in picked)
