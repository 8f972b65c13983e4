"""What the two databases spell alike and SQLAlchemy keeps apart: insert, or do something else."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import Executable, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

Insert = postgresql.Insert | sqlite.Insert


def inserting(conn: AsyncConnection, table: Table) -> Insert:
    """An insert of this database's kind, which knows `on_conflict_do_nothing`."""
    return _insert(conn.dialect.name, table)


async def inserted(conn: AsyncConnection, statement: Executable, values: Mapping[str, Any]) -> int:
    """Insert one row into a table that numbers its rows; returns the number."""
    key: Any = (await conn.execute(statement, values)).inserted_primary_key
    return int(key[0])


async def upsert(conn: AsyncConnection, table: Table, values: Mapping[str, Any]) -> None:
    """Store one row under its primary key, over an older one."""
    await conn.execute(_upsert(conn.dialect.name, table, tuple(values)), values)


def _insert(dialect: str, table: Table) -> Insert:
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


@cache  # to build a statement takes longer than to run it
def _upsert(dialect: str, table: Table, names: tuple[str, ...]) -> Executable:
    keys = [column.name for column in table.primary_key]
    insert = _insert(dialect, table)
    rest = {name: insert.excluded[name] for name in names if name not in keys}
    return insert.on_conflict_do_update(index_elements=keys, set_=rest)
