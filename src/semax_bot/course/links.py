"""What must hold between the parts of a course before anyone can use it: unique ids, and no reference to nothing."""

from collections.abc import Iterator
from typing import Any

from semax_bot.course.chart_model import Changes, ChartBase, Comparison, Curve, Span
from semax_bot.course.draft import UNIT_FOLDERS, Draft, Part, did_you_mean
from semax_bot.course.model import Boundary, Entry, Item, Unit
from semax_bot.course.read import Fault

_NOUNS = {"entries": "entry", "sources": "source", "words": "word", "sections": "section", "aspects": "aspect"}


def link_faults(course: Draft) -> Iterator[Fault]:
    """Every id that stands twice or in the wrong place, and every reference that leads nowhere."""
    if not course.is_whole:
        return
    yield from _doubled_ids(course)
    yield from _misplaced_units(course)
    yield from _dangling(course)
    yield from _incomplete_rows(course)
    yield from _homes(course)
    yield from _compared(course)


def _doubled_ids(course: Draft) -> Iterator[Fault]:
    first: dict[tuple[str | int, str | int], Part[Any]] = {}
    for part in course.parts:
        name = part.value.number if isinstance(part.value, Unit) else part.value.id
        other = first.setdefault((part.loc[0], name), part)
        if other is not part:
            yield part.fault(f"this id stands in {other.place} already; choose another, or merge the two", "id")


def _misplaced_units(course: Draft) -> Iterator[Fault]:
    """A folder unit-NN holds one `unit:` of that number, and entries, items and charts of that number only."""
    for folder in sorted(course.folder.glob(f"{UNIT_FOLDERS}/")):
        if not any("unit" in page.values for page in course.pages if page.path.parent == folder):
            yield Fault(folder, 0, "has no unit.yaml with `unit:`; write its number, title, summary and sections there")
    for unit in course.of(Unit):
        if unit.value.number != int(unit.unit):
            message = f"unit {unit.value.number} stands in the folder {unit.page.path.parent.name}; make the two agree"
            yield unit.fault(message, "number")
        elif course.head and unit.value.number > course.head.units:
            message = (
                f"unit {unit.value.number} is more than the {course.head.units} `units:` of course.yaml; raise those"
            )
            yield unit.fault(message, "number")
    parts: list[Part[Any]] = [*course.of(Entry), *course.of(Item), *course.of(ChartBase)]
    for part in parts:
        fitting = part.unit + part.value.id[2:]
        if part.value.id != fitting:
            yield part.fault(f'stands in the folder {part.page.path.parent.name}; its id must be "{fitting}"', "id")


def _dangling(course: Draft) -> Iterator[Fault]:
    known = {key: course.ids(key) for key in ("entries", "sources", "words")}
    frames = {unit.unit: unit.value for unit in course.of(Unit)}
    for part in course.parts:
        frame = frames.get(part.unit)
        local = {"sections": {section.id for section in frame.sections}, "aspects": set(frame.aspects)} if frame else {}
        for at, key, name in _references(part.value):
            there = local.get(key) if key in ("sections", "aspects") else known[key]
            if there is not None and name not in there:  # without its frame a unit has a fault already
                meant = did_you_mean(name, there) or f"; add that {_NOUNS[key]}, or remove the reference"
                yield part.fault(f'"{_key(at)}" names the {_NOUNS[key]} "{name}", which does not exist{meant}', *at)


def _key(at: tuple[str | int, ...]) -> str | int:
    """The key that an author has to change: the first one, and inside a chart the last."""
    return at[-1] if at[0] in {"groups", "band"} else at[0]


def _references(value: object) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    """Each reference of a part: where it stands, among what it must be found, and the id itself."""
    if isinstance(value, Boundary):
        yield from ((("near", index), "entries", name) for index, name in enumerate(value.near))
    if isinstance(value, Item):
        yield from ((("entries", index), "entries", name) for index, name in enumerate(value.entries))
        yield ("section",), "sections", value.section
    if isinstance(value, ChartBase):
        yield ("section",), "sections", value.section
        yield from _of_chart(value)
    if isinstance(value, Entry):
        yield from ((("related", index), "entries", name) for index, name in enumerate(value.related))
        yield from ((("topics", index), "words", name) for index, name in enumerate(value.topics))
        yield from ((("row", name), "aspects", name) for name in value.row)
        yield ("section",), "sections", value.section
        if value.home:
            yield ("home",), "entries", value.home
        if value.source_check:
            at = ("source_check", "sources")
            yield from (((*at, index), "sources", name) for index, name in enumerate(value.source_check.sources))


def _of_chart(chart: ChartBase) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    match chart:
        case Changes():
            for at, group in enumerate(chart.groups):
                yield ("groups", at, "system"), "words", group.system
                for number, row in enumerate(group.rows):
                    yield ("groups", at, "rows", number, "region"), "words", row.region
                    yield ("groups", at, "rows", number, "entry"), "entries", row.entry
        case Curve() | Comparison():
            yield from ((("entries", index), "entries", name) for index, name in enumerate(chart.entries))
            if isinstance(chart, Curve) and chart.band:
                yield ("band", "entry"), "entries", chart.band.entry
        case Span():
            yield ("entry",), "entries", chart.entry


def _incomplete_rows(course: Draft) -> Iterator[Fault]:
    """The comparison has no empty cells, and finds a drug by the word that is its first topic."""
    frames = {unit.unit: unit.value for unit in course.of(Unit)}
    for entry in course.of(Entry):
        if entry.value.row and entry.unit in frames:
            for aspect in frames[entry.unit].aspects.keys() - entry.value.row.keys():
                yield entry.fault(f'"row" lacks the aspect "{aspect}" of unit.yaml; add it', "row")
            if not entry.value.topics:
                yield entry.fault('"row" needs `topics:`, the first being the word for what is compared', "row")


def _homes(course: Draft) -> Iterator[Fault]:
    """A passing term is answered by a card of its own right, in one step."""
    homes = {entry.value.id: entry.value.home for entry in course.of(Entry)}
    for entry in course.of(Entry):
        if entry.value.id in entry.value.related:
            yield entry.fault('"related" names the entry itself; remove it', "related")
        if entry.value.home and homes.get(entry.value.home):
            yield entry.fault(f'"home" is {entry.value.home}, which has a home itself; name that one instead', "home")


def _compared(course: Draft) -> Iterator[Fault]:
    """A comparison has something in each of its columns, and what it compares stands in one unit, with its aspects."""
    rows = {entry.value.id: entry.value.row for entry in course.of(Entry)}
    for chart in course.of(Comparison):
        for index, name in enumerate(chart.value.entries):
            if name in rows and not (rows[name] and name[:2] == chart.unit):
                message = f"{name} has no `row` in this unit; give it one, or leave it out of the comparison"
                yield chart.fault(message, "entries", index)
