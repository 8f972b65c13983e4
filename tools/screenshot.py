"""Photograph the page for the README: on a desk by day, and on a phone by night, side by side in one picture.

python tools/screenshot.py docs
"""

import subprocess
import sys
import tempfile
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, ViewportSize, sync_playwright

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
DESK = ViewportSize(width=1180, height=1120)
PHONE = ViewportSize(width=360, height=740)
CHART = "[id='06-chart-curve']"
FRAME = """
<body style="margin:0"><main style="display:flex;gap:24px;padding:24px;align-items:flex-start;background:#dfe6ea">
<img src="data:image/png;base64,{desk}" style="width:1000px;border-radius:12px;box-shadow:0 2px 12px #0004">
<img src="data:image/png;base64,{phone}" style="width:330px;border-radius:24px;box-shadow:0 2px 12px #0006">
"""


def main(folder: Path) -> None:
    """Write page.png into `folder`."""
    with _served() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        desk, phone = _desk(browser, url), _phone(browser, url)
        both = browser.new_page(viewport={"width": 1402, "height": 1000})
        both.set_content(FRAME.format(desk=b64encode(desk).decode(), phone=b64encode(phone).decode()))
        both.locator("main").screenshot(path=folder / "page.png")
        browser.close()


def _desk(browser: Browser, url: str) -> bytes:
    """The front page with its first charts, after a question."""
    page = browser.new_page(viewport=DESK, color_scheme="light")
    page.goto(url)
    for figure in page.locator("figure[data-chart]").all()[:4]:
        figure.scroll_into_view_if_needed()
        figure.locator("svg").wait_for()
    page.evaluate("scrollTo(0, 222)")
    return page.screenshot()


def _phone(browser: Browser, url: str) -> bytes:
    """The inverted U, its slider moved."""
    context = browser.new_context(viewport=PHONE, color_scheme="dark", device_scale_factor=2)
    page = context.new_page()
    page.goto(url)
    page.locator(CHART).scroll_into_view_if_needed()
    page.locator(CHART).locator("svg").wait_for()
    page.locator(CHART).get_by_role("slider").fill("62")
    page.locator(CHART).evaluate("figure => scrollTo(0, figure.offsetTop - 12)")
    return page.screenshot()


@contextmanager
def _served() -> Iterator[str]:
    """`semax-bot web` on a free port."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "semax_bot", "web", "--port", "0"]
        with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True) as process:
            try:
                assert process.stdout
                yield next(word for word in process.stdout.readline().split() if word.startswith("http"))
            finally:
                process.terminate()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
