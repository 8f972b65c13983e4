"""A learner with something in every table, for the tests of the store."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from semax_bot.quiz.values import Mode, Round, Step
from semax_bot.schedule.values import Attempt, Card
from semax_bot.store import learners, log, recall, rounds
from semax_bot.store.store import Store

P = ParamSpec("P")
T = TypeVar("T")

NOW = datetime(2026, 3, 1, 12, 30, 15, 123456, tzinfo=UTC)
CARD = Card("dopac-1", 2.3065, 2.118103970459016, NOW + timedelta(days=2), NOW, NOW, True, 1, False)
ROUND = Round(Mode.QUIZ, (Step("a"), Step("b", practice=True)), right=("c",), missed=("b",), topic="06/term/dopac")


async def do(
    store: Store, change: Callable[Concatenate[AsyncConnection, P], Awaitable[T]], *args: P.args, **kwargs: P.kwargs
) -> T:
    """Write what one function of the store does."""
    return await store.write(lambda conn: change(conn, *args, **kwargs))


async def learner(store: Store, handle: str = "1") -> int:
    """A learner's id."""
    return (await do(store, learners.learner_of, "telegram", handle, NOW)).id


async def busy(store: Store, handle: str = "1") -> int:
    """A learner who has left a row in every table that is about learners."""
    me = await learner(store, handle)

    async def change(conn: AsyncConnection) -> None:
        round_id = await rounds.start(conn, me, handle, ROUND, NOW)
        asked = await rounds.ask(conn, round_id, Step("dopac-1"), (2, 0, 1), NOW)
        await rounds.sent(conn, asked, f"poll-{handle}", 2**40, NOW)
        attempt = Attempt(0, "dopac-1", NOW, right=True)
        await rounds.answered(conn, asked, await log.append(conn, me, attempt, (1, 2), round_id))
        await log.save_card(conn, me, CARD)
        await recall.saw(conn, handle, "06/term/dopac", NOW)
        await recall.answered(conn, handle, 1, 2, NOW)

    await store.write(change)
    return me
