"""The documents: every address that is linked to is there, every text is escaped, every header is set."""

import re
from html import escape, unescape
from urllib.parse import urljoin, urlsplit

import httpx
import pytest

from semax_bot.charts.data import verdict
from semax_bot.charts.theme import THEMES
from semax_bot.course.load import slug
from semax_bot.reply import Button, Caveat, Check, Evidence, Figure, Heading, Place, Reply, Table, Text
from semax_bot.tutor import PAGES, Tutor
from semax_bot.web.app import HEADERS, STATIC
from semax_bot.web.markup import SHOWN, Links, article
from semax_bot.web.pages import Pages

NASTY = "<script>\"&'</script>"


def addresses(html: str) -> list[str]:
    """Where a document's links, scripts and styles lead."""
    return [unescape(found) for found in re.findall(r'\b(?:href|src|action|data-chart)="([^"]*)"', html)]


def reached(path: str, *links: str) -> set[str]:
    """Where links lead from a path, by the browsers' rules, to which an empty folder is one too."""
    found = set()
    for link in links:
        folders = [] if link.startswith("/") else path.split("/")[1:-1]
        for part in link.removeprefix("/").split("/"):
            if part == "..":
                folders = folders[:-1]
            elif part != ".":
                folders = [*folders, part]
        found.add("/" + "/".join(folders))
    return found


async def test_an_address_as_a_site_writes_it_leads_to_the_page(client: httpx.AsyncClient) -> None:
    """With a slash at its end, as if it were a folder, an address is that of the same page, and of no other host."""
    for path in ("/e/06-term-dopac", "/e/06-term-dopac/evidence", "/p/about"):
        moved = await client.get(f"{path}/")
        assert moved.status_code == 308
        assert reached(f"{path}/", moved.headers["location"]) == {path}
        assert (await client.get(f"{path}/", follow_redirects=True)).status_code == 200


def test_the_tally_lists_its_cards(tutor: Tutor) -> None:
    """Who cannot point at a mark finds every card in the words below, under its verdict."""
    (words,) = re.findall(r'data-kind="tally".*?<details>(.*?)</details>', Pages(tutor).front(), re.DOTALL)
    groups = dict(re.findall(r"<h3>([^<]*)</h3><ul>(.*?)</ul>", words))
    assert next(iter(groups)) == "supported"
    assert list(groups)[-1] == "not checked"
    for entry in tutor.course.entries.values():
        found = [name for name, cards in groups.items() if f'"e/{slug(entry.id)}"' in cards]
        assert found == [verdict(entry)]


async def test_a_chart_is_one_step_away(client: httpx.AsyncClient) -> None:
    """An answer leads to its chart; a card, which names its charts, does so once for each."""
    asked = {"question": "does it raise norepinephrine?"}
    html = (await client.post("/api/ask", json=asked)).json()["html"]
    assert html.count('<a href="./#06-chart-turnover">See it</a>') == 1
    card = (await client.get("/e/06-figure-norepinephrine-turnover/evidence")).text
    seen = re.findall(r'<a href="([^"]*)">See it(?:: [^<]*)?</a>', card)
    assert sorted(seen) == ["../../#06-chart-curve", "../../#06-chart-turnover"]


def test_colours_are_those_of_the_pictures() -> None:
    """The style repeats the colours of charts/theme.py, so page and pictures go together."""
    style = (STATIC / "page.css").read_text("utf-8")
    for name, theme in THEMES.items():
        shared = {
            "paper": theme.ground,
            "text": theme.text,
            "quiet": theme.quiet,
            "strong": theme.fills[0],
            "on-strong": theme.inks[0],
            "alarm": theme.alarm,
        }
        (block,) = re.findall(rf':root\[data-theme="{name}"\] \{{(.*?)\}}', style, re.DOTALL)
        for variable, colour in shared.items():
            assert f"--{variable}: {colour};" in block
            assert style.count(f"--{variable}: {colour};") >= 2  # once more where the system's setting decides


async def test_every_card_has_an_address(client: httpx.AsyncClient, tutor: Tutor) -> None:
    """The address is that of a deep link, and the page holds the card's words without any script."""
    for entry in tutor.course.entries.values():
        response = await client.get(f"/e/{slug(entry.id)}")
        assert response.status_code == 200
        assert f"<h1>{escape(entry.title)}</h1>" in response.text
        assert escape(entry.short) in response.text


async def test_every_link_leads_somewhere(client: httpx.AsyncClient, tutor: Tutor) -> None:
    """Cards, views, pages, charts and files: whatever a document names is on this host, and there."""
    pages = Pages(tutor)
    seen = set()
    for path in ["", *pages.paths()]:
        for link in addresses((await client.get(f"/{path}")).text):
            target = urlsplit(urljoin(f"http://page/{path}", link))
            assert target.netloc == "page"
            seen.add(target.path)
    seen -= {"/ask"}
    charts = {path for path in seen if path.startswith("/charts/")}
    assert {(await client.head(path)).status_code for path in seen - charts} == {200}
    assert charts == {f"/charts/{slug(chart)}" for chart in tutor.course.charts}


