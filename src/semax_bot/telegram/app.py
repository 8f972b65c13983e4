"""`semax-bot run`: the tutor on Telegram, from the first connection to the last answer."""

import asyncio
import gc
import logging
import signal
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from functools import partial
from typing import Any

import structlog
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    LinkPreviewOptions,
    MenuButtonCommands,
    MenuButtonWebApp,
    WebAppInfo,
)
from telegram.constants import BotDescriptionLimit, ParseMode
from telegram.error import InvalidToken, TelegramError
from telegram.ext import ApplicationBuilder, Defaults

from semax_bot import log as logs
from semax_bot.charts.worker import Charts
from semax_bot.clock import Clock
from semax_bot.errors import SettingsError
from semax_bot.reply import Text, plain
from semax_bot.settings import Settings
from semax_bot.telegram import account, channel, daily, dashboard, group, quiz
from semax_bot.telegram.account import Accounting
from semax_bot.telegram.apology import on_error
from semax_bot.telegram.ask import Asking
from semax_bot.telegram.browse import Browsing
from semax_bot.telegram.channel import Channelling
from semax_bot.telegram.connections import CONNECTIONS, Connection, Updates
from semax_bot.telegram.daily import Prompting
from semax_bot.telegram.dashboard import Dashboarding
from semax_bot.telegram.faults import reason
from semax_bot.telegram.group import Grouping
from semax_bot.telegram.inline import Inline, hint
from semax_bot.telegram.limiter import Limiter
from semax_bot.telegram.membership import Membership
from semax_bot.telegram.pictures import Pictures
from semax_bot.telegram.poll import App, Polling, patiently
from semax_bot.telegram.post import deliver
from semax_bot.telegram.queue import ChatQueues
from semax_bot.telegram.quiz import Quizzing, recover
from semax_bot.telegram.render import shorten
from semax_bot.telegram.request import Retrying
from semax_bot.tutor import PAGES, Tutor, remembering

MENU = "Charts"  # the button beside the text field, which opens the page
GRACE = 7.0  # seconds for what is in flight when we are asked to stop; supervisors kill after 10

log = structlog.get_logger(__name__)

Page = Callable[[Settings, Tutor, Charts], Coroutine[Any, Any, None]]


def run(settings: Settings, tutor: Tutor, page: Page | None = None) -> int:
    """Serve until SIGTERM or SIGINT, and the `page` beside it; returns the exit code.

    Raises SettingsError if Telegram refuses the token, or nobody can listen where the page is to be; StoreError if the
    data cannot be used or is in use.
    """
    assert settings.token is not None
    secrets = (settings.token, settings.database_url)
    logs.configure(settings.log_level, [secret.get_secret_value() for secret in secrets])
    # The library's own lines carry tracebacks and what people wrote; all that an operator needs, we log ourselves.
    logging.getLogger("telegram").setLevel(logging.CRITICAL + 1)
    gc.set_threshold(20_000)  # the library makes thousands of small objects per update; an eighth of the time was this
    asyncio.run(_serve(settings, tutor, page))
    return 0


def build(settings: Settings, tutor: Tutor, updates: Updates, queues: ChatQueues, pictures: Pictures) -> App:
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
    groups, channels = Grouping(tutor), Channelling(tutor)
    parts = (
        Asking(tutor),
        groups,
        channels,
        Membership(tutor, groups, channels),
        Quizzing(tutor, groups),
        Prompting(tutor),
        Accounting(tutor, pictures),
        Dashboarding(tutor, pictures, settings.web_url),
        Inline(tutor),
        Browsing(tutor),
    )
    application.add_handlers([handler for part in parts for handler in part.handlers()])
    application.add_error_handler(on_error)
    return application


