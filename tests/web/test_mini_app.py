"""The page inside Telegram: its theme, its back button, its size, and the learner's own progress, over the bridge."""

import json
import socket
from collections.abc import Callable, Iterator
from random import Random
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from clock import Clock
from semax_bot.store.store import Store
from semax_bot.tutor import Tutor, Who
from web.browsing import DESKTOP, METER, PHONE, Visit
from web.serving import TOKEN, Serving, launch, practise, serve_page

NIGHT = {
    "bg_color": "#17212b",
    "secondary_bg_color": "#232e3c",
    "text_color": "#f5f5f5",
    "hint_color": "#708499",
    "link_color": "#6ab3f3",
    "button_color": "#5288c1",
    "button_text_color": "#ffffff",
}
DAY = {"bg_color": "#ffffff", "text_color": "#000000", "link_color": "#168acd", "hint_color": "#dddddd"}
PROXY = (
    "window.posted = []; window.TelegramWebviewProxy = {postEvent: (type, data) => window.posted.push([type, data])}"
)
NOTIFY = "window.posted = []; window.external.notify = text => window.posted.push(JSON.parse(text))"
START_UP = ["web_app_ready", "web_app_expand", "web_app_request_theme", "web_app_request_viewport"]

Visiting = Callable[..., Visit]


