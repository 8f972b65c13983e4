"""aiosqlite with few visits to its thread, which cost far more than most of our statements do.

aiosqlite makes four visits per statement: cursor, execute, fetch, close. Here a reader makes one. The writer makes one
to begin (which may wait for another process) and one to commit (which waits for the disk); what it does in between
finds the lock held and its pages in memory, takes microseconds, and is done on the spot.
"""

import logging
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Self

import aiosqlite

BEGIN_WRITING = "BEGIN IMMEDIATE"

# WAL lets readers go on beside the writer; FULL syncs at each commit, so that what a learner has seen acknowledged
# survives a power cut; secure_delete wipes the text of handled updates. Milliseconds for the wait on other processes.
PRAGMAS = ("busy_timeout = 5000", "journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "secure_delete = ON")

logging.getLogger("aiosqlite").setLevel(logging.WARNING)  # it would write out every statement with its values


class Cursor:
    """What SQLAlchemy asks of an asynchronous cursor; it holds the rows, and nothing in the database."""

    def __init__(self, run: Callable[..., Any]) -> None:
        self._run = run
        self._rows: Sequence[Any] = ()
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self.arraysize = 1

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, statement: str, parameters: Any = ()) -> Self:
        """Run a statement, and bring its rows along."""
        await self._run(self._bring, sqlite3.Cursor.execute, statement, parameters)
        return self

    async def executemany(self, statement: str, parameters: Iterable[Any]) -> Self:
        """Run a statement once for each set of parameters."""
        await self._run(self._bring, sqlite3.Cursor.executemany, statement, parameters)
        return self

    async def fetchall(self) -> Sequence[Any]:
        """The rows that `execute` brought."""
        return self._rows

    async def close(self) -> None:
        """Nothing is open."""

    def _bring(
        self, connection: sqlite3.Connection, method: Callable[..., Any], statement: str, parameters: Any
    ) -> None:
        cursor = connection.cursor()
        try:
            method(cursor, statement, parameters)
            self._rows = cursor.fetchall()
            self.description, self.rowcount, self.lastrowid = cursor.description, cursor.rowcount, cursor.lastrowid
        finally:
            cursor.close()


class Connection(aiosqlite.Connection):
    """aiosqlite's connection, whose cursors are ours."""

    _writing = False

    def cursor(self, *_: Any) -> Any:
        """A cursor for SQLAlchemy, made without a visit."""
        return Cursor(self._run)

    async def commit(self) -> None:
        """Commit, in the thread."""
        await super().commit()
        self._writing = False

    async def rollback(self) -> None:
        """Roll back, in the thread."""
        self._writing = False
        await super().rollback()

    async def _run(self, bring: Callable[..., None], method: Callable[..., Any], statement: str, values: Any) -> None:
        if self._writing:
            bring(self._conn, method, statement, values)
            return
        visit: Any = self._execute
        await visit(lambda: bring(self._conn, method, statement, values))
        self._writing = statement == BEGIN_WRITING


async def connect(file: Path) -> Connection:
    """A connection on which no statement begins a transaction unasked."""
    connection = Connection(lambda: _open(file), iter_chunk_size=64)
    connection._thread.daemon = True  # a store that was never closed must not keep the process alive
    try:
        await connection
    except sqlite3.Error:
        connection._thread.join()  # it is on its last line, which fails loudly on a loop that is closed by then
        raise
    return connection


def _open(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    try:
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
    except sqlite3.Error:
        connection.close()
        raise
    return connection