def test_views_and_pages_are_all_reached(tutor: Tutor) -> None:
    """Nothing is written that no link leads to, but terms named in passing, which the search finds."""
    pages = Pages(tutor)
    linked = set()
    for path in ["", *pages.paths()]:
        html = pages.front() if not path else pages.at(path) or ""
        linked |= {urlsplit(urljoin(f"http://page/{path}", link)).path[1:] for link in addresses(html)}
    passing = {slug(entry.id) for entry in tutor.course.entries.values() if entry.home}
    missed = {path for path in pages.paths() if path not in linked and not path.startswith("p/")}
    assert {path.split("/")[1] for path in missed} <= passing
    assert set(SHOWN) < set(PAGES)


async def test_an_unknown_address_is_answered_kindly(client: httpx.AsyncClient) -> None:
    """Old links, slips and attacks get a page with a way back, and the status that says so."""
    for path in (
        "/e/06-term-nothing",
        "/e/06-term-dopac/nothing",
        "/e/06-term-nothing/",
        "/e//",
        "/p/privacy/",
        "/static/page.css/",
        "//etc/passwd/",
        "/e/06-term-dopac//",
        "/a%2Fb%2Fc",
        "/a/b/c/d/e/f/g/h/",
        "/" * 3000,
        "/p/privacy",
        "/p/../e/06-term-dopac/card/more",
        "/static/../app.py",
        "/static/%2e%2e%2fapp.py",
        "/static/..%5capp.py",
        "/static/%00page.css",
        "/charts/..%2f..%2fetc%2fpasswd",
        "/charts/06-chart-curve.blue.json",
        "//etc/passwd",
        "/e/%ff%fe",
        f"/e/{'x' * 5000}",
        "/%3Cscript%3E",
    ):
        response = await client.get(httpx.URL("http://page", raw_path=path.encode()))
        assert response.status_code == 404, path
        if "/../" not in path:  # which no browser sends
            assert reached(path, *addresses(response.text)) >= {"/", "/static/page.css", "/static/page.js", "/p/about"}
        assert len(response.text) < 5000
        assert "x" * 99 not in response.text
        assert "%3C" not in response.text


async def test_every_response_carries_the_policy(client: httpx.AsyncClient) -> None:
    """Pages, files, answers and refusals: no eval, nothing inline, nothing from elsewhere, framed by Telegram alone."""
    for path in ("/", "/e/06-term-dopac", "/static/page.css", "/nowhere", "/api/progress"):
        response = await client.get(path)
        assert {name: response.headers[name] for name in HEADERS} == HEADERS
    policy = dict(part.strip().split(" ", 1) for part in HEADERS["Content-Security-Policy"].split(";"))
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == "'self' https://web.telegram.org"
    assert "unsafe" not in str(policy)


async def test_what_a_browser_has_is_not_sent_again(client: httpx.AsyncClient) -> None:
    """A tag that is known is answered with a nod; what can be compressed is, for who can read it."""
    first = await client.get("/static/page.css", headers={"Accept-Encoding": "gzip"})
    assert first.headers["content-encoding"] == "gzip"
    assert first.text == (STATIC / "page.css").read_text("utf-8")
    plain = await client.get("/static/page.css", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    again = await client.get("/static/page.css", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_charts_are_served_as_they_are_compiled(client: httpx.AsyncClient, tutor: Tutor) -> None:
    """A chart's address gives its Vega specification, one for each theme, with what the page's controls offer."""
    light, dark = [(await client.get(f"/charts/06-chart-curve.{theme}.json")).json() for theme in ("light", "dark")]
    assert light["$schema"].startswith("https://vega.github.io/schema/vega/")
    assert light["background"] != dark["background"]
    zones = tutor.course.charts["06/chart/curve"].model_dump()["zones"]
    assert [zone["title"] for zone in light["usermeta"]["level"]["zones"]] == [zone["title"] for zone in zones]


@pytest.mark.parametrize("text", [NASTY, "\x00", "a\nb"])
def test_every_text_is_escaped(text: str) -> None:
    """Whatever stands in a block or a button, it adds no element and no attribute."""
    blocks = (
        Heading(text),
        Text(text, lead=True),
        Figure(text, text),
        Table(text, ((text, text),)),
        Evidence(text, "🐀", text),
        Check(text, text, text, (text,)),
        Caveat(text),
        Place(text),
    )
    html = article(Reply("answer", blocks, ((Button(text, f"card:{text}"),),)), Links())
    assert "<script" not in html
    assert escape(text) in html


def test_only_what_a_page_can_do_becomes_a_link() -> None:
    """Cards, views and pages are links; a quiz, settings, or a forged action are not."""
    links = Links("../")
    assert links.after("card:06/term/dopac") == "../e/06-term-dopac"
    assert links.after("evidence:06/term/dopac") == "../e/06-term-dopac/evidence"
    assert links.after("page:sources") == "../p/sources"
    assert links.after("chart:06/chart/curve") == "../#06-chart-curve"
    assert Links().after("chart:06/chart/curve") == "./#06-chart-curve"
    for action in (
        "quiz:06/term/dopac",
        "chart:progress",
        "not:abc",
        "page:privacy",
        "page:javascript",
        "set:zone:UTC",
        "",
        "javascript:x",
    ):
        assert links.after(action) is None
