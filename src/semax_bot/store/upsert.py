"""What the two databases spell alike and SQLAlchemy keeps apart: insert, or do something else."""

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Executable, Table
from sqlalchemy.ext.asyncio import AsyncConnection

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite

    Insert = postgresql.Insert | sqlite.Insert


def inserting(conn: AsyncConnection, table: Table) -> "Insert":
    """An insert of this database's kind, which knows `on_conflict_do_nothing`."""
    return _insert(conn.dialect.name, table)


async def inserted(conn: AsyncConnection, statement: Executable, values: Mapping[str, Any]) -> int:
    """Insert one row into a table that numbers its rows; returns the number."""
    key: Any = (await conn.execute(statement, values)).inserted_primary_key
    return int(key[0])


async def upsert(conn: AsyncConnection, table: Table, values: Mapping[str, Any]) -> None:
    """Store one row under its primary key, over an older one."""
    await conn.execute(_upsert(conn.dialect.name, table, tuple(values)), values)


def _insert(dialect: str, table: Table) -> "Insert":
    """Each database's kind is loaded where it is used: the other one would take memory for nothing."""
    if dialect == "sqlite":
        from sqlalchemy.dialects import sqlite

        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql

    return postgresql.insert(table)


@cache  # to build a statement takes longer than to run it
def _upsert(dialect: str, table: Table, names: tuple[str, ...]) -> Executable:
    keys = [column.name for column in table.primary_key]
    insert = _insert(dialect, table)
    rest = {name: insert.excluded[name] for name in names if name not in keys}
    return insert.on_conflict_do_update(index_elements=keys, set_=rest)
