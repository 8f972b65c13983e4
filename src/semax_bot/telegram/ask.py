"""Asking in one's own words: private messages, /ask, mentions and replies in groups, and all that is no text."""

from collections import deque
from typing import Any

from telegram import Message, MessageEntity, Update
from telegram.constants import ChatType
from telegram.ext import BaseHandler, CommandHandler, ContextTypes, MessageHandler, filters

from semax_bot.reply import line
from semax_bot.telegram.deliver import Room, Typing, answer, message_of
from semax_bot.tutor import Tutor

EMPTY = "Put your question behind the command or my name, in your own words. /help shows what else there is."
NO_TEXT = "I can only read text. Write your question in a few words and I will look it up."


class _Person(filters.MessageFilter):
    """Written by a person: no other bot, no channel's post copied into its group. An anonymous admin is a person."""

    def filter(self, message: Message) -> bool:
        sender = message.from_user
        by_bot = sender is not None and sender.is_bot and message.sender_chat is None
        return not (by_bot or message.is_automatic_forward)


class _Addressed(filters.MessageFilter):
    """Meant for us: anything in a private chat; in a group a mention of us, or a reply to one of our messages."""

    def filter(self, message: Message) -> bool:
        if message.chat.type == ChatType.PRIVATE:
            return True
        replied = message.reply_to_message
        to_us = replied is not None and replied.from_user is not None and replied.from_user.id == message.get_bot().id
        return to_us or bool(_mentions(message))


PERSON = _Person() & filters.UpdateType.MESSAGES
PRIVATE = PERSON & filters.ChatType.PRIVATE
ADDRESSED = PERSON & _Addressed()


class Asking:
    """The conversation in which learners ask freely."""

    def __init__(self, tutor: Tutor) -> None:
        self._tutor = tutor
        self._albums: deque[str] = deque(maxlen=100)  # each photo of an album is a message; one hint is enough

    def handlers(self) -> list[BaseHandler[Update, ContextTypes.DEFAULT_TYPE, Any]]:
        """The handlers, to be added before all others: most of what comes is a plain text."""
        return [
            CommandHandler("ask", self.ask, PERSON),
            MessageHandler(ADDRESSED & filters.TEXT & ~filters.COMMAND, self.hear),
            MessageHandler(ADDRESSED & filters.ATTACHMENT & filters.UpdateType.MESSAGE, self.no_text),
        ]

    async def ask(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Answer what stands behind /ask."""
        words = _words(message_of(update)).split(maxsplit=1)[1:]
        await self._answer(update, "".join(words))

    async def hear(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Answer a text that is meant for us."""
        await self._answer(update, _words(message_of(update)))

    async def no_text(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Say what to do instead of sending a photo, a voice message, a sticker, a location ..."""
        album = message_of(update).media_group_id
        if album is None or album not in self._albums:
            if album is not None:
                self._albums.append(album)
            await answer(self._tutor, update, line(NO_TEXT))

    async def _answer(self, update: Update, question: str) -> None:
        room = Room.of(message_of(update))
        with Typing(update.get_bot(), room):
            reply = await self._tutor.chats.hear(room.key, question) if question else line(EMPTY)
            await answer(self._tutor, update, reply)


def _mentions(message: Message) -> list[MessageEntity]:
    """The places in a text or a caption where our name stands, in order."""
    us = message.get_bot()
    kinds: list[str | None] = [MessageEntity.MENTION, MessageEntity.TEXT_MENTION]
    named = {**message.parse_entities(kinds), **message.parse_caption_entities(kinds)}
    return [
        entity
        for entity, text in named.items()
        if (entity.user.id == us.id if entity.user else text.casefold() == f"@{us.username}".casefold())
    ]


def _words(message: Message) -> str:
    """The text without our name. Telegram counts an entity's place in UTF-16 units, so we cut there."""
    units = (message.text or "").encode("utf-16-le", "surrogatepass")
    for entity in reversed(_mentions(message)):
        units = units[: 2 * entity.offset] + units[2 * (entity.offset + entity.length) :]
    return units.decode("utf-16-le", "replace").strip(" \n\t,:")
