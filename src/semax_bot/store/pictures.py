"""Pictures that Telegram has already: it keeps a file id for each of its bots, and sends those in no time."""

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from semax_bot.store.schema import picture
from semax_bot.store.upsert import upsert

_FILE_ID = select(picture.c.file_id).where(picture.c.bot == bindparam("bot"), picture.c.hash == bindparam("hash"))


async def file_id(conn: AsyncConnection, bot: int, hash: str) -> str | None:
    """What a bot calls the picture with this hash, if it has sent it before."""
    found: str | None = (await conn.execute(_FILE_ID, {"bot": bot, "hash": hash})).scalar()
    return found


async def keep_file_id(conn: AsyncConnection, bot: int, hash: str, file_id: str) -> None:
    """The bot has sent the picture with this hash, and calls it so from now on."""
    await upsert(conn, picture, {"bot": bot, "hash": hash, "file_id": file_id})
