"""Questions for everybody in a chat, by themselves or in a group's round, and who answered them how."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from semax_bot.quiz.round import from_json, to_json
from semax_bot.quiz.values import Round
from semax_bot.store.homes import at_home, of_home
from semax_bot.store.schema import group_round, post
from semax_bot.store.upsert import inserted


@dataclass(frozen=True, slots=True)
class GroupRound:
    """A round of a whole group: `seconds` for each question, `starter` the handle of who began it.

    That is empty for an admin who stays anonymous, and once the round has ended.
    """

    id: int
    chat: str
    starter: str
    round: Round
    seconds: int
    made_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Post:
    """One question as it stands in a chat; `shown` holds the authored place of each option in the order shown.

    `others` counts the votes of chats, `counts` the votes by option in the order shown, once they are known.
    """

    id: int
    chat: str
    item: str
    shown: tuple[int, ...]
    group_round_id: int | None
    poll: str | None
    message: int | None
    made_at: datetime
    sent_at: datetime | None
    closed: bool
    others: int
    counts: tuple[int, ...] | None


_ROUND_COLUMNS = ("id", "chat", "starter", "state", "seconds", "made_at", "ended_at")
_ROUND = select(*(group_round.c[name] for name in _ROUND_COLUMNS))
_ROUND_BY_ID = _ROUND.where(group_round.c.id == bindparam("key"))
_OPEN = _ROUND.where(group_round.c.chat == bindparam("in_chat"), group_round.c.ended_at.is_(None)).limit(1)
_ALL_OPEN = _ROUND.where(at_home(group_round.c.chat), group_round.c.ended_at.is_(None))
_START = insert(group_round)
_CHANGE_ROUND = update(group_round).where(group_round.c.id == bindparam("key"))

_POST = select(*(post.c[field.name] for field in fields(Post)))
_BY_ID = _POST.where(post.c.id == bindparam("key"))
_BY_POLL = _POST.where(post.c.poll == bindparam("of_poll"))
_OF_ROUND = _POST.where(post.c.group_round_id == bindparam("of_round")).order_by(post.c.id)
_LAST_ASKED = (
    select(post.c.item, func.max(post.c.made_at)).where(post.c.chat == bindparam("in_chat")).group_by(post.c.item)
)
_ADD = insert(post)
_CHANGE = update(post).where(post.c.id == bindparam("key"))
_ANOTHER = _CHANGE.values(others=post.c.others + 1)


async def start(conn: AsyncConnection, chat: str, starter: str, round: Round, seconds: int, now: datetime) -> int:
    """Store a new round of a group and return its id."""
    values = {"chat": chat, "starter": starter, "state": to_json(round), "seconds": seconds, "made_at": now}
    return await inserted(conn, _START, values)


async def group_round_of(conn: AsyncConnection, round_id: int) -> GroupRound | None:
    """The round with this id."""
    return _round((await conn.execute(_ROUND_BY_ID, {"key": round_id})).first())


async def open_round(conn: AsyncConnection, chat: str) -> GroupRound | None:
    """The round that is under way in a chat."""
    return _round((await conn.execute(_OPEN, {"in_chat": chat})).first())


async def open_rounds(conn: AsyncConnection, home: str) -> list[GroupRound]:
    """The rounds that are under way in a chat and in its topics."""
    rows = await conn.execute(_ALL_OPEN, of_home(home))
    return [row for row in map(_round, rows) if row]


async def save(conn: AsyncConnection, round_id: int, round: Round) -> None:
    """Store how a round has gone on."""
    await conn.execute(_CHANGE_ROUND, {"key": round_id, "state": to_json(round)})


async def end(conn: AsyncConnection, round_id: int, now: datetime) -> None:
    """The round is over, and nobody needs to know any more who began it."""
    await conn.execute(_CHANGE_ROUND, {"key": round_id, "ended_at": now, "starter": ""})


async def add(
    conn: AsyncConnection, chat: str, item: str, shown: Sequence[int], now: datetime, group_round_id: int | None = None
) -> int:
    """Store a question that is about to be posted, and return its id."""
    values = {"chat": chat, "item": item, "shown": shown, "made_at": now, "group_round_id": group_round_id}
    return await inserted(conn, _ADD, values)


async def sent(conn: AsyncConnection, post_id: int, poll: str, message: int, now: datetime) -> None:
    """It stands in the chat, as this poll in this message."""
    await conn.execute(_CHANGE, {"key": post_id, "poll": poll, "message": message, "sent_at": now})


async def get(conn: AsyncConnection, post_id: int) -> Post | None:
    """The post with this id."""
    return _post((await conn.execute(_BY_ID, {"key": post_id})).first())


async def by_poll(conn: AsyncConnection, poll: str) -> Post | None:
    """The post that is this poll."""
    return _post((await conn.execute(_BY_POLL, {"of_poll": poll})).first())


async def of_round(conn: AsyncConnection, round_id: int) -> list[Post]:
    """The posts of a group's round, in order."""
    return [Post(*row) for row in await conn.execute(_OF_ROUND, {"of_round": round_id})]


async def last_asked(conn: AsyncConnection, chat: str) -> dict[str, datetime]:
    """When each item was posted in a chat, for the last time; those that never were are left out."""
    rows = await conn.execute(_LAST_ASKED, {"in_chat": chat})
    return {row.item: row[1] for row in rows}


async def close(conn: AsyncConnection, post_id: int) -> None:
    """Its time is up."""
    await conn.execute(_CHANGE, {"key": post_id, "closed": True})


async def counted(conn: AsyncConnection, post_id: int, counts: Sequence[int]) -> None:
    """How many voted for each option, in the order shown."""
    await conn.execute(_CHANGE, {"key": post_id, "counts": counts})


async def another(conn: AsyncConnection, post_id: int) -> None:
    """One more vote as a chat, which is nobody's."""
    await conn.execute(_ANOTHER, {"key": post_id})


def _round(row: Any) -> GroupRound | None:
    if row is None:
        return None
    state = _ROUND_COLUMNS.index("state")
    return GroupRound(*row[:state], from_json(row[state]), *row[state + 1 :])  # type: ignore[call-arg]


def _post(row: Any) -> Post | None:
    return Post(*row) if row else None
