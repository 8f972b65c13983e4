"""How fast we may speak: what counts as a message, and obedience when Telegram tells us to wait."""

import asyncio
from collections.abc import Callable, Coroutine
from itertools import count
from typing import Any

import structlog
from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

from semax_bot.telegram.turns import CHAT, GROUP, Chat, Lane, Turns, Window

__all__ = ["Lane", "Limiter", "through"]

TRIES = 5  # of one call that Telegram turns away
SEVERAL, AT_ONCE = 3, 10.0  # chats turned away within so many seconds: it is we, not a chat, who is too fast
BATCHES = {"sendMediaGroup": "media", "copyMessages": "message_ids", "forwardMessages": "message_ids"}

Result = bool | dict[str, Any] | list[dict[str, Any]]
ChatKey = int | str

log = structlog.get_logger(__name__)


def through(lane: Lane | None) -> dict[str, Any]:
    """What a method that sends takes beside its own arguments, to go by this lane; by None it goes as an answer."""
    return {"rate_limit_args": lane} if lane else {}


class Limiter(BaseRateLimiter[Lane]):
    """Lets calls to Telegram pass as fast as its limits allow, and repeats those that it turned away (429).

    `max_rate` is the number of messages per second over all chats; 0 switches our limits off, but not the obedience to
    `retry_after`. That holds all calls to its chat, in full length; once several chats are turned away at about the
    same time, it holds all calls to all chats. A call that names no chat waits for nothing but its own retry_after. A
    call that was turned away TRIES times raises RetryAfter. A chat's state is dropped as soon as the chat is idle.
    """

    def __init__(self, max_rate: float = 30) -> None:
        self._limited = max_rate > 0
        self._turns = Turns(*[Window(max(1, int(max_rate)), max(1.0, 1 / max_rate))] if self._limited else [])
        self._tickets = count()
        self._chats: dict[ChatKey, Chat] = {}
        self._refused: dict[ChatKey, tuple[float, float]] = {}  # when a chat was last turned away, and until when

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def process_request(  # the library's signature
        self,
        callback: Callable[..., Coroutine[Any, Any, Result]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: Lane | None,
    ) -> Result:
        """Make the call when its turn has come. Raises RetryAfter if Telegram turns it away too often."""
        key, lane = _key(data.get("chat_id")), rate_limit_args or Lane.ANSWER
        messages = 0 if key is None else _messages(endpoint, data)
        chat, ticket, tries = self._enter(key), next(self._tickets), 0
        try:
            while True:
                await (self._turns.turn(chat, lane, ticket, messages) if messages else self._pause(key, chat))
                try:
                    return await callback(*args, **kwargs)
                except RetryAfter as refusal:
                    tries += 1
                    seconds = refusal._retry_after.total_seconds()  # reading the public name warns of its own end
                    self._hold(key, chat, seconds)
                    log.warning("told to wait", call=endpoint, chat=key, wait=f"{seconds:g} s")
                    if tries == TRIES:
                        raise
                finally:
                    if messages:
                        self._turns.answered(chat, messages)
        finally:
            self._leave(key, chat)

    def _enter(self, key: ChatKey | None) -> Chat:
        if key is None:
            return Chat()  # forgotten with the call
        chat = self._chats.get(key)
        if chat is None:
            rules = [CHAT, GROUP] if isinstance(key, str) or key < 0 else [CHAT]
            chat = self._chats[key] = Chat(*(Window(*rule) for rule in rules if self._limited))
        chat.callers += 1
        return chat

    def _leave(self, key: ChatKey | None, chat: Chat) -> None:
        if key is None:
            return
        chat.callers -= 1
        if not chat.forgetting:
            self._forget(key, chat)

    def _forget(self, key: ChatKey, chat: Chat) -> None:
        """Drop the chat if it is idle, else look again when it may be; while somebody calls, leave it to the last."""
        chat.forgetting = False
        if chat.callers:
            return
        idle = chat.idle()
        if idle <= _now():
            del self._chats[key]
        else:
            chat.forgetting = True
            asyncio.get_running_loop().call_at(idle, self._forget, key, chat)

    async def _pause(self, key: ChatKey | None, chat: Chat) -> None:
        """Wait as Telegram said, before a call that puts no message into a chat."""
        while (wait := max(chat.held, 0.0 if key is None else self._turns.held) - _now()) > 0:
            await asyncio.sleep(wait)

    def _hold(self, key: ChatKey | None, chat: Chat, seconds: float) -> None:
        """Hold the chat; where several were turned away at once, hold all for as long as the longest."""
        now = _now()
        chat.held = max(chat.held, now + seconds)
        if key is None:
            return
        self._refused = {one: when for one, when in self._refused.items() if now - when[0] < AT_ONCE}
        self._refused[key] = now, chat.held
        if len(self._refused) >= SEVERAL:
            self._turns.held = max(self._turns.held, *(until for _, until in self._refused.values()))


def _now() -> float:
    return asyncio.get_running_loop().time()


def _key(chat_id: object) -> ChatKey | None:
    """A chat's number, or its '@name' in small letters; None where a call names no chat."""
    try:
        return int(str(chat_id))
    except ValueError:
        return chat_id.casefold() if isinstance(chat_id, str) else None


def _messages(endpoint: str, data: dict[str, Any]) -> int:
    """How many messages a call puts into its chat. 'Typing' and drafts are none; an edit adds none."""
    if not endpoint.startswith(("send", "copyMessage", "forwardMessage")) or endpoint.endswith(("Action", "Draft")):
        return 0
    batch = data.get(BATCHES.get(endpoint, ""))
    return len(batch) if isinstance(batch, list | tuple) else 1
