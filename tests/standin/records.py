"""What the bot's SQLite file holds, read past the bot: by a copy, so that reading mends and changes nothing."""

import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

FILE = "semax-bot.sqlite3"


def rows(folder: Path, query: str, **values: Any) -> list[dict[str, Any]]:
    """The rows that a query finds in the data of a bot that runs, or died, in this folder."""
    with TemporaryDirectory() as place:
        for suffix in ("", "-wal"):
            if (file := folder / "data" / f"{FILE}{suffix}").exists():
                shutil.copy(file, Path(place) / file.name)
        with closing(sqlite3.connect(Path(place) / FILE)) as conn:
            conn.row_factory = sqlite3.Row
            return [dict(row) for row in conn.execute(query, values)]


def attempts(folder: Path, member: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A person's log, oldest first."""
    query = "SELECT attempt.* FROM attempt JOIN learner ON learner.id = learner_id WHERE handle = :handle"
    return rows(folder, f"{query} ORDER BY attempt.id", handle=str(member["id"]))
