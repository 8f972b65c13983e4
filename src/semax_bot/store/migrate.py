"""Brings a database to the newest schema: forward only, at open, by one process at a time."""

import logging
import re
from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncConnection

from semax_bot.errors import StoreError
from semax_bot.store.schema import metadata

FOLDER = Path(__file__).parent / "migrations"
VERSIONS = sorted(found[1] for file in FOLDER.glob("versions/*.py") if (found := re.match(r"r(\d{4})_", file.name)))

_ONE_AT_A_TIME = 0x53656D6178  # PostgreSQL's advisory lock by number; this one spells Semax


async def migrate(conn: AsyncConnection, place: str) -> None:
    """Apply what is missing, in the writer's transaction. Raises StoreError for a schema that is not ours."""
    if conn.dialect.name == "postgresql":  # on SQLite the transaction itself keeps others out
        await conn.execute(text("SET TRANSACTION ISOLATION LEVEL READ COMMITTED"))  # to see what others did meanwhile
        await conn.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _ONE_AT_A_TIME})
    version = await conn.run_sync(version_of)
    if version == VERSIONS[-1]:
        return
    if version is None:
        if await conn.run_sync(_foreign):
            raise StoreError(f"{place} holds another program's tables. Name an empty database.")
        return await conn.run_sync(create)
    check_version(version, place)
    await conn.run_sync(upgrade)


def check_version(version: str | None, place: str) -> None:
    """Raises StoreError if a newer semax-bot, or something else, wrote this version."""
    if version and version not in VERSIONS:
        raise StoreError(
            f"{place} was written by a newer semax-bot (schema {version}). Update semax-bot, then try again."
        )


def version_of(conn: Connection) -> str | None:
    """The schema's version, or None in an empty database."""
    if not inspect(conn).has_table("alembic_version"):
        return None
    return conn.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _foreign(conn: Connection) -> bool:
    return not metadata.tables.keys().isdisjoint(inspect(conn).get_table_names())


def create(conn: Connection) -> None:
    """Make the newest schema in an empty database: what all migrations lead to, without loading what runs them.

    https://alembic.sqlalchemy.org/en/latest/cookbook.html#building-an-up-to-date-database-from-scratch
    """
    metadata.create_all(conn)
    conn.execute(text("CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
    conn.execute(text("INSERT INTO alembic_version VALUES (:version)"), {"version": VERSIONS[-1]})


def upgrade(conn: Connection) -> None:
    """Run the migrations that a database lacks."""
    logging.getLogger("alembic").setLevel(logging.WARNING)  # it speaks as soon as it is imported
    from alembic import command  # large, and of no use once the schema is the newest
    from alembic.config import Config

    config = Config(attributes={"connection": conn})
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    command.upgrade(config, "head")
