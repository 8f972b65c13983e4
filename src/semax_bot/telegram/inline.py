"""Inline: cards offered in any chat while somebody types behind our name. Nothing of it is stored or logged."""

from typing import Any

import structlog
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    LinkPreviewOptions,
    Update,
)
from telegram.constants import ParseMode
from telegram.error import TelegramError
from telegram.ext import BaseHandler, ContextTypes, InlineQueryHandler
from telegram.helpers import create_deep_linked_url

from semax_bot.course.load import slug
from semax_bot.reply import Evidence, Heading, Reply, Text
from semax_bot.telegram.faults import reason
from semax_bot.telegram.render import html, markup, shorten
from semax_bot.tutor import Tutor

CACHED = 300  # seconds for which Telegram may repeat an answer to anybody: it depends on the words alone
DESCRIPTION = 120  # characters; two lines on a phone
OPEN = "Open the tutor"
TITLES = {"medical": "No personal medical advice", "out_of_scope": "Not in this unit"}
SWITCHED_OFF = "inline mode is off; to offer cards in any chat send /setinline to @BotFather"

log = structlog.get_logger(__name__)


class Inline:
    """Answers to what is typed behind our name."""

    def __init__(self, tutor: Tutor) -> None:
        self._tutor = tutor

    def handlers(self) -> list[BaseHandler[Update, ContextTypes.DEFAULT_TYPE, Any]]:
        """The handler of inline queries."""
        return [InlineQueryHandler(self.offer)]

    async def offer(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Offer cards for the words so far. Telegram takes no answer that comes too late, which harms nobody."""
        query, bot = update.inline_query, update.get_bot()
        assert query is not None
        try:
            await query.answer(
                [_article(bot, offer) for offer in self._tutor.search(query.query)],
                cache_time=CACHED,
                is_personal=False,
                button=InlineQueryResultsButton(OPEN, start_parameter="inline"),
            )
        except TelegramError as fault:
            log.warning("inline query not answered", fault=reason(fault))


def hint(bot: Bot) -> str:
    """One line for the operator if inline mode is off; empty if it is on."""
    return "" if bot.bot.supports_inline_queries else SWITCHED_OFF


def _article(bot: Bot, offer: Reply) -> InlineQueryResultArticle:
    """A card without its buttons, which would change it for everybody, and with a way to the private chat."""
    name = slug(offer.entry) if offer.entry else ""
    title = next((block.text for block in offer.blocks if isinstance(block, Heading)), TITLES.get(offer.kind, OPEN))
    lead = next((block.text for block in offer.blocks if isinstance(block, Text)), "")
    icon = next((f"{block.icon} " for block in offer.blocks if isinstance(block, Evidence)), "")
    return InlineQueryResultArticle(
        name or offer.kind,
        title,
        InputTextMessageContent(html(offer), ParseMode.HTML, link_preview_options=LinkPreviewOptions(is_disabled=True)),
        reply_markup=markup((), InlineKeyboardButton(OPEN, url=create_deep_linked_url(bot.username, name or "inline"))),
        description=icon + shorten(lead, DESCRIPTION),
    )
