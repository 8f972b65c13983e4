"""The clock: it asks the tutor what is due, has it sent, and keeps to a few sends at a time.

It holds no plan of its own: what is due stands in the store, so it may stop at any moment and go on in another process.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Never

import structlog

from semax_bot.errors import SemaxBotError
from semax_bot.tutor import Tutor
from semax_bot.tutor.values import Delivery, Due

TICK = 0.5  # seconds between looks at what is due
AT_ONCE = 16  # sends under way of each sort, which is also how many a sudden end may lose
LONGEST_PAUSE = 30.0  # seconds between tries while the store takes nothing

log = structlog.get_logger(__name__)


class Clock:
    """Has sent what is due, from `start` to `stop`. `send` delivers one thing, and reports it itself."""

    def __init__(self, tutor: Tutor, send: Callable[[Delivery], Awaitable[None]]) -> None:
        self._tutor, self._send = tutor, send
        self._sending: dict[bool, set[asyncio.Task[None]]] = {True: set(), False: set()}  # urgent or not
        self._running: asyncio.Task[Never] | None = None

    def start(self) -> None:
        """Begin to look."""
        self._running = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Look no more, and wait until what has begun is sent: it would not be sent again."""
        if self._running:
            self._running.cancel()
            await asyncio.wait([self._running, *self._under_way()])

    async def _run(self) -> Never:
        """Look every TICK, or at once where there was more than fits. Prompts never keep a round waiting."""
        pause = TICK
        while True:
            try:
                full = [await self._take(urgent) for urgent in self._sending]
                pause = TICK
            except Exception as fault:  # whatever it is, all chats wait for us
                full, pause = [], min(2 * pause, LONGEST_PAUSE)
                log.error("nothing can be sent by the clock", fault=_named(fault), next_try=f"{pause:g} s")
            under_way = self._under_way()
            if any(full) and under_way:  # there may be more, as soon as there is room
                await asyncio.wait(under_way, timeout=TICK, return_when=asyncio.FIRST_COMPLETED)
            elif not any(full):
                await asyncio.sleep(pause)

    async def _take(self, urgent: bool) -> bool:
        """Claim as much as there is room for, and begin on it; returns whether there may be more."""
        tasks = self._sending[urgent]
        room = AT_ONCE - len(tasks)
        claimed = await self._tutor.deliveries.claim(urgent, room)
        for one in claimed:
            task = asyncio.create_task(self._do(one))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
        return len(claimed) == room

    async def _do(self, one: Due) -> None:
        try:
            delivery = await self._tutor.deliveries.begin(one)
            if delivery:
                await self._send(delivery)
        except Exception as fault:  # one that fails must not stop the others; its lease ends, or it was begun
            log.error("not sent", kind=one.kind, ref=one.ref, fault=_named(fault))

    def _under_way(self) -> list[asyncio.Task[None]]:
        return [task for tasks in self._sending.values() for task in tasks]


def _named(fault: Exception) -> str:
    """The fault's kind, and its words if they are ours; others may quote what people wrote."""
    return f"{type(fault).__name__}: {fault}" if isinstance(fault, SemaxBotError) else type(fault).__name__
