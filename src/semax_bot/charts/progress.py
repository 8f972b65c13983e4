"""The picture of /progress: mastery by section, and when items come back. Imported by the worker only (see worker.py).

The sizes are for a phone: 500 units across, drawn at twice that, read at about 360 points; so 17 units are 12 points.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import altair as alt

WIDTH = 460  # units, between margins of 20
ROW = 61  # units for one section: its title, its bar and air
BAR = 25
TEXT = 17.5  # units; titles are larger
FONT = "Inter"  # ships in fonts/, regular and bold
DIGIT = 11  # units that a digit takes; a part of a bar that is too narrow for its number goes without
QUIET_WEEK = 4  # items: the axis of a quiet week is this high, so that one item makes no tower

Layers = alt.LayerChart | alt.FacetChart  # what Altair says that layering gives

PARTS = ("mastered", "seen", "not seen yet")


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours of one theme. Parts differ in lightness by 3:1, texts from what they stand on by 4.5:1 (WCAG 2.2, AA)."""

    ground: str
    text: str
    quiet: str  # text of less weight, and the outline of what is not seen yet
    fills: tuple[str, str, str]  # in the order of PARTS
    inks: tuple[str, str, str]  # the numbers on them


THEMES: Mapping[str, Theme] = {
    "light": Theme(
        "#ffffff", "#16202a", "#596673", ("#0a4a57", "#4f9aa6", "#ffffff"), ("#ffffff", "#061013", "#16202a")
    ),
    "dark": Theme(
        "#111a22", "#f1f5f8", "#9aa7b4", ("#a5e8ee", "#3d7f8a", "#111a22"), ("#06181b", "#ffffff", "#f1f5f8")
    ),
}


def specification(data: Mapping[str, Any]) -> dict[str, Any]:
    """The picture in Vega-Lite.

    `data` is plain JSON: `theme` (a key of THEMES), `title`, `subtitle`, `sections` (title, mastered, seen, total; seen
    includes mastered) and `due` (day, items).
    """
    theme = THEMES[data["theme"]]
    chart = alt.vconcat(_sections(data["sections"], theme), _due(data["due"], theme), spacing=28)
    chart = chart.properties(
        title=alt.TitleParams(data["title"], subtitle=data["subtitle"], fontSize=30, subtitleFontSize=19, offset=18),
        padding={"left": 20, "right": 20, "top": 22, "bottom": 18},
    )
    label: dict[str, Any] = {"labelFontSize": TEXT, "labelColor": theme.text}
    chart = (
        chart.configure(font=FONT, background=theme.ground)
        .configure_title(anchor="start", fontSize=20, color=theme.text, subtitleColor=theme.text, subtitlePadding=8)
        .configure_legend(
            orient="top", direction="horizontal", title=None, symbolSize=280, columnPadding=18, offset=8, **label
        )
        .configure_axisX(title=None, labelAngle=0, labelPadding=8, ticks=False, domainColor=theme.quiet, **label)
        .configure_text(fontSize=TEXT, color=theme.text)
        .configure_view(stroke=None)
    )
    specification: dict[str, Any] = chart.to_dict()
    return specification


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
    numbers = bars.mark_text(fontWeight="bold", dy=13).encode(x="middle:Q", text="number:N", color=_as_given("ink"))
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
    columns = alt.Chart({"values": values}, title=alt.TitleParams("Coming back for review", dx=-1, offset=14)).encode(
        x=alt.X("day:N", sort=None),
        y=alt.Y("items:Q", axis=None, scale=alt.Scale(domain=[0, highest])),
    )
    bars = columns.mark_bar(size=36).encode(color=_as_given("fill"))
    numbers = columns.mark_text(fontWeight="bold", dy=-11).encode(text="items:Q", color=_as_given("ink"))
    return alt.layer(bars, numbers).properties(width=WIDTH, height=100)


def _as_given(field: str) -> alt.Color:
    """A colour that stands in the data itself."""
    return alt.Color(f"{field}:N", scale=None)
