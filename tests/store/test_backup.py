"""Backups: consistent while the bot writes, without anyone's messages, and brought back only where that is safe."""

import asyncio
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from semax_bot.errors import StoreError
from semax_bot.store import inbox, learners
from semax_bot.store.backup import backup, restore
from semax_bot.store.engine import FILE
from semax_bot.store.lock import Lock
from semax_bot.store.store import Store
from store.filled import NOW, busy, do


@pytest.fixture
async def running(migrated_file: Path, tmp_path: Path) -> Path:
    """The file of a bot that was used, and whose last updates wait."""
    file = tmp_path / "bot" / FILE
    file.parent.mkdir()
    file.write_bytes(migrated_file.read_bytes())
    store = await Store.open("", file.parent)
    await busy(store)
    await store.write(lambda conn: inbox.keep(conn, [(1, "1", "what I wrote")], NOW))
    await store.close()
    return file


def count(file: Path, table: str) -> int:
    """How many rows a table of a file has."""
    with closing(sqlite3.connect(file)) as conn:
        assert conn.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return int(conn.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


async def test_a_backup_is_consistent_beside_a_writer(running: Path, tmp_path: Path) -> None:
    """Taken while learners are stored, a backup is one whole file, for its owner alone, and can be restored."""
    store = await Store.open("", running.parent)
    target = tmp_path / "backup.sqlite3"
    writing = asyncio.gather(
        *(do(store, learners.learner_of, "telegram", str(handle), NOW) for handle in range(100, 200))
    )
    await asyncio.to_thread(backup, running, target)
    await writing
    await store.close()
    assert 1 <= count(target, "learner") <= 101
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert {file.name for file in tmp_path.iterdir()} == {"bot", target.name}
    restore(target, tmp_path / "new" / FILE)
    again = await Store.open("", tmp_path / "new")
    await again.close()
    assert count(tmp_path / "new" / FILE, "attempt") == 1


def test_a_backup_holds_no_message(running: Path, tmp_path: Path) -> None:
    """Neither updates that wait nor the ids of those handled leave the machine, not even as deleted pages."""
    target = tmp_path / "backup.sqlite3"
    backup(running, target)
    assert count(target, "inbox") == count(target, "handled") == 0
    assert b"what I wrote" not in target.read_bytes()
    assert count(running, "inbox") == 1


def test_a_backup_replaces_an_earlier_one_and_nothing_else(running: Path, tmp_path: Path) -> None:
    """A slip in the file name costs no one their thesis, nor the database itself."""
    target = tmp_path / "backup.sqlite3"
    backup(running, target)
    backup(running, target)
    thesis = tmp_path / "thesis.txt"
    thesis.write_text("x" * 5000)
    with pytest.raises(StoreError, match="is not a database"):
        backup(running, thesis)
    with pytest.raises(StoreError, match="is the database itself"):
        backup(running, running)
    with pytest.raises(StoreError, match="no file"):
        backup(tmp_path / "none", target)
    with pytest.raises(StoreError, match="missing"):
        backup(running, tmp_path / "missing" / "backup.sqlite3")
    assert thesis.read_text() == "x" * 5000
    assert count(running, "learner") == count(target, "learner") == 1


def test_restore_refuses_what_would_do_harm(running: Path, tmp_path: Path) -> None:
    """A database is replaced only on demand, only by one of ours, and never under a running bot."""
    target = tmp_path / "backup.sqlite3"
    backup(running, target)
    with pytest.raises(StoreError, match="--force"):
        restore(target, running)
    with Lock(running.parent), pytest.raises(StoreError, match="Another semax-bot"):
        restore(target, running, force=True)
    other = tmp_path / "other.sqlite3"
    with closing(sqlite3.connect(other)) as conn:
        conn.execute("CREATE TABLE learner (name TEXT)")
    with pytest.raises(StoreError, match="not a database of semax-bot"):
        restore(other, running, force=True)
    assert count(running, "inbox") == 1
    Path(f"{running}-wal").write_bytes(b"left by a bot that was killed")
    restore(target, running, force=True)
    assert count(running, "inbox") == 0
