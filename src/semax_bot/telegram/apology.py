"""What happens when a handler fails: a log line for the operator and, where it helps, a friendly one for the person."""

from contextlib import suppress

import structlog
from telegram import Update
from telegram.error import BadRequest, TelegramError
from telegram.ext import ContextTypes

from semax_bot.errors import StoreError
from semax_bot.reply import line
from semax_bot.telegram.deliver import Room, send
from semax_bot.telegram.faults import closed, reason
from semax_bot.tutor.inbox import postpone

APOLOGY = "Something went wrong on my side. Please try again; if it happens again, other words may help."

log = structlog.get_logger(__name__)


async def on_error(update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Log what a handler raised in one line, and apologise, unless the chat or the network is shut.

    What could not be stored is handled again later, so that nothing that was acknowledged to Telegram is lost.
    """
    fault = context.error
    assert fault is not None
    update_id = update.update_id if isinstance(update, Update) else None
    if _is_shut(fault):
        log.warning("not delivered", update_id=update_id, fault=reason(fault))
        return
    log.error("update failed", update_id=update_id, fault=reason(fault))
    first_try = postpone() if isinstance(fault, StoreError) else True
    if isinstance(update, Update) and first_try:
        with suppress(TelegramError):
            await _apologise(update)


def _is_shut(fault: Exception) -> bool:
    """Whether another message would fare no better: blocked, moved, muted, told to wait, or no network."""
    return closed(fault) or (isinstance(fault, TelegramError) and not isinstance(fault, BadRequest))


async def _apologise(update: Update) -> None:
    if update.callback_query:
        await update.callback_query.answer(APOLOGY, show_alert=True)
    elif message := update.message or update.edited_message:
        await send(message.get_bot(), Room.of(message), line(APOLOGY))
