"""The picture of /progress: mastery by section, and when items come back. For the worker only (see worker.py)."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import altair as alt

from semax_bot.charts.frame import Layers, as_given, framed
from semax_bot.charts.theme import THEMES, WIDTH, Theme

ROW = 61  # units for one section: its title, its bar and air
BAR = 25
DIGIT = 11  # units that a digit takes; a part of a bar that is too narrow for its number goes without
QUIET_WEEK = 4  # items: the axis of a quiet week is this high, so that one item makes no tower

PARTS = ("mastered", "seen", "not seen yet")


def specification(data: Mapping[str, Any]) -> dict[str, Any]:
    """The picture in Vega-Lite.

    `data` is plain JSON: `theme` (a key of THEMES), `title`, `subtitle`, `sections` (title, mastered, seen, total; seen
    includes mastered) and `due` (day, items).
    """
    theme = THEMES[data["theme"]]
    chart = alt.vconcat(_sections(data["sections"], theme), _due(data["due"], theme), spacing=28)
    return framed(chart, data, data["subtitle"])


def _sections(sections: Sequence[Mapping[str, Any]], theme: Theme) -> Layers:
    """A bar per section, as long for two items as for twenty, with its title above it."""
    row = alt.Y("row:O", axis=None)
    bars = alt.Chart({"values": list(segments(sections, theme))}).encode(y=row)
    outlines = (*theme.fills[:2], theme.quiet)
    parts = bars.mark_bar(height=BAR, yOffset=12, strokeWidth=1.5).encode(
        x=alt.X("start:Q", axis=None, scale=alt.Scale(domain=[0, 1])),
        x2="end:Q",
        fill=alt.Fill("part:N", scale=alt.Scale(domain=PARTS, range=theme.fills)),
        stroke=alt.Stroke("part:N", scale=alt.Scale(domain=PARTS, range=outlines)),
    )
    numbers = bars.mark_text(fontWeight="bold", dy=13).encode(x="middle:Q", text="number:N", color=as_given("ink"))
    rows = [
        {"row": place, "title": section["title"], "share": _share(section)} for place, section in enumerate(sections)
    ]
    titles = alt.Chart({"values": rows}).encode(y=row)
    left = titles.mark_text(align="left", x=0, dy=-15, limit=WIDTH - 60).encode(text="title:N")
    right = titles.mark_text(align="right", x=WIDTH, dy=-15, fontWeight="bold").encode(text="share:N")
    return alt.layer(parts, numbers, left, right).properties(width=WIDTH, height=ROW * len(sections))


def segments(sections: Sequence[Mapping[str, Any]], theme: Theme) -> Iterator[dict[str, Any]]:
    """The parts of all bars: where each starts and ends, as a share of its bar, and the number that stands on it."""
    for row, section in enumerate(sections):
        total = section["total"]
        edges = [0, section["mastered"], section["seen"], total]
        for part, ink, (start, end) in zip(PARTS, theme.inks, pairwise(edges), strict=True):
            number = str(end - start)
            fits = WIDTH * (end - start) / total > DIGIT * (len(number) + 0.5)
            if start < end:
                yield {
                    "row": row,
                    "part": part,
                    "ink": ink,
                    "start": start / total,
                    "middle": (start + end) / 2 / total,
                    "end": end / total,
                    "number": number if fits else "",
                }


def _share(section: Mapping[str, Any]) -> str:
    return f"{100 * section['mastered'] // section['total']}%"


def _due(days: Sequence[Mapping[str, Any]], theme: Theme) -> Layers:
    """A column per day, today's in the strongest shade."""
    highest = max(QUIET_WEEK, *(day["items"] for day in days))
    values = [
        {**day, "fill": theme.fills[min(place, 1)], "ink": theme.text if day["items"] else theme.quiet}
        for place, day in enumerate(days)
    ]
    columns = alt.Chart({"values": values}, title=alt.TitleParams("Coming back for review", offset=14)).encode(
        x=alt.X("day:N", sort=None),
        y=alt.Y("items:Q", axis=None, scale=alt.Scale(domain=[0, highest])),
    )
    bars = columns.mark_bar(size=36).encode(color=as_given("fill"))
    numbers = columns.mark_text(fontWeight="bold", dy=-11).encode(text="items:Q", color=as_given("ink"))
    return alt.layer(bars, numbers).properties(width=WIDTH, height=100)
