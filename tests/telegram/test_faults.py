"""Faults in the bot itself: one log line that gives nothing away, an apology where it helps, and the next update."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from structlog.testing import capture_logs
from telegram.error import InvalidToken, NetworkError, RetryAfter, TelegramError

from forgetful import Forgetful
from semax_bot.charts.worker import Charts
from semax_bot.reply import Reply
from semax_bot.settings import Settings
from semax_bot.telegram.apology import APOLOGY
from semax_bot.telegram.app import build
from semax_bot.telegram.connections import Updates
from semax_bot.telegram.faults import reason
from semax_bot.telegram.pictures import Pictures
from semax_bot.telegram.poll import App, patiently
from semax_bot.telegram.queue import ChatQueues
from semax_bot.tutor import Tutor
from semax_bot.tutor.chats import Chats
from standin.chats import Refusal
from standin.people import Talk
from standin.server import TOKEN, StandIn


class Broken(Tutor):
    """A tutor with a bug, whose message quotes the learner."""

    def __init__(self) -> None:
        """It needs no course to fail."""

    def tap(self, action: str) -> Reply:
        """Fail."""
        raise KeyError(action)

    @property
    def chats(self) -> Chats:
        """Fail."""
        raise KeyError("my xylophone secret")


@pytest.fixture
async def broken(standin: StandIn, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[App]:
    """The application around the broken tutor, connected but not polling."""
    monkeypatch.setenv("SEMAX_BOT_TOKEN", TOKEN)
    monkeypatch.setenv("SEMAX_BOT_API_URL", standin.url)
    tutor = Broken()
    application = build(Settings(), tutor, Updates(), ChatQueues(1, Forgetful()), Pictures(tutor, Charts()))
    async with application:
        yield application


async def handle(application: App, standin: StandIn) -> list[str]:
    """Handle what waits at the stand-in; returns the log lines that this gives."""
    with capture_logs() as lines:
        for update in await application.bot.get_updates(timeout=0):
            await application.process_update(update)
            await application.bot.get_updates(offset=update.update_id + 1, timeout=0)
    return [str(line) for line in lines]


async def test_a_bug_is_one_line_without_the_question_and_an_apology(broken: App, standin: StandIn) -> None:
    """The operator needs to know where it broke, not who asked what; the learner needs to know that it is not them."""
    alice = Talk.private(standin)
    alice.says("my xylophone secret")
    (line,) = await handle(broken, standin)
    assert "KeyError at test_faults.py:" in line
    assert "update_id" in line
    assert "xylophone" not in line
    assert alice.hears()["text"] == APOLOGY


async def test_a_bug_behind_a_button_apologises_in_its_place(broken: App, standin: StandIn) -> None:
    """A tap is answered where the thumb is, and its spinner stops."""
    alice = Talk.private(standin)
    tap = alice.taps(standin.chats.add(alice.chat, {"from": broken.bot.bot.to_dict(), "text": "card"}), "card:x")
    (line,) = await handle(broken, standin)
    assert "KeyError" in line
    answers = {call.params["callback_query_id"]: call.params["text"] for call in standin.made("answerCallbackQuery")}
    assert answers == {tap: APOLOGY}


async def test_an_apology_that_fails_is_let_go(broken: App, standin: StandIn) -> None:
    """The handler of errors must not raise errors of its own."""
    alice = Talk.private(standin)
    standin.fail("sendMessage", Refusal(403, "Forbidden: bot was blocked by the user"), alice.id)
    alice.says("hello")
    assert len(await handle(broken, standin)) == 1


async def test_what_came_without_an_update_is_logged_too(broken: App) -> None:
    """An error outside any update has nobody to apologise to."""
    with capture_logs() as lines:
        await broken.process_error(None, ValueError("my xylophone secret"))
    assert [line["fault"] for line in lines] == ["ValueError"]


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (InvalidToken(f"The token `{TOKEN}` was rejected"), "InvalidToken: the server knows no such token or method"),
        (NetworkError("two\nlines  " + "x" * 500), "NetworkError: two lines " + "x" * 150),
        (KeyError("my xylophone secret"), "KeyError"),
    ],
)
def test_a_reason_is_one_short_line_without_secrets(fault: Exception, words: str) -> None:
    """Texts of errors quote tokens and questions; a log line may do neither."""
    assert reason(fault) == words


@pytest.mark.filterwarnings("ignore:.*retry_after")  # the library warns of its own future
async def test_pauses_grow_to_half_a_minute_and_obey_telegram(monkeypatch: pytest.MonkeyPatch) -> None:
    """A dead network must neither be hammered nor given up."""
    pauses: list[float] = []

    async def no_sleep(seconds: float) -> None:
        pauses.append(seconds)

    monkeypatch.setattr(asyncio, "sleep", no_sleep)
    faults: list[TelegramError] = [NetworkError("down")] * 7 + [RetryAfter(45)]

    async def call() -> str:
        if faults:
            raise faults.pop(0)
        return "up"

    with capture_logs() as lines:
        assert await patiently("not connected", call) == "up"
    assert pauses == [0.5, 1, 2, 4, 8, 16, 30, 45]
    assert len(lines) == len(pauses)
