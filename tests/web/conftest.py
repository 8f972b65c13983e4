"""The page of the course that ships with the bot, in memory or on a port."""

import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest
import pytest_asyncio
from playwright.sync_api import Browser, sync_playwright

from clock import Clock
from semax_bot.store.store import Store
from semax_bot.tutor import Tutor
from semax_bot.web import drawings, vega
from semax_bot.web.app import application
from semax_bot.web.drawings import Drawings
from web.browsing import FLAGS, Visit
from web.serving import TOKEN, DrawnOnce, Serving, serve_page


@pytest.fixture(scope="session", autouse=True)
def bundled_once() -> Iterator[None]:
    """Vega is bundled once for all tests of pages."""
    kept: list[bytes] = []

    async def bundle() -> bytes:
        if not kept:
            kept.append(await vega.bundle())
        return kept[0]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(drawings, "bundle", bundle)
        yield


@pytest.fixture
def clock() -> Clock:
    """A clock at its start."""
    return Clock()


@pytest_asyncio.fixture
async def tutored(tutor: Tutor, clock: Clock, tmp_path: Path) -> AsyncIterator[Tutor]:
    """A tutor with an empty memory."""
    store = await Store.open("", tmp_path)
    yield Tutor(tutor.course, store, clock, Random(7))
    await store.close()


@pytest_asyncio.fixture
async def client(tutored: Tutor, clock: Clock) -> AsyncIterator[httpx.AsyncClient]:
    """A browser without scripts, which talks to the application directly."""
    charts = DrawnOnce()
    app = application(tutored, Drawings(tutored.course, charts), charts, TOKEN, clock)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://page") as opened:
        yield opened


@pytest.fixture(scope="module")
def page(tutor: Tutor) -> Iterator[Serving]:
    """The page as `semax-bot web` serves it."""
    serving = Serving(lambda opened: serve_page(opened, tutor))
    yield serving
    serving.close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The system's Chromium, which talks to nobody by itself; a skip where there is none."""
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Callable[..., Visit]]:
    """Opens pages; none of them may complain on its console, break its policy, or ask another host for anything."""
    visits: list[Visit] = []

    def open_page(url: str, script: str = "", **options: Any) -> Visit:
        visits.append(Visit(chromium, url, script, **options))
        return visits[-1]

    yield open_page
    for one in visits:
        one.page.context.close()
        assert one.complaints == []
        assert one.hosts == {one.host}
