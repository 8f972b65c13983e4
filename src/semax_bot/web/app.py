"""The application: which address gives what, with which headers, and a kind line where there is nothing to give."""

import traceback
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import structlog
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from semax_bot.charts.worker import ChartError, Charts
from semax_bot.tutor import Tutor
from semax_bot.web.api import Api
from semax_bot.web.drawings import Asset, Drawings
from semax_bot.web.pages import POLICY, Pages

STATIC = Path(__file__).with_name("static")
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".woff": "font/woff",
}
HEADERS = {
    "Content-Security-Policy": f"{POLICY}; frame-ancestors 'self' https://web.telegram.org",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
FOUND_AT = ("/static/{name}", "/charts/{name}", "/e/{slug}", "/e/{slug}/{view}", "/p/{name}")

REFUSALS = {
    404: (
        "Nothing here",
        "There is no such page; the link may be old. Everything that there is stands on the first page.",
    ),
    405: ("Not this way", "This address takes no request of this kind."),
    500: ("That did not work", "Something went wrong on our side. Please try again."),
}

log = structlog.get_logger(__name__)


def static() -> dict[str, Asset]:
    """Our own scripts, styles and fonts by path; they are read once, so no path can lead anywhere else."""
    return {f"static/{file.name}": Asset(file.read_bytes(), TYPES[file.suffix]) for file in STATIC.iterdir()}


def application(
    tutor: Tutor,
    drawings: Drawings,
    charts: Charts,
    token: str = "",
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> ASGIApp:
    """Everything that is served; `token` is that of the bot whose learners may see their own progress."""
    pages = Pages(tutor)
    api = Api(tutor, pages, charts, now, token)
    found = _finder(pages, drawings)
    routes = [
        Route("/", found, methods=["GET"]),
        Route("/ask", api.form, methods=["POST"]),
        Route("/api/ask", api.ask, methods=["POST"]),
        Route("/api/progress", api.progress, methods=["GET"]),
        *(Route(path, found, methods=["GET"]) for path in FOUND_AT),
        *(Route(f"{path}/", _mover(pages), methods=["GET"]) for path in FOUND_AT),
    ]

    def refused(request: Request, fault: Exception) -> Response:
        return _refused(request, fault, pages)

    app = Starlette(routes=routes, exception_handlers={HTTPException: refused, Exception: refused})
    app.router.redirect_slashes = False
    return Guard(app)


def _finder(pages: Pages, drawings: Drawings) -> Callable[[Request], Awaitable[Response]]:
    kept = {"": Asset(pages.front().encode(), TYPES[".html"]), **static()}

    async def found(request: Request) -> Response:
        """What there is at an address."""
        path = request.url.path[1:]
        try:
            asset = kept.get(path) or await drawings.at(path)
        except ChartError as fault:
            log.warning("no chart for the page", fault=str(fault))
            raise HTTPException(503, "This picture cannot be drawn just now. Please try again.") from None
        if asset is None and (text := pages.at(path)):
            asset = Asset(text.encode(), TYPES[".html"])
        if asset is None:
            raise HTTPException(404)
        return _sent(request, asset)

    return found


def _mover(pages: Pages) -> Callable[[Request], Awaitable[Response]]:
    async def moved(request: Request) -> Response:
        """The way to a page whose address was given as a folder, as a site of plain files writes it."""
        path = request.url.path[1:-1]
        if pages.at(path) is None:
            raise HTTPException(404)
        return RedirectResponse(f"../{path.rpartition('/')[2]}", 308)

    return moved


def _sent(request: Request, asset: Asset) -> Response:
    """The asset, as the browser can take it; nothing but a nod if the browser has it already."""
    headers = {"ETag": asset.tag, "Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
    if asset.tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    body = asset.packed if "gzip" in request.headers.get("accept-encoding", "") else None
    if body:
        headers["Content-Encoding"] = "gzip"
    return Response(body or asset.body, media_type=asset.media_type, headers=headers)


def _refused(request: Request, fault: Exception, pages: Pages) -> Response:
    """One kind line; a program gets it as JSON, a person as a page with a way back."""
    status = fault.status_code if isinstance(fault, HTTPException) else 500
    headers = {**((fault.headers if isinstance(fault, HTTPException) else None) or {}), "Cache-Control": "no-store"}
    detail = fault.detail if isinstance(fault, HTTPException) else ""
    title, text = REFUSALS.get(status, ("Not like this", detail))
    if request.url.path.startswith("/api/"):
        return JSONResponse({"error": text}, status, headers)
    below = request.scope["raw_path"].count(b"/") - 1  # as a browser counts, to which %2F is no slash
    return HTMLResponse(pages.words(below, title, text), status, headers)


class Guard:
    """Puts the headers on every response, and logs a fault of ours in a few words that hold nothing of a request."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except Exception as fault:  # Starlette has answered it, and passes it on
            frame = traceback.extract_tb(fault.__traceback__)[-1]
            place = f"{Path(frame.filename).name}:{frame.lineno}"
            log.error("the page failed", fault=f"{type(fault).__name__} at {place}")
