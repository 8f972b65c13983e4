"""`semax-bot run`: the tutor on Telegram, from the first connection to the last answer."""

import asyncio
import gc
import logging
import signal
from contextlib import suppress
from functools import partial

import structlog
from telegram import Bot, BotCommand, BotCommandScopeAllGroupChats, BotCommandScopeAllPrivateChats, LinkPreviewOptions
from telegram.constants import BotDescriptionLimit, ParseMode
from telegram.error import InvalidToken, TelegramError
from telegram.ext import ApplicationBuilder, Defaults

from semax_bot import log as logs
from semax_bot.charts.worker import Charts
from semax_bot.errors import SettingsError
from semax_bot.reply import Text, plain
from semax_bot.settings import Settings
from semax_bot.telegram import account, quiz
from semax_bot.telegram.account import Accounting
from semax_bot.telegram.apology import on_error
from semax_bot.telegram.ask import Asking
from semax_bot.telegram.browse import Browsing
from semax_bot.telegram.connections import CONNECTIONS, Connection, Updates
from semax_bot.telegram.faults import reason
from semax_bot.telegram.limiter import Limiter
from semax_bot.telegram.poll import App, Polling, patiently
from semax_bot.telegram.queue import ChatQueues
from semax_bot.telegram.quiz import Quizzing
from semax_bot.telegram.render import shorten
from semax_bot.telegram.request import Retrying
from semax_bot.tutor import PAGES, Tutor, remembering

GRACE = 7.0  # seconds for what is in flight when we are asked to stop; supervisors kill after 10

log = structlog.get_logger(__name__)


def run(settings: Settings, tutor: Tutor) -> int:
    """Serve until SIGTERM or SIGINT; returns the exit code.

    Raises SettingsError if Telegram refuses the token, StoreError if the data cannot be used or is in use.
    """
    assert settings.token is not None
    secrets = (settings.token, settings.database_url)
    logs.configure(settings.log_level, [secret.get_secret_value() for secret in secrets])
    # The library's own lines carry tracebacks and what people wrote; all that an operator needs, we log ourselves.
    logging.getLogger("telegram").setLevel(logging.CRITICAL + 1)
    gc.set_threshold(20_000)  # the library makes thousands of small objects per update; an eighth of the time was this
    asyncio.run(_serve(settings, tutor))
    return 0


def build(settings: Settings, tutor: Tutor, updates: Updates, queues: ChatQueues) -> App:
    """The application with its handlers; it fetches nothing itself."""
    assert settings.token is not None
    application = (
        ApplicationBuilder()
        .token(settings.token.get_secret_value())
        .base_url(f"{settings.api_url}/bot")
        .base_file_url(f"{settings.api_url}/file/bot")
        .request(Retrying(Connection()))
        .get_updates_request(updates)
        .rate_limiter(Limiter(settings.max_rate))
        .concurrent_updates(queues)
        .defaults(Defaults(ParseMode.HTML, link_preview_options=LinkPreviewOptions(is_disabled=True)))
        .updater(None)
        .job_queue(None)
        .build()
    )
    parts = (Quizzing(tutor), Accounting(tutor, Charts()), Browsing(tutor), Asking(tutor))
    application.add_handlers([handler for part in parts for handler in part.handlers()])
    application.add_error_handler(on_error)
    return application


async def introduce(bot: Bot, tutor: Tutor) -> None:
    """Tell Telegram what its users see of us: the command menus, and the descriptions, taken from the about page."""
    pages = [BotCommand(name, line) for name, line in PAGES.items()]
    own = [BotCommand(name, line) for name, line in {**quiz.COMMANDS, **account.COMMANDS}.items()]
    asking, start = BotCommand("ask", "ask in your own words"), BotCommand("start", "begin here")
    about = tutor.page("about")
    lead = next((block.text for block in about.blocks if isinstance(block, Text)), plain(about))
    for tell in (
        partial(bot.set_my_commands, [asking, *own, *pages, start], BotCommandScopeAllPrivateChats()),
        partial(bot.set_my_commands, [asking, *pages], BotCommandScopeAllGroupChats()),
        partial(bot.set_my_description, shorten(plain(about), BotDescriptionLimit.MAX_DESCRIPTION_LENGTH)),
        partial(bot.set_my_short_description, shorten(lead, BotDescriptionLimit.MAX_SHORT_DESCRIPTION_LENGTH)),
    ):
        try:
            await tell()
        except TelegramError as fault:
            log.warning("menu or description not set; what was set before stays", fault=reason(fault))


async def _serve(settings: Settings, tutor: Tutor) -> None:
    async with remembering(tutor, settings, alone=True):
        updates, queues = Updates(), ChatQueues(CONNECTIONS, tutor.inbox)
        application = build(settings, tutor, updates, queues)
        polling = Polling(application, updates, queues, tutor.inbox)
        work = asyncio.create_task(_work(application, polling, tutor, settings.api_url))
        for wish in (signal.SIGTERM, signal.SIGINT):
            with suppress(NotImplementedError):  # on Windows, where only Ctrl-C ends us
                asyncio.get_running_loop().add_signal_handler(wish, work.cancel)
        try:
            await work
        except asyncio.CancelledError:
            log.info("stopping")
        finally:
            await _finish(application, polling)


async def _work(application: App, polling: Polling, tutor: Tutor, api_url: str) -> None:
    """Connect, take up what was left undone, then fetch and answer until cancelled."""
    await patiently("not connected", lambda: _connect(application, api_url))
    await application.start()
    log.info("connected", bot=f"@{application.bot.username}")
    introduction = asyncio.create_task(introduce(application.bot, tutor))  # nobody's answer waits for it
    try:
        await Quizzing(tutor).recover(application.bot)
        await polling.resume()
        await polling.run()
    finally:
        introduction.cancel()


async def _connect(application: App, api_url: str) -> None:
    try:
        await application.initialize()
    except InvalidToken:  # its own text quotes the token
        raise SettingsError(
            f"{api_url} refused the bot's token. Set SEMAX_BOT_TOKEN to the one that @BotFather shows for your bot."
        ) from None


async def _finish(application: App, polling: Polling) -> None:
    """Finish what is in flight, for as long as GRACE allows; somebody who waits for a rate limit cannot hold us up."""
    if application.running:
        try:
            async with asyncio.timeout(GRACE):
                await asyncio.gather(polling.confirm(), application.stop())
        except TimeoutError:
            unfinished = asyncio.all_tasks() - {asyncio.current_task()}
            log.warning("stopped before everything was answered", tasks=len(unfinished))
            for task in unfinished:
                task.cancel()
            await asyncio.gather(*unfinished, return_exceptions=True)
    await application.shutdown()
    await application.bot.shutdown()  # which the line above leaves open if we never got as far as a connection
