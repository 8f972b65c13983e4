"""What a chart of the course shows, as plain JSON: equal pictures have equal data, and nothing else decides a picture.

Evidence levels and verdicts are looked up in the entries here, so that no chart can say anything else about them.
"""

from collections.abc import Iterator
from typing import Any, Literal

from semax_bot.course.chart_model import Band, Changes, ChartBase, Comparison, Curve, Row, Span
from semax_bot.course.load import Course
from semax_bot.course.model import UNCHECKED, Entry, EvidenceLevel, Verdict

REPORTED = "reported"  # in place of a verdict, where an abstract itself speaks


def drawn(course: Course, chart_id: str, theme: Literal["light", "dark"] = "light") -> dict[str, Any]:
    """What the picture of this chart is drawn from; its `kind` says by which of the specifications."""
    chart = course.charts[chart_id]
    return {
        "theme": theme,
        "title": chart.title,
        "note": chart.note,
        "alt": f"{chart.short} {chart.alt}",
        **_content(course, chart),
    }


def _content(course: Course, chart: ChartBase) -> dict[str, Any]:
    match chart:
        case Changes():
            return {"rows": list(_rows(course, chart))}
        case Curve():
            band = _band(course.entries[chart.band.entry], chart.band) if chart.band else None
            zones = [{"title": zone.title, "text": zone.text} for zone in chart.zones]
            return {"level": chart.level, "effect": chart.effect, "zones": zones, "band": band}
        case Span():
            entry = course.entries[chart.entry]
            return {
                "measure": chart.measure,
                "says": chart.says,
                "size": list(ends(chart.size)),
                "words": f"{_words(chart.size)} {'higher' if chart.says == 'up' else 'lower'}",
                "over": chart.over,
                "unknown": chart.unknown,
                "evidence": spelled(entry.evidence),
                "verdict": verdict(entry),
            }
        case Comparison():
            return _comparison(course, chart)
        case _:
            return {"entries": list(_entries(course, chart.id[:2]))}


def ends(size: str) -> tuple[float, float]:
    """The two ends of '15-25%', which are the same for '25%'."""
    numbers = [float(number) for number in size.rstrip("%").split("-")]
    return numbers[0], numbers[-1]


def spelled(value: EvidenceLevel | Verdict) -> str:
    """A level or a verdict as two words at most, for a picture: 'no data'."""
    return value.replace("-", " ")


def verdict(entry: Entry) -> str:
    """The verdict of an entry in words, also where it has none."""
    return spelled(entry.source_check.verdict) if entry.source_check else UNCHECKED


def _rows(course: Course, chart: Changes) -> Iterator[dict[str, Any]]:
    """What the unit says of a region, then what was found there, each as a row of its own."""
    names = {word.id: word.name for word in course.words}
    for group in chart.groups:
        for row in group.rows:
            entry = course.entries[row.entry]
            shared = {
                "system": names[group.system],
                "measure": group.measure,
                "region": names[row.region],
                "evidence": spelled(entry.evidence),
                "card": entry.title,
            }
            if row.says:
                yield {**shared, **_change(row.says, row.size), "by": "unit", "verdict": _verdict(row, entry)}
            if row.found and row.found != "nothing":
                found = {**_change(row.found, row.found_size), "by": "abstract", "verdict": REPORTED}
                yield {**shared, **found, "found_in": row.found_in or group.measure}


def _verdict(row: Row, entry: Entry) -> str:
    """The check's word on one region: its own finding there, else the verdict on the whole entry."""
    if row.found == "nothing":
        return spelled(Verdict.NOT_FOUND)
    if row.found and row.found != row.says:
        return spelled(Verdict.CONTRADICTED)
    return verdict(entry)


def _change(way: str, size: str | None) -> dict[str, Any]:
    return {"change": way, "size": list(ends(size)) if size else None, "words": _words(size) if size else ""}


def _words(size: str) -> str:
    return size.replace("-", "–")


def _band(entry: Entry, band: Band) -> dict[str, Any]:
    return {"size": list(ends(band.size)), "words": f"+{_words(band.size)}", "verdict": verdict(entry)}


def _comparison(course: Course, chart: Comparison) -> dict[str, Any]:
    entries = [course.entries[name] for name in chart.entries]
    aspects = course.units[int(chart.id[:2])].aspects
    return {
        "columns": [
            {"title": entry.title, "evidence": spelled(entry.evidence), "verdict": verdict(entry)} for entry in entries
        ],
        "rows": [
            {"title": title[:1].upper() + title[1:], "cells": [entry.row[aspect] for entry in entries]}
            for aspect, title in aspects.items()
        ],
    }


def _entries(course: Course, unit: str) -> Iterator[dict[str, Any]]:
    systems = {word.id: word.name for word in course.words if word.known_for}
    for entry in course.entries.values():
        if entry.id.startswith(f"{unit}/"):
            yield {
                "card": entry.title,
                "entry": entry.id,
                "evidence": spelled(entry.evidence),
                "verdict": verdict(entry),
                "systems": [systems[topic] for topic in entry.topics if topic in systems],
            }
