"""The page in a real browser: when it can be used and when its first chart stands, and what the first load weighs."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from tempfile import TemporaryDirectory
from urllib.request import urlopen

from playwright.sync_api import Browser, sync_playwright

from benchmarks.table import Row, at_most
from semax_bot.charts.worker import Charts
from semax_bot.course.load import load
from semax_bot.settings import content_folder
from semax_bot.web.drawings import Drawings
from web.browsing import FLAGS
from web.serving import bare

LOADS = 7
READY_GOAL = 1.5  # seconds
WEIGHT_GOAL = 1.5  # MB
MARK = "name => performance.getEntriesByName(name)[0]?.startTime"
WEIGHT = """() => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
    .reduce((sum, one) => sum + one.transferSize, 0)"""


def rows() -> list[Row]:
    """Each load is of a browser that has never seen the page."""
    program = shutil.which("chromium")
    if program is None:
        return [Row("the page in a browser", "skipped: no Chromium here")]
    with _served() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        loads = [_load(browser, url) for _ in range(LOADS)]
        browser.close()
    usable, drawn, weights = (list(column) for column in zip(*loads, strict=True))
    return [
        at_most(
            f"the page: first chart drawn and ready to be touched, median of {LOADS} first loads",
            median(drawn) / 1000,
            READY_GOAL,
            "s",
            f" (search ready {median(usable) / 1000:.2f} s)",
        ),
        at_most("  bytes of a first load", max(weights) / 1e6, WEIGHT_GOAL, "MB"),
    ]


def _load(browser: Browser, url: str) -> tuple[float, float, float]:
    """Milliseconds until the search works, and until a chart is drawn with its controls; and bytes transferred."""
    with browser.new_context(viewport={"width": 360, "height": 740}) as context:
        page = context.new_page()
        page.goto(url)
        page.locator("[data-drawn]").first.wait_for()
        page.wait_for_load_state("networkidle")
        return page.evaluate(MARK, "interactive"), page.evaluate(MARK, "drawn"), page.evaluate(WEIGHT)


@contextmanager
def _served() -> Iterator[str]:
    """`semax-bot web`, once it has prepared its charts."""
    with TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "semax_bot", "web", "--port", "0"]
        with subprocess.Popen(command, cwd=folder, env=bare(), stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout
            url = next(word for word in process.stdout.readline().split() if word.startswith("http"))
            for path in Drawings(load(content_folder()), Charts()).paths:
                urlopen(url + path, timeout=60).close()
            try:
                yield url
            finally:
                process.terminate()
