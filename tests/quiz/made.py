"""Items and cards that tests make up."""

from datetime import UTC, datetime, timedelta

from semax_bot.course.model import Item, ItemKind, Option
from semax_bot.schedule.values import Card

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


def item(name: str, entry: str = "dopac", section: str = "terms", difficulty: int = 1, options: str = "+--") -> Item:
    """An item of unit 1; `options` has a plus for each right option."""
    return Item(
        id=f"01/item/{name}",
        kind=ItemKind.ALL if options.count("+") > 1 else ItemKind.DEFINITION,
        entries=(f"01/term/{entry}",),
        difficulty=difficulty,
        question=f"What is meant by {name}?",
        options=tuple(Option(text=f"Option {place}", right=sign == "+") for place, sign in enumerate(options)),
        explanation="This is how it is.",
        section=section,
    )


def card(of: Item, due_in: timedelta, aside: bool = False, seen: datetime = NOW - timedelta(days=30)) -> Card:
    """A card of the item that is due some time after NOW."""
    return Card(
        item=of.id,
        stability=2.0,
        difficulty=5.0,
        due=NOW + due_in,
        last_review=seen,
        first_review=seen,
        right=not aside,
        misses=6 if aside else 0,
        aside=aside,
    )
