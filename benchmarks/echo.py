"""A bare python-telegram-bot echo bot, the least that any bot costs. It takes token and server as semax-bot does."""

import os
from typing import Any

from telegram import Update
from telegram.ext import Application, MessageHandler, filters


async def echo(update: Update, _: Any) -> None:
    """Say what was said."""
    if update.message and update.message.text:
        await update.message.reply_text(update.message.text)


if __name__ == "__main__":
    token, server = os.environ["SEMAX_BOT_TOKEN"], os.environ["SEMAX_BOT_API_URL"]
    application = Application.builder().token(token).base_url(f"{server}/bot").build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    application.run_polling()
