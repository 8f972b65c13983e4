"""Channels that we were let into, and who set them up."""

from datetime import datetime

from sqlalchemy import bindparam, delete, exists, select
from sqlalchemy.ext.asyncio import AsyncConnection

from semax_bot.store.schema import channel, keeper
from semax_bot.store.upsert import inserting, upsert
from semax_bot.store.values import Channel

_KNOWN = select(exists().where(channel.c.chat == bindparam("in_chat")))
_KEPT = (
    select(channel.c.chat, channel.c.title)
    .join(keeper, keeper.c.chat == channel.c.chat)
    .where(keeper.c.learner_id == bindparam("mine"))
    .order_by(channel.c.title, channel.c.chat)
)


async def keep(conn: AsyncConnection, chat: str, title: str, learner_id: int, now: datetime) -> None:
    """We are in this channel, and this learner looks after it."""
    await upsert(conn, channel, {"chat": chat, "title": title, "at": now})
    await conn.execute(inserting(conn, keeper).on_conflict_do_nothing(), {"chat": chat, "learner_id": learner_id})


async def known(conn: AsyncConnection, chat: str) -> bool:
    """Whether this chat is a channel."""
    return bool((await conn.execute(_KNOWN, {"in_chat": chat})).scalar())


async def kept_by(conn: AsyncConnection, learner_id: int) -> list[Channel]:
    """The channels that a learner looks after, by title."""
    return [Channel(*row) for row in await conn.execute(_KEPT, {"mine": learner_id})]


async def let_go(conn: AsyncConnection, chat: str, learner_id: int | None = None) -> None:
    """A learner does not look after this channel any more; without a learner, nobody does."""
    whose = keeper.c.learner_id == learner_id if learner_id is not None else keeper.c.learner_id.is_not(None)
    await conn.execute(delete(keeper).where(keeper.c.chat == chat, whose))
