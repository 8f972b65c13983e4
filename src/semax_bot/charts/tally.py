"""Every card of a unit as one mark: rows by verdict, shapes by evidence level."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import altair as alt

from semax_bot.charts.frame import CONTRADICTED, SHAPES, STRIKE, choice, filling, noted, shape_of, tips
from semax_bot.charts.theme import THEMES, WIDTH, Theme
from semax_bot.course.model import UNCHECKED

ORDER = ("supported", "consistent", "partly", "not established", "not found", "doubtful", CONTRADICTED, UNCHECKED)
LEFT = 142  # units for the verdict
COLUMN = 28  # units for one mark
PER_LINE = 10  # marks; the count stands behind them
LINE = 30  # units: a line of marks
AIR = 12  # units below a verdict's marks


def specification(data: Mapping[str, Any]) -> dict[str, Any]:
    """The picture in Vega-Lite, of what `drawn` gives for a tally. The parameter `system` keeps the cards about one."""
    theme = THEMES[data["theme"]]
    tops = dict(_tops(data["entries"]))
    levels = list(SHAPES)
    values = [
        {**entry, "top": tops[entry["verdict"]], "level": levels.index(entry["evidence"])} for entry in data["entries"]
    ]
    chart = alt.layer(*_titles(theme), *_marks(data["entries"], theme), data={"values": values})
    chart = chart.add_params(choice("system")).transform_filter("!system || indexof(datum.systems, system) >= 0")
    systems = dict.fromkeys(system for entry in data["entries"] for system in entry["systems"])
    return noted(chart.properties(width=WIDTH, height=tops[""]), data, system=list(systems))


def _tops(entries: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, int]]:
    """Where each verdict's row starts, and under "" where the last one ends."""
    counts = Counter(entry["verdict"] for entry in entries)
    top = 0
    for verdict in ORDER:
        if counts[verdict]:
            yield verdict, top
            top += LINE * -(-counts[verdict] // PER_LINE) + AIR
    yield "", top


def _titles(theme: Theme) -> list[alt.Chart]:
    rows = alt.Chart().transform_aggregate(cards="count()", groupby=["verdict", "top"])
    rows = rows.encode(y=alt.Y("top:Q", axis=None, scale=None))
    colour = alt.condition(alt.datum.verdict == CONTRADICTED, alt.value(theme.alarm), alt.value(theme.text))
    return [
        rows.mark_text(align="left", x=0, dy=LINE / 2).encode(text="verdict:N", color=colour),
        rows.mark_text(align="right", x=WIDTH, dy=LINE / 2, fontWeight="bold").encode(text="cards:Q", color=colour),
    ]


def _marks(entries: Sequence[Mapping[str, Any]], theme: Theme) -> list[alt.Chart]:
    """Filled as far as the literature bears a card out: in full, in part, not at all; contradicted ones struck out."""
    known = [level for level in SHAPES if level in {entry["evidence"] for entry in entries}]
    symbol: dict[str, Any] = {"symbolStrokeColor": theme.fills[0], "symbolFillColor": theme.fills[0]}
    legend = alt.Legend(orient="bottom", columns=3, offset=16, rowPadding=8, **symbol)
    fills = alt.Scale(domain=ORDER, range=[filling(verdict, theme) for verdict in ORDER])
    marks = alt.Chart().transform_window(number="row_number()", groupby=["verdict"], sort=[alt.SortField("level")])
    marks = marks.transform_calculate(
        x=f"{LEFT} + {COLUMN} * ((datum.number - 1) % {PER_LINE}) + {COLUMN / 2}",
        y=f"datum.top + {LINE} * floor((datum.number - 1) / {PER_LINE}) + {LINE / 2}",
    ).encode(
        x=alt.X("x:Q", axis=None, scale=None),
        y=alt.Y("y:Q", axis=None, scale=None),
        tooltip=tips({"card": "Card", "evidence": "Evidence", "verdict": "Check"}),
    )
    outline = alt.condition(alt.datum.verdict == CONTRADICTED, alt.value(theme.alarm), alt.value(theme.fills[0]))
    strike = marks.transform_filter(alt.datum.verdict == CONTRADICTED)
    return [
        marks.mark_point(size=280, strokeWidth=2.5, opacity=1).encode(
            shape=shape_of(known, legend), fill=alt.Fill("verdict:N", scale=fills, legend=None), stroke=outline
        ),
        strike.mark_point(shape=STRIKE, size=420, stroke=theme.alarm, strokeWidth=2.5, opacity=1).encode(),
    ]
