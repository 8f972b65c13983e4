"""A browser that looks at the page, and notes what a developer would see in its console and on the network."""

from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it ships no types
from playwright.sync_api import Browser, ConsoleMessage, Locator, Request

FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
PHONE, DESKTOP = {"width": 360, "height": 740}, {"width": 1280, "height": 900}
GRAVE = {"serious", "critical"}  # findings of axe-core that keep somebody from using the page
VIOLATIONS = "addEventListener('securitypolicyviolation', event => console.error('policy: ' + event.violatedDirective))"
# Adds up how far things jump by themselves, as https://web.dev/cls says.
METER = """window.shifted = 0; new PerformanceObserver(list => {
    for (const one of list.getEntries()) if (!one.hadRecentInput) window.shifted += one.value;
}).observe({type: 'layout-shift', buffered: true})"""
JUMP = "document.body.prepend(Object.assign(document.createElement('div'), {innerHTML: '<br>'.repeat(20)}))"
FRAMES = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))"


class Visit:
    """One page in a context of its own. All that it asks for is noted."""

    def __init__(self, browser: Browser, url: str, script: str = "", **options: Any) -> None:
        self.host = urlsplit(url).netloc
        self.hosts: set[str] = set()
        self.addresses: list[str] = []
        self.complaints: list[str] = []
        context = browser.new_context(**{"viewport": DESKTOP, **options})
        context.set_default_timeout(20_000)  # milliseconds
        context.add_init_script(f"{VIOLATIONS};{script}")
        context.on("request", self._requested)
        context.on("console", self._said)
        self.page = context.new_page()
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(url)

    def chart(self, name: str) -> Locator:
        """The figure of a chart, drawn."""
        figure = self.page.locator(f"[id='06-chart-{name}']")
        figure.scroll_into_view_if_needed()
        figure.locator("svg").wait_for()
        return figure

    def shifted(self) -> float:
        """How far things have jumped so far, in a page that was opened with METER."""
        self.page.wait_for_load_state("networkidle")
        self.page.evaluate(FRAMES)
        return float(self.page.evaluate("window.shifted"))

    def findings(self) -> list[str]:
        """What axe-core finds to be serious on the page as it is now."""
        found = Axe().run(self.page).response["violations"]
        return [
            f"{one['id']}: {node['html'][:160]} {node['failureSummary']}"
            for one in found
            if one["impact"] in GRAVE
            for node in one["nodes"]
        ]

    def _requested(self, request: Request) -> None:
        self.hosts.add(urlsplit(request.url).netloc)
        self.addresses.append(request.url)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)
