"""The buttons under an answered question: there at once, gone after two minutes."""

import asyncio
import json
from typing import Any

import pytest
from telegram import PollAnswer, Update, User
from telegram.ext import ExtBot
from telegram.request import BaseRequest, RequestData

import virtual_time
from forgetful import Forgetful
from semax_bot.telegram.group import Grouping
from semax_bot.telegram.quiz import Quizzing
from semax_bot.tutor import Tutor, Who
from semax_bot.tutor.rounds import CORRECTABLE
from semax_bot.tutor.values import Graded, Turn
from virtual_time import now

MESSAGE = 9


class Edits(BaseRequest):
    """A network that notes when a message's buttons change, and to which actions."""

    read_timeout = 5.0

    def __init__(self) -> None:
        self.seen: list[tuple[float, list[str]]] = []

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def do_request(self, url: str, method: str, request_data: RequestData, **_: Any) -> tuple[int, bytes]:  # type: ignore[override]  # as the library calls it
        """Take an edit of the buttons."""
        assert url.endswith("/editMessageReplyMarkup")
        assert request_data.parameters["message_id"] == MESSAGE
        rows = json.loads(request_data.json_parameters.get("reply_markup", '{"inline_keyboard": []}'))[
            "inline_keyboard"
        ]
        self.seen.append((now(), [button["callback_data"] for row in rows for button in row]))
        return 200, json.dumps({"ok": True, "result": True}).encode()


class Rounds:
    """Rounds in which every answer is counted, and nothing comes next."""

    def __init__(self, right: bool) -> None:
        self._right = right

    async def expects(self, who: Who, chat: str, poll: str) -> bool:
        """Any vote may be its answer."""
        return True

    async def grade(self, who: Who, chat: str, poll: str, picked: tuple[int, ...]) -> Graded:
        """Count the answer."""
        assert (who, chat, poll, picked) == (Who("telegram", "5"), "5", "p", (1,))
        return Graded(3, MESSAGE, self._right, Turn())


class Quiz(Tutor):
    """A tutor that has nothing but these rounds."""

    def __init__(self, right: bool) -> None:
        self.__dict__.update(rounds=Rounds(right), inbox=Forgetful())


@pytest.mark.parametrize(("right", "actions"), [(True, ["guess:3", "slip:3"]), (False, ["slip:3"])])
def test_second_thoughts_are_offered_for_two_minutes(right: bool, actions: list[str]) -> None:
    """Only a right answer can have been a guess; after two minutes nothing is left to tap."""

    async def scene() -> list[tuple[float, list[str]]]:
        network = Edits()
        bot = ExtBot("1:x", request=network)
        vote = Update(1, poll_answer=PollAnswer("p", [1], User(5, "Anna", False), option_persistent_ids=["b"]))
        vote.set_bot(bot)
        tutor = Quiz(right)
        quizzing = Quizzing(tutor, Grouping(tutor))
        await quizzing.answered(vote, None)  # type: ignore[arg-type]  # the context is not looked at
        await asyncio.sleep(CORRECTABLE.total_seconds() + 1)
        return network.seen

    assert virtual_time.run(scene()) == [(0, actions), (CORRECTABLE.total_seconds(), [])]
