"""Grading: one answer with its commit and the next question, and starting a round, as the number of learners grows."""

import asyncio
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median, quantiles
from typing import Any
from unittest.mock import patch

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from benchmarks.table import Row
from postgres import programs, running_cluster
from semax_bot.course.load import load
from semax_bot.course.model import Item
from semax_bot.schedule.memory import remembered
from semax_bot.schedule.values import Attempt
from semax_bot.settings import content_folder
from semax_bot.store import driver, schema
from semax_bot.store.store import Store
from semax_bot.tutor import Tutor, Who
from semax_bot.tutor.values import Turn

SIZES = (100, 1_000, 10_000)  # learners
ATTEMPTS = 200  # of each
ROUNDS = 60  # measured one after the other, of 5 answers each
CROWD = 64  # learners who answer at the same time
WAVES = 10
GOAL = 500  # answers a second on SQLite
CHUNK = 50  # learners filled in at a time
HISTORIES = 100  # different ones; replaying 10,000 would take most of the time
Values = dict[str, Any]
RELAXED = tuple(line.replace("= FULL", "= NORMAL") for line in driver.PRAGMAS)
DURABLE = "-c listen_addresses=127.0.0.1"  # PostgreSQL's own defaults, which sync at each commit


def rows() -> list[Row]:
    """SQLite as shipped, SQLite without the sync at each commit, and PostgreSQL where it is installed."""
    found = asyncio.run(_measured("SQLite", ""))
    with patch("semax_bot.store.driver.PRAGMAS", RELAXED):
        found += asyncio.run(_measured("SQLite, synchronous=NORMAL", "", SIZES[:1]))
    bin = programs()
    if bin is None:
        return [*found, Row("PostgreSQL", "skipped: not installed here")]
    with running_cluster(bin, DURABLE) as cluster:
        return [*found, *asyncio.run(_measured("PostgreSQL", cluster.url(cluster.create())))]


async def _measured(name: str, url: str, sizes: Sequence[int] = SIZES) -> list[Row]:
    found: list[Row] = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        store = await Store.open(url, folder)
        tutor = Tutor(load(content_folder()), store, rng=Random(1))
        first: float | None = None
        for before, size in zip((0, *sizes), sizes, strict=False):
            print(f"  {name}: filling in {size:,} learners ...", file=sys.stderr)
            await _fill(store, list(tutor.course.items.values()), range(before, size))
            grading, starting = await _one_by_one(tutor, size)
            middle = median(grading)
            growth = f"{middle / first:.2f} times that at {sizes[0]:,}" if first else ""
            first = first or middle
            found.append(_row(f"{name}, {size:,} learners: grade, commit, next question", grading, growth))
            found.append(_row("  choose the items of a round, commit, first question", starting))
        rates = await _crowd(tutor)
        verdict = ("met" if max(rates) >= GOAL else "MISSED") if name == "SQLite" else ""
        goal = f">= {GOAL} a second" if verdict else ""
        what = f"{name}, {CROWD} learners answer at once: best of {WAVES} waves"
        found.append(Row(what, f"{max(rates):.0f} a second (median {median(rates):.0f})", goal, verdict))
        await store.close()
    return found


def _row(what: str, times: Sequence[float], ratio: str = "") -> Row:
    return Row(what, f"{median(times):.2f} ms (p99 {quantiles(times, n=100)[-1]:.2f} ms)", "", ratio)


async def _fill(store: Store, items: Sequence[Item], learners: range) -> None:
    """Give each learner a log of ATTEMPTS answers over the past months, and the cards that follow from it."""
    histories = [_history(items, Random(number)) for number in range(HISTORIES)]
    for first in range(learners.start, learners.stop, CHUNK):
        chunk = range(first, min(first + CHUNK, learners.stop))

        async def change(conn: AsyncConnection, chunk: range = chunk) -> None:
            made = datetime(2026, 1, 1, tzinfo=UTC)
            people = [{"id": n + 1, "surface": "telegram", "handle": str(n), "made_at": made} for n in chunk]
            await conn.execute(insert(schema.learner), people)
            for table, part in ((schema.attempt, 0), (schema.card, 1)):
                rows = [{"learner_id": n + 1, **row} for n in chunk for row in histories[n % HISTORIES][part]]
                await conn.execute(insert(table), rows)

        await store.write(change)


def _history(items: Sequence[Item], rng: Random) -> tuple[list[Values], list[Values]]:
    """The rows of a learner's log, and of the cards that follow from it."""
    start = datetime.now(UTC) - timedelta(hours=10 * ATTEMPTS)
    log = [
        Attempt(number, rng.choice(items).id, start + timedelta(hours=10 * number), right=rng.random() < 0.8)
        for number in range(ATTEMPTS)
    ]
    attempts = [{**asdict(row), "event": row.event.value} for row in log]
    for row in attempts:
        del row["id"]
    cards = (remembered(item, [row for row in log if row.item == item.id]) for item in items)
    return attempts, [asdict(card) for card in cards if card]


async def _one_by_one(tutor: Tutor, size: int) -> tuple[list[float], list[float]]:
    """The times in ms of each answer, and of each start of a round, of learners spread over all."""
    grading: list[float] = []
    starting: list[float] = []
    for number in range(ROUNDS):
        who = Who("telegram", str(number * size // ROUNDS))
        began = time.perf_counter()
        turn = await tutor.rounds.start(who, who.handle, "/quiz")
        starting.append((time.perf_counter() - began) * 1e3)
        grading += await _play(tutor, who, turn)
    return grading, starting


async def _play(tutor: Tutor, who: Who, turn: Turn) -> list[float]:
    times: list[float] = []
    while turn.ask:
        poll = f"{who.handle}-{turn.ask.id}"
        await tutor.rounds.sent(turn.ask.id, poll, turn.ask.id)
        began = time.perf_counter()
        graded = await tutor.rounds.grade(who, who.handle, poll, turn.ask.question.right)
        times.append((time.perf_counter() - began) * 1e3)
        assert graded is not None
        turn = graded.turn
    return times


async def _crowd(tutor: Tutor) -> list[float]:
    """Answers graded a second when CROWD learners answer at the same moment, in each of WAVES waves.

    The best one counts, as other processes only ever slow one down.
    """
    people = [Who("telegram", str(number)) for number in range(CROWD)]
    rates = []
    for _ in range(WAVES):
        turns = [await tutor.rounds.start(who, who.handle, "/quiz dopamine 5") for who in people]
        answers = []
        for who, turn in zip(people, turns, strict=True):
            assert turn.ask is not None
            poll = f"{who.handle}-{turn.ask.id}"
            await tutor.rounds.sent(turn.ask.id, poll, turn.ask.id)
            answers.append(tutor.rounds.grade(who, who.handle, poll, turn.ask.question.right))
        began = time.perf_counter()
        await asyncio.gather(*answers)
        rates.append(CROWD / (time.perf_counter() - began))
    return rates