@pytest.fixture(scope="module")
def app(tutor: Tutor, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """The page as the bot serves it; the learner with the id 5 has answered one question."""
    folder = tmp_path_factory.mktemp("data")

    async def beside_the_bot(opened: socket.socket) -> None:
        store = await Store.open("", folder)
        try:
            remembering = Tutor(tutor.course, store, Clock(), Random(7))
            await practise(remembering, Who("telegram", "5"))
            await serve_page(opened, remembering, TOKEN)
        finally:
            await store.close()

    serving = Serving(beside_the_bot)
    yield serving
    serving.close()


def fragment(colours: dict[str, str] | None = None, data: str = "") -> str:
    """What a Telegram client puts behind the address of a Mini App."""
    theme = json.dumps(NIGHT if colours is None else colours)
    fields = {
        "tgWebAppData": data,
        "tgWebAppVersion": "9.1",
        "tgWebAppPlatform": "android",
        "tgWebAppThemeParams": theme,
    }
    return f"#{urlencode(fields)}"


def posted(page: Page) -> list[str]:
    """The types of the events that the page has sent to Telegram."""
    return [one[0] for one in page.evaluate("window.posted")]


def tell(page: Page, type: str, data: dict[str, Any]) -> None:
    """An event from Telegram, by the way that its phone clients take."""
    page.evaluate("([type, data]) => window.TelegramGameProxy.receiveEvent(type, data)", [type, data])


def worn(page: Page) -> list[str]:
    """The colours of the page, of its text and of its strong button."""
    colours = "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]"
    return list(page.evaluate(colours))


def test_it_says_that_it_is_ready_and_wears_the_theme(visit: Visiting, app: Serving) -> None:
    """The page tells Telegram when it can be shown, and takes over its colours, also while it is open."""
    seen = visit(app.url + fragment(), PROXY, viewport=PHONE, color_scheme="light")
    page = seen.page
    page.wait_for_function("() => window.posted.length > 4")
    assert posted(page)[:4] == START_UP
    assert page.evaluate("window.posted.every(([, data]) => typeof data === 'string')")
    assert worn(page) == ["rgb(35, 46, 60)", "rgb(245, 245, 245)"]
    figure = seen.chart("curve")
    assert figure.get_attribute("data-theme") == "dark"
    assert seen.findings() == []
    tell(page, "theme_changed", {"theme_params": DAY})
    expect(figure).to_have_attribute("data-theme", "light")
    assert worn(page) == ["rgb(255, 255, 255)", "rgb(0, 0, 0)"]
    expect(figure.locator("svg [stroke='#0a4a57']").first).to_be_attached()
    assert seen.findings() == []  # a hint in #dddddd on white would be one


@pytest.mark.parametrize(
    "colours",
    [
        {},
        {"bg_color": "red", "text_color": "url(x)"},
        {"bg_color": "#ffffff", "text_color": "#eeeeee"},
        {"bg_color": 7, "text_color": None},
    ],
)
def test_a_theme_that_cannot_be_read_is_not_worn(visit: Visiting, app: Serving, colours: dict[str, Any]) -> None:
    """Colours that are none, or that nobody could read, leave the page as it is."""
    page = visit(app.url + fragment(colours), PROXY, color_scheme="light").page
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert worn(page) == ["rgb(241, 245, 247)", "rgb(22, 32, 42)"]


def test_the_back_button_goes_back(visit: Visiting, app: Serving) -> None:
    """It is there on cards and not on the first page; the launch is remembered, and not in any address."""
    page = visit(app.url + fragment(data=launch(5)), PROXY, viewport=PHONE).page
    page.wait_for_function("() => window.posted.length > 4")
    assert page.evaluate("window.posted.at(-1)") == ["web_app_setup_back_button", '{"is_visible":false}']
    assert page.url == app.url
    page.get_by_role("link", name="Norepinephrine turnover").first.click()
    page.wait_for_function("() => window.posted.length > 4")
    assert page.evaluate("window.posted.at(-1)") == ["web_app_setup_back_button", '{"is_visible":true}']
    assert worn(page)[0] == "rgb(35, 46, 60)"
    tell(page, "back_button_pressed", {})
    page.wait_for_url(app.url)


def test_the_viewport_is_followed(visit: Visiting, app: Serving) -> None:
    """The page is at least as high as the room that Telegram gives it, however it is told."""
    page = visit(f"{app.url}p/about{fragment()}", PROXY, viewport=PHONE).page
    page.evaluate("""window.Telegram.WebView.receiveEvent('viewport_changed', '{"height": 3000}')""")
    assert page.evaluate("document.body.offsetHeight") == 3000
    for nonsense in ("{", "null", '{"height": "<b>"}'):
        page.evaluate("text => window.TelegramGameProxy_receiveEvent('viewport_changed', text)", nonsense)
    assert page.evaluate("document.body.offsetHeight") == 3000


def test_progress_is_shown_to_the_learner(visit: Visiting, app: Serving) -> None:
    """Who was proved by Telegram sees the page of progress with its picture, and Telegram's data leave no trace."""
    seen = visit(app.url + fragment(data=launch(5)), PROXY, viewport=PHONE)
    mine = seen.page.locator("#progress")
    expect(mine.get_by_role("heading", name="Your progress")).to_be_visible()
    expect(mine).to_contain_text("1 seen so far")
    expect(mine.get_by_role("img", name="Your progress as a picture")).to_be_visible()
    assert seen.findings() == []
    assert not any("query_id" in url for url in seen.addresses)
    seen.page.evaluate("scrollTo(0, 0)")
    seen.page.get_by_role("link", name="Your progress").click()
    expect(mine.get_by_role("heading", name="Your progress")).to_be_in_viewport()


def test_the_picture_of_progress_follows_the_theme(visit: Visiting, app: Serving) -> None:
    """Where Telegram's theme changes, it is drawn anew, in colours that can be read on the new ground."""
    seen = visit(app.url + fragment(data=launch(5)), PROXY, viewport=PHONE, color_scheme="light")
    picture = seen.page.locator("#progress svg")
    expect(picture.locator("[fill='#a5e8ee']").first).to_be_attached()
    for colours, ink in ((DAY, "#0a4a57"), (NIGHT, "#a5e8ee"), (DAY, "#0a4a57")):
        tell(seen.page, "theme_changed", {"theme_params": colours})
        expect(picture.locator(f"[fill='{ink}']").first).to_be_attached()
    assert seen.findings() == []


def test_words_of_progress_stay_without_their_picture(visit: Visiting, app: Serving) -> None:
    """A drawing that fails takes nothing away."""
    seen = visit(app.url + fragment(data=launch(5)), f"{PROXY};document.fonts.load = () => Promise.reject()")
    mine = seen.page.locator("#progress")
    expect(mine).to_contain_text("1 seen so far")
    expect(mine.locator("figure")).to_be_hidden()
    expect(mine.get_by_role("heading", name="Your progress")).to_be_visible()


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desk"])
def test_progress_moves_nothing(visit: Visiting, app: Serving, size: dict[str, int]) -> None:
    """What comes late pushes nothing away that somebody reads."""
    seen = visit(app.url + fragment(data=launch(5)), f"{PROXY};{METER}", viewport=size)
    expect(seen.page.locator("#progress svg")).to_be_attached()
    assert seen.shifted() < 0.1


def test_lines_are_seen_in_every_theme(visit: Visiting, app: Serving) -> None:
    """Telegram names no colour for borders, so theirs lies between its ground and its text."""
    page = visit(app.url + fragment(data=launch(5)), PROXY, color_scheme="light").page
    pill = page.locator(".links a").first
    expect(pill).to_have_css("border-top-color", "rgb(72, 80, 87)")
    expect(page.get_by_role("searchbox")).to_have_css("border-top-color", "rgb(145, 150, 154)")


def test_progress_needs_proof(visit: Visiting, app: Serving) -> None:
    """Forged data get a line, and nobody's progress; without any there is not even an empty place."""
    seen = visit(app.url + fragment(data=launch(5, token="1:other")), PROXY)
    expect(seen.page.locator("#progress")).to_contain_text("not signed by Telegram")
    expect(seen.page.locator("#progress svg")).to_have_count(0)
    seen.complaints = [one for one in seen.complaints if "401" not in one]  # Chromium notes the status itself
    expect(visit(app.url).page.locator("#progress")).to_be_hidden()


def test_other_clients_are_told_their_way(visit: Visiting, app: Serving) -> None:
    """Where there is no proxy, `external.notify` gets type and data in one text."""
    page = visit(app.url + fragment(), NOTIFY).page
    page.wait_for_function("() => window.posted.length > 4")
    told = page.evaluate("window.posted")
    assert [one["eventType"] for one in told][:4] == START_UP
    assert told[-1] == {"eventType": "web_app_setup_back_button", "eventData": {"is_visible": False}}


def test_only_telegrams_own_page_is_heard(visit: Visiting, app: Serving) -> None:
    """A message from another window, or from anywhere but web.telegram.org, changes nothing."""
    page = visit(app.url + fragment(), PROXY).page
    before = worn(page)
    page.evaluate(
        "text => window.postMessage(text, '*')",
        json.dumps({"eventType": "theme_changed", "eventData": {"theme_params": DAY}}),
    )
    page.evaluate("window.postMessage('{', '*')")
    page.evaluate("new Promise(done => { window.addEventListener('message', done); window.postMessage('', '*') })")
    assert worn(page) == before


def test_a_plain_browser_is_not_told_anything(visit: Visiting, app: Serving) -> None:
    """Without Telegram's parameters nothing is posted, and nothing waits for Telegram."""
    page = visit(app.url, PROXY).page
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert posted(page) == []
    assert page.evaluate("typeof window.TelegramGameProxy") == "undefined"
