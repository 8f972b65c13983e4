"""What a course must hold to be honest and findable, beyond what `load` needs to use it at all.

Each rule yields its faults; the content's README explains every one to authors.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from semax_bot.course.chart_model import ChartBase, Curve, Span
from semax_bot.course.charts import chart_faults
from semax_bot.course.draft import UNIT_FOLDERS, Draft, Part, draft
from semax_bot.course.items import item_faults
from semax_bot.course.links import link_faults
from semax_bot.course.model import Boundary, Entry, EvidenceLevel, Item, Source, Unit, Verdict, Word
from semax_bot.course.quantity import quantities
from semax_bot.course.read import Fault, Loc

Owners = dict[str, tuple[Part[Any], str]]  # a name without its hyphens -> the part that has it, and its spelling

_WITHOUT_SOURCE = {Verdict.NOT_FOUND, Verdict.CONSISTENT}  # these may rest on having found nothing
_SUBJECT = re.compile(r"\bsemax\b", re.IGNORECASE)  # what the course makes claims about
_BESIDE_CONTENT = {"README.md", "schema.json"}  # may lie in the folder


def check(folder: Path) -> list[str]:
    """Every fault of the course in `folder`, one line each, by file and line; empty if all is well."""
    course = draft(folder)
    faults = {*course.faults, *link_faults(course)}
    rules = (_unread_files, _shared_names, _shared_asks, _bare_claims, _bare_verdicts, _loose_quantities)
    for rule in (*rules, item_faults, chart_faults):
        faults.update(rule(course))
    return [str(fault) for fault in sorted(faults)]


def _unread_files(course: Draft) -> Iterator[Fault]:
    """A file that nobody reads is most likely one with a slip in its name."""
    head = course.folder / "course.yaml"
    if not head.is_file():
        return  # this is no course, and may be anything
    read = {head, *course.folder.glob(f"{UNIT_FOLDERS}/*.yaml")}
    for path in course.folder.rglob("*"):
        is_hidden = any(part.startswith(".") for part in path.relative_to(course.folder).parts)
        if path.is_file() and path not in read and path.name not in _BESIDE_CONTENT and not is_hidden:
            yield Fault(path, 0, "is never read; name it like unit-06/terms.yaml, or move it elsewhere")


def _shared_names(course: Draft) -> Iterator[Fault]:
    """A title or an alias leads to one entry or chart, and a variant to one word, with or without its hyphens."""
    entries: Owners = {}
    for entry in course.of(Entry):
        names = [(("title",), entry.value.title), *_numbered("aliases", entry.value.aliases)]
        yield from _shared(entry, names, entries)
    charts: Owners = {}
    for chart in course.of(ChartBase):
        names = [(("title",), chart.value.title), *_numbered("aliases", chart.value.aliases)]
        yield from _shared(chart, names, charts)
    words: Owners = {}
    for word in course.of(Word):
        names = [(("name",), word.value.name), *_numbered("variants", word.value.variants)]
        yield from _shared(word, names, words)


def _shared_asks(course: Draft) -> Iterator[Fault]:
    """An ask belongs to the one entry or boundary that answers it."""
    asks: Owners = {}
    for part in course.parts:
        if isinstance(part.value, Entry | Boundary):
            yield from _shared(part, _numbered("asks", part.value.asks), asks)


def _shared(part: Part[Any], names: list[tuple[Loc, str]], owners: Owners) -> Iterator[Fault]:
    for at, name in names:
        spelling = unicodedata.normalize("NFKC", name).casefold().strip(" .!?")
        key = re.sub(r"\W", "", spelling) or name
        is_new = key not in owners
        owner, known = owners.setdefault(key, (part, spelling))
        if owner is not part:
            yield part.fault(f'"{name}" leads to {owner.value.id} as well ({owner.place}); keep one of the two', *at)
        elif not is_new and known == spelling:
            yield part.fault(f'"{name}" stands here twice; keep one', *at)


def _bare_claims(course: Draft) -> Iterator[Fault]:
    """Only textbook knowledge that leaves Semax out may stand without a caveat."""
    for entry in course.of(Entry):
        names_it = any(_SUBJECT.search(text) for _, text in _texts(entry.value))
        if not entry.value.caveats and (names_it or entry.value.evidence is not EvidenceLevel.TEXTBOOK):
            what = "names Semax" if names_it else f'rests on evidence "{entry.value.evidence}"'
            yield entry.fault(f"{what} without a caveat; add `caveats:` with what to keep in mind", "evidence")


def _bare_verdicts(course: Draft) -> Iterator[Fault]:
    """A verdict that says more than 'nothing found' rests on publications."""
    for entry in course.of(Entry):
        made = entry.value.source_check
        if made and not made.sources and made.verdict not in _WITHOUT_SOURCE:
            message = f'the verdict "{made.verdict}" needs `sources:`; without any, write "{Verdict.NOT_FOUND}"'
            yield entry.fault(message, "source_check", "verdict")


def _loose_quantities(course: Draft) -> Iterator[Fault]:
    """A quantity stands in the entry's figures, its check's finding, or the finding of a source cited there."""
    entries = {part.value.id: part.value for part in course.of(Entry)}
    findings = {part.value.id: part.value.finding for part in course.of(Source)}
    for part in course.parts if course.is_whole else ():
        grounded = quantities(" ; ".join(_grounds(part.value, entries, findings)))
        advice = "add it to `figures`, or take it out" if isinstance(part.value, Entry) else "take it out"
        for at, text in _texts(part.value):
            for form, written in quantities(text).items():
                if form not in grounded:
                    yield part.fault(f'"{written}" in `{at[0]}` stands in no figure and no finding; {advice}', *at)


def _texts(value: object) -> Iterator[tuple[Loc, str]]:
    """What learners get to read of a part, and where it stands."""
    match value:
        case Entry():
            for key in ("title", "short", "text", "simple", "advanced", "evidence_note"):
                yield (key,), getattr(value, key)
            yield from ((("answers", facet.value), text) for facet, text in value.answers.items())
            yield from ((("row", aspect), text) for aspect, text in value.row.items())
            yield from _numbered("caveats", value.caveats)
        case Boundary():
            yield ("text",), value.text
        case Unit():
            yield ("summary",), value.summary
        case Item():  # but not its wrong options: a wrong number is what they are for
            for key in ("question", "context", "explanation"):
                yield (key,), getattr(value, key)
            for index, option in enumerate(value.options):
                text = option.text if option.right else option.why
                yield ("options", index), text
        case ChartBase():  # but not its sizes, which `chart_faults` holds against one entry each
            for key in ("title", "short", "alt", "note"):
                yield (key,), getattr(value, key)
            yield from _numbered("caveats", value.caveats)
            if isinstance(value, Curve):
                yield from ((("zones", index), zone.text) for index, zone in enumerate(value.zones))
            if isinstance(value, Span):
                yield ("unknown",), value.unknown


def _grounds(value: object, entries: Mapping[str, Entry], findings: Mapping[str, str]) -> Iterator[str]:
    """What the quantities of a part may rest on: a boundary's, an item's or a chart's on the entries that it names."""
    match value:
        case Entry():
            yield from (f"{figure.label}: {figure.value}" for figure in value.figures)
            if value.source_check:
                yield value.source_check.finding
                yield from (findings.get(source, "") for source in value.source_check.sources)
        case Boundary():
            for near in value.near:
                yield from _grounds(entries.get(near), entries, findings)
        case Item():
            for tested in value.entries:
                yield from _grounds(entries.get(tested), entries, findings)
        case ChartBase():
            for named in value.named:
                yield from _grounds(entries.get(named), entries, findings)


def _numbered(key: str, values: Iterable[str]) -> list[tuple[Loc, str]]:
    return [((key, index), value) for index, value in enumerate(values)]
