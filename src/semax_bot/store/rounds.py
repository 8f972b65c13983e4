"""Rounds, and what they asked: all that a round needs to go on after a restart."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from semax_bot.quiz.round import from_json, to_json
from semax_bot.quiz.values import Round, Step
from semax_bot.store.learners import Learner
from semax_bot.store.schema import asked, learner, round_
from semax_bot.store.upsert import inserted


@dataclass(frozen=True, slots=True)
class RoundRow:
    """A round as stored; open until it has an `ended_at`."""

    id: int
    learner_id: int
    chat: str
    round: Round
    made_at: datetime
    touched_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class AskedRow:
    """One item as it was put; `shown` holds the authored place of each option in the order shown.

    `poll` and `message` are Telegram's ids once sent, `attempt_id` is set once answered.
    """

    id: int
    round_id: int
    item: str
    shown: tuple[int, ...]
    practice: bool
    hinted: bool
    poll: str | None
    message: int | None
    made_at: datetime
    sent_at: datetime | None
    attempt_id: int | None
    closed: bool


@dataclass(frozen=True, slots=True)
class Put:
    """What was asked, in which round, and to whom."""

    asked: AskedRow
    round: RoundRow
    learner: Learner


_ASKED_ENDS, _ROUND_ENDS = len(fields(AskedRow)), len(fields(RoundRow))
_STATE_AT = [field.name for field in fields(RoundRow)].index("round")

_START = insert(round_)
_ROUND = update(round_).where(round_.c.id == bindparam("key"))
_UNDER_WAY = select(round_).where(round_.c.ended_at.is_(None)).order_by(round_.c.id.desc())
_OPEN = _UNDER_WAY.where(round_.c.learner_id == bindparam("learner_id"), round_.c.chat == bindparam("chat")).limit(1)
_ALL_OPEN = (
    _UNDER_WAY.add_columns(learner)
    .join(learner, learner.c.id == round_.c.learner_id)
    .where(learner.c.surface == bindparam("surface"))
)

_ASK = insert(asked)
_ASKED = update(asked).where(asked.c.id == bindparam("key"))
_FIRST_ANSWER = _ASKED.where(asked.c.attempt_id.is_(None))
_SELECT_ASKED = select(*(asked.c[field.name] for field in fields(AskedRow)))
_OUTSTANDING = _SELECT_ASKED.where(
    asked.c.round_id == bindparam("key"), asked.c.attempt_id.is_(None), ~asked.c.closed
).order_by(asked.c.id)
_PUT = (
    _SELECT_ASKED.add_columns(round_, learner)
    .join(round_, round_.c.id == asked.c.round_id)
    .join(learner, learner.c.id == round_.c.learner_id)
)
_BY_ID = _PUT.where(asked.c.id == bindparam("key"))
_BY_POLL = _PUT.where(asked.c.poll == bindparam("poll"))
_LAST = (
    _PUT.where(
        learner.c.surface == bindparam("surface"),
        learner.c.handle == bindparam("handle"),
        round_.c.chat == bindparam("chat"),
        asked.c.attempt_id.is_not(None),
    )
    .order_by(asked.c.attempt_id.desc())
    .limit(1)
)


async def start(conn: AsyncConnection, learner_id: int, chat: str, round: Round, now: datetime) -> int:
    """Store a new round and return its id."""
    values = {"learner_id": learner_id, "chat": chat, "state": to_json(round), "made_at": now, "touched_at": now}
    return await inserted(conn, _START, values)


async def save(conn: AsyncConnection, round_id: int, round: Round, now: datetime) -> None:
    """Store how a round has gone on."""
    await conn.execute(_ROUND, {"key": round_id, "state": to_json(round), "touched_at": now})


async def end(conn: AsyncConnection, round_id: int, now: datetime) -> None:
    """The round is over."""
    await conn.execute(_ROUND, {"key": round_id, "touched_at": now, "ended_at": now})


async def reopen(conn: AsyncConnection, round_id: int) -> None:
    """The round goes on after all."""
    await conn.execute(_ROUND, {"key": round_id, "ended_at": None})


async def open_round(conn: AsyncConnection, learner_id: int, chat: str) -> RoundRow | None:
    """The learner's round that is under way in this chat."""
    row = (await conn.execute(_OPEN, {"learner_id": learner_id, "chat": chat})).first()
    return _round(tuple(row)) if row else None


async def open_rounds(conn: AsyncConnection, surface: str) -> list[tuple[RoundRow, Learner]]:
    """All rounds that are under way on a surface, each with its learner."""
    rows = await conn.execute(_ALL_OPEN, {"surface": surface})
    return [(_round(row[:_ROUND_ENDS]), Learner(*row[_ROUND_ENDS:])) for row in rows]


async def ask(conn: AsyncConnection, round_id: int, step: Step, shown: Sequence[int], now: datetime) -> int:
    """Store what is about to be asked, before it is sent, and return its id."""
    values = {"round_id": round_id, "item": step.item, "shown": shown, "practice": step.practice, "made_at": now}
    return await inserted(conn, _ASK, values)


async def sent(conn: AsyncConnection, asked_id: int, poll: str | None, message: int | None, now: datetime) -> None:
    """It went out as this poll, in this message."""
    await conn.execute(_ASKED, {"key": asked_id, "poll": poll, "message": message, "sent_at": now})


async def put(conn: AsyncConnection, asked_id: int) -> Put | None:
    """What was asked under this id."""
    return _put((await conn.execute(_BY_ID, {"key": asked_id})).first())


async def put_by_poll(conn: AsyncConnection, poll: str) -> Put | None:
    """What was asked by this poll."""
    return _put((await conn.execute(_BY_POLL, {"poll": poll})).first())


async def last_answered(conn: AsyncConnection, surface: str, handle: str, chat: str) -> Put | None:
    """What a learner answered last in this chat."""
    return _put((await conn.execute(_LAST, {"surface": surface, "handle": handle, "chat": chat})).first())


async def outstanding(conn: AsyncConnection, round_id: int) -> list[AskedRow]:
    """What was asked in a round, sent or not, and is neither answered nor closed; oldest first."""
    return [AskedRow(*row) for row in await conn.execute(_OUTSTANDING, {"key": round_id})]


async def answered(conn: AsyncConnection, asked_id: int, attempt_id: int) -> bool:
    """It was answered by this attempt. False, and nothing changes, if it had been answered before."""
    first: bool = (await conn.execute(_FIRST_ANSWER, {"key": asked_id, "attempt_id": attempt_id})).rowcount == 1
    return first


async def hint(conn: AsyncConnection, asked_id: int) -> None:
    """The learner has read the hint."""
    await conn.execute(_ASKED, {"key": asked_id, "hinted": True})


async def close(conn: AsyncConnection, asked_id: int) -> None:
    """It takes no answer any more."""
    await conn.execute(_ASKED, {"key": asked_id, "closed": True})


def _round(row: Any) -> RoundRow:
    """The columns of a round; its fields are in the same order."""
    return RoundRow(*row[:_STATE_AT], from_json(row[_STATE_AT]), *row[_STATE_AT + 1 :])  # type: ignore[call-arg]


def _put(row: Any) -> Put | None:
    if row is None:
        return None
    ends = _ASKED_ENDS + _ROUND_ENDS
    return Put(AskedRow(*row[:_ASKED_ENDS]), _round(row[_ASKED_ENDS:ends]), Learner(*row[ends:]))
