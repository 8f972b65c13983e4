"""What Telegram keeps: who we are, and every chat's messages; and what the bot's methods do to them."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import count
from typing import Any

from standin import channels, known, polls
from standin.http import DROPPED, Upload
from standin.markup import length, seen

NOW = 1_790_000_000
Message = dict[str, Any]
BOT: dict[str, Any] = {
    "id": 123456789,
    "is_bot": True,
    "first_name": "Tutor",
    "username": "semax_tutor_bot",
    "can_join_groups": True,
    "can_read_all_group_messages": False,
    "supports_inline_queries": False,
}


@dataclass
class Refusal(Exception):
    """A call that fails: HTTP status, Telegram's words, and its parameters such as retry_after."""

    status: int
    description: str
    parameters: dict[str, Any] = field(default_factory=dict)

    def body(self) -> bytes:
        """The answer's body. A server fault comes from the proxy before Telegram, and that speaks HTML."""
        if self.status == DROPPED or self.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return f"<html><h1>{self.status} {self.description}</h1></html>".encode()
        answer = {"ok": False, "error_code": self.status, "description": self.description}
        return json.dumps(answer | ({"parameters": self.parameters} if self.parameters else {})).encode()


class Chats:
    """Every chat's messages by id, those of people and ours; and the taps that wait for an answer."""

    def __init__(self) -> None:
        self.messages: dict[int, dict[int, Message]] = {}
        self.taps: set[str] = set()
        self.files: dict[str, bytes] = {}  # what was uploaded, by file_id
        self.members: dict[tuple[int, int], Message] = {}  # who is what in which chat, where that is asked
        self._ids = count(1)
        self._methods: dict[str, Callable[[dict[str, str]], object]] = {
            "getMe": lambda _: BOT,
            "sendMessage": lambda params: self._send(params, _shown(params)),
            "sendPoll": lambda params: self._send(params, self._poll(params)),
            "sendPhoto": lambda params: self._send(params, self._photo(params)),
            "sendDocument": lambda params: self._send(params, self._document(params)),
            "editMessageText": self._rewrite,
            "editMessageReplyMarkup": lambda params: self._edit(params, _markup(params)),
            "editMessageMedia": lambda params: self._edit(params, self._media(params)),
            "stopPoll": self._stop,
            "getChatMember": self._member,
            "answerCallbackQuery": lambda params: self._acknowledge(params["callback_query_id"]),
        }

    def add(self, chat: dict[str, Any], content: dict[str, Any]) -> Message:
        """Put a message into a chat, under the next id."""
        message = {"message_id": next(self._ids), "date": NOW, "chat": chat, **content}
        self.messages.setdefault(chat["id"], {})[message["message_id"]] = message
        return message

    def ours(self, chat: int) -> list[Message]:
        """The bot's messages in a chat as they are now, oldest first."""
        return [message for message in list(self.messages.get(chat, {}).values()) if _is_ours(message)]

    def perform(self, method: str, params: dict[str, str]) -> object:
        """Do what a method does, and return its result. Raises Refusal."""
        if method in self._methods:
            return self._methods[method](params)
        if not known.answers_true(method):
            raise Refusal(HTTPStatus.NOT_FOUND, "Not Found")
        return True

    def _send(self, params: dict[str, str], content: dict[str, Any]) -> Message:
        chat = int(params["chat_id"])
        if chat not in self.messages:
            raise Refusal(HTTPStatus.BAD_REQUEST, "Bad Request: chat not found")
        home = next(iter(self.messages[chat].values()))["chat"]
        if home["type"] == "channel":
            return self.add(home, channels.posted(home, content))
        thread = params.get("message_thread_id")
        topic = {"message_thread_id": int(thread), "is_topic_message": True} if thread else {}
        return self.add(home, {"from": BOT, **content, **topic})

    def _own(self, params: dict[str, str]) -> Message:
        message = self.messages.get(int(params["chat_id"]), {}).get(int(params["message_id"]))
        if message is None:
            raise Refusal(HTTPStatus.BAD_REQUEST, "Bad Request: message to edit not found")
        if not _is_ours(message):
            raise Refusal(HTTPStatus.BAD_REQUEST, "Bad Request: message can't be edited")
        return message

    def _edit(self, params: dict[str, str], content: dict[str, Any]) -> Message:
        message = self._own(params)
        if all(message.get(key) == content.get(key) for key in {"reply_markup", *content}):
            raise Refusal(
                HTTPStatus.BAD_REQUEST,
                "Bad Request: message is not modified: specified new message content and reply markup are exactly the "
                "same as a current content and reply markup of the message",
            )
        message.pop("reply_markup", None)
        message.update(content, edit_date=NOW)
        return message

    def _rewrite(self, params: dict[str, str]) -> Message:
        if "text" not in self._own(params):
            raise Refusal(HTTPStatus.BAD_REQUEST, "Bad Request: there is no text in the message to edit")
        return self._edit(params, _shown(params))

    def _stop(self, params: dict[str, str]) -> polls.Poll:
        message = self._own(params)
        if "poll" not in message:
            raise Refusal(HTTPStatus.BAD_REQUEST, "Bad Request: message with poll to stop not found")
        poll: polls.Poll = message["poll"]
        if poll["is_closed"]:
            raise Refusal(HTTPStatus.BAD_REQUEST, "Bad Request: poll has already been closed")
        poll["is_closed"] = True
        message.pop("reply_markup", None)
        message.update(_markup(params))
        return {name: value for name, value in poll.items() if name != "description"}  # which only messages show

    def _poll(self, params: dict[str, str]) -> dict[str, Any]:
        return {"poll": polls.made(f"{NOW}{next(self._ids)}", params), **_markup(params)}

    def _photo(self, params: dict[str, str]) -> dict[str, Any]:
        size = self._file(params["photo"]) | {"width": 9, "height": 9}
        return {"photo": [size], **_captioned(params)}

    def _media(self, params: dict[str, str]) -> dict[str, Any]:
        media = json.loads(params["media"])
        file = params.get(media["media"].removeprefix("attach://"), media["media"])
        shown = _captioned({**params, **{name: media[name] for name in ("caption", "parse_mode") if name in media}})
        return {"photo": [self._file(file) | {"width": 9, "height": 9}], **shown}

    def _member(self, params: dict[str, str]) -> Message:
        known = self.members.get((int(params["chat_id"]), int(params["user_id"])))
        if known is None:
            raise Refusal(HTTPStatus.BAD_REQUEST, "Bad Request: member not found")
        return known

    def _document(self, params: dict[str, str]) -> dict[str, Any]:
        file = self._file(params["document"]) | {"file_name": str(params["document"])}
        return {"document": file, **_captioned(params)}

    def _file(self, given: str) -> dict[str, Any]:
        if not isinstance(given, Upload) and given not in self.files:
            raise Refusal(HTTPStatus.BAD_REQUEST, "Bad Request: wrong file identifier/HTTP URL specified")
        name = f"file-{next(self._ids)}" if isinstance(given, Upload) else given
        if isinstance(given, Upload):
            self.files[name] = given.content
        return {"file_id": name, "file_unique_id": name}

    def _acknowledge(self, tap: str) -> bool:
        if tap not in self.taps:
            raise Refusal(
                HTTPStatus.BAD_REQUEST,
                "Bad Request: query is too old and response timeout expired or query ID is invalid",
            )
        self.taps.remove(tap)
        return True


