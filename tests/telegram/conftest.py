"""What several tests share: the bot by a clock that is moved, and handlers without a server."""

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from random import Random

import pytest
from telegram.ext import ApplicationBuilder

from clock import Clock
from running import Running
from semax_bot.store.engine import FILE
from semax_bot.store.store import Store
from semax_bot.tutor import Tutor
from standin.server import TOKEN, StandIn
from telegram_alone import Anna, Telegram


@pytest.fixture
def url(migrated_file: Path, tmp_path: Path) -> str:
    """One database is enough here; the tutor is tested on both."""
    shutil.copy(migrated_file, tmp_path / FILE)
    return ""


@pytest.fixture
async def anna(tutor: Tutor, store: Store) -> AsyncIterator[Anna]:
    """Anna, whom the bot does not know yet."""
    telegram = Telegram()
    application = (
        ApplicationBuilder()
        .token(TOKEN)
        .request(telegram)
        .get_updates_request(Telegram())
        .updater(None)
        .job_queue(None)
    ).build()
    async with application:
        yield Anna(application, telegram, Tutor(tutor.course, store, Clock(), Random(7)))


@pytest.fixture
def running(standin: StandIn, tmp_path: Path, tutor: Tutor) -> Iterator[Running]:
    """A bot by a clock that stands still until it is moved: it is Monday, nine in the morning UTC."""
    with Running(standin, tmp_path, tutor.course, Clock()) as bot:
        yield bot
