"""The log of attempts, to which rows are only added, and the cards that are derived from it."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime

from sqlalchemy import bindparam, delete, exists, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from semax_bot.schedule.values import Attempt, Card, Event
from semax_bot.store.schema import attempt, card, learner
from semax_bot.store.upsert import inserted, upsert

_MINE = attempt.c.learner_id == bindparam("learner_id")
_ANSWERS = (_MINE, attempt.c.event == Event.ANSWER.value)
_ATTEMPT_FIELDS = [field.name for field in fields(Attempt)]
_CARD_FIELDS = [field.name for field in fields(Card)]

_APPEND = insert(attempt)
_OF_ITEM = (
    select(*(attempt.c[name] for name in _ATTEMPT_FIELDS))
    .where(_MINE, attempt.c.item == bindparam("item"))
    .order_by(attempt.c.id)
)
_CARDS = select(*(card.c[name] for name in _CARD_FIELDS)).where(card.c.learner_id == bindparam("learner_id"))
_ASIDE = (
    select(card.c.learner_id, card.c.item)
    .join(learner, learner.c.id == card.c.learner_id)
    .where(learner.c.surface == bindparam("surface"), learner.c.handle == bindparam("handle"), card.c.aside)
)
_WITH_LEECHES = (
    select(learner.c.surface, learner.c.handle)
    .join(card, learner.c.id == card.c.learner_id)
    .where(card.c.aside)
    .distinct()
)
_MOMENTS = select(attempt.c.at).where(*_ANSWERS).order_by(attempt.c.at)

_later = attempt.alias()
_TAKEN_BACK = exists().where(
    _later.c.learner_id == attempt.c.learner_id,
    _later.c.item == attempt.c.item,
    _later.c.of == attempt.c.id,
    _later.c.event == Event.TAKEN_BACK.value,
)
_GRADED = (
    select(attempt.c.at, attempt.c.right)
    .where(*_ANSWERS, attempt.c.at >= bindparam("since"), ~attempt.c.practice, ~_TAKEN_BACK)
    .order_by(attempt.c.at)
)


async def append(
    conn: AsyncConnection,
    learner_id: int,
    row: Attempt,
    chosen: Sequence[int] | None = None,
    round_id: int | None = None,
) -> int:
    """Add a row and return its id (the one in `row` is ignored); `chosen` are the options' places as authored."""
    values = {name: getattr(row, name) for name in _ATTEMPT_FIELDS if name != "id"}
    values |= {"learner_id": learner_id, "chosen": chosen, "round_id": round_id, "event": row.event.value}
    return await inserted(conn, _APPEND, values)


async def of_item(conn: AsyncConnection, learner_id: int, item: str) -> list[Attempt]:
    """A learner's log of one item, oldest first."""
    rows = await conn.execute(_OF_ITEM, {"learner_id": learner_id, "item": item})
    return [
        Attempt(row.id, row.item, row.at, Event(row.event), row.right, row.hinted, row.practice, row.of) for row in rows
    ]


async def save_card(conn: AsyncConnection, learner_id: int, card_: Card) -> None:
    """Store a card over its older self."""
    values = {name: getattr(card_, name) for name in _CARD_FIELDS}
    await upsert(conn, card, values | {"learner_id": learner_id})


async def cards(conn: AsyncConnection, learner_id: int) -> dict[str, Card]:
    """A learner's cards by item."""
    rows = await conn.execute(_CARDS, {"learner_id": learner_id})
    return {row.item: Card(*row) for row in rows}


async def drop_card(conn: AsyncConnection, learner_id: int, item: str) -> None:
    """Remove the card of an item of which nothing graded is left in the log."""
    await conn.execute(delete(card).where(card.c.learner_id == learner_id, card.c.item == item))


async def aside(conn: AsyncConnection, surface: str, handle: str) -> list[tuple[int, str]]:
    """The items that are set aside for a learner, each with the learner's id."""
    return [(row.learner_id, row.item) for row in await conn.execute(_ASIDE, {"surface": surface, "handle": handle})]


async def with_leeches(conn: AsyncConnection) -> set[tuple[str, str]]:
    """The learners, by surface and handle, for whom anything is set aside."""
    return {(row.surface, row.handle) for row in await conn.execute(_WITH_LEECHES)}


async def graded_since(conn: AsyncConnection, learner_id: int, since: datetime) -> list[tuple[datetime, bool]]:
    """When a learner answered and whether right, oldest first, without practice and what was taken back."""
    rows = await conn.execute(_GRADED, {"learner_id": learner_id, "since": since})
    return [(row.at, row.right) for row in rows]


async def moments(conn: AsyncConnection, learner_id: int) -> list[datetime]:
    """When a learner answered, practice included, oldest first."""
    return list((await conn.execute(_MOMENTS, {"learner_id": learner_id})).scalars())
