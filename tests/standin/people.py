"""People who talk with the bot through the stand-in: what they write, tap and edit, and what they get to read."""

import re
from collections.abc import Collection
from copy import deepcopy
from itertools import count
from typing import Any, Self

from standin import polls
from standin.chats import NOW, Message
from standin.markup import length
from standin.server import StandIn

_ENTITY = re.compile(r"(?P<bot_command>(?<!\S)/\w+(?:@\w+)?)|(?P<mention>@\w{5,})")
_ids = count(1000)


def user(name: str = "Alice", **more: Any) -> dict[str, Any]:
    """Somebody new."""
    return {"id": next(_ids), "is_bot": False, "first_name": name, **more}


class Talk:
    """A chat as its members see it. `hears` gives the bot's messages one after the other."""

    def __init__(self, standin: StandIn, chat: Message, member: Message, topic: int | None = None) -> None:
        self.standin, self.chat, self.member = standin, chat, member
        self._topic = {"message_thread_id": topic, "is_topic_message": True} if topic else {}
        self._heard = 0

    @classmethod
    def private(cls, standin: StandIn) -> Self:
        """A private chat of somebody new with the bot."""
        member = user()
        return cls(standin, {"id": member["id"], "type": "private", "first_name": member["first_name"]}, member)

    @classmethod
    def group(cls, standin: StandIn, topic: int | None = None) -> Self:
        """A new supergroup that the bot is in; with a topic, a forum."""
        chat = {"id": -1_000_000_000_000 - next(_ids), "type": "supergroup", "title": "Study group"}
        return cls(standin, chat | ({"is_forum": True} if topic else {}), user(), topic)

    @property
    def id(self) -> int:
        """The chat's id."""
        return int(self.chat["id"])

    def says(self, text: str, **more: Any) -> Message:
        """A text, with the entities that Telegram finds in it."""
        entities = {"entities": found} if (found := _entities(text)) else {}
        return self.posts(text=text, **entities, **more)

    def posts(self, **content: Any) -> Message:
        """A message of any content; `from` may be given to speak as somebody else."""
        message = self.standin.chats.add(self.chat, {"from": self.member, **self._topic, **content})
        self.standin.push("message", message)
        return message

    def edits(self, message: Message, **content: Any) -> None:
        """Another content for an earlier message."""
        message.update(content, edit_date=NOW)
        self.standin.push("edited_message", deepcopy(message))

    def taps(self, card: Message, data: str, **more: Any) -> str:
        """A tap on a button under a card, by the button's data; returns the tap's id."""
        tap = str(next(_ids))
        self.standin.chats.taps.add(tap)
        content = {"id": tap, "from": self.member, "chat_instance": "1", "message": deepcopy(card), "data": data}
        self.standin.push("callback_query", content | more)
        return tap

    def votes(self, message: Message, places: Collection[int], lost: bool = False) -> int:
        """A vote in a poll for the options at these places, in the order shown; `lost` keeps it from the bot."""
        polls.count(message["poll"], places)
        return 0 if lost else self.tells(message, places)

    def tells(self, message: Message, places: Collection[int], **more: Any) -> int:
        """Only the update that tells of a vote, whatever the poll says; returns its id."""
        content = polls.answer(message["poll"], self.member, sorted(places)) | more
        return self.standin.push("poll_answer", {name: value for name, value in content.items() if value is not None})

    def hears(self) -> Message:
        """The bot's next message here, once it has come."""
        self.standin.wait(lambda: len(self.standin.chats.ours(self.id)) > self._heard)
        message = self.standin.chats.ours(self.id)[self._heard]
        self._heard += 1
        return message

    def asks(self, question: str) -> Message:
        """Ask, and read the answer."""
        self.says(question)
        return self.hears()

    def unheard(self) -> list[Message]:
        """What the bot wrote here that nobody has read yet."""
        return self.standin.chats.ours(self.id)[self._heard :]


def reply_to(message: Message) -> dict[str, Any]:
    """What a message holds that replies to another one."""
    return {"reply_to_message": {key: value for key, value in message.items() if key != "reply_to_message"}}


def _entities(text: str) -> list[dict[str, Any]]:
    return [
        {"type": found.lastgroup, "offset": length(text[: found.start()]), "length": length(found[0])}
        for found in _ENTITY.finditer(text)
    ]


def buttons(card: Message) -> list[str]:
    """The data of a card's buttons, in reading order."""
    return [button["callback_data"] for row in _rows(card) for button in row if "callback_data" in button]


def links(card: Message) -> list[str]:
    """The addresses of a card's buttons that lead out of the chat."""
    return [button["url"] for row in _rows(card) for button in row if "url" in button]


def _rows(card: Message) -> list[list[dict[str, str]]]:
    rows: list[list[dict[str, str]]] = card.get("reply_markup", {}).get("inline_keyboard", [])
    return rows
