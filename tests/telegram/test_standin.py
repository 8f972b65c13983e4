"""The stand-in is only worth what it notices; and where it cannot look, it says so."""

import json
from typing import Any

import pytest

from standin import known, markup
from standin.people import Talk
from standin.server import StandIn
from standin.spec import PLACE, Specification

MESSAGE = {"chat_id": "1", "text": "<b>Hi</b>", "parse_mode": "HTML"}
LONG_BUTTON = {"inline_keyboard": [[{"text": "Go", "callback_data": "é" * 33}]]}
WRONG_CALLS = [
    ("sendMesage", MESSAGE),
    ("sendMessage", {"text": "Hi"}),
    ("sendMessage", MESSAGE | {"colour": "red"}),
    ("sendMessage", MESSAGE | {"text": "<b></b>"}),
    ("sendMessage", MESSAGE | {"text": "x" * 4097}),
    ("sendMessage", MESSAGE | {"text": "<b>Hi"}),
    ("sendMessage", MESSAGE | {"reply_markup": json.dumps(LONG_BUTTON)}),
    ("answerCallbackQuery", {"callback_query_id": "1", "text": "x" * 201}),
    ("setMyCommands", {"commands": '[{"command": "help"}]'}),
]
PRIVATE: dict[str, Any] = {"id": 1, "type": "private"}
WRONG_UPDATES: list[dict[str, Any]] = [
    {"update_id": 1, "message": {"message_id": 1, "chat": PRIVATE}},
    {"update_id": 1, "message": {"message_id": 1, "date": 0, "chat": PRIVATE, "colour": "red"}},
    {"message": {"message_id": 1, "date": 0, "chat": PRIVATE}},
]


@pytest.mark.parametrize(("method", "params"), WRONG_CALLS)
def test_the_library_check_notices_wrong_calls(method: str, params: dict[str, str]) -> None:
    """A bot that breaks the Bot API's rules must fail our tests, not only in front of Telegram."""
    assert list(known.request("sendMessage", MESSAGE)) == []
    assert list(known.request(method, params))


@pytest.mark.parametrize("update", WRONG_UPDATES)
def test_the_library_check_notices_wrong_updates(update: dict[str, Any]) -> None:
    """Updates that Telegram would never send would prove nothing about the bot."""
    assert list(known.update(update))


@pytest.mark.skipif(not PLACE.exists(), reason="the Bot API as data (SEMAX_BOT_BOT_API_JSON) is not on this machine")
def test_the_specification_check_notices_wrong_calls_and_updates() -> None:
    """The published Bot API is the second judge of every call and every canned answer, wherever it is at hand."""
    published = Specification()
    assert list(published.request("sendMessage", MESSAGE)) == []
    for method, params in WRONG_CALLS:
        assert list(published.request(method, params)), (method, params)
    for update in WRONG_UPDATES:
        assert list(published.update(update)), update
    assert list(published.answer("sendMessage", True))


@pytest.mark.parametrize(
    "text", ["<b>open", "</b>", "<b><i>crossed</b></i>", "<h1>no</h1>", "a < b", "a & b", "&nbsp;"]
)
def test_bad_html_is_refused(text: str) -> None:
    """Telegram answers such a message with an error, so the stand-in has to."""
    with pytest.raises(ValueError, match=r"."):
        markup.visible(text)


def test_wrong_calls_and_updates_are_kept_as_violations() -> None:
    """The fixture fails a module on what is kept here, so nothing may be lost on the way."""
    server = StandIn()
    try:
        server.push("message", {"message_id": 1, "chat": PRIVATE})
        Talk.private(server).says("hello")
        assert len(server.violations) == 1
    finally:
        server.close()
