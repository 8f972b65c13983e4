"""What the clock is to do, and when: one row for each thing that is to come, found by its next run.

A row is due at `next_run_at`. Whoever claims it moves that to the end of a lease, so that somebody else takes it up
should the first one die; whoever begins on it moves it on, or drops it, in the transaction that notes the beginning.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from semax_bot.store.schema import due
from semax_bot.store.upsert import inserting
from semax_bot.store.values import Due

URGENT = frozenset({"deadline"})  # kinds that somebody waits for; they are claimed by themselves

_WAITS = (due.c.urgent == bindparam("urgently"), due.c.next_run_at <= bindparam("now"))
_ANY = select(exists().where(*_WAITS))
_FIRST = (
    select(due.c.id)
    .where(*_WAITS)
    .order_by(due.c.next_run_at, due.c.id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)  # what another process is about to claim is passed over; SQLite has one writer
)
_CLAIM = (
    update(due)
    .where(due.c.id.in_(_FIRST.scalar_subquery()))
    .values(next_run_at=bindparam("until"), holder=bindparam("by"))
    .returning(due.c.id, due.c.kind, due.c.ref, due.c.at)
)
_HELD = select(exists().where(due.c.id == bindparam("key"), due.c.holder == bindparam("by")))
_MOVE = (
    update(due)
    .where(due.c.id == bindparam("key"))
    .values(at=bindparam("moment"), next_run_at=bindparam("moment"), holder=None)
)
_DROP = delete(due).where(due.c.kind == bindparam("of_kind"), due.c.ref == bindparam("of"))


async def put(conn: AsyncConnection, kind: str, ref: int, at: datetime) -> None:
    """This is to be done at a moment, in place of an earlier plan for the same."""
    plan: dict[str, Any] = {"at": at, "next_run_at": at, "holder": None}
    insert = inserting(conn, due).values(kind=kind, ref=ref, urgent=kind in URGENT, **plan)
    await conn.execute(insert.on_conflict_do_update(index_elements=["kind", "ref"], set_=plan))


async def waiting(conn: AsyncConnection, urgent: bool, now: datetime) -> bool:
    """Whether anything (urgent) is due; to ask takes no writer."""
    return bool((await conn.execute(_ANY, {"urgently": urgent, "now": now})).scalar())


async def claim(conn: AsyncConnection, by: str, urgent: bool, limit: int, now: datetime, until: datetime) -> list[Due]:
    """Hold up to `limit` (urgent) things that are due, or whose holder let its lease run out, until a moment."""
    values = {"urgently": urgent, "now": now, "limit": limit, "until": until, "by": by}
    rows = await conn.execute(_CLAIM, values)
    return sorted((Due(*row) for row in rows), key=lambda one: (one.at, one.id))


async def held(conn: AsyncConnection, due_id: int, by: str) -> bool:
    """Whether this is still there and held by `by`, whose lease may have run out if nobody took it up since."""
    return bool((await conn.execute(_HELD, {"key": due_id, "by": by})).scalar())


async def move(conn: AsyncConnection, due_id: int, at: datetime) -> None:
    """Do it (again) at another moment; nobody holds it any more."""
    await conn.execute(_MOVE, {"key": due_id, "moment": at})


async def drop(conn: AsyncConnection, kind: str, ref: int) -> None:
    """Nothing of this kind is to be done for `ref` any more."""
    await conn.execute(_DROP, {"of_kind": kind, "of": ref})
