"""Whole documents: the front page with its charts and its search, a page per card, and pages of plain words."""

from collections.abc import Iterator
from dataclasses import replace
from html import escape
from pathlib import Path
from string import Template

from semax_bot.answering.compose import VIEWS
from semax_bot.answering.pages import ABOUT, NO_ADVICE
from semax_bot.charts.data import spelled, verdict
from semax_bot.course.chart_model import ChartBase
from semax_bot.course.load import Course, slug
from semax_bot.course.model import Entry, Unit, Verdict
from semax_bot.reply import Heading, Reply, Text, plain_line
from semax_bot.tutor import Tutor
from semax_bot.web.markup import SHOWN, Links, article, card_path

LONGEST = 300  # characters of a question; a longer one is a text, not a question
DEEPEST = 8  # folders; an address with more is nonsense, and its page shall not be made of ../../

TEMPLATE = Template(Path(__file__).with_name("page.html").read_text("utf-8"))
STORED = "What you ask here is neither stored nor logged."
STATIC = "These are plain files: nothing that you type here leaves your browser."
# Where no server adds headers: the same policy, but for who may frame the page, which a document cannot say itself.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'"
)
ASK = "Ask in your own words"
FIND = "Find a card"
FIND_HINT = "Searches titles and typical questions."
ELSEWHERE = "The full tutor, which understands your own words, is in the chat."
MINE = "Your progress"


class Pages:
    """The documents of one course, with a tutor behind them or, as a `site`, to be written to files."""

    def __init__(self, tutor: Tutor, site: bool = False) -> None:
        self._tutor, self._course, self._site = tutor, tutor.course, site
        self.cards = {card_path(name, view): (name, view) for name in self._course.entries for view in VIEWS}

    def front(self) -> str:
        """The front page."""
        return self._front("")

    def answered(self, question: str, reply: Reply) -> str:
        """The front page with the answer to a question, for browsers without scripts."""
        return self._front(article(reply, Links(), level=2), question)

    def at(self, path: str) -> str | None:
        """The document at a path, such as e/06-term-dopac, e/06-term-dopac/evidence or p/sources; None if none is."""
        if path in self.cards:
            return self._shown(path, self._tutor.open(*self.cards[path]), self.cards[path][0])
        kind, _, name = path.partition("/")
        return self._shown(path, self._tutor.page(name)) if kind == "p" and name in SHOWN else None

    def paths(self) -> list[str]:
        """Every path that `at` knows; without views that their author left out, as they would only repeat the card."""
        entries = self._course.entries
        own = [path for path, (name, view) in self.cards.items() if getattr(entries[name], view, True)]
        return [*own, *(f"p/{name}" for name in SHOWN)]

    def words(self, below: int, title: str, text: str) -> str:
        """A document that only says something, such as that there is no page, so many folders below the front page."""
        links = Links("../" * below if below <= DEEPEST else "/")
        main = f'<article class="card"><h1>{escape(title)}</h1><p>{escape(text)}</p>{_way_back(links)}</article>'
        return self._document(title, text, main, links)

    def _front(self, answer: str, question: str = "") -> str:
        units, links = self._course.units.values(), self._links("")
        charts = [_figure(self._course, chart, links) for chart in self._course.charts.values()]
        # Progress comes late: below the charts it moves nothing, and a link leads to it from above.
        mine = "" if self._site else f'<section id="progress" aria-label="{MINE}" hidden></section>'
        half = (len(charts) + 1) // 2  # two columns where there is room; read one after the other
        parts = [
            *(
                f'<section class="opening"><h1>{escape(u.title)}</h1><p>{escape(u.summary)}</p></section>'
                for u in units
            ),
            self._find() if self._site else self._ask(question, answer),
            f'<div class="charts"><div>{"".join(charts[:half])}</div><div>{"".join(charts[half:])}{mine}</div></div>',
            *(_contents(self._course, unit, links) for unit in units),
        ]
        return self._document(self._course.title, " ".join(u.summary for u in units), "\n".join(parts), links)

    def _ask(self, question: str, answer: str) -> str:
        examples = [example for unit in self._course.units.values() for example in unit.examples]
        buttons = "".join(
            f'<button name="question" value="{escape(one)}" formnovalidate>{escape(one)}</button>' for one in examples
        )
        offered = "" if answer else f'<div class="examples">{buttons}</div>'
        return (
            f'<section class="search"><form id="ask" method="post" action="ask" role="search">'
            f'<label for="question">{ASK}</label><div class="line"><input id="question" name="question" type="search" '
            f'required maxlength="{LONGEST}" autocomplete="off" enterkeyhint="search" value="{escape(question)}">'
            f'<button class="strong">Ask</button></div>{offered}</form>'
            f'<div id="answer" aria-live="polite">{answer}</div>'
            f'<p class="mine"><a href="#progress">{MINE}</a></p></section>'
        )

    def _find(self) -> str:
        return (
            f'<section class="search"><form id="find" role="search"><label for="question">{FIND}</label>'
            f'<div class="line"><input id="question" type="search" maxlength="{LONGEST}" autocomplete="off" '
            f'aria-describedby="hint"></div><p id="hint" class="hint">{FIND_HINT}</p></form>'
            f'<div id="answer" aria-live="polite"></div><p class="hint">{ELSEWHERE}</p></section>'
        )

    def _shown(self, path: str, reply: Reply, entry_id: str | None = None) -> str:
        links = self._links(path)
        title = next((block.text for block in reply.blocks if isinstance(block, Heading)), self._course.title)
        lead = next((plain_line(block) for block in reply.blocks if isinstance(block, Text)), title)
        charts = self._course.charts_of(entry_id) if entry_id else ()
        seen = "".join(f'<a href="{links.chart(one.id)}">See it: {escape(one.title)}</a>' for one in charts)
        also = f'<nav class="links" aria-label="Charts">{seen}</nav>' if seen else ""
        return self._document(title, lead, article(_unseen(reply), links) + also + _way_back(links), links)

    def _links(self, path: str) -> Links:
        below = path.count("/") + (self._site and path != "")
        return Links("../" * below, "/" if self._site else "")

    def _document(self, title: str, description: str, main: str, links: Links) -> str:
        named = title if title == self._course.title else f"{title} · {self._course.title}"
        return TEMPLATE.substitute(
            policy=f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n' if self._site else "",
            title=escape(named),
            description=escape(" ".join(description.split())),
            course=escape(self._course.title),
            root=links.root,
            home=links.home,
            more=links.to("p/about"),
            sources=links.to("p/sources"),
            main=main,
            about=escape(f"{ABOUT} {NO_ADVICE}"),
            stored=STATIC if self._site else STORED,
        )


