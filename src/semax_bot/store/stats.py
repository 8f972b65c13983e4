"""Counts for the operator and the author: how much the bot is used, and which items and entries need work.

Nobody is named, and a count per item needs several learners, so that none shows through it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, case, distinct, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from semax_bot.schedule.values import Event
from semax_bot.store import deliveries
from semax_bot.store.schema import attempt, confusion, learner, round_, subscription
from semax_bot.store.upsert import inserting

ACTIVE = timedelta(days=7)
ENOUGH = 5  # learners who met an item, before it is called hard or easy
LISTED = 10  # lines per list
OVERDUE = timedelta(minutes=10)  # after which a delivery that has not ended is not under way any more

_ANSWERS = attempt.c.event == Event.ANSWER.value
_ACTIVE = select(func.count(distinct(attempt.c.learner_id))).where(_ANSWERS, attempt.c.at >= bindparam("since"))
_TAKEN_BACK = select(attempt.c.of).where(attempt.c.event == Event.TAKEN_BACK.value)
_FIRSTS = (  # what was graded when a learner met an item; later answers show what the bot has taught
    select(func.min(attempt.c.id))
    .where(_ANSWERS, ~attempt.c.practice, attempt.c.id.not_in(_TAKEN_BACK))
    .group_by(attempt.c.learner_id, attempt.c.item)
)
_ITEMS = (
    select(attempt.c.item, func.count(), func.sum(case((attempt.c.right, 0), else_=1)))
    .where(attempt.c.id.in_(_FIRSTS))
    .group_by(attempt.c.item)
    .having(func.count() >= ENOUGH)
    .order_by(attempt.c.item)
)
_SUBSCRIBED = select(func.count()).select_from(subscription).where(subscription.c.off.is_(None))
_CONFUSED = (
    select(confusion.c.entry, confusion.c.times).order_by(confusion.c.times.desc(), confusion.c.entry).limit(LISTED)
)


@dataclass(frozen=True, slots=True)
class Met:
    """How an item was answered at first sight: by so many learners, and wrongly by so many of them."""

    item: str
    learners: int
    wrong: int

    @property
    def missed(self) -> float:
        """The share of wrong answers, 0 to 1."""
        return self.wrong / self.learners


@dataclass(frozen=True, slots=True)
class Confused:
    """An entry whose card was so often not what a learner meant."""

    entry: str
    times: int


@dataclass(frozen=True, slots=True)
class Stats:
    """All counts; `attempts` are answers, practice and those taken back included, `active` learners gave one lately."""

    learners: int
    active: int
    attempts: int
    rounds: int
    subscriptions: int  # that are switched on
    unknown_deliveries: int  # cut off while they were being sent, so nobody knows whether they arrived
    hardest: tuple[Met, ...]  # the largest share of wrong answers first
    never_missed: tuple[Met, ...]
    confused: tuple[Confused, ...]  # the most frequent first

    def as_json(self) -> dict[str, Any]:
        """The same as plain JSON values."""
        return asdict(self)

    def table(self) -> str:
        """The same for a person to read."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield f"{'Learners':<10}{self.learners:>8}   {self.active} of them active in the last {ACTIVE.days} days"
        yield f"{'Answers':<10}{self.attempts:>8}"
        yield f"{'Rounds':<10}{self.rounds:>8}"
        yield f"{'Daily':<10}{self.subscriptions:>8}   {self.unknown_deliveries} deliveries may not have arrived"
        hardest = [f"{one.missed:>5.0%} of {one.learners:<5} {one.item}" for one in self.hardest]
        yield from _list(f"Hardest items: missed at first sight, of those that {ENOUGH} learners have met", hardest)
        yield from _list("Items that nobody misses", [f"{one.learners:>14} {one.item}" for one in self.never_missed])
        yield from _list("Most often 'not what I meant'", [f"{one.times:>14} {one.entry}" for one in self.confused])


def _list(title: str, lines: Sequence[str]) -> Iterator[str]:
    yield from ["", title, *(lines or ["none"])]


async def confused(conn: AsyncConnection, entry: str) -> None:
    """One more learner did not mean this entry."""
    insert = inserting(conn, confusion)
    again = {"times": confusion.c.times + 1}
    await conn.execute(insert.on_conflict_do_update(index_elements=["entry"], set_=again), {"entry": entry, "times": 1})


async def stats(conn: AsyncConnection, now: datetime | None = None) -> Stats:
    """All counts at a moment, the present unless told."""
    now = now or datetime.now(UTC)
    met = [Met(*row) for row in await conn.execute(_ITEMS)]
    missed = sorted((one for one in met if one.wrong), key=lambda one: (-one.missed, one.item))
    return Stats(
        learners=await _count(conn, select(func.count()).select_from(learner)),
        active=await _count(conn, _ACTIVE, since=now - ACTIVE),
        attempts=await _count(conn, select(func.count()).select_from(attempt).where(_ANSWERS)),
        rounds=await _count(conn, select(func.count()).select_from(round_)),
        subscriptions=await _count(conn, _SUBSCRIBED),
        unknown_deliveries=await deliveries.unknown(conn, now - OVERDUE),
        hardest=tuple(missed[:LISTED]),
        never_missed=tuple(one for one in met if not one.wrong),
        confused=tuple(Confused(*row) for row in await conn.execute(_CONFUSED)),
    )


async def _count(conn: AsyncConnection, statement: Any, **values: Any) -> int:
    return int((await conn.execute(statement, values)).scalar_one())
