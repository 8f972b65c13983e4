"""What the page asks of the tutor: questions and progress as JSON; every refusal is one kind line."""

import asyncio
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from semax_bot import wire
from semax_bot.charts.theme import THEMES
from semax_bot.charts.worker import ChartError, Charts
from semax_bot.reply import Reply, encodable
from semax_bot.tutor import Tutor
from semax_bot.web.auth import LaunchError, learner
from semax_bot.web.markup import Links, article
from semax_bot.web.pages import LONGEST, Pages

LARGEST = 8_000  # bytes of a body; the longest question takes 3,600
PATIENCE = 10.0  # seconds for a body to arrive
SCHEME = "tma"  # https://docs.telegram-mini-apps.com/platform/init-data#sending-init-data-to-server

NO_QUESTION = "Write a question, such as: What is DOPAC?"
TOO_LONG = f"That is long for one question. Try it in {LONGEST} characters or fewer."
NO_CARD = "There is no such card to go on from. Ask without it."
NO_JSON = 'Send a JSON object with your question: {"question": "What is DOPAC?"}'
TOO_LARGE = "That is far more than a question. Send it alone."
TOO_SLOW = "Your question did not arrive in time. Please send it again."
NO_LEARNER = "Your progress is shown where Telegram says who you are: open the page from the chat."


class Api:
    """The tutor over HTTP. Nothing of a question is stored or logged."""

    def __init__(self, tutor: Tutor, pages: Pages, charts: Charts, now: Callable[[], datetime], token: str) -> None:
        """`token` is that of the bot that opens the page; without one, nobody's progress is shown."""
        self._tutor, self._pages, self._charts, self._now, self._token = tutor, pages, charts, now, token

    async def ask(self, request: Request) -> Response:
        """POST {"question": ..., "after": ...}: the reply as `semax-bot ask --json` prints it, and as HTML."""
        body = await _body(request, "application/json")
        try:
            asked = json.loads(body)
        except (ValueError, RecursionError):
            raise HTTPException(400, NO_JSON) from None
        if not isinstance(asked, dict):
            raise HTTPException(400, NO_JSON)
        question, reply = self._answer(asked)
        shown = article(reply, Links(), level=2)
        return JSONResponse(wire.as_json(question, reply) | {"html": shown}, headers={"Cache-Control": "no-store"})

    async def form(self, request: Request) -> Response:
        """The same for a browser without scripts: the form in, the front page with the answer out."""
        body = await _body(request, "application/x-www-form-urlencoded")
        try:
            fields = parse_qs(body.decode(), max_num_fields=8)
        except ValueError:
            raise HTTPException(400, NO_QUESTION) from None
        written = fields.get("question", [""])
        question, reply = self._answer({"question": written[-1]})  # an example's button comes after the empty box
        return HTMLResponse(self._pages.answered(question, reply), headers={"Cache-Control": "no-store"})

    async def progress(self, request: Request) -> Response:
        """The progress of the learner whom the Authorization header proves, as HTML and as a Vega specification."""
        scheme, _, launch = request.headers.get("authorization", "").partition(" ")
        if not self._token or scheme.lower() != SCHEME:
            raise HTTPException(401, NO_LEARNER, {"WWW-Authenticate": SCHEME})
        try:
            who = learner(launch, self._token, self._now())
        except LaunchError as fault:
            raise HTTPException(401, str(fault), {"WWW-Authenticate": SCHEME}) from None
        reply, data = await self._tutor.accounts.progress(who)
        theme = request.query_params.get("theme", "")
        chart = await self._drawn({**data, "theme": theme if theme in THEMES else "light"}) if data else None
        return JSONResponse(
            {"html": article(reply, Links(), level=2), "chart": chart}, headers={"Cache-Control": "no-store"}
        )

    async def _drawn(self, data: Mapping[str, Any]) -> dict[str, Any] | None:
        try:
            return await self._charts.vega("progress", data)
        except ChartError:  # the page says the same in words
            return None

    def _answer(self, asked: Mapping[str, Any]) -> tuple[str, Reply]:
        """The question as it is understood, without halves of broken emoji, and its reply."""
        question, after = asked.get("question"), asked.get("after")
        if not isinstance(question, str) or not question.strip():
            raise HTTPException(400, NO_QUESTION)
        if len(question) > LONGEST:
            raise HTTPException(400, TOO_LONG)
        if after is not None and not (isinstance(after, str) and after in self._tutor.course.entries):
            raise HTTPException(400, NO_CARD)
        question = encodable(question)
        return question, self._tutor.ask(question, after)


async def _body(request: Request, media_type: str) -> bytes:
    """The body, if it is of this type, not too large and there in time."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != media_type:
        raise HTTPException(415, f"Send this as {media_type}.")
    body = bytearray()
    try:
        async with asyncio.timeout(PATIENCE):
            async for part in request.stream():
                body += part
                if len(body) > LARGEST:
                    raise HTTPException(413, TOO_LARGE, {"Connection": "close"})
    except TimeoutError:
        raise HTTPException(408, TOO_SLOW, {"Connection": "close"}) from None
    except ClientDisconnect:
        raise HTTPException(400, TOO_SLOW) from None
    return bytes(body)
