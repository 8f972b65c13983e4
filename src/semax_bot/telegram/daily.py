"""Daily questions: /daily with its buttons, in private and in groups, and what stands under each prompt."""

from typing import Any

from telegram import Update
from telegram.constants import ChatType
from telegram.ext import BaseHandler, CallbackQueryHandler, CommandHandler, ContextTypes

from semax_bot.errors import Declined
from semax_bot.reply import Button, line
from semax_bot.telegram.admins import is_admin, who_speaks
from semax_bot.telegram.ask import PERSON
from semax_bot.telegram.deliver import Room, acknowledge, answer, message_of, put_in_place, tapped, who
from semax_bot.telegram.post import close
from semax_bot.telegram.question import mark, prompt_buttons
from semax_bot.tutor import Tutor
from semax_bot.tutor.daily import STOPPED
from semax_bot.tutor.prompts import NOT_ON

COMMANDS = {"daily": "a question every day, at your time"}
ADMINS_ONLY = "In a group only its admins arrange the daily question."
CHOICES = {"hour": "In 1 hour", "evening": "This evening", "tomorrow": "Tomorrow"}


class Prompting:
    """The conversation about what comes every day."""

    def __init__(self, tutor: Tutor) -> None:
        self._tutor = tutor

    def handlers(self) -> list[BaseHandler[Update, ContextTypes.DEFAULT_TYPE, Any]]:
        """The handlers, to be added before those of cards' buttons."""
        return [
            CommandHandler("daily", self.daily, PERSON),
            CallbackQueryHandler(self.tap, r"^daily:"),
            CallbackQueryHandler(self.later, r"^later:[a-z]+:\d{1,18}$"),
        ]

    async def daily(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Arrange what the words behind the command say, or show what there is."""
        message = message_of(update)
        room, group = Room.of(message), message.chat.type != ChatType.PRIVATE
        try:
            if group and not await is_admin(update):
                return await answer(self._tutor, update, line(ADMINS_ONLY))
            reply = await self._tutor.daily.hear(who_speaks(update), room.key, message.text or "", group)
        except Declined as fault:
            reply = line(str(fault))
        await answer(self._tutor, update, reply)

    async def tap(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Do what a button of /daily says, and show the arrangement in its place."""
        query, room = tapped(update)
        try:
            if room.is_group and not await is_admin(update):
                return await acknowledge(query, ADMINS_ONLY)
            reply = await self._tutor.daily.tap(who(update), room.key, query.data or "", room.is_group)
        except Declined as fault:
            return await acknowledge(query, str(fault))
        await acknowledge(query)
        await put_in_place(update.get_bot(), room, query, reply)

    async def later(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Offer for how long a prompt can be put off, put it off, or stop all of them."""
        query, room = tapped(update)
        if room.is_group or query.message is None:  # prompts are private: forged
            return await acknowledge(query)
        bot, message = update.get_bot(), query.message.message_id
        _verb, wish, number = (query.data or "").split(":")
        hint = [Button("Hint", f"hint:{number}")]
        if wish == "when":
            choices = await self._tutor.prompts.choices(who(update), room.key)
            if not choices:
                return await acknowledge(query, NOT_ON, alert=True)
            offered = [Button(CHOICES[choice], f"later:{choice}:{number}") for choice in choices]
            await acknowledge(query)
            await mark(bot, room, message, [hint, offered, [Button("Back", f"later:back:{number}")]])
        elif wish == "back":
            await acknowledge(query)
            await mark(bot, room, message, [hint, prompt_buttons(int(number))])
        elif wish == "stop":
            await self._tutor.daily.hear(who(update), room.key, "off")
            await acknowledge(query, STOPPED, alert=True)
            await mark(bot, room, message, [hint])
        else:
            text, is_put_off = await self._tutor.prompts.later(who(update), int(number), wish)
            await acknowledge(query, text)
            if is_put_off:
                await close(bot, room, message)
