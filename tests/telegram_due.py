"""Subscriptions whose time has just come, laid down in the store before a bot starts."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, time
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncConnection

from semax_bot.schedule.slots import Slots
from semax_bot.store import due, learners, subscriptions
from semax_bot.store.store import Store
from semax_bot.store.subscriptions import Kind
from standin.people import Talk
from standin.server import StandIn


def talk(standin: StandIn) -> Talk:
    """A private chat that somebody opened some time ago."""
    one = Talk.private(standin)
    standin.chats.add(one.chat, {"from": one.member, "text": "/start"})
    return one


def subscribe(folder: Path, talks: Sequence[Talk], url: str = "") -> None:
    """Let each of these chats have a question due right now, by UTC."""
    asyncio.run(_subscribe(folder, [str(one.id) for one in talks], url))


async def _subscribe(folder: Path, handles: Sequence[str], url: str) -> None:
    now = datetime.now(UTC)
    slots = Slots((time(now.hour, now.minute),))

    async def change(conn: AsyncConnection) -> None:
        for handle in handles:
            learner = await learners.learner_of(conn, "telegram", handle, now)
            key = await subscriptions.save(conn, handle, Kind.QUESTION, slots, now, learner.id)
            await due.put(conn, "subscription", key, now)

    store = await Store.open(url, folder / "data")
    await store.write(change)
    await store.close()
