"""Putting a reply into a chat: a new message, or in the place of an earlier one, with 'typing' when it takes long."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from types import TracebackType
from typing import NamedTuple, Self

import structlog
from telegram import Bot, CallbackQuery, InlineKeyboardButton, Message, ReplyParameters, Update
from telegram.constants import ChatAction, ChatType
from telegram.error import BadRequest, ChatMigrated, TelegramError

from semax_bot.reply import Reply
from semax_bot.telegram.faults import reason
from semax_bot.telegram.limiter import Lane, through
from semax_bot.telegram.render import html, keyboard
from semax_bot.tutor import Tutor, Who

TYPING_AFTER = 0.5  # seconds; a faster answer would only flicker
CROWD = 16  # rooms
OLD_BUTTON = "That button no longer leads anywhere. Ask again, or see /help."
GENERAL_TOPIC = 1  # Telegram refuses its id in sends: https://github.com/tdlib/telegram-bot-api/issues/447

log = structlog.get_logger(__name__)


class Room(NamedTuple):
    """Where a conversation takes place: a chat, or one topic of it."""

    chat: int
    topic: int | None

    @classmethod
    def of(cls, message: Message) -> Self:
        """The room of a message. Outside topics the thread id only names a chain of replies, so it is left out."""
        topic = message.message_thread_id if message.is_topic_message else None
        return cls(message.chat_id, None if topic == GENERAL_TOPIC else topic)

    @classmethod
    def of_tap(cls, query: CallbackQuery) -> Self:
        """The room of a tapped button; of a message too old to be read only the chat is known."""
        if query.message is None:  # under an inline message, of which we send none
            return cls(query.from_user.id, None)
        return cls.of(query.message) if isinstance(query.message, Message) else cls(query.message.chat.id, None)

    @classmethod
    def parse(cls, key: str) -> Self:
        """The room of a `key`."""
        chat, _, topic = key.partition("/")
        return cls(int(chat), int(topic) if topic else None)

    @property
    def key(self) -> str:
        """The tutor's key for the chat."""
        return str(self.chat) if self.topic is None else f"{self.chat}/{self.topic}"

    @property
    def is_group(self) -> bool:
        """Whether it is no private chat; those have the ids of their people, which are positive."""
        return self.chat < 0


class Typing:
    """Shows 'typing' in a room if the block takes longer than half a second.

    In a crowd it keeps still: there it would double the calls, and so the time that everybody waits.
    """

    waiting = 0  # rooms whose answer is being made

    def __init__(self, bot: Bot, room: Room) -> None:
        self._bot, self._room = bot, room
        self._showing: asyncio.Task[None] | None = None  # asyncio itself holds tasks only weakly

    def __enter__(self) -> None:
        Typing.waiting += 1
        self._timer = asyncio.get_running_loop().call_later(TYPING_AFTER, self._start)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        Typing.waiting -= 1
        self._timer.cancel()
        if self._showing:
            self._showing.cancel()

    def _start(self) -> None:
        if Typing.waiting <= CROWD:
            self._showing = asyncio.create_task(self._show())

    async def _show(self) -> None:
        with suppress(TelegramError):  # decoration only; the answer itself reports what is wrong with the chat
            await self._bot.send_chat_action(self._room.chat, ChatAction.TYPING, message_thread_id=self._room.topic)


def message_of(update: Update) -> Message:
    """The message that an update brings; for handlers whose filter lets nothing else through."""
    message = update.effective_message
    assert message is not None
    return message


def tapped(update: Update) -> tuple[CallbackQuery, Room]:
    """The tap that an update brings, and where the button stands; for handlers of taps."""
    query = update.callback_query
    assert query is not None
    return query, Room.of_tap(query)


def who(update: Update) -> Who:
    """The learner from whom an update comes; for handlers that no channel's post reaches."""
    assert update.effective_user is not None
    return Who("telegram", str(update.effective_user.id))


async def answer(tutor: Tutor, update: Update, reply: Reply) -> None:
    """Send the reply to the update's message; where the message is an edited one, edit its earlier answer."""
    message = message_of(update)
    bot, room, question = message.get_bot(), Room.of(message), message.message_id
    earlier = await tutor.chats.answer_to(room.key, question) if update.edited_message else None
    if earlier is not None:
        sent = await replace(bot, room, earlier, reply)
    else:
        sent = await send(bot, room, reply, None if message.chat.type == ChatType.PRIVATE else question)
    await tutor.chats.shown(who(update), room.key, reply, question, sent)


async def acknowledge(query: CallbackQuery, text: str | None = None, alert: bool = False) -> None:
    """Stop the button's spinner. Telegram takes no answer to a tap that waited too long, which harms nobody."""
    try:
        await query.answer(text, show_alert=alert)
    except TelegramError as fault:
        log.warning("tap not acknowledged", fault=reason(fault))


async def put(
    bot: Bot,
    room: Room,
    reply: Reply,
    question: int | None = None,
    links: Sequence[InlineKeyboardButton] = (),
    lane: Lane | None = None,
) -> int:
    """Send the reply as a new message, quoting `question` if given; returns the new message's id."""
    sent = await bot.send_message(
        room.chat,
        html(reply),
        message_thread_id=room.topic,
        reply_markup=keyboard(reply, *links),
        reply_parameters=ReplyParameters(question, allow_sending_without_reply=True) if question else None,
        **through(lane),
    )
    return sent.message_id


async def send(
    bot: Bot, room: Room, reply: Reply, question: int | None = None, links: Sequence[InlineKeyboardButton] = ()
) -> int:
    """The same, and if a group became a supergroup, there; our old topic and question have no ids in it."""
    try:
        return await put(bot, room, reply, question, links)
    except ChatMigrated as moved:
        return await put(bot, Room(moved.new_chat_id, None), reply, links=links)


async def replace(bot: Bot, room: Room, message_id: int, reply: Reply) -> int:
    """Put the reply in the place of an earlier message, or send it anew where that is gone; returns its id."""
    try:
        await bot.edit_message_text(html(reply), room.chat, message_id, reply_markup=keyboard(reply))
    except (BadRequest, ChatMigrated) as refusal:
        if "not modified" not in refusal.message.casefold():
            return await send(bot, room, reply)
    return message_id


async def put_in_place(bot: Bot, room: Room, query: CallbackQuery, reply: Reply) -> None:
    """Put the reply in the place of the message with the button, or below if that is gone."""
    if query.message:
        await replace(bot, room, query.message.message_id, reply)
    else:
        await send(bot, room, reply)
