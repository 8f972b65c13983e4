"""Direction and size of a change, region by region: hollow marks are said, filled ones found; no size, no length."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import count, groupby
from typing import Any

import altair as alt

from semax_bot.charts.data import REPORTED
from semax_bot.charts.frame import CONTRADICTED, SHAPES, STRIKE, as_given, choice, haloed, noted, tips
from semax_bot.charts.theme import THEMES, WIDTH, Theme
from semax_bot.course.model import UNCHECKED

ROW = 44  # units
ARROWS = {"up": "↑", "down": "↓", "little": "≈", "unchanged": "="}
PLAIN = {"up": "size not given", "down": "size not given", "little": "little change", "unchanged": "no change"}
BADGE, REGION, PLOT, END = 18, 44, 206, 330  # units from the left: the mark, the region's name, the scale of sizes
BADGE_SIZE, KEY_SIZE = 820, 280  # square units
KEY_LINE = 30  # units
SHAKY = ("not found", "doubtful", "not established", UNCHECKED)  # drawn with a dashed outline
DASHED = alt.condition("datum.is_shaky", alt.value([4, 3]), alt.value([1, 0]))
BY = {"unit": "the unit says", "abstract": "an abstract reports"}
TIPS = {
    "card": "Card",
    "region": "Region",
    "by": "Who says so",
    "words": "Change",
    "evidence": "Evidence",
    "verdict": "Check",
}


def specification(data: Mapping[str, Any]) -> dict[str, Any]:
    """The picture in Vega-Lite, of what `drawn` gives for changes. Parameters `system` and `region` filter its rows."""
    theme = THEMES[data["theme"]]
    rows = list(_rows(data["rows"], theme))
    highest = 10 * (1 + max((row["high"] // 10 for row in rows if row.get("high")), default=0))
    base = alt.Chart().encode(y=alt.Y("place:O", axis=None))
    told = base.transform_filter("!datum.head").encode(tooltip=tips(TIPS))
    layers = [*_heads(base, theme), *_badges(told, theme), *_sizes(told, highest, theme), *_words(told, theme)]
    chart = alt.layer(*layers, *_key(data["rows"], theme), data={"values": rows}).add_params(
        choice("system"), choice("region")
    )
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
    is_found = row["by"] == "abstract"
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
        "tone": theme.alarm if row["verdict"] == CONTRADICTED else theme.text,
        "low": low,
        "high": high,
        **_look(row["evidence"], row["by"], row["verdict"], theme),
    }


def _look(level: str, by: str, verdict: str, theme: Theme) -> dict[str, Any]:
    """A badge: its shape is the evidence, its fill says who speaks, its outline and a stroke what the check found."""
    is_struck = verdict == CONTRADICTED
    return {
        "shape": SHAPES[level],
        "fill": theme.fills[0] if by == "abstract" else theme.ground,
        "outline": theme.alarm if is_struck else theme.fills[0],
        "is_shaky": verdict in SHAKY,
        "is_struck": is_struck,
    }


def _heads(base: alt.Chart, theme: Theme) -> list[alt.Chart]:
    heads = base.transform_filter("datum.head")
    return [
        heads.mark_rule(stroke=theme.quiet, x=0, x2=WIDTH, yOffset=ROW / 2 - 6).encode(),
        heads.mark_text(align="left", x=0, dy=2, fontSize=20, fontWeight="bold").encode(text="title:N"),
    ]


def _badges(rows: alt.Chart, theme: Theme) -> list[alt.Chart]:
    """A badge to a row with the direction in it, which lies on top of a stroke so that it can still be read."""
    arrow: dict[str, Any] = {"x": BADGE, "fontSize": 20, "fontWeight": "bold"}
    halo, _ = haloed(rows.transform_filter("datum.is_struck"), arrow, theme.ground, text="arrow:N")
    arrows = rows.mark_text(**arrow).encode(text="arrow:N", color=as_given("ink"))
    return [*_looks(rows, BADGE_SIZE, theme, x=BADGE), halo, arrows]


def _looks(chart: alt.Chart, size: float, theme: Theme, **place: Any) -> list[alt.Chart]:
    """Badges as their data say, and the stroke across those that are contradicted."""
    look: dict[str, Any] = {"strokeWidth": 2.5, "opacity": 1, **place}
    struck = chart.transform_filter("datum.is_struck")
    return [
        chart.mark_point(size=size, **look).encode(
            shape=alt.Shape("shape:N", scale=None),
            fill=alt.Fill("fill:N", scale=None),
            stroke=alt.Stroke("outline:N", scale=None),
            strokeDash=DASHED,
        ),
        struck.mark_point(shape=STRIKE, size=1.35 * size, stroke=theme.alarm, **look).encode(),
    ]


def _key(rows: Sequence[Mapping[str, Any]], theme: Theme) -> list[alt.Chart]:
    """Below the rows what their badges mean, two to a line, and a level that they all share in words."""
    values = [
        {"words": words, "left": WIDTH / 2 * (place % 2), "line": place // 2, **_look(level, by, verdict, theme)}
        for place, (words, level, by, verdict) in enumerate(_meanings(rows))
    ]
    levels = {row["evidence"] for row in rows}
    shared = [{"words": f"Evidence in every row: {level}", "line": len(values) / 2} for level in levels]
    key, line = alt.Chart({"values": values}), alt.Chart({"values": shared if len(levels) == 1 else []})
    y = alt.expr(f"height + 26 + {KEY_LINE} * ceil(datum.line)")
    return [
        *_looks(key, KEY_SIZE, theme, x=alt.expr(f"datum.left + {BADGE}"), y=y),
        key.mark_text(align="left", x=alt.expr(f"datum.left + {REGION}"), y=y).encode(text="words:N"),
        line.mark_text(align="left", x=REGION, y=y).encode(text="words:N"),
    ]


def _meanings(rows: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str, str, str]]:
    """What a badge may mean among these rows: in words, and a level, speaker and verdict that look like it."""
    levels = [level for level in SHAPES if any(row["evidence"] == level for row in rows)]
    if len(levels) > 1:
        yield from ((level, level, "unit", REPORTED) for level in levels)
    yield from ((words, levels[0], by, REPORTED) for by, words in BY.items() if any(row["by"] == by for row in rows))
    if shaky := [verdict for verdict in SHAKY if any(row["verdict"] == verdict for row in rows)]:
        yield shaky[0] if len(shaky) == 1 else "not borne out", levels[0], "unit", shaky[0]
    if any(row["verdict"] == CONTRADICTED for row in rows):
        yield CONTRADICTED, levels[0], "unit", CONTRADICTED


def _sizes(rows: alt.Chart, highest: float, theme: Theme) -> list[alt.Chart]:
    """Sizes that are given, on a scale from 0, ranges as ranges."""
    sized = rows.transform_filter("datum.high != null")
    scale = alt.Scale(domain=[0, highest], range=[PLOT, END])
    low = alt.X("low:Q", axis=None, scale=scale)
    ranges, points = (sized.transform_filter(f"datum.low {sign} datum.high") for sign in ("<", "=="))
    return [
        sized.mark_rule(stroke=theme.quiet, x=PLOT, x2=END, yOffset=12).encode(),
        sized.mark_tick(fill=theme.quiet, stroke=theme.quiet, x=PLOT, size=12, yOffset=12).encode(),
        ranges.mark_bar(height=11, yOffset=12, fill=theme.fills[1], stroke=theme.text).encode(
            x=low, x2="high:Q", strokeDash=DASHED
        ),
        points.mark_point(
            shape="diamond", size=170, yOffset=12, fill=theme.fills[0], stroke=theme.text, opacity=1
        ).encode(x=low),
    ]


def _words(rows: alt.Chart, theme: Theme) -> list[alt.Chart]:
    bare, sized = (rows.transform_filter(f"datum.high {sign} null") for sign in ("==", "!="))
    return [
        rows.mark_text(align="left", x=REGION).encode(text="region:N"),
        bare.mark_text(align="left", x=PLOT, color=theme.quiet).encode(text="words:N"),
        sized.mark_text(align="left", x=PLOT, dy=-7).encode(text="words:N"),
        rows.mark_text(align="right", x=WIDTH).encode(text="verdict:N", color=as_given("tone")),
    ]
