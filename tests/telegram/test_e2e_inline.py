"""Inline end to end: cards for what is typed in any chat, the same for everybody, and nothing of it kept."""

from collections.abc import Callable
from pathlib import Path

import pytest

from semax_bot.telegram.inline import SWITCHED_OFF
from semax_bot.tutor import Tutor
from standin import chats
from standin.chats import Refusal
from standin.inline import offered, types
from standin.people import Talk
from standin.process import BotProcess
from standin.records import rows
from standin.server import StandIn


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the bot keeps what it remembers."""
    return tmp_path_factory.mktemp("bot")


@pytest.fixture(scope="module", autouse=True)
def bot(start_bot: Callable[..., BotProcess], folder: Path) -> BotProcess:
    """A bot that several tests talk to."""
    return start_bot(folder).ready()


@pytest.fixture
def alice(standin: StandIn) -> Talk:
    """Somebody new."""
    return Talk.private(standin)


def test_words_half_typed_bring_cards(alice: Talk, tutor: Tutor) -> None:
    """The nearest first; each with title, evidence and text, a way to the private chat, and nothing to press else."""
    answer = offered(alice, "dopamine turn")
    first = answer["results"][0]
    assert first["title"] == "Dopamine turnover"
    assert first["id"] == "06-figure-dopamine-turnover"
    assert first["description"].startswith("🐀")
    for result in answer["results"]:
        ((button,),) = result["reply_markup"]["inline_keyboard"]
        assert set(button) == {"text", "url"}
        payload = button["url"].partition("?start=")[2]
        assert tutor.course.by_slug[payload] == tutor.course.by_slug[result["id"]]
        assert "Evidence:" in result["input_message_content"]["message_text"]
    assert 1 < len(answer["results"]) <= 10
    assert int(answer["cache_time"]) > 0
    assert answer.get("is_personal", "False").lower() == "false"


def test_no_words_bring_the_contents(alice: Talk) -> None:
    """Who only types the name sees what there is."""
    titles = [result["title"] for result in offered(alice, "")["results"]]
    assert len(titles) == len(set(titles)) == 10
    assert "The dopamine system" in titles


def test_a_question_brings_the_sentence_that_was_asked_for(alice: Talk, tutor: Tutor) -> None:
    """A whole question is answered as in a chat."""
    result = offered(alice, "how much does norepinephrine rise?")["results"][0]
    assert "15-25%" in result["input_message_content"]["message_text"]


@pytest.mark.parametrize(
    ("words", "title"),
    [("how many sprays should i take?", "No personal medical advice"), ("what is the half-life?", "Not in this unit")],
)
def test_what_no_card_answers_is_said(alice: Talk, words: str, title: str) -> None:
    """Neither advice nor a card that only looks like an answer."""
    assert offered(alice, words)["results"][0]["title"] == title


@pytest.mark.parametrize("words", ["/" * 256, "\u202e<b>&", "🧠" * 128, "\ud83d", "‎", "a" * 256])
def test_odd_words_harm_nobody(alice: Talk, words: str) -> None:
    """Whatever is typed, there is an answer."""
    words = words.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    assert offered(alice, words)["results"]


def test_an_answer_that_comes_too_late_is_let_go(standin: StandIn, alice: Talk, bot: BotProcess) -> None:
    """Who types on has no use for it; the log has one line, without the words."""
    standin.fail("answerInlineQuery", Refusal(400, "Bad Request: query is too old and response timeout expired"))
    types(alice, "xylophone")
    standin.wait(lambda: "inline query not answered" in bot.output)
    assert offered(alice, "dopac")["results"]
    assert "xylophone" not in bot.output


def test_nothing_is_kept(alice: Talk, folder: Path) -> None:
    """Neither the words nor the person."""
    offered(alice, "dopac")
    assert rows(folder, "SELECT * FROM inbox") == []
    assert rows(folder, "SELECT * FROM learner") == []


def test_start_up_says_how_to_switch_it_on(
    standin: StandIn, bot: BotProcess, start_bot: Callable[..., BotProcess], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An operator who forgot reads one line; one who did not reads none."""
    assert SWITCHED_OFF in bot.output
    monkeypatch.setitem(chats.BOT, "supports_inline_queries", True)
    assert SWITCHED_OFF not in start_bot().ready().output
