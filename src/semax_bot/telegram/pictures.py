"""Pictures: drawn and uploaded once, and sent by Telegram's name for them ever after."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any

import structlog
from telegram import Bot, InlineKeyboardButton, InputMediaPhoto, Message
from telegram.constants import ChatAction, MessageLimit, ParseMode
from telegram.error import BadRequest, TelegramError

from semax_bot.charts.worker import ChartError, Charts, fingerprint
from semax_bot.reply import Reply
from semax_bot.reply import fits as fits_into
from semax_bot.telegram.deliver import Room, Typing
from semax_bot.telegram.faults import closed, reason
from semax_bot.telegram.limiter import Lane, through
from semax_bot.telegram.render import html, keyboard
from semax_bot.tutor import Tutor

log = structlog.get_logger(__name__)


class Uploading(Typing):
    """Shows 'sending a photo' instead of 'typing'."""

    async def _show(self) -> None:
        with suppress(TelegramError):  # decoration only
            await self._bot.send_chat_action(
                self._room.chat, ChatAction.UPLOAD_PHOTO, message_thread_id=self._room.topic
            )


class Pictures:
    """The pictures of one bot."""

    def __init__(self, tutor: Tutor, charts: Charts) -> None:
        self._tutor, self._charts = tutor, charts

    async def send(
        self,
        bot: Bot,
        room: Room,
        kind: str,
        data: Mapping[str, Any],
        page: Reply | None,
        *links: InlineKeyboardButton,
        lane: Lane | None = None,
    ) -> bool:
        """Send the picture, with the page below it if given; False if it cannot be drawn."""
        caption, buttons = (html(page), keyboard(page, *links)) if page else (None, None)
        send = partial(
            bot.send_photo,
            room.chat,
            caption=caption,
            reply_markup=buttons,
            message_thread_id=room.topic,
            **through(lane),
        )
        return await self._by_name(bot, kind, data, send)

    async def replace(
        self,
        bot: Bot,
        room: Room,
        message: int,
        kind: str,
        data: Mapping[str, Any],
        page: Reply,
        *links: InlineKeyboardButton,
    ) -> bool:
        """Put picture, caption and buttons in the place of an earlier picture; False if it cannot be drawn."""

        async def edit(photo: str | bytes) -> Message | None:
            media = InputMediaPhoto(photo, html(page), ParseMode.HTML)
            edited = await bot.edit_message_media(media, room.chat, message, reply_markup=keyboard(page, *links))
            return edited if isinstance(edited, Message) else None

        try:
            return await self._by_name(bot, kind, data, edit)
        except BadRequest as refusal:
            if "not modified" in refusal.message.casefold():
                return True
            return await self.send(bot, room, kind, data, page, *links)  # the message is gone, or was no picture

    async def _by_name(
        self, bot: Bot, kind: str, data: Mapping[str, Any], put: Callable[[str | bytes], Awaitable[Message | None]]
    ) -> bool:
        """Put a picture into a chat, by the name that Telegram has for it, or drawn and uploaded."""
        accounts, name = self._tutor.accounts, fingerprint(kind, data)
        if known := await accounts.file_id(bot.id, name):
            try:
                await put(known)
                return True
            except BadRequest as fault:
                if closed(fault) or "file" not in fault.message.casefold():
                    raise
                log.warning("picture drawn anew", fault=reason(fault))
        try:
            drawn = await self._charts.draw(kind, data)
        except ChartError as fault:
            log.error("page shown without its picture", kind=kind, fault=str(fault))
            return False
        sent = await put(drawn)
        if sent and sent.photo:
            await accounts.keep_file_id(bot.id, name, sent.photo[-1].file_id)
        return True


def fits(page: Reply) -> bool:
    """Whether a page is short enough to stand below a picture."""
    return fits_into(page, MessageLimit.CAPTION_LENGTH)