def _unseen(reply: Reply) -> Reply:
    """The reply without its way to a chart: a card's page has one for every chart, by its name."""
    kept = (tuple(one for one in row if not one.action.startswith("chart:")) for row in reply.buttons)
    return replace(reply, buttons=tuple(kept))


def _way_back(links: Links) -> str:
    return f'<p class="back"><a href="{links.home}">All charts and cards</a></p>'


def _figure(course: Course, chart: ChartBase, links: Links) -> str:
    """A place for a chart, and all that it says in words, so that nobody depends on seeing it."""
    name = slug(chart.id)
    caveats = dict.fromkeys((*chart.caveats, *(text for one in chart.named for text in course.entries[one].caveats)))
    cards = "".join(
        f'<a href="{links.to(card_path(one))}">{escape(course.entries[one].title)}</a>' for one in chart.named
    )
    return (
        f'<figure class="chart" id="{name}" data-kind="{chart.kind}" data-chart="charts/{name}" '
        f'aria-labelledby="{name}-title"><figcaption><h2 id="{name}-title">{escape(chart.title)}</h2>'
        f'<p>{escape(chart.short)}</p></figcaption><div class="controls"></div><div class="plot"></div>'
        f'<p class="note">{escape(chart.note)}</p>'
        f"<details><summary>In words, and the catch</summary><p>{escape(chart.alt)}</p>"
        f"<ul>{''.join(f'<li>{escape(text)}</li>' for text in caveats)}</ul>"
        f"{_tallied(course, chart, links) if chart.kind == 'tally' else ''}</details>"
        + (f'<nav class="links" aria-label="Cards of this chart">{cards}</nav>' if cards else "")
        + "</figure>\n"
    )


def _tallied(course: Course, chart: ChartBase, links: Links) -> str:
    """The cards behind the marks of a tally by verdict, for those who cannot point at a mark."""
    groups: dict[str, list[str]] = {spelled(one): [] for one in Verdict}
    for entry in _entries(course, course.units[int(chart.id[:2])]):
        link = f'<li><a href="{links.to(card_path(entry.id))}">{escape(entry.title)}</a></li>'
        groups.setdefault(verdict(entry), []).append(link)
    return "".join(f"<h3>{escape(name)}</h3><ul>{''.join(cards)}</ul>" for name, cards in groups.items() if cards)


def _contents(course: Course, unit: Unit, links: Links) -> str:
    """The cards of a unit by section; terms named in passing are found by search alone."""
    parts = []
    for section in unit.sections:
        inside = [entry for entry in _entries(course, unit) if entry.section == section.id and not entry.home]
        items = "".join(f'<li><a href="{links.to(card_path(one.id))}">{escape(one.title)}</a></li>' for one in inside)
        if items:
            title = escape(section.title[:1].upper() + section.title[1:])
            parts.append(f"<section><h3>{title}</h3><ul>{items}</ul></section>")
    return f'<section class="contents"><h2>All cards of unit {unit.number}</h2>{"".join(parts)}</section>'


def _entries(course: Course, unit: Unit) -> Iterator[Entry]:
    return (entry for entry in course.entries.values() if entry.id.startswith(f"{unit.number:02}/"))
