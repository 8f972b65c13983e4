"""Backups of the SQLite database: taken beside a running bot, brought back while none runs."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from semax_bot.errors import StoreError
from semax_bot.store.faults import code, meaning
from semax_bot.store.lock import Lock
from semax_bot.store.migrate import check_version


def backup(path: Path, target: Path) -> None:
    """Write a consistent copy of the database at `path`, without updates that wait or were handled.

    An earlier backup at `target` is replaced once the new one is complete. Raises StoreError if there is no database
    of ours at `path`, if `target` is some other file, or if the copy cannot be written.
    """
    _check_ours(path)
    if target.exists():
        _check_ours(target)
        if target.samefile(path):
            raise StoreError(f"{target} is the database itself. Name another file for the backup.")
    _copy(path, target, leave_out=("inbox", "handled"))


def restore(source: Path, path: Path, force: bool = False) -> None:
    """Put a backup in the place of the database at `path`.

    Raises StoreError if a bot runs there, if there is a database already and not `force`, or if `source` is none.
    """
    with Lock(path.parent):
        _check_ours(source)
        if path.exists() and not force:
            raise StoreError(f"{path} exists already. Add --force to replace it: what it holds is lost then.")
        _copy(source, path)


def _copy(source: Path, target: Path, leave_out: tuple[str, ...] = ()) -> None:
    new = target.with_name(f"{target.name}.new")
    with _explaining(new):
        try:
            new.unlink(missing_ok=True)
            new.touch(0o600)
            with closing(_connect(source, "ro")) as old, closing(_connect(new, "rw")) as copy:
                old.backup(copy)
                copy.execute("PRAGMA journal_mode = DELETE")  # one file, without companions
                for table in leave_out:
                    copy.execute(f"DELETE FROM {table}")
                copy.execute("VACUUM")  # deleted text would linger in free pages
            for companion in ("-wal", "-shm"):  # of the database that is replaced; they would spoil the new one
                Path(f"{target}{companion}").unlink(missing_ok=True)
            os.replace(new, target)
        finally:
            new.unlink(missing_ok=True)


def _check_ours(path: Path) -> None:
    if not path.is_file():
        raise StoreError(f"There is no file {path}. Check the path.")
    with _explaining(path), closing(_connect(path, "ro")) as conn:
        names = {name for (name,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if not names >= {"alembic_version", "learner", "attempt"}:
            raise StoreError(f"{path} is not a database of semax-bot. Check the path.")
        check_version(conn.execute("SELECT version_num FROM alembic_version").fetchone()[0], str(path))
        if conn.execute("PRAGMA quick_check").fetchone()[0] != "ok":
            raise StoreError(f"{path} is damaged. Take an older backup.")


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True, isolation_level=None, timeout=5)


@contextmanager
def _explaining(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(meaning(code(error), str(path)) or f"{path} cannot be used ({error}).") from error
    except OSError as error:
        raise StoreError(f"{path} cannot be written ({error.strerror}). Check the folder and its free room.") from error
