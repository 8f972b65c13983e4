"""Long polling: fetching updates for as long as the process lives, whatever the network does meanwhile.

We do without the library's Updater: it writes tracebacks, dies unseen of a token that is refused later on, and asks
forever for an update that it cannot read.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, Never, TypeVar

import structlog
from telegram import Update
from telegram.constants import ChatType, PollingLimit
from telegram.error import RetryAfter, TelegramError
from telegram.ext import Application

from semax_bot.errors import StoreError
from semax_bot.reply import line
from semax_bot.telegram.connections import Updates
from semax_bot.telegram.deliver import Room, send
from semax_bot.telegram.faults import reason
from semax_bot.telegram.queue import ChatQueues
from semax_bot.tutor.inbox import Inbox, Kept

App = Application[Any, Any, Any, Any, Any, Any]
NOT_NOW = "I cannot write anything down at the moment, so I will answer a little later. Sorry; nothing is lost."
ALLOWED = (
    Update.MESSAGE,
    Update.EDITED_MESSAGE,
    Update.CALLBACK_QUERY,
    Update.POLL_ANSWER,
    Update.POLL,
    Update.MY_CHAT_MEMBER,
    Update.INLINE_QUERY,
)
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
    """Fetches updates, keeps them in the inbox, and hands them over, in order.

    Telegram gives up an update when the next one is asked for; by then it is in our store.
    """

    def __init__(self, application: App, updates: Updates, queues: ChatQueues, inbox: Inbox) -> None:
        self._bot, self._queue = application.bot, application.update_queue
        self._request, self._queues, self._inbox = updates, queues, inbox
        self._next = 0  # the id of the first update that we have not kept
        self._sorry: set[int] = set()  # who was told that nothing can be stored
        self._listening = False  # whether no update can have waited at Telegram when the next ones come

    async def resume(self) -> None:
        """Hand over what an earlier process did not get done."""
        for update_id, chat, raw in await self._inbox.waiting():
            try:
                update = Update.de_json(json.loads(raw), self._bot)
            except Exception as fault:  # a newer library may read what an older one could not, and the other way round
                log.error("kept update unreadable, passed by", update_id=update_id, fault=reason(fault))
                await self._inbox.done(update_id)
            else:
                await self._hand_over(update, chat)

    async def run(self) -> Never:
        """Fetch until cancelled. An update that cannot be read is passed by, with a log line, and stops no other."""
        limit: int = PollingLimit.MAX_LIMIT
        pause = FIRST_PAUSE
        while True:
            try:
                updates = await patiently("updates not fetched", partial(self._fetch, limit, WAIT))
            except Exception as fault:
                limit = await self._single_out(limit, fault)
                continue
            received = self._inbox.now() if self._listening else None
            self._listening = len(updates) < limit
            limit = PollingLimit.MAX_LIMIT
            try:
                news = [self._kept(update) for update in updates if not _is_passing(update)]
                kept = await self._inbox.keep(news) if news else {}
            except StoreError as fault:
                log.error("updates not stored, Telegram keeps them", fault=str(fault), next_try=f"{pause:g} s")
                await self._apologise(updates)
                self._listening = False
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
                continue
            for update in self._queues.waiting():
                await self._hand_over(update, None)
            if updates:
                self._sorry.clear()
                pause = FIRST_PAUSE
                self._next = updates[-1].update_id + 1
            for update in updates:
                if update.inline_query:
                    await self._queue.put(update)
                elif update.update_id in kept:
                    if received:
                        self._queues.arrivals[update.update_id] = received
                    await self._hand_over(update, kept[update.update_id])

    async def confirm(self) -> None:
        """Tell Telegram what we have kept, so that it need not send that again."""
        try:
            await self._fetch(limit=1, wait=0)
        except Exception as fault:  # the network's, or an update that cannot be read
            log.warning("last updates not confirmed; Telegram sends them again", fault=reason(fault))

    async def _fetch(self, limit: int, wait: int) -> tuple[Update, ...]:
        listening, self._listening = self._listening, False  # for good, if this fails
        updates: tuple[Update, ...] = await self._bot.get_updates(self._next, limit, wait, ALLOWED)
        self._listening = listening
        return updates

    def _kept(self, update: Update) -> Kept:
        raw = json.dumps(self._request.fetched[update.update_id], ensure_ascii=False)
        poll = update.poll.id if update.poll else update.poll_answer.poll_id if update.poll_answer else None
        return Kept(update.update_id, raw, poll)

    async def _hand_over(self, update: Update, chat: str | None) -> None:
        if chat:
            self._queues.polls[update.update_id] = Room.parse(chat)
        await self._queue.put(update)

    async def _apologise(self, updates: Sequence[Update]) -> None:
        """Tell those who wrote, tapped or voted in private that they have to wait; once each, while it lasts."""
        for update in updates:
            user, chat = update.effective_user, update.effective_chat
            private = chat is None or chat.type == ChatType.PRIVATE  # a vote comes without a chat
            if user and private and user.id not in self._sorry:
                self._sorry.add(user.id)
                with suppress(TelegramError):
                    await send(self._bot, Room(user.id, None), line(NOT_NOW))

    async def _single_out(self, limit: int, fault: Exception) -> int:
        """Fetch one by one until the unreadable update comes alone, and pass it by; returns the next limit."""
        if limit == 1 and self._request.fetched:
            update_id = next(iter(self._request.fetched))
            log.error("update unreadable, passed by", update_id=update_id, fault=reason(fault))
            self._next = update_id + 1
            return PollingLimit.MAX_LIMIT
        await asyncio.sleep(FIRST_PAUSE)
        return 1


def _is_passing(update: Update) -> bool:
    """Whether it would be worth nothing after a restart: words half typed, or that an open poll has one more vote."""
    return update.inline_query is not None or (update.poll is not None and not update.poll.is_closed)
