"""Calls to Telegram that are made again after a fault of the network or of Telegram's servers.

Which calls may be made twice is decided here for all of them. Being told to wait (429) is the limiter's business,
and fetching updates has a connection of its own that does not pass through here.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import structlog
from telegram.error import NetworkError
from telegram.request import BaseRequest

from semax_bot.telegram.connections import UNSENT
from semax_bot.telegram.faults import reason

# Seconds between the tries of one call. None is below a second, so that tries never add up within a second's limit.
PAUSES = (1.0, 2.0, 4.0)

log = structlog.get_logger(__name__)
_once: ContextVar[bool] = ContextVar("once", default=False)


@contextmanager
def once() -> Iterator[None]:
    """Within this block nothing is sent a second time while Telegram may already have it (a prompt, for one)."""
    before = _once.set(True)
    try:
        yield
    finally:
        _once.reset(before)


def once_only() -> bool:
    """Whether we are within such a block."""
    return _once.get()


class Retrying(BaseRequest):
    """Wraps a request object; makes a failed call again after each of PAUSES, then lets its fault through.

    A failed connection is tried again for every call. After a timeout, a dropped connection or a 5xx status, Telegram
    may have done what we asked: reads, edits and answers to a person are tried again even so, for to say it twice is
    better than to stay silent; polls, and what is sent within `once`, are not.
    """

    def __init__(self, inner: BaseRequest) -> None:
        self._inner = inner

    @property
    def read_timeout(self) -> float | None:
        """Seconds that the wrapped request waits for an answer."""
        return self._inner.read_timeout

    async def initialize(self) -> None:
        """Open the wrapped request."""
        await self._inner.initialize()

    async def shutdown(self) -> None:
        """Close the wrapped request."""
        await self._inner.shutdown()

    async def do_request(self, url: str, method: str, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """Status and body of the answer, of the last try if none went well. Raises NetworkError as its last fault."""
        endpoint = url.rpartition("/")[2]
        repeatable = endpoint != "sendPoll" and not (once_only() and endpoint.startswith("send"))
        for pause in PAUSES:
            try:
                status, body = await self._inner.do_request(url, method, *args, **kwargs)
                if status < 500 or not repeatable:
                    return status, body
                fault = f"HTTP status {status}"
            except NetworkError as error:
                if not (repeatable or isinstance(error.__cause__, UNSENT)):
                    raise
                fault = reason(error)
            log.warning("call failed", call=endpoint, fault=fault, next_try=f"{pause:g} s")
            await asyncio.sleep(pause)
        return await self._inner.do_request(url, method, *args, **kwargs)
