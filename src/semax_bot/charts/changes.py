"""Direction and size of a change, region by region: hollow marks are said, filled ones found; no size, no length."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import count, groupby
from typing import Any

import altair as alt

from semax_bot.charts.frame import CONTRADICTED, SHAPES, as_given, choice, noted
from semax_bot.charts.theme import THEMES, WIDTH, Theme

ROW = 44  # units
ARROWS = {"up": "↑", "down": "↓", "little": "≈", "unchanged": "="}
PLAIN = {"up": "size not given", "down": "size not given", "little": "little change", "unchanged": "no change"}
BADGE, REGION, PLOT, END = 18, 44, 206, 330  # units from the left: the mark, the region's name, the scale of sizes
SHAKY = ("not found", "doubtful", "not established", "not checked")  # drawn with a dashed outline
STRIKE = "M-1,1L1,-1"
BY = {"unit": "the unit says", "abstract": "an abstract reports"}


def specification(data: Mapping[str, Any]) -> dict[str, Any]:
    """The picture in Vega-Lite, of what `drawn` gives for changes. Parameters `system` and `region` filter its rows."""
    theme = THEMES[data["theme"]]
    rows = list(_rows(data["rows"], theme))
    highest = 10 * (1 + max((row["high"] // 10 for row in rows if row.get("high")), default=0))
    base = alt.Chart().encode(y=alt.Y("place:O", axis=None))
    layers = [*_heads(base, theme), *_marks(base, rows, theme), *_sizes(base, highest, theme), *_words(base, theme)]
    chart = alt.layer(*layers, data={"values": rows}).add_params(choice("system"), choice("region"))
    chart = chart.transform_filter("!system || datum.system == system").transform_filter(
        "!region || indexof(datum.regions, region) >= 0"
    )
    options = {name: list(dict.fromkeys(row[name] for row in data["rows"])) for name in ("system", "region")}
    return noted(chart.properties(width=WIDTH, height=alt.Step(ROW)), data, **options)


def _rows(rows: Sequence[Mapping[str, Any]], theme: Theme) -> Iterator[dict[str, Any]]:
    """A head for each system, then its rows; `place` keeps the order when others are filtered out."""
    places = count()
    for system, group in groupby(rows, key=lambda row: row["system"]):
        inside = list(group)
        regions = list(dict.fromkeys(row["region"] for row in inside))
        title = f"{system[:1].upper()}{system[1:]} · {inside[0]['measure']}"
        yield {"place": next(places), "head": True, "system": system, "regions": regions, "title": title}
        for row in inside:
            yield {"place": next(places), "head": False, "regions": [row["region"]], **_row(row, theme)}


def _row(row: Mapping[str, Any], theme: Theme) -> dict[str, Any]:
    is_found, is_struck = row["by"] == "abstract", row["verdict"] == CONTRADICTED
    low, high = row["size"] or (None, None)
    sign = {"up": "+", "down": "−"}.get(row["change"], "")
    measure = f" {row['found_in']}" if is_found and row["size"] else ""
    return {
        "system": row["system"],
        "region": row["region"],
        "by": BY[row["by"]],
        "evidence": row["evidence"],
        "card": row["card"],
        "verdict": row["verdict"],
        "arrow": ARROWS[row["change"]],
        "ink": theme.inks[0] if is_found else theme.text,
        "words": f"{sign}{row['words']}{measure}" if row["size"] else PLAIN[row["change"]],
        "outline": theme.alarm if is_struck else theme.fills[0],
        "tone": theme.alarm if is_struck else theme.text,
        "low": low,
        "high": high,
    }


def _heads(base: alt.Chart, theme: Theme) -> list[alt.Chart]:
    heads = base.transform_filter("datum.head")
    return [
        heads.mark_rule(stroke=theme.quiet, x=0, x2=WIDTH, yOffset=ROW / 2 - 6).encode(),
        heads.mark_text(align="left", x=0, dy=2, fontSize=20, fontWeight="bold").encode(text="title:N"),
    ]


def _marks(base: alt.Chart, rows: Sequence[Mapping[str, Any]], theme: Theme) -> list[alt.Chart]:
    """A badge in the shape of the evidence with the direction in it; what is contradicted is struck out."""
    marks = base.transform_filter("!datum.head")
    known = [level for level in SHAPES if level in {row.get("evidence") for row in rows}]
    edge: dict[str, Any] = {
        "symbolStrokeColor": theme.fills[0],
        "symbolStrokeWidth": 2.5,
        "orient": "bottom",
        "offset": 14,
    }
    legend = alt.Legend(symbolFillColor=theme.ground, **edge)
    shape = alt.Shape(
        "evidence:N", scale=alt.Scale(domain=known, range=[SHAPES[level] for level in known]), legend=legend
    )
    fills = alt.Scale(domain=list(BY.values()), range=[theme.ground, theme.fills[0]])
    fill = alt.Fill("by:N", scale=fills, legend=alt.Legend(**edge))
    dash = alt.condition(alt.FieldOneOfPredicate("verdict", SHAKY), alt.value([4, 3]), alt.value([1, 0]))
    badge = marks.mark_point(x=BADGE, size=820, strokeWidth=2.5, opacity=1)
    arrow = marks.mark_text(x=BADGE, fontSize=20, fontWeight="bold")
    strike = marks.transform_filter(alt.datum.verdict == CONTRADICTED)
    return [
        badge.encode(shape=shape, fill=fill, stroke=as_given("outline"), strokeDash=dash, tooltip=_tooltip()),
        arrow.encode(text="arrow:N", color=as_given("ink")),
        strike.mark_point(x=BADGE, shape=STRIKE, size=1100, stroke=theme.alarm, strokeWidth=3.5, opacity=1).encode(),
    ]


def _sizes(base: alt.Chart, highest: float, theme: Theme) -> list[alt.Chart]:
    """Sizes that are given, on a scale from 0, ranges as ranges."""
    sized = base.transform_filter("!datum.head && datum.high != null")
    scale = alt.Scale(domain=[0, highest], range=[PLOT, END])
    low = alt.X("low:Q", axis=None, scale=scale)
    ranges, points = (sized.transform_filter(f"datum.low {sign} datum.high") for sign in ("<", "=="))
    return [
        sized.mark_rule(stroke=theme.quiet, x=PLOT, x2=END, yOffset=12).encode(),
        sized.mark_tick(fill=theme.quiet, stroke=theme.quiet, x=PLOT, size=12, yOffset=12).encode(),
        ranges.mark_bar(height=11, yOffset=12, fill=theme.fills[1], stroke=theme.text).encode(x=low, x2="high:Q"),
        points.mark_point(
            shape="diamond", size=170, yOffset=12, fill=theme.fills[0], stroke=theme.text, opacity=1
        ).encode(x=low),
    ]


def _words(base: alt.Chart, theme: Theme) -> list[alt.Chart]:
    rows = base.transform_filter("!datum.head")
    bare, sized = (rows.transform_filter(f"datum.high {sign} null") for sign in ("==", "!="))
    return [
        rows.mark_text(align="left", x=REGION).encode(text="region:N"),
        bare.mark_text(align="left", x=PLOT, color=theme.quiet).encode(text="words:N"),
        sized.mark_text(align="left", x=PLOT, dy=-7).encode(text="words:N"),
        rows.mark_text(align="right", x=WIDTH).encode(text="verdict:N", color=as_given("tone")),
    ]


def _tooltip() -> list[alt.Tooltip]:
    titles = {"card": "Card", "region": "Region", "by": "Who says so", "words": "Change", "evidence": "Evidence"}
    return [alt.Tooltip(f"{field}:N", title=title) for field, title in {**titles, "verdict": "Check"}.items()]
