"""The two engines: SQLite by aiosqlite, a file in the data folder; PostgreSQL by asyncpg, where a URL names it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import AsyncAdaptedQueuePool, Connection, event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from semax_bot.errors import StoreError
from semax_bot.store import driver
from semax_bot.store.faults import Unavailable, code, meaning

FILE = "semax-bot.sqlite3"
CONNECTIONS = 5  # one writes, the others read

_CONNECT_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Database:
    """One pool of connections, seen by readers (a snapshot each) and by the writer; `place` names it to people."""

    place: str
    readers: AsyncEngine
    writer: AsyncEngine

    async def close(self) -> None:
        """Close the connections; a thread of aiosqlite would outlive us otherwise."""
        await self.readers.dispose()


def database(url: str, folder: Path) -> Database:
    """The database at a postgresql:// URL, or without one the file in `folder`, which is made if missing.

    Nothing is opened yet. Raises StoreError if the folder cannot be made.
    """
    if url:
        return _postgresql(url)
    make_folder(folder)
    return _sqlite(folder / FILE)


def make_folder(folder: Path) -> None:
    """Make the data folder, for its owner alone. Raises StoreError if that cannot be."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"The folder {folder} cannot be made ({error.strerror}). Let SEMAX_BOT_DATA name one that you may write in."
        ) from error


def _sqlite(file: Path) -> Database:
    engine = _engine("sqlite+aiosqlite:///", lambda: driver.connect(file))
    event.listen(engine.sync_engine, "begin", _begin)
    return Database(str(file), engine, engine.execution_options(begin=driver.BEGIN_WRITING))


def _engine(dialect: str, connect: Callable[[], Awaitable[Any]]) -> AsyncEngine:
    return create_async_engine(
        dialect,
        async_creator=connect,
        poolclass=AsyncAdaptedQueuePool,
        pool_size=CONNECTIONS,
        max_overflow=0,
        hide_parameters=True,  # an error must not quote what people wrote
    )


def _begin(connection: Connection) -> None:
    # A writer locks at once: a reader that turns into a writer fails without waiting for busy_timeout.
    connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))


def _postgresql(url: str) -> Database:
    import asyncpg

    place = _postgresql_place(url)

    async def connect() -> Any:
        try:  # asyncpg reads the URL itself: what libpq understands (sslmode, host=/socket) is understood
            return await asyncpg.connect(
                url, timeout=_CONNECT_SECONDS, server_settings={"application_name": "semax-bot"}
            )
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            line = meaning(code(error) or "08", place) or f"{place} refuses us: {type(error).__name__}."
            raise Unavailable(line) from None  # the lower error may quote the password

    engine = _engine("postgresql+asyncpg://", connect)
    return Database(
        place,
        engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True),
        engine.execution_options(isolation_level="SERIALIZABLE"),  # as on SQLite: changes as if one after the other
    )


def _postgresql_place(url: str) -> str:
    parts = urlsplit(url)
    host = parts.hostname or parse_qs(parts.query).get("host", ["localhost"])[0]
    port = f":{parts.port}" if parts.port else ""
    return f"PostgreSQL database {parts.path.strip('/')} at {host}{port}"
