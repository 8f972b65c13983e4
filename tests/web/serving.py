"""The page on a free loopback port, in a thread of its own, and what Telegram would say of who looks at it."""

import asyncio
import hmac
import json
import os
import socket
import threading
from collections.abc import Callable, Coroutine, Mapping
from contextlib import closing, suppress
from copy import deepcopy
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote, urlencode

from clock import START
from semax_bot.charts.worker import Charts, fingerprint
from semax_bot.tutor import Tutor, Who
from semax_bot.web.app import application
from semax_bot.web.drawings import Drawings
from semax_bot.web.server import address, listening, serve_on

SOURCE = Path(__file__).parents[2] / "src"
TOKEN = "123456789:AAF-made-up_token_for-tests_only_00"


class Serving:
    """Runs `serve`, which gets a socket that listens, until `close`."""

    def __init__(self, serve: Callable[[socket.socket], Coroutine[Any, Any, None]]) -> None:
        self._socket = listening("127.0.0.1", 0)
        self.url = address(self._socket)
        self._loop = asyncio.new_event_loop()
        self._work = self._loop.create_task(serve(self._socket))
        self._thread = threading.Thread(target=self._run, name="page", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop serving."""
        self._loop.call_soon_threadsafe(self._work.cancel)
        self._thread.join()

    def _run(self) -> None:
        with closing(self._socket), closing(self._loop), suppress(asyncio.CancelledError):
            self._loop.run_until_complete(self._work)


class DrawnOnce(Charts):
    """Charts for pages that are drawn once for all tests, as each takes a process and a second."""

    drawn: ClassVar[dict[str, dict[str, Any]]] = {}

    async def vega(self, kind: str, data: Mapping[str, Any]) -> dict[str, Any]:
        """The chart, as it was drawn first."""
        name = fingerprint(kind, data)
        if name not in self.drawn:
            self.drawn[name] = await super().vega(kind, data)
        return deepcopy(self.drawn[name])


def bare() -> dict[str, str]:
    """This machine's environment without our variables, for a process of ours."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SEMAX_BOT_")}
    return {**kept, "PYTHONPATH": str(SOURCE)}


async def serve_page(
    opened: socket.socket, tutor: Tutor, token: str = "", now: Callable[[], datetime] = lambda: START
) -> None:
    """Serve the page of this tutor until cancelled."""
    charts = DrawnOnce()
    drawings = Drawings(tutor.course, charts)
    await serve_on(opened, application(tutor, drawings, charts, token, now), drawings)


async def practise(tutor: Tutor, who: Who) -> None:
    """One right answer, so that there is progress to show."""
    turn = await tutor.rounds.start(who, who.handle, "/quiz 1")
    assert turn.ask is not None
    await tutor.rounds.sent(turn.ask.id, "poll", 1)
    await tutor.rounds.grade(who, who.handle, "poll", set(turn.ask.question.right))


def launch(user: object = 5, at: datetime = START, token: str = TOKEN, more: Mapping[str, str] | None = None) -> str:
    """Launch data as Telegram signs them, for a user's id, or for whatever stands in its place."""
    person = {"id": user, "first_name": "Änne & Co", "language_code": "en"} if isinstance(user, int) else user
    fields = {"query_id": "AAE", "user": json.dumps(person), "auth_date": str(int(at.timestamp())), "signature": "x_-"}
    return signed({**fields, **(more or {})}, token)


def signed(fields: Mapping[str, str], token: str = TOKEN) -> str:
    """These fields with their signature, by the steps of Telegram's page on Mini Apps."""
    text = "\n".join(sorted(f"{name}={value}" for name, value in fields.items()))
    secret = hmac.new(b"WebAppData", token.encode(), sha256).digest()
    return urlencode({**fields, "hash": hmac.new(secret, text.encode(), sha256).hexdigest()}, quote_via=quote)
