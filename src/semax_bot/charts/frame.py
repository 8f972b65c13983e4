"""What every picture has around it: title, a line or two below, margins, fonts, colours. For the worker only."""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from semax_bot.charts.theme import FONT, TEXT, THEMES, WIDTH, Theme

Layers = alt.LayerChart | alt.FacetChart  # what Altair says that layering gives
AnyChart = alt.VConcatChart | Layers

# Shapes by evidence level; drawn hollow or filled, they are told apart without colour.
SHAPES: Mapping[str, str] = {
    "human clinical": "square",
    "human indirect": "diamond",
    "rodent": "circle",
    "inferred": "triangle-up",
    "no data": "cross",
    "textbook": "triangle-down",
}
BORNE_OUT = ("supported", "consistent")  # verdicts drawn in full; what is less is drawn as less
CONTRADICTED = "contradicted"
STRIKE = "M-1,1L1,-1"  # a symbol that crosses out what is contradicted
_EMS = (  # letters of about one width in the regular face, and that width in parts of the font's size
    ("ijlI .,;:'·!", 0.28),
    ("frt()/", 0.37),
    ("acksvxyzJL17-–?", 0.57),
    ("bdeghnopquBEFKPRSTXZ02345689+=≈", 0.64),
    ("ACDGHNOQUVY", 0.76),
)
WIDEST = 0.96  # what any other letter takes at most


def framed(chart: AnyChart, data: Mapping[str, Any], below: str | Sequence[str], **title: Any) -> dict[str, Any]:
    """The chart in Vega-Lite with `data`'s title above it and the text `below` that."""
    theme = THEMES[data["theme"]]
    label: dict[str, Any] = {"labelFontSize": TEXT, "labelColor": theme.text, "labelLimit": 0}
    heading = {"fontSize": 30, "subtitleFontSize": 19, "offset": 18, **title}
    chart = chart.properties(
        title=alt.TitleParams(data["title"], subtitle=below, **heading),
        padding={"left": 20, "right": 20, "top": 22, "bottom": 18},
    )
    chart = (
        chart.configure(font=FONT, background=theme.ground, aria=False)  # `alt` says more than a reading of marks
        .configure_title(
            anchor="start", frame="group", fontSize=20, color=theme.text, subtitleColor=theme.text, subtitlePadding=8
        )
        .configure_legend(
            orient="top", direction="horizontal", title=None, symbolSize=280, columnPadding=18, offset=8, **label
        )
        .configure_axisX(title=None, labelAngle=0, labelPadding=8, ticks=False, domainColor=theme.quiet, **label)
        .configure_text(fontSize=TEXT, color=theme.text)
        .configure_view(stroke=None)
    )
    specification: dict[str, Any] = chart.to_dict()
    return specification


def noted(chart: AnyChart, data: Mapping[str, Any], **usermeta: Any) -> dict[str, Any]:
    """A chart of the course: its note below the title, its description for screen readers, `usermeta` for the page."""
    lines = lined(data["note"], WIDTH)
    specification = framed(chart, data, lines, fontSize=28, subtitleFontSize=TEXT, offset=14)
    return specification | {"description": data["alt"], "usermeta": usermeta}


def lined(text: str, width: float) -> list[str]:
    """The text in lines that fit into so many units."""
    lines: list[str] = []
    for word in text.split():
        if lines and breadth(longer := f"{lines[-1]} {word}") <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def breadth(text: str) -> float:
    """How many units a line of text takes; rough, since the font itself is read only when it is drawn."""
    return TEXT * sum(next((em for letters, em in _EMS if letter in letters), WIDEST) for letter in text)


def haloed(chart: alt.Chart, mark: Mapping[str, Any], ground: str, **channels: Any) -> list[alt.Chart]:
    """A text that stays readable where lines cross it: below it, the same in the colour of the ground."""
    halo: dict[str, Any] = {"stroke": ground, "strokeWidth": 6, "color": ground, "strokeJoin": "round"}
    below, above = chart.mark_text(**{**mark, **halo}), chart.mark_text(**mark)
    return [below.encode(**channels), above.encode(**channels)]


def shape_of(levels: Sequence[str] = tuple(SHAPES), legend: alt.Legend | None = None) -> alt.Shape:
    """The shape of the field `evidence`, for these levels."""
    scale = alt.Scale(domain=list(levels), range=[SHAPES[level] for level in levels])
    return alt.Shape("evidence:N", scale=scale, legend=legend)


def filling(verdict: str, theme: Theme) -> str:
    """A mark is filled as far as the literature bears it out: in full, in part, not at all."""
    return theme.fills[0] if verdict in BORNE_OUT else theme.fills[1] if verdict == "partly" else theme.ground


def tips(titles: Mapping[str, str]) -> list[alt.Tooltip]:
    """What a page shows at a mark, field by title; every layer of a mark has the same, or the top one would hide it."""
    return [alt.Tooltip(f"{field}:N", title=title) for field, title in titles.items()]


def choice(name: str) -> alt.Parameter:
    """A parameter by which a page filters; empty, it lets everything through."""
    return alt.param(name=name, value="")


def as_given(field: str) -> alt.Color:
    """A colour that stands in the data itself."""
    return alt.Color(f"{field}:N", scale=None)
