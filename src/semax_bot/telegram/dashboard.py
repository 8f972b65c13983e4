"""The dashboard: /dashboard and /chart, one picture whose buttons put another in its place."""

from dataclasses import replace
from functools import partial
from typing import Any

from telegram import Bot, InlineKeyboardButton, Message, Update, WebAppInfo
from telegram.ext import BaseHandler, CallbackQueryHandler, CommandHandler, ContextTypes, MessageHandler, filters
from telegram.helpers import create_deep_linked_url

from semax_bot.errors import UnknownEntry
from semax_bot.reply import Button, Reply, line
from semax_bot.telegram.ask import PERSON
from semax_bot.telegram.deliver import Room, acknowledge, answer, message_of, send, tapped, who
from semax_bot.telegram.pictures import Pictures, Uploading
from semax_bot.tutor import Tutor
from semax_bot.tutor.dashboard import Shown

COMMANDS = {"dashboard": "the charts", "chart": "one chart, such as /chart norepinephrine"}
MINE = "mine"  # in place of a chart's id
OWN = frozenset({"mine", "my", "me", "own", "progress"})  # words that mean it
START = "dashboard"  # of the deep link
TOUCH_IT = "Open the interactive page"
NOTHING_YET = "Nothing to draw yet: answer a few questions first, /quiz."
ELSEWHERE = "Your progress is between the two of us: open our private chat."


class Dashboarding:
    """The conversation in pictures. `page_url` is the page's address, empty where none is served."""

    def __init__(self, tutor: Tutor, pictures: Pictures, page_url: str = "") -> None:
        self._tutor, self._pictures, self._url = tutor, pictures, page_url

    def handlers(self) -> list[BaseHandler[Update, ContextTypes.DEFAULT_TYPE, Any]]:
        """The handlers, to be added before those of cards' buttons."""
        return [
            CommandHandler("dashboard", self.dashboard, PERSON),
            CommandHandler("chart", self.chart, PERSON),
            MessageHandler(PERSON & filters.Regex(rf"^/start(@\w+)? {START}$"), self.dashboard),
            CallbackQueryHandler(self.tap, r"^chart:"),
        ]

    async def dashboard(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Send the first chart, with buttons to the others."""
        await self._chart(update, "")

    async def chart(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Send the chart that the words behind the command mean, or offer all."""
        await self._chart(update, " ".join(context.args or []))

    async def tap(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Show another chart in the place of the picture, or below a message that is none."""
        query, room = tapped(update)
        name, message = (query.data or "").partition(":")[2], query.message
        if name == MINE and room.is_group:
            return await acknowledge(query, ELSEWHERE)
        try:
            shown = await self._mine(update) if name == MINE else self._tutor.dashboard.chart(name)
        except UnknownEntry as fault:
            return await acknowledge(query, str(fault))
        await acknowledge(query)
        bot, page = update.get_bot(), self._page(shown, room)
        put = partial(self._pictures.send, bot, room)
        if isinstance(message, Message) and message.photo:
            put = partial(self._pictures.replace, bot, room, message.message_id)
        if not await put(shown.kind, shown.data, page, *self._links(bot, room)):
            await send(bot, room, page)

    async def _show(self, update: Update, shown: Shown) -> None:
        bot, room = update.get_bot(), Room.of(message_of(update))
        page = self._page(shown, room)
        with Uploading(bot, room):
            if not await self._pictures.send(bot, room, shown.kind, shown.data, page, *self._links(bot, room)):
                await answer(self._tutor, update, page)

    async def _chart(self, update: Update, words: str) -> None:
        dashboard, in_group = self._tutor.dashboard, Room.of(message_of(update)).is_group
        found = dashboard.named(words)
        try:
            if not found and OWN.intersection(words.casefold().split()):
                if in_group:
                    return await answer(self._tutor, update, line(ELSEWHERE))
                return await self._show(update, await self._mine(update))
            if words and not found:
                return await answer(self._tutor, update, dashboard.offer())
            await self._show(update, dashboard.chart(found[0] if found else ""))
        except UnknownEntry as fault:  # nothing to draw yet, or a course without charts
            await answer(self._tutor, update, line(str(fault)))

    async def _mine(self, update: Update) -> Shown:
        """The learner's own progress. Raises UnknownEntry where there is nothing to draw yet."""
        page, data = await self._tutor.accounts.progress(who(update))
        if data is None:
            raise UnknownEntry(NOTHING_YET)
        return Shown("progress", data, replace(page, buttons=self._tutor.dashboard.offer().buttons))

    def _page(self, shown: Shown, room: Room) -> Reply:
        """What stands below a picture; the way to one's own progress only where nobody looks on."""
        if room.is_group or shown.kind == "progress":
            return shown.page
        return replace(shown.page, buttons=(*shown.page.buttons, (Button("My progress", f"chart:{MINE}"),)))

    def _links(self, bot: Bot, room: Room) -> list[InlineKeyboardButton]:
        """The way to the interactive page; its button works in private chats only, so a group gets the way there."""
        if not self._url:
            return []
        if room.is_group:
            return [InlineKeyboardButton(TOUCH_IT, url=create_deep_linked_url(bot.username, START))]
        return [InlineKeyboardButton(TOUCH_IT, web_app=WebAppInfo(self._url))]
