"""Learners: who they are to us, what they have set, and all of it taken out or taken along."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Table, bindparam, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from semax_bot.store import schema
from semax_bot.store.schema import learner
from semax_bot.store.upsert import inserting


@dataclass(frozen=True, slots=True)
class Learner:
    """One person on one surface. `zone` is an IANA name or None (not told), `items` the length of a round.

    `paused` holds the daily prompts, `unlisted` keeps the person off scoreboards and leaderboards.
    """

    id: int
    surface: str
    handle: str
    zone: str | None
    items: int
    paused: bool
    made_at: datetime
    unlisted: bool = False

    @property
    def clock(self) -> ZoneInfo:
        """The learner's own time zone, UTC until one is set."""
        return ZoneInfo(self.zone or "UTC")


_OF_LEARNER = (
    schema.attempt,
    schema.card,
    schema.round_,
    schema.subscription,
    schema.vote,
    schema.member,
    schema.keeper,
)
_OF_CHAT = (schema.last_entry, schema.answer_link, schema.delivery)
_BY_HANDLE = select(learner).where(learner.c.surface == bindparam("surface"), learner.c.handle == bindparam("handle"))


async def find(conn: AsyncConnection, surface: str, handle: str) -> Learner | None:
    """The learner who goes by this handle on this surface, if we know one."""
    row = (await conn.execute(_BY_HANDLE, {"surface": surface, "handle": handle})).first()
    return Learner(*row) if row else None


async def learner_of(conn: AsyncConnection, surface: str, handle: str, now: datetime) -> Learner:
    """The learner who goes by this handle on this surface, made if there is none; so it needs a writing connection."""
    who = {"surface": surface, "handle": handle}
    row = (await conn.execute(_BY_HANDLE, who)).first()
    if row is None:
        await conn.execute(inserting(conn, learner).on_conflict_do_nothing(), who | {"made_at": now})
        row = (await conn.execute(_BY_HANDLE, who)).one()
    return Learner(*row)


async def change(conn: AsyncConnection, learner_id: int, **settings: str | int | None) -> None:
    """Change settings: zone, items, paused, unlisted."""
    await conn.execute(update(learner).where(learner.c.id == learner_id).values(settings))


async def forget(conn: AsyncConnection, learner_id: int, chats: Iterable[str] = ()) -> None:
    """Delete everything about a learner, and the short memory of the chats that are theirs alone."""
    for table in _OF_CHAT:
        await conn.execute(delete(table).where(table.c.chat.in_(list(chats))))
    begun = schema.group_round.c.starter == _handle(learner_id)
    await conn.execute(update(schema.group_round).where(begun).values(starter=""))
    await conn.execute(delete(learner).where(learner.c.id == learner_id))  # the rest goes with it


async def export(conn: AsyncConnection, learner_id: int, chats: Iterable[str] = ()) -> dict[str, Any]:
    """Everything stored about a learner as plain JSON values, table by table; what is still in the inbox never."""
    of_round = schema.asked.c.round_id.in_(select(schema.round_.c.id).where(schema.round_.c.learner_id == learner_id))
    of_chats = list(chats)
    parts: list[tuple[Table, Any]] = [
        (learner, learner.c.id == learner_id),
        *((table, table.c.learner_id == learner_id) for table in _OF_LEARNER),
        (schema.asked, of_round),
        (schema.group_round, schema.group_round.c.starter == _handle(learner_id)),
        *((table, table.c.chat.in_(of_chats)) for table in _OF_CHAT),
    ]
    return {table.name: await _rows(conn, table, mine) for table, mine in parts}


def _handle(learner_id: int) -> Any:
    return select(learner.c.handle).where(learner.c.id == learner_id).scalar_subquery()


async def _rows(conn: AsyncConnection, table: Table, mine: Any) -> list[dict[str, Any]]:
    rows = await conn.execute(select(table).where(mine).order_by(*table.primary_key))
    return [{name: _plain(value) for name, value in row.items()} for row in rows.mappings()]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
