"""What an operator reads when the database cannot be used: one line that says what, where, and what to do."""

import os
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncConnection

from postgres import PASSWORD, Cluster
from semax_bot.errors import StoreError
from semax_bot.store import driver
from semax_bot.store.engine import FILE
from semax_bot.store.lock import Lock
from semax_bot.store.schema import confusion
from semax_bot.store.store import Store

NOBODY = 65534
HOLD = """
import pathlib, sys
from semax_bot.store.lock import Lock
with Lock(pathlib.Path(sys.argv[1])):
    print(flush=True)
    sys.stdin.read()
"""


async def refusal(url: str, folder: Path) -> str:
    """The line with which a database refuses to open."""
    with pytest.raises(StoreError) as caught:
        await Store.open(url, folder)
    line = str(caught.value)
    assert "\n" not in line
    assert line.endswith(".")
    return line


@contextmanager
def unprivileged() -> Iterator[None]:
    """As a user whom file modes bind."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that another user could reach, unlike pytest's own."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture
async def full(migrated_file: Path, tmp_path: Path) -> AsyncIterator[tuple[Store, Callable[[int], Awaitable[object]]]]:
    """A store on SQLite, and a function that sets the number of pages that its disk has room for."""
    (tmp_path / FILE).write_bytes(migrated_file.read_bytes())
    store = await Store.open("", tmp_path)

    async def room(pages: int) -> None:
        await store.write(lambda conn: pragma(conn, f"max_page_count = {pages}"))

    yield store, room
    await store.close()


async def pragma(conn: AsyncConnection, what: str) -> None:
    """Run a PRAGMA."""
    await conn.execute(text(f"PRAGMA {what}"))


async def grow(conn: AsyncConnection) -> None:
    """Store more than a page holds."""
    await conn.execute(insert(confusion), [{"entry": os.urandom(1000).hex(), "times": 1} for _ in range(50)])


async def test_a_full_disk_is_said_and_gets_over(full: tuple[Store, Callable[[int], Awaitable[object]]]) -> None:
    """A change that finds no room says so and leaves nothing; once there is room, the same store goes on."""
    store, room = full
    await room(1)  # SQLite takes as many as there are
    with pytest.raises(StoreError, match=r"no room left on the disk for .*sqlite3\. Make some"):
        await store.write(grow)
    await room(100_000)
    await store.write(grow)
    async with store.reading() as conn:
        assert (await conn.execute(text("SELECT count(*) FROM confusion"))).scalar() == 50


async def test_a_disk_that_turns_read_only_is_said_and_gets_over(full: tuple[Store, object]) -> None:
    """Remounted read-only, the store says so; remounted for writing, it goes on."""
    store, _ = full
    await store.write(lambda conn: pragma(conn, "query_only = ON"))
    with pytest.raises(StoreError, match=r"sqlite3 is read-only\. Make"):
        await store.write(grow)
    async with store.reading() as conn:
        await pragma(conn, "query_only = OFF")
    await store.write(grow)


async def test_a_file_without_rights_is_named(migrated_file: Path, open_folder: Path) -> None:
    """A file that may only be read is found at the start, not at the first answer."""
    file = open_folder / FILE
    file.write_bytes(migrated_file.read_bytes())
    file.chmod(0o444)
    open_folder.chmod(0o555)
    with unprivileged():
        assert "is read-only" in await refusal("", open_folder)


async def test_a_folder_without_rights_is_named(open_folder: Path) -> None:
    """A data folder that cannot be made, or not be written in, is named with the setting that moves it."""
    open_folder.chmod(0o555)
    with unprivileged():
        assert str(open_folder / FILE) in await refusal("", open_folder)
        assert "SEMAX_BOT_DATA" in await refusal("", open_folder / "new")


async def test_what_is_no_database_is_named_and_left_alone(tmp_path: Path) -> None:
    """A file of another kind in our place is not overwritten."""
    (tmp_path / FILE).write_text("Dear diary, " * 500, "utf-8")
    assert "is not a database" in await refusal("", tmp_path)
    assert (tmp_path / FILE).read_text("utf-8").startswith("Dear diary")


async def test_another_programs_tables_are_left_alone(tmp_path: Path) -> None:
    """A database that has a table of one of our names is not ours to migrate."""
    with sqlite3.connect(tmp_path / FILE) as conn:
        conn.execute("CREATE TABLE card (suit TEXT)")
    conn.close()
    assert "another program's tables" in await refusal("", tmp_path)


async def test_a_locked_database_is_named(migrated_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that keeps the file locked is waited for (here shortly), then spoken of."""
    monkeypatch.setattr(driver, "PRAGMAS", (*driver.PRAGMAS, "busy_timeout = 50"))
    (tmp_path / FILE).write_bytes(migrated_file.read_bytes())
    other = sqlite3.connect(tmp_path / FILE, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert "keeps" in await refusal("", tmp_path)
    other.execute("ROLLBACK")
    other.close()


async def test_a_server_that_is_away_is_named(tmp_path: Path) -> None:
    """The line has host and port, never the password."""
    line = await refusal("postgresql://ann:secret@127.0.0.1:1/quiz", tmp_path)
    assert line.startswith("PostgreSQL database quiz at 127.0.0.1:1 does not answer.")
    assert "SEMAX_BOT_DATABASE_URL" in line
    assert "secret" not in line


async def test_a_wrong_password_or_name_is_said(cluster: Cluster, tmp_path: Path) -> None:
    """The server's refusal is passed on in our words, without the password."""
    wrong = await refusal(cluster.url("postgres", password="secret"), tmp_path)
    assert "refuses this user or password" in wrong
    assert "secret" not in wrong
    missing = await refusal(cluster.url("nothing"), tmp_path)
    assert "does not exist" in missing
    assert PASSWORD not in missing


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
async def test_a_dropped_connection_is_made_anew(store: Store) -> None:
    """A server that was restarted costs no change: the pool's dead connection is replaced."""
    others = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE pid <> pg_backend_pid() AND datname = current_database()"
    )
    async with store.reading() as first, store.reading() as second:
        await first.execute(text("SELECT 1"))
        await second.execute(text("SELECT 1"))
    async with store.reading() as third:
        await third.execute(text(others))
    await store.write(grow)
    await store.write(grow)


def test_the_data_folder_is_for_its_owner(tmp_path: Path) -> None:
    """What learners did is not for other users of the machine to read."""
    with Lock(tmp_path / "new"):
        assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700


def test_a_second_bot_is_refused_until_the_first_is_dead(tmp_path: Path) -> None:
    """Two bots never work in one folder; one that was killed blocks nobody."""
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment) as first:
        assert first.stdout
        assert first.stdout.readline() == os.linesep.encode()
        with pytest.raises(StoreError, match=r"Another semax-bot works in .*SEMAX_BOT_DATA"), Lock(tmp_path):
            pass
        first.kill()
        first.wait(10)
    with Lock(tmp_path), pytest.raises(StoreError), Lock(tmp_path):
        pass
    with Lock(tmp_path):
        pass
