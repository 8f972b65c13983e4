"""What the clock has to send: claimed with a lease, begun once, and reported back."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from semax_bot.store import deliveries, due, rounds
from semax_bot.store.deliveries import GREETING, State
from semax_bot.store.store import Store
from semax_bot.store.values import Due
from semax_bot.tutor.daily import Daily
from semax_bot.tutor.groups import Groups
from semax_bot.tutor.prompts import Prompts
from semax_bot.tutor.values import Delivery

LEASE = timedelta(seconds=10)  # many times what lies between a claim and its beginning

Begin = Callable[[AsyncConnection, Due], Awaitable[Delivery | None]]


class Deliveries:
    """What is due in all chats. This process claims under a name of its own."""

    def __init__(
        self, store: Store, daily: Daily, prompts: Prompts, groups: Groups, now: Callable[[], datetime]
    ) -> None:
        self._store, self._daily, self._prompts, self._groups, self._now = store, daily, prompts, groups, now
        self._holder = uuid4().hex
        self._parts: Mapping[str, Begin] = {
            "subscription": prompts.begin,
            "later": prompts.begin_later,
            "deadline": groups.begin_deadline,
            "result": groups.begin_result,
        }

    async def claim(self, urgent: bool, limit: int) -> list[Due]:
        """Up to `limit` things that are due, the oldest first, for a LEASE: what people wait for, or the rest."""
        if limit < 1:
            return []
        now = self._now()
        async with self._store.reading() as conn:
            if not await due.waiting(conn, urgent, now):
                return []
        return await self._store.write(lambda conn: due.claim(conn, self._holder, urgent, limit, now, now + LEASE))

    async def begin(self, one: Due) -> Delivery | None:
        """Note that it is about to be sent, and say what; None if there is nothing to send, or somebody else does."""

        async def change(conn: AsyncConnection) -> Delivery | None:
            if not await due.held(conn, one.id, self._holder):
                return None
            delivery = await self._parts[one.kind](conn, one)
            return delivery and replace(delivery, urgent=one.kind in due.URGENT)

        return await self._store.write(change)

    async def sent(self, delivery: Delivery, poll: str | None = None, message: int | None = None) -> None:
        """It has reached its chat; its question, if there was one, as this poll in this message."""

        async def change(conn: AsyncConnection) -> None:
            await deliveries.ended(conn, delivery.id, State.SENT)
            if delivery.ask:
                await rounds.sent(conn, delivery.ask.id, poll, message, self._now())
            if delivery.post and poll is not None and message is not None:
                await self._groups.posted(conn, delivery.post, poll, message)
                await self._daily.let_in(conn, delivery.chat)  # should an earlier refusal have shut it
            if not delivery.urgent and (delivery.ask or delivery.post):
                await self._prompts.arrived(conn, delivery)

        await self._store.write(change)

    async def failed(self, delivery: Delivery, shut: bool) -> None:
        """It has not reached its chat, and is not tried again; `shut` means that the chat takes no message of ours."""

        async def change(conn: AsyncConnection) -> None:
            await deliveries.ended(conn, delivery.id, State.FAILED)
            if shut:
                await self._daily.shut_out(conn, delivery.chat)
                await self._groups.shut_out(conn, delivery.chat)

        await self._store.write(change)

    async def greets(self, chat: str) -> bool:
        """Whether a group is to be greeted: once, until we have left it; one that moved was greeted before."""

        async def change(conn: AsyncConnection) -> bool:
            key = await deliveries.begin(conn, chat, GREETING, "", "", self._now())
            if key is not None:
                await deliveries.ended(conn, key, State.SENT)
            return key is not None

        return await self._store.write(change)
