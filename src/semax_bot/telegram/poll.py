"""Long polling: fetching updates for as long as the process lives, whatever the network does meanwhile.

We do without the library's Updater: it writes tracebacks, dies unseen of a token that is refused later on, and asks
forever for an update that it cannot read.
"""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Never, TypeVar

import structlog
from telegram import Bot, Update
from telegram.constants import PollingLimit
from telegram.error import RetryAfter, TelegramError

from semax_bot.telegram.connections import Updates
from semax_bot.telegram.faults import reason

ALLOWED = (Update.MESSAGE, Update.EDITED_MESSAGE, Update.CALLBACK_QUERY, Update.MY_CHAT_MEMBER)
WAIT = 30  # seconds; servers close polls at about 39: https://github.com/NousResearch/hermes-agent/issues/84495
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0  # seconds between tries while Telegram cannot be reached

log = structlog.get_logger(__name__)
T = TypeVar("T")


async def patiently(failing: str, call: Callable[[], Awaitable[T]]) -> T:
    """Repeat a call until it succeeds, with growing pauses; each fault is one log line that starts with `failing`."""
    pause = FIRST_PAUSE
    while True:
        try:
            return await call()
        except TelegramError as fault:
            wanted = fault._retry_after.total_seconds() if isinstance(fault, RetryAfter) else 0.0
            log.warning(failing, fault=reason(fault), next_try=f"{max(pause, wanted):g} s")
            await asyncio.sleep(max(pause, wanted))
            pause = min(2 * pause, LONGEST_PAUSE)


class Polling:
    """Fetches updates into a queue, in order."""

    def __init__(self, bot: Bot, request: Updates, queue: asyncio.Queue[object]) -> None:
        self._bot, self._request, self._queue = bot, request, queue
        self._next = 0  # the id of the first update that we have not seen

    async def run(self) -> Never:
        """Fetch until cancelled. An update that cannot be read is passed by, with a log line, and stops no other."""
        limit: int = PollingLimit.MAX_LIMIT
        while True:
            try:
                updates = await patiently("updates not fetched", partial(self._fetch, limit, WAIT))
            except Exception as fault:
                limit = await self._single_out(limit, fault)
                continue
            for update in updates:
                await self._queue.put(update)
                self._next = update.update_id + 1
            limit = PollingLimit.MAX_LIMIT

    async def confirm(self) -> None:
        """Tell Telegram what we have seen, so that the next start does not answer it again."""
        try:
            await self._fetch(limit=1, wait=0)
        except Exception as fault:  # the network's, or an update that cannot be read
            log.warning("last updates not confirmed; they may be answered twice", fault=reason(fault))

    async def _fetch(self, limit: int, wait: int) -> tuple[Update, ...]:
        return await self._bot.get_updates(self._next, limit, wait, ALLOWED)

    async def _single_out(self, limit: int, fault: Exception) -> int:
        """Fetch one by one until the unreadable update comes alone, and pass it by; returns the next limit."""
        if limit == 1 and self._request.fetched:
            update_id = self._request.fetched[0]
            log.error("update unreadable, passed by", update_id=update_id, fault=reason(fault))
            self._next = update_id + 1
            return PollingLimit.MAX_LIMIT
        await asyncio.sleep(FIRST_PAUSE)
        return 1
