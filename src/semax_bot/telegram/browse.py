"""Browsing the course: /start with its deep links, a command for every page, and the buttons under each card."""

import asyncio
from dataclasses import replace
from functools import partial
from typing import Any

from telegram import Message, Update
from telegram.constants import ChatType
from telegram.ext import BaseHandler, CallbackQueryHandler, CommandHandler, ContextTypes

from semax_bot.errors import UnknownEntry
from semax_bot.reply import Reply, Text
from semax_bot.telegram import deliver
from semax_bot.telegram.ask import PERSON
from semax_bot.telegram.deliver import OLD_BUTTON, Room, Typing, acknowledge, answer, message_of, tapped, who
from semax_bot.tutor import PAGES, Tutor

PRIVACY = "In this group Telegram shows me only commands and replies to my messages: use /ask, or reply to a card."


class Browsing:
    """The conversation in which learners find their way by commands and buttons."""

    def __init__(self, tutor: Tutor) -> None:
        self._tutor = tutor

    def handlers(self) -> list[BaseHandler[Update, ContextTypes.DEFAULT_TYPE, Any]]:
        """The handlers of /start, of the pages and of the buttons."""
        return [
            CommandHandler("start", self.start, PERSON),
            *(CommandHandler(name, partial(self.page, name), PERSON) for name in PAGES),
            CallbackQueryHandler(self.tap),
        ]

    async def start(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Greet, or open the entry that a deep link names; in a group, say what Telegram lets us see there."""
        reply = self._tutor.welcome("".join(context.args or [])[:64])
        grouped = message_of(update).chat.type != ChatType.PRIVATE
        if grouped and not update.get_bot().bot.can_read_all_group_messages:
            reply = replace(reply, blocks=(*reply.blocks, Text(PRIVACY)))
        await self._show(update, reply)

    async def page(self, name: str, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Show one of the tutor's pages."""
        await self._show(update, self._tutor.page(name))

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
