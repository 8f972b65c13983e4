"""Serving the page: `semax-bot web` by itself on this machine, or beside the bot on Telegram."""

import asyncio
import signal
import socket
from collections.abc import Coroutine, Iterator
from contextlib import closing, contextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

import structlog
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from semax_bot import log as logs
from semax_bot.charts.worker import Charts
from semax_bot.errors import SettingsError
from semax_bot.settings import Settings
from semax_bot.tutor import Tutor
from semax_bot.web.app import application
from semax_bot.web.drawings import Drawings

CROWD = 500  # connections at once, of which a browser opens six; who comes later is told to come again
HEAD = 16_384  # bytes of a request's head; launch data have 500
IDLE = 15  # seconds for the head of a request, the first on a connection and each that follows an answer
GRACE = 2  # seconds for answers in flight when we are asked to stop

log = structlog.get_logger(__name__)


def serve(settings: Settings, tutor: Tutor, charts: Charts) -> Coroutine[Any, Any, None]:
    """Listen on SEMAX_BOT_WEB_LISTEN; what is returned serves the page there, beside the bot, until cancelled.

    Learners of the bot see their progress. Raises SettingsError at once if nobody can listen there.
    """
    where = urlsplit(f"//{settings.web_listen}")
    assert where.hostname is not None
    opened = listening(where.hostname, where.port or 0)
    log.info("page served", at=settings.web_listen, url=settings.web_url)
    return _beside(opened, tutor, charts, settings.token.get_secret_value() if settings.token else "")


async def _beside(opened: socket.socket, tutor: Tutor, charts: Charts, token: str) -> None:
    with closing(opened):
        drawings = Drawings(tutor.course, charts)
        await serve_on(opened, application(tutor, drawings, charts, token), drawings)


def web(settings: Settings, tutor: Tutor, host: str, port: int) -> int:
    """Serve the page for anyone to try until SIGTERM or SIGINT; returns the exit code. Nobody's progress is shown.

    Raises SettingsError if nobody can listen there.
    """
    logs.configure(settings.log_level)
    with suppress(asyncio.CancelledError, KeyboardInterrupt):
        asyncio.run(_web(tutor, host, port))
    return 0


async def _web(tutor: Tutor, host: str, port: int) -> None:
    this = asyncio.current_task()
    assert this is not None
    for wish in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError):  # on Windows, where only Ctrl-C ends us
            asyncio.get_running_loop().add_signal_handler(wish, this.cancel)
    with closing(listening(host, port)) as opened:
        print(f"The page is at {address(opened)} (Ctrl-C ends it).", flush=True)
        charts = Charts()
        drawings = Drawings(tutor.course, charts)
        await serve_on(opened, application(tutor, drawings, charts), drawings)


def address(opened: socket.socket) -> str:
    """Where a browser finds what listens here."""
    host, port = opened.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens there; port 0 is any free one. Raises SettingsError, with what to do."""
    try:
        family, *_, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        return socket.create_server(place[:2], family=family, backlog=512)
    except (OSError, OverflowError, ValueError) as error:
        reason = str(getattr(error, "strerror", None) or "no such place").partition(" (while ")[0]
        raise SettingsError(
            f"The page cannot be served on {host}, port {port}: {reason}. Choose another port, or end what uses it."
        ) from None


async def serve_on(opened: socket.socket, app: ASGIApp, drawings: Drawings) -> None:
    """Serve there until cancelled; then finish what is in flight, for a moment."""
    server = _Server(
        uvicorn.Config(
            app,
            http=Connection,
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="error",  # a scanner's nonsense is not worth a line
            access_log=False,
            server_header=False,
            proxy_headers=False,
            limit_concurrency=CROWD,
            h11_max_incomplete_event_size=HEAD,
            timeout_keep_alive=IDLE,
            timeout_graceful_shutdown=GRACE,
        )
    )
    warming = asyncio.create_task(drawings.warm())
    serving = asyncio.create_task(server.serve([opened]))
    try:
        await asyncio.shield(serving)
    finally:
        warming.cancel()
        server.should_exit = True
        await asyncio.gather(serving, warming, return_exceptions=True)


class Connection(H11Protocol):
    """Ends when no whole head of a request has come for IDLE seconds, whether nothing was sent or a part of it.

    uvicorn's own clock starts with the first answer only and stops with any byte, so that silent connections would fill
    the room for all.
    """

    _clock: asyncio.TimerHandle | None = None
    _unread = 0  # bytes of an answer that the visitor had not taken when the clock ran out last

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the clock."""
        super().connection_made(transport)
        self._wind()

    def on_response_complete(self) -> None:
        """Start it anew for the next request, which may be here already."""
        self._wind()
        super().on_response_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop it."""
        super().connection_lost(exc)
        self._stop()

    def _wind(self) -> None:
        self._stop()
        self._clock = self.loop.call_later(self.timeout_keep_alive, self._ran_out)

    def _stop(self) -> None:
        if self._clock:
            self._clock.cancel()

    def _ran_out(self) -> None:
        if not getattr(self.cycle, "response_complete", True):  # there is no cycle before the first request
            return  # we are the ones who are waited for
        unread, self._unread = self._unread, self.transport.get_write_buffer_size()
        if self._unread and self._unread != unread:
            self._wind()  # a slow line, on which the answer still moves
        else:
            self.transport.abort()


class _Server(uvicorn.Server):
    """Leaves signals to us: the bot beside it has its own way to end."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield
