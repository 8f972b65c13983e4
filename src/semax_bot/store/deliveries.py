"""What the clock has begun to send: at most once per chat, kind, slot and local date, whoever begins."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, delete, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from semax_bot.store.schema import delivery
from semax_bot.store.upsert import inserting

GREETING = "greeting"  # a kind that is remembered for as long as we are in the chat


class State(StrEnum):
    """How far a delivery has come. What is due or claimed is a row of `due`; it comes here once sending begins."""

    SENDING = "sending"  # where it stays if the process died: it may have arrived or not
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Begun:
    """A delivery that has begun: of which slot, on which local date (as ISO)."""

    slot: str
    day: str


_BEGUN = select(delivery.c.slot, delivery.c.day).where(delivery.c.id == bindparam("key"))
_KNOWN = select(
    exists().where(
        delivery.c.chat == bindparam("in_chat"),
        delivery.c.kind == bindparam("of_kind"),
        delivery.c.slot == bindparam("in_slot"),
        delivery.c.day == bindparam("on"),
    )
)
_STATE = update(delivery).where(delivery.c.id == bindparam("key")).values(state=bindparam("to"))
_FORGET = delete(delivery).where(delivery.c.at < bindparam("before"), delivery.c.kind != GREETING)


async def begin(conn: AsyncConnection, chat: str, kind: str, slot: str, day: str, now: datetime) -> int | None:
    """Note that this is about to be sent, and return its id; None if it was begun before."""
    values = {"chat": chat, "kind": kind, "slot": slot, "day": day, "state": State.SENDING.value, "at": now}
    insert = inserting(conn, delivery).on_conflict_do_nothing().returning(delivery.c.id)
    key: int | None = (await conn.execute(insert, values)).scalar()
    return key


async def known(conn: AsyncConnection, chat: str, kind: str, slot: str, day: str) -> bool:
    """Whether this was begun before."""
    values = {"in_chat": chat, "of_kind": kind, "in_slot": slot, "on": day}
    return bool((await conn.execute(_KNOWN, values)).scalar())


async def get(conn: AsyncConnection, delivery_id: int) -> Begun | None:
    """The delivery with this id."""
    row = (await conn.execute(_BEGUN, {"key": delivery_id})).first()
    return Begun(*row) if row else None


async def ended(conn: AsyncConnection, delivery_id: int, state: State) -> None:
    """What became of it."""
    await conn.execute(_STATE, {"key": delivery_id, "to": state.value})


async def forget_of(conn: AsyncConnection, chat: str, kind: str) -> None:
    """Drop those of one kind in one chat, so that they can be begun anew."""
    await conn.execute(delete(delivery).where(delivery.c.chat == chat, delivery.c.kind == kind))


async def unknown(conn: AsyncConnection, before: datetime) -> int:
    """How many were begun before a moment and have not ended: whether they arrived is not known."""
    sending: Any = select(func.count()).where(delivery.c.state == State.SENDING.value, delivery.c.at < before)
    return int((await conn.execute(sending)).scalar_one())


async def forget(conn: AsyncConnection, before: datetime) -> None:
    """Drop those that began before a moment, but greetings."""
    await conn.execute(_FORGET, {"before": before})
