"""Entries side by side, aspect by aspect, in their own sentences."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import altair as alt

from semax_bot.charts.frame import as_given, filling, lined, noted, shape_of
from semax_bot.charts.theme import THEMES, WIDTH, Theme

LINE = 21  # units
GAP = 12  # units between columns
HEAD = 84  # units: a column's title, its evidence level and its verdict
BAND = 30  # units: the name of an aspect
AIR = 16  # units below the cells of an aspect


def specification(data: Mapping[str, Any]) -> dict[str, Any]:
    """The picture in Vega-Lite, of what `drawn` gives for a comparison."""
    theme = THEMES[data["theme"]]
    width = (WIDTH + GAP) / len(data["columns"])
    rows = list(_rows(data["rows"], width - GAP))
    height = rows[-1]["bottom"]
    chart = alt.layer(*_head(data["columns"], width, theme), *_body(rows, width, theme))
    return noted(chart.properties(width=WIDTH, height=height), data)


def _rows(rows: Sequence[Mapping[str, Any]], width: float) -> Iterator[dict[str, Any]]:
    """Each aspect with its cells in lines, and where it starts and ends."""
    top = HEAD
    for row in rows:
        cells = [lined(cell, width) for cell in row["cells"]]
        bottom = top + BAND + LINE * max(map(len, cells)) + AIR
        yield {"title": row["title"], "cells": cells, "top": top, "bottom": bottom}
        top = bottom


def _x(field: str) -> alt.X:
    return alt.X(f"{field}:Q", axis=None, scale=None)


def _y(field: str) -> alt.Y:
    return alt.Y(f"{field}:Q", axis=None, scale=None)


def _head(columns: Sequence[Mapping[str, Any]], width: float, theme: Theme) -> list[alt.Chart]:
    """Above each column how it is known: a shape and a word, filled if the literature bears it out."""
    values = [
        {**column, "left": width * place, "fill": filling(column["verdict"], theme)}
        for place, column in enumerate(columns)
    ]
    chart = alt.Chart({"values": values})
    point = chart.mark_point(size=150, stroke=theme.fills[0], strokeWidth=2.5, opacity=1, xOffset=8, y=36)
    left = chart.mark_text(align="left").encode(x=_x("left"))
    return [
        left.mark_text(align="left", y=8, fontSize=20, fontWeight="bold").encode(text="title:N"),
        point.encode(x=_x("left"), shape=shape_of(), fill=as_given("fill")),
        left.mark_text(align="left", dx=22, y=36).encode(text="evidence:N"),
        left.mark_text(align="left", y=60, color=theme.quiet).encode(text="verdict:N"),
    ]


def _body(rows: Sequence[Mapping[str, Any]], width: float, theme: Theme) -> list[alt.Chart]:
    cells = [
        {"left": width * place, "top": row["top"] + BAND + 4, "words": "\n".join(cell), "aspect": row["title"]}
        for row in rows
        for place, cell in enumerate(row["cells"])
    ]
    titles = alt.Chart({"values": [{"top": row["top"], "title": row["title"]} for row in rows]}).encode(y=_y("top"))
    texts = alt.Chart({"values": cells}).mark_text(align="left", baseline="top", lineBreak="\n", lineHeight=LINE)
    return [
        titles.mark_rule(stroke=theme.quiet, x=0, x2=WIDTH).encode(),
        titles.mark_text(align="left", x=0, dy=17, fontWeight="bold", color=theme.text).encode(text="title:N"),
        texts.encode(x=_x("left"), y=_y("top"), text="words:N"),
    ]
