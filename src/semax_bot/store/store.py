"""The store: consistent reads, and one writer that commits in groups."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from contextvars import Context, ContextVar
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Self, TypeVar

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from semax_bot.errors import StoreError
from semax_bot.store import inbox
from semax_bot.store.engine import Database, database
from semax_bot.store.faults import Unavailable, code, explained, explaining
from semax_bot.store.migrate import migrate

T = TypeVar("T")
Change = Callable[[AsyncConnection], Awaitable[T]]


@dataclass(slots=True)
class Handling:
    """An update that is being handled: whether what it led to is stored, or has to wait until it can be.

    `chat` is the key of the chat whose poll it answers, `received` when it came (UTC) if we were listening then.
    """

    update: int
    again: bool = False  # it had to wait before
    chat: str | None = None
    received: datetime | None = None
    stored: bool = False
    waits: bool = False


handling: ContextVar[Handling | None] = ContextVar("handling", default=None)
"""The update being handled: the first change that is written takes it out of the inbox, in the same transaction."""

_TRIES = 10  # of a change that collides with another process's, or whose connection broke; each try sees newer data


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A change, the update it handles, and where its caller waits for what becomes of it."""

    change: Change[Any]
    update: int | None
    outcome: asyncio.Future[Any]

    def resolve(self, result: Any) -> None:
        if not self.outcome.done():  # a caller that gave up cancelled it
            self.outcome.set_result(result)

    def fail(self, error: BaseException) -> None:
        if not self.outcome.done():
            self.outcome.set_exception(error)


class Store:
    """What is remembered. The functions of this package's other modules run on the connections that it hands out."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: list[_Waiting] = []
        self._writing: asyncio.Task[None] | None = None
        self._closed = False

    @classmethod
    async def open(cls, url: str, folder: Path) -> Self:
        """Open the database at a postgresql:// URL, or if that is empty the file in `folder`, and migrate it.

        Raises StoreError, one line for the operator, if it cannot be opened, is none of ours, or is newer than we are.
        """
        store = cls(database(url, folder))
        try:
            place = store._database.place
            with explaining(place):
                async with store._database.writer.begin() as conn:
                    await migrate(conn, place)
        except BaseException:
            await store._database.close()
            raise
        return store

    async def close(self) -> None:
        """Commit what waits, then close; a later `write` raises StoreError."""
        self._closed = True
        if self._writing:
            await self._writing
        await self._database.close()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A connection that sees one moment of the database for as long as the context lasts."""
        with explaining(self._database.place):
            async with self._database.readers.begin() as conn:
                yield conn

    async def write(self, change: Change[T]) -> T:
        """Run a change, commit it to disk, and return its result, or raise what it raised with nothing changed.

        Changes that wait share a transaction. If one of them fails, each is run again alone; so a change must be a
        function of the database only, and may run more than once. It must not call `write`, nor wait for anything
        else. Raises StoreError if the database cannot take it (full disk, read-only, locked, gone).

        A caller that is cancelled leaves its change undone if it still waited, done if it was taken up.
        """
        if self._closed:
            raise StoreError("The store is closed; start semax-bot again.")
        current = handling.get()
        update = current.update if current and not current.stored else None
        waiting = _Waiting(change, update, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_all(), context=Context())
        result: T = await waiting.outcome
        if current:
            current.stored = True
        return result

    async def _write_all(self) -> None:
        taken: list[_Waiting] = []
        try:
            while self._waiting:
                taken, self._waiting = [one for one in self._waiting if not one.outcome.done()], []
                await self._settle(taken)
        finally:  # only a loop that is shut down gets here with callers left
            for one in taken + self._waiting:
                one.outcome.cancel()

    async def _settle(self, group: list[_Waiting]) -> None:
        try:
            results = await self._commit(group)
        except Unavailable as error:
            for one in group:
                one.fail(StoreError(str(error)))
        except Exception:
            for one in group:
                await self._settle_alone(one)
        else:
            for one, result in zip(group, results, strict=True):
                one.resolve(result)

    async def _settle_alone(self, one: _Waiting) -> None:
        for tries_left in reversed(range(_TRIES)):
            try:
                return one.resolve((await self._commit([one]))[0])
            except DBAPIError as error:
                if not (_passing(error) and tries_left):
                    return one.fail(explained(error, self._database.place) or error)
            except Exception as error:
                return one.fail(error)

    async def _commit(self, group: list[_Waiting]) -> list[Any]:
        """Run a group in one transaction. Raises Unavailable if no transaction can start, or its end is unknown."""
        place = self._database.place
        async with self._database.writer.connect() as conn:
            with explaining(place, Unavailable):
                await conn.begin()
            results = []
            for one in group:
                results.append(await one.change(conn))
                await asyncio.sleep(0)  # on SQLite nothing else lets the other tasks in
            await inbox.done(conn, *(one.update for one in group if one.update is not None))
            try:
                await conn.commit()
            except DBAPIError as error:
                await conn.rollback()  # on SQLite the transaction is still open, and SQLAlchemy would not end it
                if error.connection_invalidated:  # it may have been committed: to run it again could do it twice
                    raise Unavailable(f"{place} went away. Start it again.") from error
                raise
            return results


def _passing(error: DBAPIError) -> bool:
    return error.connection_invalidated or code(error.orig).startswith("40")