async def introduce(bot: Bot, tutor: Tutor, page_url: str = "") -> None:
    """Tell Telegram what its users see of us: the command menus, the descriptions, taken from the about page, and what
    the menu button opens.
    """
    pages = _menu(PAGES)
    asking, start = BotCommand("ask", "ask in your own words"), BotCommand("start", "begin here")
    charts, every_day = _menu(dashboard.COMMANDS), _menu(daily.COMMANDS)
    own = [*_menu(quiz.COMMANDS), *every_day, *charts, *_menu(account.COMMANDS), *_menu(channel.COMMANDS)]
    together = [*_menu(group.COMMANDS), *every_day, *charts]
    about = tutor.page("about")
    lead = next((block.text for block in about.blocks if isinstance(block, Text)), plain(about))
    button = MenuButtonWebApp(MENU, WebAppInfo(page_url)) if page_url else MenuButtonCommands()
    for tell in (
        partial(bot.set_my_commands, [asking, *own, *pages, start], BotCommandScopeAllPrivateChats()),
        partial(bot.set_my_commands, [asking, *together, *pages], BotCommandScopeAllGroupChats()),
        partial(bot.set_my_description, shorten(plain(about), BotDescriptionLimit.MAX_DESCRIPTION_LENGTH)),
        partial(bot.set_my_short_description, shorten(lead, BotDescriptionLimit.MAX_SHORT_DESCRIPTION_LENGTH)),
        partial(bot.set_chat_menu_button, menu_button=button),
    ):
        try:
            await tell()
        except TelegramError as fault:
            log.warning("menu, button or description not set; what was set before stays", fault=reason(fault))


def _menu(commands: Mapping[str, str]) -> list[BotCommand]:
    return [BotCommand(name, line) for name, line in commands.items()]


async def _serve(settings: Settings, tutor: Tutor, page: Page | None) -> None:
    async with remembering(tutor, settings, alone=True):
        charts = Charts()
        updates, queues, pictures = Updates(), ChatQueues(CONNECTIONS, tutor.inbox), Pictures(tutor, charts)
        application = build(settings, tutor, updates, queues, pictures)
        polling = Polling(application, updates, queues, tutor.inbox)
        clock = Clock(tutor, lambda delivery: deliver(application.bot, tutor, delivery, pictures))
        beside = [page(settings, tutor, charts)] if page else []
        work = asyncio.create_task(_together(*beside, _work(application, polling, clock, tutor, settings)))
        for wish in (signal.SIGTERM, signal.SIGINT):
            with suppress(NotImplementedError):  # on Windows, where only Ctrl-C ends us
                asyncio.get_running_loop().add_signal_handler(wish, work.cancel)
        try:
            await work
        except asyncio.CancelledError:
            log.info("stopping")
        finally:
            await _finish(application, polling, clock)


async def _together(*parts: Coroutine[Any, Any, None]) -> None:
    """Run all until cancelled, or until one fails, which ends the others."""
    tasks = [asyncio.create_task(part) for part in parts]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _work(application: App, polling: Polling, clock: Clock, tutor: Tutor, settings: Settings) -> None:
    """Connect, take up what was left undone, then fetch and answer until cancelled."""
    await patiently("not connected", lambda: _connect(application, settings.api_url))
    await application.start()
    log.info("connected", bot=f"@{application.bot.username}")
    if advice := hint(application.bot):
        log.info(advice)
    introduction = asyncio.create_task(introduce(application.bot, tutor, settings.web_url))  # nobody waits for it
    try:
        await recover(application.bot, tutor)
        await polling.resume()
        clock.start()
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


async def _finish(application: App, polling: Polling, clock: Clock) -> None:
    """Finish what is in flight, for as long as GRACE allows; somebody who waits for a rate limit cannot hold us up."""
    if application.running:
        try:
            async with asyncio.timeout(GRACE):
                await asyncio.gather(polling.confirm(), application.stop(), clock.stop())
        except TimeoutError:
            unfinished = asyncio.all_tasks() - {asyncio.current_task()}
            log.warning("stopped before everything was answered", tasks=len(unfinished))
            for task in unfinished:
                task.cancel()
            await asyncio.gather(*unfinished, return_exceptions=True)
    await application.shutdown()
    await application.bot.shutdown()  # which the line above leaves open if we never got as far as a connection