def _is_ours(message: Message) -> bool:
    """Whether the bot wrote it; a channel's posts have no author, and people post none in these tests."""
    return bool(message.get("from", BOT) == BOT)


def _shown(params: dict[str, str]) -> dict[str, Any]:
    """Text and buttons as they appear in the message."""
    try:
        text = seen(params).strip()
    except ValueError as fault:
        raise Refusal(HTTPStatus.BAD_REQUEST, f"Bad Request: can't parse entities: {fault}") from None
    if not text:
        raise Refusal(HTTPStatus.BAD_REQUEST, "Bad Request: message text is empty")
    if length(text) > 4096:
        raise Refusal(HTTPStatus.BAD_REQUEST, "Bad Request: message is too long")
    return {"text": text, **_markup(params)}


def _captioned(params: dict[str, str]) -> dict[str, Any]:
    """Caption and buttons as they appear under a file."""
    if "caption" not in params:
        return _markup(params)
    shown = _shown(params | {"text": params["caption"]})
    return {"caption": shown.pop("text"), **shown}


def _markup(params: dict[str, str]) -> dict[str, Any]:
    """The buttons, if there are any: to Telegram an empty keyboard is none."""
    markup = json.loads(params.get("reply_markup", "{}"))
    if "keyboard" in markup or "remove_keyboard" in markup:  # shown below the chat, not in the message
        return {}
    return {"reply_markup": markup} if any(markup.get("inline_keyboard", [])) else {}
