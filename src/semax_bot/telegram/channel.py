"""Channels: set up in private by somebody who may post there, which Telegram is asked each time."""

from contextlib import suppress
from typing import Any

import structlog
from telegram import (
    ChatAdministratorRights,
    ChatMember,
    ChatMemberAdministrator,
    ChatMemberUpdated,
    InlineKeyboardButton,
    KeyboardButton,
    KeyboardButtonRequestChat,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    Update,
)
from telegram.error import TelegramError
from telegram.ext import BaseHandler, CallbackQueryHandler, CommandHandler, ContextTypes, MessageHandler, filters

from semax_bot.errors import Declined
from semax_bot.reply import Button, Reply, Text, line
from semax_bot.telegram.admins import place_of
from semax_bot.telegram.ask import PERSON, PRIVATE
from semax_bot.telegram.deliver import Room, acknowledge, answer, message_of, put_in_place, send, tapped, who
from semax_bot.telegram.faults import NoAnswer
from semax_bot.tutor import Tutor, Who
from semax_bot.tutor.values import Channel

COMMANDS = {"channel": "a daily quiz for your channel"}
ELSEWHERE = "Channels are set up in our private chat: open me there and send /channel."
YOURS = "Your channels. Tap one to set what it gets."
NONE_YET = "A channel can get a daily quiz, a term of the day, and a figure of the week. Add me to yours first."
PICK = "Or choose a channel, and I ask to be let in as far as posting goes:"
ADD = "Add me to a channel"
CHOOSE = "Choose a channel"
CHOSEN = "Good. What is to be posted there, and when, is up to you:"
ADDED = "You added me to “{title}”. What is to be posted there, and when, is up to you:"
NOT_YOURS = "Only an administrator of the channel who may post there can set this up, as Telegram tells me."
NOT_LET_IN = "I may not post there. Make me an administrator of the channel who may post messages, then try again."
REQUEST = 1  # of the one keyboard that asks for a chat

log = structlog.get_logger(__name__)


class Channelling:
    """The conversation about channels."""

    def __init__(self, tutor: Tutor) -> None:
        self._tutor = tutor

    def handlers(self) -> list[BaseHandler[Update, ContextTypes.DEFAULT_TYPE, Any]]:
        """The handlers, to be added before those of cards' buttons."""
        return [
            CommandHandler("channel", self.list, PRIVATE),
            CommandHandler("channel", self.elsewhere, PERSON),
            MessageHandler(PRIVATE & filters.StatusUpdate.CHAT_SHARED, self.shared),
            CallbackQueryHandler(self.tap, r"^ch:"),
        ]

    async def list(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Show the channels that the person looks after, and both ways to one more."""
        bot, room = update.get_bot(), Room.of(message_of(update))
        kept = [one for one in await self._tutor.channels.kept_by(who(update)) if await self._is_listed(update, one)]
        text = Text(YOURS if kept else NONE_YET, lead=True)
        buttons = tuple((Button(one.title, f"ch:open:{one.chat}"),) for one in kept)
        link = InlineKeyboardButton(ADD, url=f"https://t.me/{bot.username}?startchannel&admin=post_messages")
        await send(bot, room, Reply("answer", (text,), buttons), links=[link])
        await bot.send_message(room.chat, PICK, reply_markup=_keyboard())

    async def shared(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """A channel was chosen from Telegram's own list."""
        bot, message = update.get_bot(), message_of(update)
        given, room = message.chat_shared, Room.of(message)
        assert given is not None
        channel = Channel(str(given.chat_id), given.title or "Your channel")
        try:
            refusal = await self._refusal(update, channel)
        except NoAnswer as fault:
            return await answer(self._tutor, update, line(str(fault)))
        await bot.send_message(room.chat, refusal or CHOSEN, reply_markup=ReplyKeyboardRemove())
        if not refusal:
            await self._tutor.channels.keep(who(update), channel.chat, channel.title)
            await send(bot, room, await self._tutor.channels.page(who(update), channel))

    async def tap(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Do what a button says, if the person may still do so."""
        query, room = tapped(update)
        *wish, chat = (query.data or "").split(":")[1:]
        channel = next((one for one in await self._tutor.channels.kept_by(who(update)) if one.chat == chat), None)
        if room.is_group or channel is None:
            return await acknowledge(query, NOT_YOURS)
        try:
            if refusal := await self._refusal(update, channel):
                return await acknowledge(query, refusal, alert=True)
            reply = await self._tutor.channels.tap(who(update), channel, wish)
        except Declined as fault:
            return await acknowledge(query, str(fault))
        await acknowledge(query)
        await put_in_place(update.get_bot(), room, query, reply)

    async def membership(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """A channel let us in, which we tell whoever did it, or threw us out."""
        news = update.my_chat_member
        assert isinstance(news, ChatMemberUpdated)
        key, title = str(news.chat.id), news.chat.title or "Your channel"
        if not _may_post(news.new_chat_member):
            log.info("silent in a channel", chat=key, status=news.new_chat_member.status)
            await self._tutor.daily.shut(key)
            return await self._tutor.channels.let_go(key)
        await self._tutor.daily.back(key)
        if _may_post(news.old_chat_member):
            return
        person = Who("telegram", str(news.from_user.id))
        await self._tutor.channels.keep(person, key, title)
        page = await self._tutor.channels.page(person, Channel(key, title))
        added = Text(ADDED.format(title=title), lead=True)
        with suppress(TelegramError):  # who has not started us cannot be told, and the channel is no place for it
            bot = update.get_bot()
            await send(bot, Room(news.from_user.id, None), Reply("answer", (added, *page.blocks[1:]), page.buttons))

    async def elsewhere(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """In a group, say where channels are set up."""
        await answer(self._tutor, update, line(ELSEWHERE))

    async def _refusal(self, update: Update, channel: Channel) -> str:
        """Why a person may not set a channel up, as Telegram says right now; empty if all is well. Raises NoAnswer."""
        person, bot = who(update), update.get_bot()
        if not _may_post(await place_of(bot, channel.chat, bot.id)):
            return NOT_LET_IN
        if not _may_post(await place_of(bot, channel.chat, int(person.handle))):
            await self._tutor.channels.let_go(channel.chat, person)
            return NOT_YOURS
        return ""

    async def _is_listed(self, update: Update, channel: Channel) -> bool:
        try:
            return not await self._refusal(update, channel)
        except NoAnswer:  # whoever taps it is asked about again
            return True


def _may_post(member: ChatMember | None) -> bool:
    if isinstance(member, ChatMemberAdministrator):
        return bool(member.can_post_messages)
    return member is not None and member.status == ChatMember.OWNER


def _keyboard() -> ReplyKeyboardMarkup:
    """A button that opens Telegram's own list of the channels in which somebody may let us in."""
    none: dict[str, Any] = ChatAdministratorRights.no_rights().to_dict()
    rights = ChatAdministratorRights(**none | {"can_post_messages": True})
    wanted = KeyboardButtonRequestChat(
        REQUEST,
        chat_is_channel=True,
        user_administrator_rights=rights,
        bot_administrator_rights=rights,
        request_title=True,
    )
    button = KeyboardButton(CHOOSE, request_chat=wanted)
    return ReplyKeyboardMarkup([[button]], resize_keyboard=True, one_time_keyboard=True)
