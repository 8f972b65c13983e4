"""Updates that are not yet handled. They leave in the transaction that stores their effects; ids are kept a while."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from semax_bot.store.schema import handled, inbox
from semax_bot.store.upsert import inserting

_WAITING = select(inbox.c.update_id, inbox.c.chat, inbox.c.raw).order_by(inbox.c.update_id)
_DONE = delete(inbox).where(inbox.c.update_id == bindparam("key"))


async def keep(conn: AsyncConnection, updates: Sequence[tuple[int, str | None, str]], now: datetime) -> list[int]:
    """Keep updates (id, chat, raw JSON) that were never seen before, and return their ids, in Telegram's order."""
    if not updates:
        return []
    first = {update_id: (chat, raw) for update_id, chat, raw in reversed(updates)}
    unseen = inserting(conn, handled).on_conflict_do_nothing().returning(handled.c.update_id)
    stored = await conn.execute(unseen, [{"update_id": update_id, "at": now} for update_id in first])
    new = sorted(stored.scalars())
    rows = [
        {"update_id": update_id, "chat": first[update_id][0], "raw": first[update_id][1], "received_at": now}
        for update_id in new
    ]
    if rows:
        await conn.execute(insert(inbox), rows)
    return new


async def waiting(conn: AsyncConnection) -> list[tuple[int, str | None, str]]:
    """The updates (id, chat, raw JSON) that are not yet handled, in Telegram's order."""
    rows = await conn.execute(_WAITING)
    return [(row.update_id, row.chat, row.raw) for row in rows]


async def done(conn: AsyncConnection, *update_ids: int) -> None:
    """These updates are handled: nothing of them but their ids stays."""
    if update_ids:
        await conn.execute(_DONE, [{"key": update_id} for update_id in update_ids])


async def forget_handled(conn: AsyncConnection, before: datetime) -> None:
    """Drop the ids of updates that came before this moment (Telegram repeats none after a day)."""
    await conn.execute(delete(handled).where(handled.c.at < before))
