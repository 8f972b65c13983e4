"""The order in which updates are handled: those of one chat one by one, those of different chats at the same time.

An update leaves the inbox with the first change that its handler stores, or at the latest when its handler has ended.
"""

import asyncio
import sys
from collections.abc import Awaitable, Coroutine
from contextlib import nullcontext
from datetime import datetime
from typing import Any
from weakref import WeakValueDictionary

import structlog
from telegram import Message, Update
from telegram.ext import BaseUpdateProcessor

from semax_bot.errors import StoreError
from semax_bot.telegram.deliver import Room
from semax_bot.tutor.inbox import Inbox

log = structlog.get_logger(__name__)


class ChatQueues(BaseUpdateProcessor):
    """A queue per chat (and per topic of it) in front of `slots` places, so that a busy chat takes one place only.

    The library makes a task of each update, in the order of arrival, and before it stops it waits for all of them. So a
    queue is no more than a fair lock, which lives for as long as one of the chat's tasks holds on to it.
    """

    def __init__(self, slots: int, inbox: Inbox) -> None:
        super().__init__(sys.maxsize)  # its own limit comes before the queues: a busy chat could fill it alone
        self.polls: dict[int, Room] = {}  # where the polls stand that updates answer; such an update does not say
        self.arrivals: dict[int, datetime] = {}  # when updates came (UTC), of those that came while we were listening
        self._waiting: list[tuple[Update, Room | None]] = []
        self._again: set[int] = set()
        self._unsettled: set[int] = set()  # handled, but still in the inbox
        self._inbox = inbox
        self._slots = asyncio.Semaphore(slots)
        self._queues: WeakValueDictionary[Room, asyncio.Lock] = WeakValueDictionary()

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to finish: the application has waited for what was in flight."""

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Handle the update when all earlier ones of its chat are done and a place is free."""
        update_id = update.update_id if isinstance(update, Update) else 0
        if isinstance(update, Update) and update.inline_query:
            async with self._slots:  # nothing of it is kept, and only the newest matters to whoever types
                await coroutine
            return
        poll, received = self.polls.pop(update_id, None), self.arrivals.pop(update_id, None)
        room, again = poll or _room(update), update_id in self._again
        queue = nullcontext() if room is None else self._queues.setdefault(room, asyncio.Lock())
        try:
            async with queue, self._slots:
                with self._inbox.handling(update_id, again, poll and poll.key, received) as handled:
                    await coroutine
                self._again.discard(update_id)
                if handled.waits and not handled.stored and isinstance(update, Update):
                    self._waiting.append((update, room))
                elif not handled.stored:
                    await self._done(update_id)
        finally:
            if isinstance(coroutine, Coroutine):
                coroutine.close()  # does nothing, unless we were cancelled while it waited

    def waiting(self) -> list[Update]:
        """Take the updates whose effects could not be stored, so that they are handed over once more."""
        taken, self._waiting = self._waiting, []
        for update, room in taken:
            self._again.add(update.update_id)
            if room:
                self.polls[update.update_id] = room
        return [update for update, _ in taken]

    async def _done(self, update_id: int) -> None:
        self._unsettled.add(update_id)
        try:
            await self._inbox.done(*self._unsettled)
        except StoreError as fault:  # the next one that gets through takes it along
            log.error("update handled, but still in the inbox", update_id=update_id, fault=str(fault))
        else:
            self._unsettled.clear()


def _room(update: object) -> Room | None:
    """Where the update belongs: its chat and topic, else its person's private chat; None if it may go at any time."""
    if not isinstance(update, Update):
        return None
    tap = update.callback_query  # whose message may be too old to be read, of which `effective_message` would warn
    message = tap.message if tap else update.effective_message
    if isinstance(message, Message):
        return Room.of(message)
    place = update.effective_chat or update.effective_user  # a person's private chat has the person's id
    return Room(place.id, None) if place else None
