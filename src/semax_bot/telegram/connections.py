"""The two HTTP connections to Telegram: one that fetches updates, and one for all that we say."""

import asyncio
import math
import sys
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

from telegram.request import HTTPXRequest

# The client's pool looks through all its connections at every call, so that a crowd of calls costs more CPU per call:
# of 16 on their way each takes twice as much as of 3, of 256 five times. So only AT_ONCE are made at a time, or as many
# as the rate needs; a call that takes LONG gives its place to the next, so that nobody waits for another's slow answer.
AT_ONCE = 3
LONG = 0.1  # seconds
CONNECTIONS = 256  # as many as handlers at work, so that none ever waits for a connection
READ_TIMEOUT = 10.0  # seconds; a busy Telegram takes more than the library's 5

# httpcore imports sniffio at each of its locks, seven times a call; it is not installed. Unless Python knows that, it
# searches the disk every time, which takes a quarter of the call's CPU.
if find_spec("sniffio") is None:
    sys.modules["sniffio"] = None  # type: ignore[assignment]  # means 'known to be missing', which typeshed leaves out


class Updates(HTTPXRequest):
    """Fetches updates, and knows their ids even where the library cannot read them."""

    def __init__(self) -> None:
        super().__init__(connection_pool_size=2)
        self.fetched: list[int] = []

    def parse_json_payload(self, payload: bytes) -> dict[str, Any]:  # type: ignore[override]  # static in the base
        """Parse as usual, and note the updates' ids."""
        parsed = HTTPXRequest.parse_json_payload(payload)
        updates = parsed.get("result")
        self.fetched = [update["update_id"] for update in updates] if isinstance(updates, list) else []
        return parsed


class Answers(HTTPXRequest):
    """Makes all other calls, few at a time, not counting those that take long; `rate` a second always get through."""

    def __init__(self, rate: float) -> None:
        super().__init__(connection_pool_size=CONNECTIONS, read_timeout=READ_TIMEOUT)
        self._places = asyncio.Semaphore(max(AT_ONCE, math.ceil(rate * LONG)))

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """Make the call when there is a place."""
        await self._places.acquire()
        leave = _Once(self._places.release)
        timer = asyncio.get_running_loop().call_later(LONG, leave)
        try:
            return await super().do_request(*args, **kwargs)
        finally:
            timer.cancel()
            leave()


class _Once:
    """A callback that has its effect the first time only."""

    def __init__(self, effect: Callable[[], None]) -> None:
        self._effect: Callable[[], None] | None = effect

    def __call__(self) -> None:
        effect, self._effect = self._effect, None
        if effect:
            effect()
