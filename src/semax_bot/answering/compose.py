"""Compose cards: the facet picks the sentence that comes first, the evidence stands beside the claim, nothing twice."""

import re
from base64 import b32encode
from collections.abc import Iterable, Sequence
from functools import lru_cache
from hashlib import blake2b

from semax_bot.answering.text import stem, words
from semax_bot.course.load import Course
from semax_bot.course.model import Entry, EvidenceLevel, Facet, Source, SourceCheck, Verdict
from semax_bot.reply import Block, Button, Caveat, Check, Evidence, Figure, Heading, Place, Reply, Table, Text

EVIDENCE = {
    EvidenceLevel.HUMAN_CLINICAL: ("🏥", "patients in clinical studies"),
    EvidenceLevel.HUMAN_INDIRECT: ("👤", "people, indirectly"),
    EvidenceLevel.RODENT: ("🐀", "rodents"),
    EvidenceLevel.INFERRED: ("🧩", "inferred, not measured"),
    EvidenceLevel.NO_DATA: ("❔", "no published data"),
    EvidenceLevel.TEXTBOOK: ("📘", "textbook knowledge"),
}
VERDICTS = {
    Verdict.SUPPORTED: "supported",
    Verdict.CONSISTENT: "consistent with what was found",
    Verdict.PARTLY: "partly supported",
    Verdict.NOT_ESTABLISHED: "not established",
    Verdict.NOT_FOUND: "not found in the literature read",
    Verdict.DOUBTFUL: "doubtful",
    Verdict.CONTRADICTED: "contradicted",
}
VIEWS = ("card", "simple", "advanced", "evidence")  # what a button may show of an entry
CAVEATS = 2  # on a card; more would make it a lecture
CITATIONS = 1  # on a card; the evidence view has them all
RELATED = 3  # buttons
SAME = 0.67  # a sentence is a repeat if this share of its content words was said before
_NUMBER = re.compile(r"\d+")
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9'\"])")


def card(course: Course, entry: Entry, facet: Facet | None = None) -> tuple[Block, ...]:
    """The card of an entry; `facet` picks the first sentence."""
    lead = entry.answers.get(facet, entry.short) if facet else entry.short
    body = said_once([entry.short, entry.text], lead)
    return (
        Heading(entry.title),
        Text(lead, lead=True),
        *body,
        *ground(course, entry, lead, body),
        place(course, entry),
    )


def compared(course: Course, entry: Entry, table: Table) -> tuple[Block, ...]:
    """A comparison with its table first, and the ground of the entry that it leads to."""
    title = Heading(" and ".join(drug for drug, _ in table.rows))
    return (title, table, Text(entry.short), *ground(course, entry, entry.short, []), place(course, entry))


def passing(course: Course, term: Entry, home: Entry) -> tuple[Block, ...]:
    """The card for a term named in passing: its own sentence, then what the unit says where it names it."""
    body = said_once([home.short, home.text], term.short)
    title = Heading(f"{term.title} · {home.title}")
    return (title, Text(term.short, lead=True), *body, *ground(course, home, term.short, body), place(course, home))


def opened(course: Course, entry: Entry, view: str) -> Reply:
    """An entry as a button or a link shows it: one of VIEWS; a view that its author left out falls back on the card."""
    if view == "evidence":
        blocks = evidence(course, entry)
    elif lead := {"simple": entry.simple, "advanced": entry.advanced}.get(view):
        blocks = (Heading(entry.title), Text(lead, lead=True), *ground(course, entry, lead, []), place(course, entry))
    else:
        blocks = card(course, entry)
    return Reply("answer", blocks, buttons(course, entry, view), entry.id, (entry.id,))


def evidence(course: Course, entry: Entry) -> tuple[Block, ...]:
    """How an entry is known: the level, the check, and what each cited abstract says."""
    lead = entry.answers.get(Facet.EVIDENCE, entry.short)
    sources = [course.sources[name] for name in entry.source_check.sources] if entry.source_check else []
    findings = (Text(f"{cited(source)}: {source.finding}") for source in sources)
    blocks = ground(course, entry, lead, [])
    return (Heading(f"{entry.title}: the evidence"), Text(lead, lead=True), *blocks, *findings, place(course, entry))


