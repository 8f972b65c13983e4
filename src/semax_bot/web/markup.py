"""A reply as HTML: blocks become elements, buttons become links; every text is escaped."""

from dataclasses import dataclass
from html import escape

from semax_bot.course.load import slug
from semax_bot.reply import (
    Block,
    Button,
    Caveat,
    Check,
    Evidence,
    Figure,
    Heading,
    Place,
    Reply,
    Table,
    Text,
    paragraphs,
    plain_line,
)
from semax_bot.tutor import PAGES

SHOWN = tuple(name for name in PAGES if name not in {"privacy", "help"})  # these two are about the chat


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses as one document writes them: relative, so that the page may live anywhere on a host.

    `root` leads from the document to the front page; `end` is '/' where each page is a folder, as in a site of files.
    """

    root: str = ""
    end: str = ""

    def to(self, path: str) -> str:
        """The address of a page."""
        return f"{self.root}{path}{self.end}"

    @property
    def home(self) -> str:
        """The address of the front page."""
        return self.root or "./"

    def chart(self, chart_id: str) -> str:
        """The address of a chart, which stands on the front page."""
        return f"{self.home}#{slug(chart_id)}"

    def after(self, action: str) -> str | None:
        """Where a button's action leads; None for what only a chat can do."""
        verb, _, argument = action.partition(":")
        if verb == "page" and argument in SHOWN:
            return self.to(f"p/{argument}")
        if verb == "chart" and "/chart/" in argument:
            return self.chart(argument)
        if verb in {"card", "simple", "advanced", "evidence"}:
            return self.to(card_path(argument, verb))
        return None


def card_path(entry_id: str, view: str = "card") -> str:
    """The path of an entry's card, or of another view of it."""
    return f"e/{slug(entry_id)}" + (f"/{view}" if view != "card" else "")


def article(reply: Reply, links: Links, level: int = 1) -> str:
    """The whole reply; `level` is that of its heading."""
    groups = "\n".join(f"<div>{_group(group, level)}</div>" for group in paragraphs(reply))
    return f'<article class="card" data-kind="{reply.kind}">\n{groups}\n{_links(reply, links)}</article>'


def _group(blocks: list[Block], level: int) -> str:
    """Blocks that are read together; how something is known, and its catch, are the points of a list."""
    parts = "".join(_block(block, level) for block in blocks)
    return f'<ul class="ground">{parts}</ul>' if isinstance(blocks[0], Evidence | Check | Caveat) else parts


def _block(block: Block, level: int) -> str:
    match block:
        case Heading(text):
            return f"<h{level}>{escape(text)}</h{level}>"
        case Text(text, lead):
            return f"<p{' class=lead' if lead else ''}>{escape(text)}</p>"
        case Figure(label, value):
            return f'<p class="figure"><span>{escape(label)}:</span> <b>{escape(value)}</b></p>'
        case Table(title, rows):
            cells = (f'<tr><th scope="row">{escape(name)}</th><td>{escape(value)}</td></tr>' for name, value in rows)
            return f"<table><caption>{escape(title)}</caption>{''.join(cells)}</table>"
        case Place(text):
            return f'<p class="place">{escape(text)}</p>'
        case _:
            return _point(block)


def _point(block: Evidence | Check | Caveat) -> str:
    """The icon only repeats the words for those who see it; `data-is` is for the style."""
    icon, _, words = plain_line(block).partition(" ")
    kind = block.verdict if isinstance(block, Check) else type(block).__name__.lower()
    return f'<li data-is="{escape(kind)}"><span aria-hidden="true">{icon}</span><span>{escape(words)}</span></li>'


def _links(reply: Reply, links: Links) -> str:
    found = [_link(button, links) for row in reply.buttons for button in row]
    shown = "".join(filter(None, found))
    return f'<nav class="links" aria-label="From here">{shown}</nav>\n' if shown else ""


def _link(button: Button, links: Links) -> str:
    address = links.after(button.action)
    label = "See it" if button.action.startswith("chart:") else button.label  # a page shows nothing by itself
    return f'<a href="{escape(address)}">{escape(label)}</a>' if address else ""
