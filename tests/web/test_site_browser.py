"""The site of plain files as somebody meets it: on any host, in a real browser, with scripts and without."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import expect

from web.browsing import PHONE, Visit
from web.serving import bare

Visiting = Callable[..., Visit]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """What `semax-bot site` writes, on a host that knows nothing of us, in a folder below its root."""
    root = tmp_path_factory.mktemp("host")
    command = [sys.executable, "-m", "semax_bot", "site", "course"]
    done = subprocess.run(command, cwd=root, env=bare(), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "files are in course" in done.stdout
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(root)))
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/course/"
    server.shutdown()
    thread.join()
    server.server_close()


class Quiet(SimpleHTTPRequestHandler):
    """A plain file server that logs nothing."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def test_a_site_finds_cards_in_the_browser(visit: Visiting, site: str) -> None:
    """What is typed leads to the nearest cards; the tutor is said to be in the chat."""
    seen = visit(site, viewport=PHONE)
    box = seen.page.get_by_role("searchbox", name="Find a card")
    expect(seen.page.get_by_text("The full tutor, which understands")).to_be_visible()
    box.fill("DOPAC")
    found = seen.page.locator(".found li")
    expect(found.first).to_contain_text("DOPAC")
    box.fill("zzz")
    expect(seen.page.locator("#answer")).to_contain_text("No card goes by these words")
    box.fill("noradrenaline")
    expect(found.first).to_be_visible()
    assert seen.findings() == []
    found.first.get_by_role("link").click()
    expect(seen.page.get_by_role("heading", level=1)).to_be_visible()
    seen.page.get_by_role("link", name="All charts and cards").click()
    seen.chart("curve")


def test_a_site_finds_what_was_meant(visit: Visiting, site: str) -> None:
    """Small words, separators, one slip of a long word and spelling by ear keep nobody from the card."""
    page = visit(site).page
    for asked, first in (
        ("does it raise dopamine", "Dopamine turnover"),
        ("what is DOPAC?", "DOPAC"),
        ("5ht", "5-HT2A receptor occupancy"),
        ("hamd", "HAM-D"),
        ("dopmine", "Dopamine turnover"),
        ("dpoamine", "Dopamine turnover"),
        ("modaffinil", "Modafinil"),
        ("norepinefrine", "Norepinephrine turnover"),
        ("a*(", "Amphetamine"),
    ):
        page.get_by_role("searchbox").fill(asked)
        expect(page.locator(".found li").first).to_contain_text(first)
    for asked in ("zzz", "(", "🧠"):
        page.get_by_role("searchbox").fill(asked)
        expect(page.locator("#answer")).to_contain_text("No card goes by these words")


def test_a_site_is_read_without_scripts(visit: Visiting, site: str) -> None:
    """No search stands there that cannot search, and the way to the tutor is told all the same."""
    page = visit(site, java_script_enabled=False).page
    expect(page.get_by_role("searchbox")).to_be_hidden()
    expect(page.get_by_text("The full tutor, which understands")).to_be_visible()
    expect(page.locator(".plot").first).to_be_hidden()
    page.get_by_role("link", name="DOPAC", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("DOPAC")
