"""A learner with something in every table, for the tests of the store."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, time, timedelta
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from semax_bot.quiz.values import Mode, Round, Step
from semax_bot.schedule.slots import Slots
from semax_bot.schedule.values import Attempt, Card
from semax_bot.store import channels, deliveries, learners, log, posts, recall, rounds, subscriptions, votes
from semax_bot.store.store import Store
from semax_bot.store.subscriptions import Kind

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
        await together(conn, me, handle)

    await store.write(change)
    return me


async def together(conn: AsyncConnection, me: int, handle: str) -> None:
    """A learner's daily question, and what they did in a group and for a channel."""
    await subscriptions.save(conn, handle, Kind.QUESTION, Slots((time(8, 30),)), NOW, me)
    await deliveries.begin(conn, handle, Kind.QUESTION, "08:30", "2026-03-01", NOW)
    round_id = await posts.start(conn, "-5", handle, ROUND, 30, NOW)
    post = await posts.add(conn, "-5", "dopac-1", (2, 0, 1), NOW, round_id)
    await posts.sent(conn, post, f"post-{handle}", 7, NOW)
    await votes.add(conn, post, me, "-5", True, 12, NOW)
    await votes.named(conn, "-5", me, "Ada")
    await channels.keep(conn, f"-100{handle}", "Brain facts", me, NOW)
