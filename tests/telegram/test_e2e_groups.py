"""The bot among people: it speaks when spoken to, in the right topic, and otherwise keeps silent."""

import json
from typing import Any

import pytest

from semax_bot.answering.pages import SOME_SEEN
from standin.chats import BOT
from standin.people import Talk, reply_to, user
from standin.server import StandIn

pytestmark = pytest.mark.usefixtures("bot")
NAME = BOT["username"]
OTHER_BOT = user("Weather", is_bot=True, username="weather_bot")


@pytest.fixture
def group(standin: StandIn) -> Talk:
    """A new group."""
    return Talk.group(standin)


@pytest.mark.parametrize(
    "words",
    [
        "/ask what is DOPAC?",
        f"/ask@{NAME} what is DOPAC?",
        f"@{NAME.upper()}, what is DOPAC?",
        f"😀 what is DOPAC @{NAME}",
    ],
)
def test_it_answers_when_addressed(standin: StandIn, group: Talk, words: str) -> None:
    """By command, by command with its name, by mention at any place; it quotes the question that it answers."""
    question = group.says(words)
    assert "DOPAC" in group.hears()["text"]
    quoted = json.loads(standin.made("sendMessage", group.id)[0].params["reply_parameters"])
    assert quoted["message_id"] == question["message_id"]


def test_a_mention_without_a_username_counts(group: Talk) -> None:
    """Some apps mention by account (text_mention); to people it looks the same."""
    group.says("Tutor what is DOPAC?", entities=[{"type": "text_mention", "offset": 0, "length": 5, "user": BOT}])
    assert "DOPAC" in group.hears()["text"]


def test_a_reply_to_a_card_is_addressed(group: Talk) -> None:
    """The natural way to go on, and the one that privacy mode always lets through."""
    card = group.asks("/ask what is DOPAC?")
    group.says("what is HVA?", **reply_to(card))
    assert "HVA" in group.hears()["text"]


def silent_messages() -> list[dict[str, Any]]:
    """What is said in groups, but not to us."""
    channel = {"id": -1_000_000_000_001, "type": "channel", "title": "News"}
    return [
        {"text": "what is DOPAC?"},
        {"text": "/ask@weather_bot what is DOPAC?"},
        {"text": "/nonsense"},
        {"text": f"/ask@{NAME} hello", "from": OTHER_BOT},
        {"text": f"@{NAME} hello", "from": user(), "sender_chat": channel, "is_automatic_forward": True},
        {"photo": [{"file_id": "1", "file_unique_id": "1", "width": 9, "height": 9}]},
        {"new_chat_members": [BOT]},
    ]


@pytest.mark.parametrize("message", silent_messages(), ids=str)
def test_it_keeps_silent_otherwise(group: Talk, message: dict[str, Any]) -> None:
    """A bot that talks uninvited is thrown out. (The chat's updates are handled in order, so silence is proved.)"""
    group.says(**message) if "text" in message else group.posts(**message)
    assert "DOPAC" in group.asks("/ask what is DOPAC?")["text"]
    assert group.unheard() == []


def test_an_anonymous_admin_is_a_person(group: Talk) -> None:
    """Telegram shows such admins as a bot that speaks for the group."""
    anonymous = {"from": user("Group", is_bot=True, username="GroupAnonymousBot"), "sender_chat": group.chat}
    group.says("/ask what is DOPAC?", **anonymous)
    assert "DOPAC" in group.hears()["text"]


def test_an_edit_that_is_not_addressed_stays_without_answer(group: Talk) -> None:
    """Mending a sentence among friends is no question to us."""
    chatter = group.says("helo all")
    group.edits(chatter, text="hello all")
    group.asks("/ask what is DOPAC?")
    assert group.unheard() == []


@pytest.mark.parametrize(("topic", "echoed"), [(7, "7"), (1, None)])
def test_it_answers_in_the_topic_of_the_question(standin: StandIn, topic: int, echoed: str | None) -> None:
    """An answer in another topic reaches nobody; the General topic's id 1 is refused by Telegram in sends."""
    forum = Talk.group(standin, topic)
    forum.asks("/ask what is DOPAC?")
    assert standin.made("sendMessage", forum.id)[0].params.get("message_thread_id") == echoed


def test_a_chain_of_replies_is_no_topic(standin: StandIn, group: Talk) -> None:
    """Outside forums the thread id names a chain of replies, and Telegram refuses it in sends."""
    group.says("/ask what is DOPAC?", message_thread_id=5)
    group.hears()
    assert "message_thread_id" not in standin.made("sendMessage", group.id)[0].params


def test_topics_have_memories_of_their_own(standin: StandIn) -> None:
    """Two conversations in one forum must not answer each other's follow-ups."""
    one = Talk.group(standin, 7)
    other = Talk(standin, one.chat, one.member, 8)
    one.asks("/ask what is DOPAC?")
    other.says("/ask what is HVA?")
    one.hears()
    assert "DOPAC" in one.asks("/ask how much?")["text"]


def test_start_in_a_group_says_what_telegram_shows_us_there(group: Talk) -> None:
    """With privacy mode on a bare mention may never arrive; people should know what does."""
    assert SOME_SEEN.format(name=NAME) in group.asks(f"/start@{NAME}")["text"]
