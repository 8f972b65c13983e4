"""Browsing the course: /start with its deep links, a command for every page, and the buttons under each card."""

import asyncio
from functools import partial
from typing import Any

from telegram import Message, Update
from telegram.ext import BaseHandler, CallbackQueryHandler, CommandHandler, ContextTypes, MessageHandler, filters

from semax_bot.errors import UnknownEntry
from semax_bot.reply import Reply, line
from semax_bot.telegram import deliver
from semax_bot.telegram.ask import PERSON, PRIVATE
from semax_bot.telegram.deliver import OLD_BUTTON, Room, Typing, acknowledge, answer, message_of, tapped, who
from semax_bot.tutor import PAGES, Tutor

UNKNOWN = "That is no command of mine. /help lists them, or just ask in your own words."


class Browsing:
    """The conversation in which learners find their way by commands and buttons."""

    def __init__(self, tutor: Tutor) -> None:
        self._tutor = tutor

    def handlers(self) -> list[BaseHandler[Update, ContextTypes.DEFAULT_TYPE, Any]]:
        """The handlers of /start, of the pages and of the buttons, to be added behind those of all other commands."""
        return [
            CommandHandler("start", self.start, PERSON),
            *(CommandHandler(name, partial(self.page, name), PERSON) for name in PAGES),
            MessageHandler(PRIVATE & filters.COMMAND, self.unknown),
            CallbackQueryHandler(self.tap),
        ]

    async def start(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Greet, or open the entry that a deep link names. Who starts us anew may have blocked us before."""
        room, payload = Room.of(message_of(update)), "".join(context.args or [])[:64]
        if not room.is_group:
            await self._tutor.daily.back(room.key)
        elif not payload:
            return await self._show(update, self._tutor.group_welcome(*_known_as(update)))
        await self._show(update, self._tutor.welcome(payload))

    async def page(self, name: str, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Show one of the tutor's pages; help differs between a group and a private chat."""
        if name == "help" and Room.of(message_of(update)).is_group:
            return await self._show(update, self._tutor.group_help(*_known_as(update)))
        await self._show(update, self._tutor.page(name))

    async def unknown(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Say that there is no such command."""
        await answer(self._tutor, update, line(UNKNOWN))

    async def tap(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Show what a button leads to, in the place of its card."""
        query, room = tapped(update)
        action = query.data or ""
        if query.message is None:  # under an inline message, of which we send none: forged
            return await acknowledge(query, OLD_BUTTON)
        card = query.message if isinstance(query.message, Message) and query.message.is_accessible else None
        try:
            reply = self._tutor.tap(action)
        except UnknownEntry:
            return await acknowledge(query, OLD_BUTTON)
        bot = update.get_bot()
        shown = deliver.replace(bot, room, card.message_id, reply) if card else deliver.send(bot, room, reply)
        await asyncio.gather(acknowledge(query), shown)
        await self._tutor.chats.tapped(who(update), room.key, action, reply)

    async def _show(self, update: Update, reply: Reply) -> None:
        with Typing(update.get_bot(), Room.of(message_of(update))):
            await answer(self._tutor, update, reply)


def _known_as(update: Update) -> tuple[str, bool]:
    """Our name, and whether Telegram lets us see a group's whole talk."""
    bot = update.get_bot()
    return bot.username, bool(bot.bot.can_read_all_group_messages)
