"""One person's chat with our handlers, without a server: Telegram and the charts are stand-ins that do as told."""

import json
from collections.abc import Mapping
from typing import Any

from telegram import Update
from telegram.ext import Application
from telegram.request import BaseRequest, RequestData

from semax_bot.charts.worker import ChartError, Charts
from semax_bot.telegram.account import Accounting
from semax_bot.telegram.dashboard import Dashboarding
from semax_bot.telegram.pictures import Pictures
from semax_bot.tutor import Tutor, Who

ANNA = Who("telegram", "5")
USER = {"id": 5, "is_bot": False, "first_name": "Anna"}
US = {"id": 123456789, "is_bot": True, "first_name": "Tutor", "username": "tutor_bot"}
PRIVATE, GROUP = {"id": 5, "type": "private"}, {"id": -100, "type": "supergroup", "title": "Study group"}
MESSAGE = {"message_id": 70, "date": 0, "chat": PRIVATE, "from": US}
TEXT = {"text": "x"}
PHOTO = {"file_unique_id": "u", "width": 9, "height": 9}
POLL = {
    **{"id": "p", "question": "?", "options": [], "total_voter_count": 0, "is_closed": True, "is_anonymous": False},
    **{"type": "quiz", "allows_multiple_answers": False, "allows_revoting": False, "members_only": False},
}
RESULTS = {
    "getMe": US,
    "sendMessage": MESSAGE | TEXT,
    "editMessageText": MESSAGE | TEXT,
    "sendPhoto": MESSAGE | {"photo": [PHOTO | {"file_id": "small"}, PHOTO | {"file_id": "large"}]},
    "sendDocument": MESSAGE | {"document": {"file_id": "f", "file_unique_id": "u"}},
    "stopPoll": POLL,
}


class Telegram(BaseRequest):
    """Stands in for the network: notes every call with its parameters and files, and answers as told."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.refusals: list[tuple[str, str]] = []  # methods whose next call fails, each with Telegram's words

    read_timeout = 1.0

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: Any, **__: Any
    ) -> tuple[int, bytes]:
        """Note the call, and answer it."""
        name = url.rpartition("/")[2]
        given = request_data.parameters | (request_data.multipart_data or {}) if request_data else {}
        self.calls.append((name, given))
        if self.refusals and self.refusals[0][0] == name:
            words = self.refusals.pop(0)[1]
            return 400, json.dumps({"ok": False, "error_code": 400, "description": words}).encode()
        return 200, json.dumps({"ok": True, "result": RESULTS.get(name, True)}).encode()

    def made(self, method: str) -> list[dict[str, Any]]:
        """The parameters of the calls of a method so far."""
        return [given for name, given in self.calls if name == method]


class FakeCharts(Charts):
    """Draws nothing, counts how often it was asked to, and fails if told so."""

    def __init__(self) -> None:
        super().__init__()
        self.drawn, self.broken = 0, False

    async def draw(self, kind: str, data: Mapping[str, Any]) -> bytes:
        """Some bytes. Raises ChartError if broken."""
        if self.broken:
            raise ChartError("The picture could not be drawn: no paint")
        self.drawn += 1
        return b"\x89PNG"


class Anna:
    """Anna and her chat with the bot: what she sends, and what Telegram hears of us then."""

    def __init__(
        self, application: Application[Any, Any, Any, Any, Any, Any], telegram: Telegram, tutor: Tutor
    ) -> None:
        self.telegram, self.tutor, self.charts = telegram, tutor, FakeCharts()
        self._application = application
        pictures = Pictures(tutor, self.charts)
        for part in (Accounting(tutor, pictures), Dashboarding(tutor, pictures)):
            application.add_handlers(part.handlers())

    async def says(self, text: str, chat: dict[str, Any] = PRIVATE) -> None:
        """Send a command."""
        length = len(text.split(maxsplit=1)[0])
        entities = [{"type": "bot_command", "offset": 0, "length": length}]
        message = {"message_id": 60, "date": 0, "chat": chat, "from": USER, "text": text, "entities": entities}
        await self._comes({"update_id": 1, "message": message})

    async def taps(self, data: str, chat: dict[str, Any] = PRIVATE, content: Mapping[str, Any] = TEXT) -> None:
        """Tap a button under one of our messages."""
        card = {**MESSAGE, "chat": chat, **content}
        query = {"id": "9", "from": USER, "chat_instance": "1", "message": card, "data": data}
        await self._comes({"update_id": 2, "callback_query": query})

    async def answers(self) -> str:
        """Begin a quiz and answer its first question; returns the poll of the second, which waits in message 42."""
        turn = await self.tutor.rounds.start(ANNA, "5", "/quiz")
        assert turn.ask is not None
        await self.tutor.rounds.sent(turn.ask.id, "p1", 41)
        graded = await self.tutor.rounds.grade(ANNA, "5", "p1", turn.ask.question.right)
        assert graded is not None
        assert graded.turn.ask is not None
        await self.tutor.rounds.sent(graded.turn.ask.id, "p2", 42)
        return "p2"

    async def _comes(self, update: dict[str, Any]) -> None:
        await self._application.process_update(Update.de_json(update, self._application.bot))
