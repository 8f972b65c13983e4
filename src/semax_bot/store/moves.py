"""A group that became a supergroup has another id from then on."""

from sqlalchemy import Table, UniqueConstraint, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from semax_bot.store.schema import answer_link, metadata, post

_NAMES = ("chat", "home")  # of the columns that hold a chat's key; a group that moves has no topics yet


async def move(conn: AsyncConnection, old: str, new: str) -> None:
    """Write the new key of a chat in place of the old one everywhere; done twice it changes nothing.

    What the chat has under its new key already (where a message came before the news of the move) is kept. Ids of
    messages are left behind: the new chat counts its own, so an old id may be any other message there.
    """
    await conn.execute(delete(answer_link).where(answer_link.c.chat == old))
    await conn.execute(update(post).where(post.c.chat == old).values(message=None))
    for table in metadata.sorted_tables:
        for name in _NAMES:
            if name in table.columns:
                await _move(conn, table, name, old, new)


async def _move(conn: AsyncConnection, table: Table, name: str, old: str, new: str) -> None:
    column = table.columns[name]
    for key in _unique_keys(table):
        if name in key:
            rest = [table.columns[other] for other in key if other != name]
            there = table.alias()
            twice = select(there).where(
                there.columns[name] == new, *(there.columns[other.name] == other for other in rest)
            )
            await conn.execute(table.delete().where(column == old, twice.exists()))
    await conn.execute(update(table).where(column == old).values({name: new}))


def _unique_keys(table: Table) -> list[list[str]]:
    unique = [one.columns for one in table.constraints if isinstance(one, UniqueConstraint)]
    return [[column.name for column in columns] for columns in (table.primary_key.columns, *unique)]
