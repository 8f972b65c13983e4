"""What the charts of a course must hold, so that a picture says no more than its entries and what was found."""

import re
from collections.abc import Iterator, Mapping

from semax_bot.course.chart_model import Changes, ChartBase, Curve, Row, Span
from semax_bot.course.draft import Draft, Part
from semax_bot.course.model import Entry, SourceCheck, Verdict, Word
from semax_bot.course.quantity import quantities
from semax_bot.course.read import Fault, Loc

_BORNE_OUT = {Verdict.SUPPORTED, Verdict.CONSISTENT, Verdict.PARTLY}
_UP = re.compile(r"\b(?:up|more|higher|raised|longer|faster)\b|\+(?=\d)", re.IGNORECASE)
_DOWN = re.compile(r"\b(?:down|less|lower|fell|shorter|slower)\b|(?:^|\s)[-−](?=\d)", re.IGNORECASE)

Slips = Iterator[tuple[Loc, str]]  # where in the chart, and what is wrong


def chart_faults(course: Draft) -> Iterator[Fault]:
    """Every value that its entry does not have, and every finding that the check did not make."""
    entries = {part.value.id: part.value for part in course.of(Entry)}
    words = {part.value.id: part.value for part in course.of(Word)}
    for part in course.of(ChartBase):
        for at, message in _slips(part, entries, words):
            yield part.fault(message, *at)


def _slips(part: Part[ChartBase], entries: Mapping[str, Entry], words: Mapping[str, Word]) -> Slips:
    match part.value:
        case Changes(groups=groups):
            seen = set[tuple[str, str, bool]]()
            for index, group in enumerate(groups):
                for number, row in enumerate(group.rows):
                    at = ("groups", index, "rows", number)
                    key = (group.system, row.region, row.says is None)
                    if key in seen:
                        yield (*at, "region"), f'"{row.region}" stands in "{group.system}" twice; keep one of the rows'
                    seen.add(key)
                    if entry := entries.get(row.entry):
                        yield from (((*at, *below), message) for below, message in _of_row(row, entry, words))
        case Curve(band=band) if band and (entry := entries.get(band.entry)):
            yield from _ungiven(entry, ("band", "size"), band.size, "up")
        case Span() as span if entry := entries.get(span.entry):
            yield from _ungiven(entry, ("size",), span.size, span.says)
            yield from _ungiven(entry, ("over",), span.over, None)


def _of_row(row: Row, entry: Entry, words: Mapping[str, Word]) -> Slips:
    if not (row.says or row.found):
        yield ("region",), "this row says nothing; give it `says` or `found`"
    if row.size and not row.says:
        yield ("size",), "`size` needs `says`: the direction in which the unit sees the change"
    elif row.says:
        yield from _ungiven(entry, ("size",) if row.size else ("says",), row.size, row.says)
    if not row.found:
        if row.found_size or row.found_in:
            yield (
                ("found_size" if row.found_size else "found_in",),
                "needs `found`: what the check found in this region",
            )
    elif not entry.source_check:
        yield ("found",), f"{entry.id} has no `source_check`; leave `found` out"
    else:
        yield from _unfound(row, entry, entry.source_check, words.get(row.region))


def _ungiven(entry: Entry, at: Loc, size: str | None, says: str | None) -> Slips:
    """A size or direction that the entry's figures do not have."""
    values = [figure.value for figure in entry.figures]
    if size and not quantities(size).keys() <= quantities(" ; ".join(values)).keys():
        yield at, f'"{size}" in `{at[-1]}` is not among the figures of {entry.id}; write it as there, or leave it out'
        return
    about = [value for value in values if size is None or quantities(size).keys() <= quantities(value).keys()]
    told = {way for value in about for way, sign in (("up", _UP), ("down", _DOWN)) if sign.search(value)}
    if told and says in {"up", "down"} - told:
        where = (*at[:-1], "says") if at[0] != "band" else at
        yield where, f'"{says}" is not what the figures of {entry.id} say ({"; ".join(about)}); make the two agree'


def _unfound(row: Row, entry: Entry, check: SourceCheck, word: Word | None) -> Slips:
    """A finding that the check of the entry did not make, or that its verdict speaks against."""
    names = (word.name, *word.variants) if word else ()
    if names and not any(re.search(rf"\b{re.escape(name)}\b", check.finding, re.IGNORECASE) for name in names):
        yield (
            ("found",),
            f'the finding of {entry.id} does not name "{row.region}"; say there what was found, or leave `found` out',
        )
    if row.found != "nothing" and check.verdict is Verdict.NOT_FOUND and not check.sources:
        yield ("found",), f'nothing was found for {entry.id}, so `found` can only be "nothing"'
    if row.found_size and not quantities(row.found_size).keys() <= quantities(check.finding).keys():
        yield (
            ("found_size",),
            f'"{row.found_size}" in `found_size` is not in the finding of {entry.id}; write it as there',
        )
    borne_out = check.verdict in _BORNE_OUT
    if row.says and row.found != "nothing" and (row.says == row.found) != borne_out:
        seen = f'"{row.found}" beside "{row.says}"'
        yield ("found",), f'{seen} does not fit the verdict "{check.verdict}" of {entry.id}; make the two agree'