def ground(course: Course, entry: Entry, lead: str, body: Sequence[Block]) -> Iterable[Block]:
    """The figures not yet said, evidence level, source check and caveats of an entry."""
    finding = entry.source_check.finding if entry.source_check else ""
    said = " ".join([lead, finding, *(block.text for block in body if isinstance(block, Text))])
    for quantity in entry.figures:
        digits = _NUMBER.findall(quantity.value)
        if digits and not all(number in said for number in digits):
            yield Figure(quantity.label, quantity.value)
    yield known(entry)
    if entry.source_check:
        yield checked(course, entry.source_check)
    yield from (Caveat(text) for text in entry.caveats[:CAVEATS])


def known(entry: Entry) -> Evidence:
    """How an entry is known: the level in words, with its author's note."""
    icon, level = EVIDENCE[entry.evidence]
    return Evidence(entry.evidence, icon, f"{level}; {entry.evidence_note}" if entry.evidence_note else level)


def checked(course: Course, check: SourceCheck, others: str = "under Evidence") -> Check:
    """The source check with its first citation, and where the `others` are to be seen."""
    citations = [cited(course.sources[name]) for name in check.sources[:CITATIONS]]
    if more := len(check.sources) - CITATIONS:
        citations += [f"and {more} more {others}"] if more > 0 else []
    return Check(check.verdict, VERDICTS[check.verdict], check.finding, tuple(citations))


def cited(source: Source) -> str:
    """A source as far as it was recorded, never a completed guess."""
    return source.cite if not source.locator or source.locator in source.cite else f"{source.cite}, {source.locator}"


def place(course: Course, entry: Entry) -> Place:
    """Where the entry stands: 'Unit 6 · key numbers'."""
    number = int(entry.id[:2])
    sections = {section.id: section.title for section in course.units[number].sections}
    return Place(f"Unit {number} · {sections[entry.section]}")


def said_once(texts: Iterable[str], lead: str) -> list[Block]:
    """The sentences of `texts` that add something to what was said before, a paragraph per text."""
    said = _content(lead)
    body: list[Block] = []
    for text in texts:
        kept = []
        for sentence in _SENTENCE.split(text):
            content = _content(sentence)
            if content and len(content & said) < SAME * len(content):
                kept.append(sentence)
            said |= content
        if kept:
            body.append(Text(" ".join(kept)))
    return body


@lru_cache(maxsize=10_000)
def _content(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in words(text) if len(word) > 3 or not word.isalpha())


def comparison(course: Course, drugs: Sequence[Entry], aspect: str) -> Table:
    """One aspect of the comparison for the drugs asked about."""
    title = course.units[int(drugs[0].id[:2])].aspects[aspect]
    return Table(title.capitalize(), tuple((drug.title, drug.row[aspect]) for drug in drugs))


def buttons(
    course: Course, entry: Entry, shown: str = "card", others: Sequence[str] = ()
) -> tuple[tuple[Button, ...], ...]:
    """Under a card: other views of it, related entries, a chart, a quiz, and a way out if it was not what was meant."""
    views = [
        ("simple", "Simpler", entry.simple),
        ("advanced", "More detail", entry.advanced),
        ("evidence", "Evidence", True),
    ]
    row = [Button(label, f"{name}:{entry.id}") for name, label, there in views if there and name != shown]
    if shown != "card":
        row.insert(0, Button("Back to the card", f"card:{entry.id}"))
    related = to_entries(course, entry.related[:RELATED])
    last = [Button("Show me", f"chart:{chart.id}") for chart in course.charts_of(entry.id)[:1]]
    last += [Button("Quiz me on this", f"quiz:{entry.id}")] if entry.id in course.tested else []
    if others:
        last.append(Button("Not what I meant", "not:" + ".".join(map(code, others))))
    return tuple(tuple(line) for line in (row, related, last) if line)


def code(entry_id: str) -> str:
    """The id in eight letters, so that a button's 64 bytes can name several entries; stable while the id is."""
    return b32encode(blake2b(entry_id.encode(), digest_size=5).digest()).decode().lower()


def to_entries(course: Course, ids: Iterable[str]) -> list[Button]:
    """One button per entry."""
    return [Button(course.entries[entry_id].title, f"card:{entry_id}") for entry_id in ids]


def offer(course: Course, ids: Sequence[str], text: str, confidence: float) -> Reply:
    """Up to four near entries to choose from."""
    rows = tuple((button,) for button in to_entries(course, ids[:4]))
    return Reply("suggest", (Text(text, lead=True),), rows, entries=tuple(ids), confidence=confidence)
