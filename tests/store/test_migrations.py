"""Migrations: what they make is what the code expects, and a file of any earlier schema comes up to it."""

import asyncio
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, text

from postgres import Cluster
from semax_bot.errors import StoreError
from semax_bot.store import learners, log
from semax_bot.store.engine import FILE, database
from semax_bot.store.migrate import VERSIONS, create, upgrade
from semax_bot.store.schema import metadata
from semax_bot.store.store import Store
from store.filled import NOW, do
from stores import BOTH

KEPT = sorted(Path(__file__).parent.glob("*.sqlite3"))
COMMON = {"learner": 1, "attempt": 2, "card": 1, "round": 1, "asked": 1, "last_entry": 0, "answer_link": 0}
TOGETHER = ("subscription", "vote", "member", "keeper", "group_round")
KNOWN = {  # of the one learner in each file
    "0001": COMMON | dict.fromkeys(TOGETHER, 0) | {"delivery": 0},
    "0002": COMMON | dict.fromkeys(TOGETHER, 1) | {"delivery": 0},
}


async def test_migrations_make_the_schema(store: Store) -> None:
    """A column that is in the code and not in a migration, or the other way round, is found on both databases."""

    def differences(conn: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(conn, opts={"compare_server_default": True}), metadata))

    async with store.reading() as conn:
        assert await conn.run_sync(differences) == []


def shape(conn: Connection) -> dict[str, object]:
    """Every table as the database sees it: columns, keys, indexes, and on SQLite whether its numbers may come again."""
    seen = inspect(conn)
    parts = (seen.get_columns, seen.get_foreign_keys, seen.get_unique_constraints, seen.get_indexes)
    tables = {
        name: [seen.get_pk_constraint(name)["constrained_columns"], *(sorted(map(str, part(name))) for part in parts)]
        for name in seen.get_table_names()
    }
    counted = text("SELECT name FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%' ORDER BY name")
    return {"tables": tables, "counted": conn.execute(counted).all() if conn.dialect.name == "sqlite" else []}


@pytest.mark.parametrize("kind", BOTH)
async def test_a_new_database_is_what_migrations_lead_to(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """An empty database gets the newest schema at once; nobody could tell it from one that took every step."""
    shapes = []
    for way in (create, upgrade):
        cluster: Cluster | None = request.getfixturevalue("cluster") if kind == "postgresql" else None
        opened = database(cluster.url(cluster.create()) if cluster else "", tmp_path / way.__name__)
        async with opened.writer.begin() as conn:
            await conn.run_sync(way)
            shapes.append(await conn.run_sync(shape))
        await opened.close()
    assert shapes[0] == shapes[1]


def test_every_version_keeps_a_file() -> None:
    """A new revision comes with a small database of its schema, so that later ones can be tried on it."""
    assert [file.stem for file in KEPT] == VERSIONS


@pytest.mark.parametrize("kept", KEPT, ids=lambda file: file.stem)
async def test_an_old_file_upgrades(kept: Path, tmp_path: Path) -> None:
    """What a learner had done under an earlier schema is there under the newest."""
    shutil.copy(kept, tmp_path / FILE)
    store = await Store.open("", tmp_path)
    async with store.reading() as conn:
        everything = await learners.export(conn, 1)
        assert (await conn.execute(text("SELECT version_num FROM alembic_version"))).scalar() == VERSIONS[-1]
        assert (await conn.execute(text("PRAGMA integrity_check"))).scalar() == "ok"
        assert [one.right for one in await log.of_item(conn, 1, "dopac-1")] == [False, True]
    await store.close()
    assert {name: len(rows) for name, rows in everything.items()} == KNOWN[kept.stem]


async def test_a_database_taken_back_to_nothing_opens(tmp_path: Path) -> None:
    """What going back to before the first migration leaves is an empty table of versions."""
    with sqlite3.connect(tmp_path / FILE) as conn:
        conn.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
    conn.close()
    store = await Store.open("", tmp_path)
    await store.close()


async def test_a_newer_schema_is_refused(tmp_path: Path) -> None:
    """An older program does not touch what a newer one wrote."""
    shutil.copy(KEPT[-1], tmp_path / FILE)
    with sqlite3.connect(tmp_path / FILE) as conn:
        conn.execute("UPDATE alembic_version SET version_num = '9999'")
    conn.close()
    with pytest.raises(StoreError, match=r"newer semax-bot \(schema 9999\)\. Update semax-bot"):
        await Store.open("", tmp_path)


async def test_several_processes_start_at_once(cluster: Cluster, tmp_path: Path) -> None:
    """On an empty database each waits for the one that migrates, and all of them open it."""
    for url in ("", cluster.url(cluster.create())):
        stores = await asyncio.gather(*(Store.open(url, tmp_path) for _ in range(3)))
        await asyncio.gather(*(store.close() for store in stores))


async def test_numbers_are_never_used_twice(store: Store) -> None:
    """A forgotten learner's number, which an old button may still carry, never becomes someone else's."""
    first = await do(store, learners.learner_of, "telegram", "1", NOW)
    await do(store, learners.forget, first.id)
    second = await do(store, learners.learner_of, "telegram", "2", NOW)
    assert second.id > first.id


@pytest.mark.parametrize("new", [True, False])
def test_alembic_stays_out_of_a_current_start(tmp_path: Path, new: bool) -> None:
    """For a new database, and once the schema is the newest, opening loads neither alembic nor the other driver."""
    if not new:
        shutil.copy(KEPT[-1], tmp_path / FILE)
    script = (
        "import asyncio, pathlib, sys; from semax_bot.store.store import Store\n"
        "async def main(): await (await Store.open('', pathlib.Path(sys.argv[1]))).close()\n"
        "asyncio.run(main()); print({'alembic', 'asyncpg', 'mako'} & sys.modules.keys())"
    )
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", script, str(tmp_path)],
        env={"PYTHONPATH": str(Path(__file__).parents[2] / "src")},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert (ran.stdout, ran.stderr) == ("set()\n", "")
