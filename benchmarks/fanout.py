"""A fan-out: a morning's prompts through Telegram's limits, and what somebody who asks meanwhile has to wait."""

import asyncio
import sys
import threading
import time
from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.prompts import SHARE, fill
from benchmarks.serving import OURS, Quick, Served
from benchmarks.table import Row, at_most
from semax_bot.store.store import Store
from standin.people import Talk
from standin.server import too_many

SUBSCRIPTIONS = 100_000
DUE = SUBSCRIPTIONS // SHARE
RATE_GOAL = 27.0  # messages a second
DELAY_GOAL = 1.0  # seconds
LATENCY = 0.05  # seconds that Telegram takes to answer
ALL_CHATS, ONE_CHAT = (30, 1.0), (3, 3.0)  # messages in so many seconds: what Telegram's FAQ allows
EVERY = 3.0  # seconds between two questions of somebody who asks meanwhile
LONGEST = 300.0  # seconds for the whole


class Strict(Quick):
    """A stand-in that enforces Telegram's limits by the time at which calls come in, and answers after LATENCY."""

    def __init__(self) -> None:
        super().__init__()
        self._sent: dict[int | None, deque[float]] = defaultdict(deque)  # by chat, and under None in all
        self.refused = 0

    async def _perform(self, method: str, params: dict[str, str], chat: int | None) -> object:
        if method in {"sendMessage", "sendPoll", "sendPhoto"}:
            now = time.monotonic()
            for key, (limit, seconds) in ((None, ALL_CHATS), (chat, ONE_CHAT)):
                sent = self._sent[key]
                while sent and sent[0] <= now - seconds:
                    sent.popleft()
                if len(sent) >= limit:
                    self.refused += 1
                    raise too_many(1)
            self._sent[None].append(now)
            self._sent[chat].append(now)
            await asyncio.sleep(LATENCY)
        return await super()._perform(method, params, chat)


def rows() -> list[Row]:
    """On SQLite: 5,000 of 100,000 subscriptions fall due in one minute."""
    with TemporaryDirectory() as folder:
        print(f"  filling in {SUBSCRIPTIONS:,} subscriptions ...", file=sys.stderr)
        asyncio.run(_fill(Path(folder)))
        standin = Strict()
        for chat in range(SHARE, SUBSCRIPTIONS + 1, SHARE):  # they opened their chats long ago
            standin.chats.add({"id": chat, "type": "private", "first_name": "A"}, {"text": "/start", "from": {}})
        served = Served(*OURS, folder=folder, standin=standin, rate="30")
        try:
            return _measured(standin)
        finally:
            served.end()


async def _fill(folder: Path) -> None:
    store = await Store.open("", folder)
    await fill(store, range(SUBSCRIPTIONS))
    await store.close()


def _measured(standin: Strict) -> list[Row]:
    print(f"  sending {DUE:,} prompts ...", file=sys.stderr)
    with _asking(standin) as waits:
        end = time.monotonic() + LONGEST
        while (count := len(standin.made("sendPoll"))) < DUE and time.monotonic() < end:
            time.sleep(1)
    alone = [_wait(standin) for _ in range(5)]
    times = sorted(call.at for call in standin.calls if call.method in {"sendPoll", "sendMessage"})
    rate = (len(times) - 1) / (times[-1] - times[0])
    delay = max(waits) - median(alone)
    verdict = "met" if rate >= RATE_GOAL and not standin.refused and count == DUE else "MISSED"
    return [
        Row(
            f"fan-out of {DUE:,} prompts, {1000 * LATENCY:.0f} ms to Telegram and back",
            f"{rate:.1f} messages a second, {standin.refused} refused (429)",
            f">= {RATE_GOAL:g}, none refused",
            f"{rate / RATE_GOAL:.2f} of the goal: {verdict}",
        ),
        at_most(
            f"  the longest delay of {len(waits)} answers meanwhile",
            delay,
            DELAY_GOAL,
            "s",
            f" (median wait {median(waits):.2f} s, without a fan-out {median(alone):.2f} s)",
        ),
    ]


@contextmanager
def _asking(standin: Strict) -> Iterator[list[float]]:
    """Somebody new asks every few seconds; gives the seconds that each waited."""
    waits: list[float] = []
    over = threading.Event()

    def ask() -> None:
        while not over.wait(EVERY):
            waits.append(_wait(standin))

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        yield waits
    finally:
        over.set()
        asking.join()


def _wait(standin: Strict) -> float:
    """How long somebody new waits for an answer."""
    talk = Talk.private(standin)
    began = time.monotonic()
    talk.says("what is DOPAC?")
    call = standin.wait(lambda: standin.made("sendMessage", talk.id), timeout=30)[0]
    return call.at - began
