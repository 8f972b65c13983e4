"""The site of plain files: everything that is linked is there, and nothing needs a server."""

import asyncio
import json
import re
from html import unescape
from pathlib import Path
from posixpath import normpath
from urllib.parse import urljoin, urlsplit

import pytest

from semax_bot.course.load import slug
from semax_bot.errors import SemaxBotError
from semax_bot.tutor import Tutor
from semax_bot.web.pages import POLICY
from semax_bot.web.site import write
from web.serving import DrawnOnce


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the site is written."""
    return tmp_path_factory.mktemp("site")


@pytest.fixture(scope="module")
def site(folder: Path, tutor: Tutor) -> Path:
    """The site of the course that ships with the bot."""
    count = asyncio.run(write(tutor, DrawnOnce(), folder))
    assert count == sum(file.is_file() for file in folder.rglob("*"))
    return folder


def test_every_link_of_every_document_is_a_file(site: Path, tutor: Tutor) -> None:
    """Links are relative, so the site may live in any folder of a host; each leads to a file."""
    documents = list(site.rglob("*.html"))
    assert len(documents) > len(tutor.course.entries)
    for document in documents:
        here = document.relative_to(site).as_posix().removesuffix("index.html")
        for link in map(unescape, re.findall(r'\b(?:href|src)="([^"]*)"', document.read_text("utf-8"))):
            target = urlsplit(urljoin(f"http://host/deep/{here}", link))
            assert (target.netloc, target.path.startswith("/deep/")) == ("host", True)
            file = site / target.path.removeprefix("/deep/")
            assert (file / "index.html" if target.path.endswith("/") else file).is_file(), (here, link)


def test_cards_and_charts_keep_their_addresses(site: Path, tutor: Tutor) -> None:
    """A link to /e/06-term-dopac works on both; every chart is there in both themes, and so is what draws them."""
    for entry in tutor.course.entries:
        assert (site / "e" / slug(entry) / "index.html").is_file()
    for chart in tutor.course.charts:
        for theme in ("light", "dark"):
            assert json.loads((site / "charts" / f"{slug(chart)}.{theme}.json").read_text("utf-8"))["marks"]
    assert "vegaEmbed" in (site / "static/vega.js").read_text("utf-8")
    assert "SIL OPEN FONT LICENSE" in (site / "static/licences.txt").read_text("utf-8")


def test_the_index_holds_titles_names_and_questions(site: Path, tutor: Tutor) -> None:
    """The search in the browser looks through what an author wrote, and leads to the card."""
    cards = json.loads((site / "cards.json").read_text("utf-8"))
    assert [card["title"] for card in cards] == [entry.title for entry in tutor.course.entries.values()]
    dopac = next(card for card in cards if card["title"] == "DOPAC")
    entry = tutor.course.entries["06/term/dopac"]
    assert set(dopac["names"]) == {*entry.aliases, *entry.asks}
    assert all((site / normpath(card["path"]) / "index.html").is_file() for card in cards)


def test_a_document_brings_its_policy_and_asks_no_server(site: Path) -> None:
    """Where no server adds headers, each document has them; no form leads anywhere, and no progress is promised."""
    front = (site / "index.html").read_text("utf-8")
    assert f'content="{POLICY}"' in front
    assert "method=" not in front
    assert 'id="progress"' not in front
    assert "in the chat" in front


async def test_what_cannot_be_written_is_named(tmp_path: Path, tutor: Tutor) -> None:
    """A file in the place of the folder is one line with its name."""
    (tmp_path / "taken").touch()
    with pytest.raises(SemaxBotError, match=r"taken/index\.html cannot be written .*Name another folder"):
        await write(tutor, DrawnOnce(), tmp_path / "taken")
