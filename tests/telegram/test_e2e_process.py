"""The life of the process: how it starts, what it does about a bad token, and how it ends."""

import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from standin.chats import Refusal
from standin.people import Talk
from standin.process import BotProcess
from standin.server import StandIn, too_many

Start = Callable[..., BotProcess]
QUESTION = "what is DOPAC?"


def test_a_refused_token_is_one_clear_line_and_exit_code_2(standin: StandIn, start_bot: Start) -> None:
    """A typing slip in the token is the commonest first error; the line says what to do, and never shows a token."""
    wrong = "987654321:AAwrong_token-for-tests_00123456789"
    bot = start_bot(SEMAX_BOT_TOKEN=wrong)
    assert bot.exit_code() == 2
    (line,) = bot.output.strip().splitlines()
    assert "SEMAX_BOT_TOKEN" in line
    assert "@BotFather" in line
    assert wrong not in bot.output


def test_it_waits_for_a_server_that_is_not_there_yet(standin: StandIn, start_bot: Start) -> None:
    """After a power cut the bot may be up before the network."""
    standin.fail("getMe", Refusal(502, "Bad Gateway"))
    bot = start_bot().ready()
    assert "DOPAC" in Talk.private(standin).asks(QUESTION)["text"]
    assert bot.stop() == 0


def test_it_answers_even_if_the_menu_cannot_be_set(standin: StandIn, start_bot: Start) -> None:
    """Menus are limited by Telegram more strictly than answers; a failure there is one line and no more."""
    standin.fail("setMyCommands", Refusal(400, "Bad Request: too many commands"))
    bot = start_bot().ready()
    assert "DOPAC" in Talk.private(standin).asks(QUESTION)["text"]
    standin.wait(lambda: "menu, button or description not set" in bot.output)
    assert bot.stop() == 0


@pytest.mark.parametrize("wish", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_politely(start_bot: Start, wish: signal.Signals) -> None:
    """Supervisors and Ctrl-C both mean: finish and go."""
    bot = start_bot().ready()
    bot.send(wish)
    assert bot.exit_code() == 0


def test_what_is_in_flight_is_finished_and_not_done_twice(standin: StandIn, start_bot: Start, tmp_path: Path) -> None:
    """A deployment in the middle of an answer must neither lose nor repeat it."""
    alice = Talk.private(standin)
    bot = start_bot(tmp_path).ready()
    release = standin.hold("sendMessage", alice.id)
    alice.says(QUESTION)
    standin.wait(lambda: standin.made("sendMessage", alice.id))
    polls = len(standin.made("getUpdates"))
    bot.send(signal.SIGTERM)
    standin.wait(lambda: len(standin.made("getUpdates")) > polls)  # what was fetched is confirmed
    release()
    assert bot.exit_code() == 0
    assert "DOPAC" in alice.hears()["text"]
    alice.says("what is HVA?")  # while nobody listens
    start_bot(tmp_path).ready()
    assert "HVA" in alice.hears()["text"]
    assert alice.unheard() == []


def test_who_waits_for_a_limit_cannot_hold_up_the_end(standin: StandIn, start_bot: Start) -> None:
    """Telegram may tell a chat to wait for minutes; supervisors kill after ten seconds."""
    bot = start_bot().ready()
    alice = Talk.private(standin)
    standin.fail("sendMessage", too_many(300), alice.id)
    alice.says(QUESTION)
    standin.wait(lambda: standin.made("sendMessage", alice.id))
    asked = time.monotonic()
    bot.send(signal.SIGTERM)
    assert bot.exit_code() == 0
    assert time.monotonic() - asked < 10


def test_a_second_bot_on_the_same_folder_is_refused(standin: StandIn, start_bot: Start, tmp_path: Path) -> None:
    """Two would take each other's updates; the first goes on, and its death, however sudden, frees the folder."""
    first = start_bot(tmp_path).ready()
    (tmp_path / "elsewhere").mkdir()
    second = BotProcess(standin, tmp_path / "elsewhere", SEMAX_BOT_DATA=str(tmp_path / "data"))
    assert second.exit_code() == 2
    (line,) = second.output.strip().splitlines()
    assert line.startswith("Another semax-bot works in")
    assert "DOPAC" in Talk.private(standin).asks(QUESTION)["text"]
    first.kill()
    assert start_bot(tmp_path).ready().alive
