"""Subscriptions: what a chat wants every day, at which times of its own clock."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from semax_bot.schedule.slots import Slots
from semax_bot.store import homes
from semax_bot.store.learners import Learner
from semax_bot.store.schema import learner, subscription
from semax_bot.store.upsert import inserting


class Kind(StrEnum):
    """What is sent."""

    QUESTION = "question"
    TERM = "term"
    FIGURE = "figure"


class Off(StrEnum):
    """Why nothing is sent."""

    STOPPED = "stopped"  # somebody wished so
    SHUT = "shut"  # the chat takes no message of ours; it is switched on when we are let in again


@dataclass(frozen=True, slots=True)
class Subscription:
    """What one chat wants. `learner` is its person if it is a private chat; `ignored` counts prompts in a row."""

    id: int
    chat: str
    kind: Kind
    slots: Slots
    zone: str | None
    off: Off | None
    ignored: int
    learner: Learner | None

    @property
    def paused(self) -> bool:
        """Whether its person wants none for now."""
        return self.learner is not None and self.learner.paused

    @property
    def named_zone(self) -> str | None:
        """The time zone's IANA name; None until somebody tells."""
        return self.learner.zone if self.learner else self.zone

    @property
    def clock(self) -> ZoneInfo:
        """The chat's time zone, UTC until one is set."""
        return ZoneInfo(self.named_zone or "UTC")


_COLUMNS = ("id", "chat", "kind", "slots", "zone", "off", "ignored")
_SELECT = select(*(subscription.c[name] for name in _COLUMNS), learner).outerjoin(
    learner, learner.c.id == subscription.c.learner_id
)
_BY_ID = _SELECT.where(subscription.c.id == bindparam("key"))
_IN_CHAT = _SELECT.where(subscription.c.chat == bindparam("in_chat")).order_by(subscription.c.id)
_AT_HOME = _SELECT.where(homes.at_home(subscription.c.chat)).order_by(subscription.c.id)
_OF_LEARNER = _SELECT.where(subscription.c.learner_id == bindparam("mine")).order_by(subscription.c.id)
_CHANGE = update(subscription).where(subscription.c.id == bindparam("key"))
_HEARD = (
    update(subscription)
    .where(subscription.c.learner_id == bindparam("mine"), subscription.c.ignored > 0)
    .values(ignored=0)
)


async def save(  # noqa: PLR0913, PLR0917 - the columns of a row
    conn: AsyncConnection,
    chat: str,
    kind: Kind,
    slots: Slots,
    now: datetime,
    learner_id: int | None = None,
    zone: str | None = None,
) -> int:
    """Switch a subscription on, with these slots, over what the chat had before; returns its id."""
    changing = {"slots": slots.as_text(), "off": None, "ignored": 0, "learner_id": learner_id, "zone": zone}
    insert = inserting(conn, subscription).values(chat=chat, kind=kind.value, made_at=now, **changing)
    over = insert.on_conflict_do_update(index_elements=["chat", "kind"], set_=changing)
    key: int = (await conn.execute(over.returning(subscription.c.id))).scalar_one()
    return key


async def get(conn: AsyncConnection, subscription_id: int) -> Subscription | None:
    """The subscription with this id."""
    return _one((await conn.execute(_BY_ID, {"key": subscription_id})).first())


async def of_chat(conn: AsyncConnection, chat: str) -> dict[Kind, Subscription]:
    """What a chat has, switched off or not."""
    rows = [_one(row) for row in await conn.execute(_IN_CHAT, {"in_chat": chat})]
    return {one.kind: one for one in rows if one}


async def of_home(conn: AsyncConnection, home: str) -> list[Subscription]:
    """What a chat has, and all its topics; that takes a look at every subscription, so not for private chats."""
    rows = await conn.execute(_AT_HOME, homes.of_home(home))
    return [one for row in rows if (one := _one(row))]


async def of_learner(conn: AsyncConnection, learner_id: int) -> list[Subscription]:
    """What a learner has in private."""
    return [one for row in await conn.execute(_OF_LEARNER, {"mine": learner_id}) if (one := _one(row))]


async def switch(conn: AsyncConnection, subscription_id: int, off: Off | None) -> None:
    """Switch it off, or with None on."""
    await conn.execute(_CHANGE.values(off=off.value if off else None), {"key": subscription_id})


async def ignore(conn: AsyncConnection, subscription_id: int) -> None:
    """One more prompt goes out that nobody may answer."""
    await conn.execute(_CHANGE.values(ignored=subscription.c.ignored + 1), {"key": subscription_id})


async def heard(conn: AsyncConnection, learner_id: int) -> None:
    """The learner has reacted; so none of the prompts so far was ignored."""
    await conn.execute(_HEARD, {"mine": learner_id})


def _one(row: Any) -> Subscription | None:
    if row is None:
        return None
    key, chat, kind, slots, zone, off, ignored = row[: len(_COLUMNS)]
    person = row[len(_COLUMNS) :]
    mine = Learner(*person) if person[0] is not None else None
    return Subscription(key, chat, Kind(kind), Slots.from_text(slots), zone, Off(off) if off else None, ignored, mine)
