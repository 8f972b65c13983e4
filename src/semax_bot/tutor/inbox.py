"""Updates that are safe before they are acknowledged: kept until what they lead to is stored."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection

from semax_bot.store import deliveries, inbox, posts, recall, rounds
from semax_bot.store.store import Handling, Store, handling

SWEEP_EVERY = timedelta(minutes=1)  # for what is to be forgotten by now
DELIVERED = timedelta(days=30)  # which deliveries were begun
REMEMBERED = timedelta(days=2)  # ids of handled updates; Telegram repeats none after a day


class Kept(NamedTuple):
    """An update as it came: its id, its raw JSON, and the poll that it answers, if it does."""

    id: int
    raw: str
    poll: str | None = None


class Inbox:
    """The updates that are not handled yet."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store, self._now = store, now
        self._swept = datetime.min.replace(tzinfo=UTC)

    async def keep(self, updates: Sequence[Kept]) -> dict[int, str | None]:
        """Store those that never came before; returns their ids in order, each with the chat its poll went to."""
        now = self._now()
        sweeps = now - self._swept > SWEEP_EVERY

        async def change(conn: AsyncConnection) -> dict[int, str | None]:
            chats = {one.id: await _chat_of(conn, one.poll) if one.poll else None for one in updates}
            new = await inbox.keep(conn, [(one.id, chats[one.id], one.raw) for one in updates], now)
            if sweeps:
                await inbox.forget_handled(conn, now - REMEMBERED)
                await recall.expire(conn, now)
                await deliveries.forget(conn, now - DELIVERED)
            return {update_id: chats[update_id] for update_id in new}

        new = await self._store.write(change)
        if sweeps:
            self._swept = now
        return new

    async def waiting(self) -> list[tuple[int, str | None, str]]:
        """What an earlier process left: id, chat and raw JSON, in order."""
        async with self._store.reading() as conn:
            return await inbox.waiting(conn)

    def now(self) -> datetime:
        """The time (UTC), to note when updates came."""
        return self._now()

    @contextmanager
    def handling(
        self, update_id: int, again: bool = False, chat: str | None = None, received: datetime | None = None
    ) -> Iterator[Handling]:
        """Within this block the first change that is stored also takes the update out of the inbox."""
        current = Handling(update_id, again, chat, received)
        before = handling.set(current)
        try:
            yield current
        finally:
            handling.reset(before)

    def current(self) -> Handling | None:
        """The update at hand: which chat's poll it answers, and when it came if we were listening then."""
        return handling.get()

    async def done(self, *update_ids: int) -> None:
        """These updates have led to nothing that is stored."""
        await self._store.write(lambda conn: inbox.done(conn, *update_ids))


async def _chat_of(conn: AsyncConnection, poll: str) -> str | None:
    """The chat in which a poll of ours stands."""
    if put := await rounds.put_by_poll(conn, poll):
        return put.round.chat
    post = await posts.by_poll(conn, poll)
    return post.chat if post else None


def postpone() -> bool:
    """Leave the update being handled in the inbox, to be handled again; returns whether this is its first try."""
    current = handling.get()
    if current is None:
        return True
    current.waits = True
    return not current.again
