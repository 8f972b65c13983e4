"""Telegram behind a limiter, in virtual time: what came in there, and when."""

import asyncio
import warnings
from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

from telegram.error import RetryAfter

from semax_bot.telegram.limiter import Lane, Limiter, Result
from virtual_time import now

ALICE, BORIS, CLARA, GROUP = 1, 2, 3, -100


class Call(NamedTuple):
    """What Telegram saw."""

    name: object
    chat: object
    at: float
    messages: int = 1


class Telegram:
    """Makes calls through a limiter, and notes when they came in; `refuse` tells how long a call has to wait."""

    def __init__(self, max_rate: float = 30, refuse: Callable[[Call], float | None] = lambda _: None) -> None:
        self.limiter = Limiter(max_rate)
        self.calls: list[Call] = []
        self._refuse = refuse

    async def call(
        self,
        chat: object = ALICE,
        lane: Lane | None = None,
        *,
        name: object = None,
        endpoint: str = "sendMessage",
        network: tuple[float, float] = (0.0, 0.0),
        **data: Any,
    ) -> Result:
        """One call, of which Telegram hears and answers after so many seconds."""

        async def callback(*_: object) -> Result:
            await asyncio.sleep(network[0])
            call = Call(name, chat, now(), len(data.get("media", "1")))
            self.calls.append(call)
            await asyncio.sleep(network[1])
            if seconds := self._refuse(call):
                raise refusal(timedelta(seconds=seconds))
            return True

        given = data if chat is None else {"chat_id": chat, **data}
        return await self.limiter.process_request(callback, (endpoint, given), {}, endpoint, given, lane)

    def times(self, chat: object = ALICE) -> list[float]:
        """When calls to a chat came in."""
        return [round(call.at, 6) for call in self.calls if call.chat == chat]


def refusal(seconds: int | timedelta) -> RetryAfter:
    """What the library raises. It warns of a coming change even while it is made; that warning is not ours to mend."""
    with warnings.catch_warnings(action="ignore"):
        return RetryAfter(seconds)


async def settle() -> None:
    """Let everyone run who can, without time passing."""
    for _ in range(10):
        await asyncio.sleep(0)
