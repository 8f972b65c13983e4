"""What belongs to a learner, in private chats: /progress with its picture, /settings, /export and /forget."""

import json
from typing import Any

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler, CommandHandler, ContextTypes

from semax_bot.errors import UnknownEntry
from semax_bot.quiz import anki
from semax_bot.reply import Button, Heading, Reply, Text, line
from semax_bot.telegram.ask import PERSON, PRIVATE
from semax_bot.telegram.deliver import Room, acknowledge, answer, message_of, put_in_place, tapped, who
from semax_bot.telegram.pictures import Pictures, Uploading, fits
from semax_bot.telegram.post import close
from semax_bot.tutor import Tutor

COMMANDS = {
    "progress": "what you know, and what is due",
    "settings": "time zone, questions per quiz, leaderboards",
    "export": "all that is stored about you",
    "forget": "delete all of that",
}
ELSEWHERE = "That is between the two of us: open our private chat and send it there."
EXPORTS = "/export sends all that is stored about you as a file; /export anki sends the questions as cards for Anki."
STORED = "All that is stored about you, as JSON. /privacy says what it is for."
ANKI = "The questions of the unit for Anki: choose File, then Import. A later file updates these notes."
SURE = Reply(
    "answer",
    (
        Heading("Forget everything?"),
        Text("Your answers, your progress and your settings are deleted for good. /export gives you a copy first."),
    ),
    ((Button("Delete everything", "forget:yes"), Button("Keep it", "forget:no")),),
)
KEPT = "Nothing was deleted."


class Accounting:
    """The conversation about a learner's own account."""

    def __init__(self, tutor: Tutor, pictures: Pictures) -> None:
        self._tutor, self._pictures = tutor, pictures

    def handlers(self) -> list[BaseHandler[Update, ContextTypes.DEFAULT_TYPE, Any]]:
        """The handlers, to be added before those of cards' buttons."""
        return [
            CommandHandler("progress", self.progress, PRIVATE),
            CommandHandler("settings", self.settings, PRIVATE),
            CommandHandler("export", self.export, PRIVATE),
            CommandHandler("forget", self.forget, PRIVATE),
            CommandHandler(list(COMMANDS), self.elsewhere, PERSON),
            CallbackQueryHandler(self.set, r"^set:"),
            CallbackQueryHandler(self.forgotten, r"^forget:(yes|no)$"),
        ]

    async def progress(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Show the picture with the page below it; where no picture can be drawn, the page alone."""
        bot, room = update.get_bot(), Room.of(message_of(update))
        with Uploading(bot, room):
            page, data = await self._tutor.accounts.progress(who(update))
            below = page if fits(page) else None
            shown = data is not None and await self._pictures.send(bot, room, "progress", data, below)
            if not (shown and below):
                await answer(self._tutor, update, page)

    async def settings(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Show the settings, or set the time zone that stands behind the command."""
        words = " ".join(context.args or [])
        await answer(self._tutor, update, await self._tutor.accounts.settings(who(update), words))

    async def set(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Set what a button says, and show the settings in its place."""
        query, room = tapped(update)
        if room.is_group:
            return await acknowledge(query, ELSEWHERE)
        try:
            reply = await self._tutor.accounts.set(who(update), query.data or "")
        except UnknownEntry as fault:
            return await acknowledge(query, str(fault))
        await acknowledge(query)
        await put_in_place(update.get_bot(), room, query, reply)

    async def export(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Send what is stored about the learner, or the questions for Anki, as a file."""
        words = " ".join(context.args or []).casefold()
        bot, room = update.get_bot(), Room.of(message_of(update))
        if words not in {"", "anki"}:
            return await answer(self._tutor, update, line(EXPORTS))
        if words:
            text, name, caption = anki.notes(self._tutor.course), "semax-bot-anki.txt", ANKI
        else:
            stored = await self._tutor.accounts.export(who(update), [room.key])
            text, name, caption = json.dumps(stored, indent=2, ensure_ascii=False), "semax-bot-export.json", STORED
        await bot.send_document(
            room.chat, text.encode(), caption, filename=name, parse_mode=None, message_thread_id=room.topic
        )

    async def forget(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Ask whether everything is to be deleted."""
        await answer(self._tutor, update, SURE)

    async def forgotten(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Delete everything, if that was the choice."""
        query, room = tapped(update)
        if room.is_group:
            return await acknowledge(query, ELSEWHERE)
        reply = line(KEPT)
        if query.data == "forget:yes":
            waits = await self._tutor.rounds.outstanding(who(update), room.key)  # no answer to it could count any more
            await close(update.get_bot(), room, waits.message if waits else None)
            reply = await self._tutor.accounts.forget(who(update), [room.key])
        await acknowledge(query)
        await put_in_place(update.get_bot(), room, query, reply)

    async def elsewhere(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """In a group, say where these commands work."""
        await answer(self._tutor, update, line(ELSEWHERE))
