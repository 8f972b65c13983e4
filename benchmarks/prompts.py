"""Daily prompts: to find and claim what is due among many subscriptions."""

import asyncio
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from benchmarks.grading import DURABLE
from benchmarks.table import Row
from postgres import programs, running_cluster
from semax_bot.course.load import load
from semax_bot.schedule.slots import Slots
from semax_bot.settings import content_folder
from semax_bot.store import due, schema
from semax_bot.store.store import Store
from semax_bot.store.values import Due
from semax_bot.tutor import Tutor

SIZES = (1_000, 10_000, 100_000)  # subscriptions
SHARE = 20  # one of so many is due in the same minute: 5,000 of 100,000
CLAIM = 16  # at a time, as many as are sent at the same time
CHUNK = 10_000


def rows() -> list[Row]:
    """SQLite as shipped, and PostgreSQL where it is installed."""
    found = asyncio.run(_measured("SQLite", ""))
    bin = programs()
    if bin is None:
        return [*found, Row("PostgreSQL", "skipped: not installed here")]
    with running_cluster(bin, DURABLE) as cluster:
        return [*found, *asyncio.run(_measured("PostgreSQL", cluster.url(cluster.create())))]


async def _measured(name: str, url: str) -> list[Row]:
    found: list[Row] = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        store = await Store.open(url, folder)
        tutor = Tutor(load(content_folder()), store)
        first: float | None = None
        for before, size in zip((0, *SIZES), SIZES, strict=False):
            print(f"  {name}: filling in {size:,} subscriptions ...", file=sys.stderr)
            await fill(store, range(before, size))
            times = await _claim_all(tutor, store)
            middle = median(times) * 1000
            growth = f"{middle / first:.2f} times that of {SIZES[0]:,}" if first else ""
            first = first or middle
            ripe = size // SHARE
            what = f"{name}, {size:,} subscriptions: find and claim {CLAIM} that are due"
            found.append(Row(what, f"{middle:.2f} ms (all {ripe:,}: {sum(times):.2f} s)", "", growth))
        await store.close()
    return found


async def fill(store: Store, numbers: range) -> None:
    """Subscriptions with their learners; those that are due are so now, the others spread over the coming day."""
    now = datetime.now(UTC)
    slots = Slots((now.time().replace(second=0, microsecond=0),)).as_text()
    for start in range(numbers.start, numbers.stop, CHUNK):
        chunk = [n + 1 for n in range(start, min(start + CHUNK, numbers.stop))]

        async def change(conn: AsyncConnection, chunk: list[int] = chunk) -> None:
            people = [{"id": n, "surface": "telegram", "handle": str(n), "made_at": now} for n in chunk]
            wishes = [
                {"id": n, "chat": str(n), "kind": "question", "learner_id": n, "slots": slots, "made_at": now}
                for n in chunk
            ]
            moments = [now if n % SHARE == 0 else now + timedelta(seconds=n % 86_000 + 300) for n in chunk]
            plans = [
                {"kind": "subscription", "ref": n, "at": at, "next_run_at": at}
                for n, at in zip(chunk, moments, strict=True)
            ]
            for table, values in ((schema.learner, people), (schema.subscription, wishes), (schema.due, plans)):
                await conn.execute(insert(table), values)

        await store.write(change)


async def _claim_all(tutor: Tutor, store: Store) -> list[float]:
    """The seconds of each claim, until nothing is left; what was claimed is put off, lest its lease runs out."""
    times = []
    claimed: list[Due] = []
    while True:
        began = time.perf_counter()
        some = await tutor.deliveries.claim(False, CLAIM)
        if not some:
            break
        times.append(time.perf_counter() - began)
        claimed += some

    async def put_off(conn: AsyncConnection) -> None:
        for one in claimed:
            await due.move(conn, one.id, one.at + timedelta(days=1))

    await store.write(put_off)
    return times
