"""A chat's short memory: its last entry, and which message answered which question. Ids only, never text."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from semax_bot.store.schema import answer_link
from semax_bot.store.schema import last_entry as entries
from semax_bot.store.upsert import upsert

KEEP = timedelta(minutes=30)  # a follow-up later than this starts afresh

_LAST_ENTRY = select(entries.c.entry).where(entries.c.chat == bindparam("chat"), entries.c.at >= bindparam("since"))
_ANSWER = select(answer_link.c.answer).where(
    answer_link.c.chat == bindparam("chat"),
    answer_link.c.question == bindparam("question"),
    answer_link.c.at >= bindparam("since"),
)


async def last_entry(conn: AsyncConnection, chat: str, now: datetime) -> str | None:
    """The entry that the chat saw last, if within KEEP."""
    found: str | None = (await conn.execute(_LAST_ENTRY, {"chat": chat, "since": now - KEEP})).scalar()
    return found


async def saw(conn: AsyncConnection, chat: str, entry: str, now: datetime) -> None:
    """The chat was shown this entry."""
    await upsert(conn, entries, {"chat": chat, "entry": entry, "at": now})


async def answer_to(conn: AsyncConnection, chat: str, question: int, now: datetime) -> int | None:
    """The id of the message that answered message `question`, if within KEEP."""
    found: int | None = (
        await conn.execute(_ANSWER, {"chat": chat, "question": question, "since": now - KEEP})
    ).scalar()
    return found


async def answered(conn: AsyncConnection, chat: str, question: int, answer: int, now: datetime) -> None:
    """Message `answer` answers message `question`."""
    await upsert(conn, answer_link, {"chat": chat, "question": question, "answer": answer, "at": now})


async def expire(conn: AsyncConnection, now: datetime) -> None:
    """Forget for good what is older than KEEP."""
    for table in (entries, answer_link):
        await conn.execute(delete(table).where(table.c.at < now - KEEP))
