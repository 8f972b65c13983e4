"""A change over time of which only the start and the range at the end are given: two marks, nothing between."""

from collections.abc import Mapping
from typing import Any

import altair as alt

from semax_bot.charts.frame import as_given, filling, lined, noted, shape_of, tips
from semax_bot.charts.theme import THEMES, WIDTH, Theme

HEIGHT = 330
LEFT, RIGHT = 20, 292  # units from the left: the start, and the end of the time
BOX = 34  # units: the width of the range, which says nothing
AIR = 12.0  # percent of the start beyond it, for the words there
LIMIT = {"down": (-100, "of zero"), "up": (100, "twice as high")}  # percent of the start; how far the picture goes
TIPS = {"measure": "Measure", "words": "The unit says", "over": "Over", "evidence": "Evidence", "verdict": "Check"}


def specification(data: Mapping[str, Any]) -> dict[str, Any]:
    """The picture in Vega-Lite, of what `drawn` gives for a span."""
    theme = THEMES[data["theme"]]
    sign = 1 if data["says"] == "up" else -1
    near, far = (sign * end for end in data["size"])
    layers = [*_given(data, near, far, theme), *_finding(data, (near + far) / 2, theme), *_words(data, theme)]
    chart = alt.layer(*layers).properties(width=WIDTH, height=HEIGHT)
    return noted(chart, data)


def _x(field: str) -> alt.X:
    return alt.X(f"{field}:Q", axis=None, scale=alt.Scale(domain=[0, 1], range=[LEFT, RIGHT]))


def _y(field: str, says: str) -> alt.Y:
    """The whole score from its start, in percent, so that the change looks as large as it is."""
    limit = LIMIT[says][0]
    domain = sorted([limit, -limit * AIR / 100])
    return alt.Y(f"{field}:Q", axis=None, scale=alt.Scale(domain=domain))


def _given(data: Mapping[str, Any], near: float, far: float, theme: Theme) -> list[alt.Chart]:
    """The start, which is a level and no finding; the range at the end; and that nothing between is known."""
    said = {"from": 0, "at": 1, "start": 0, "limit": LIMIT[data["says"]][0], "near": near, "far": far}
    chart = alt.Chart({"values": [{**said, **{field: data[field] for field in TIPS}}]})
    told = chart.encode(tooltip=tips(TIPS))
    start, box = _y("start", data["says"]), BOX / 2
    rule = chart.mark_rule(stroke=theme.quiet, x=0, x2=WIDTH)
    dashed = told.mark_rule(stroke=theme.quiet, strokeDash=[6, 6], strokeWidth=2, x2Offset=-box)
    tick = told.mark_rule(stroke=theme.text, strokeWidth=4, yOffset=-box, y2Offset=box)
    range_ = told.mark_bar(size=BOX, fill=theme.fills[1], stroke=theme.text, strokeDash=[4, 3])
    return [
        *(rule.encode(y=_y(height, data["says"])) for height in ("start", "limit")),
        *(dashed.encode(x=_x("from"), x2="at:Q", y=start, y2=f"{end}:Q") for end in ("near", "far")),
        tick.encode(x=_x("from"), y=start, y2="start:Q"),
        range_.encode(x=_x("at"), y=_y("near", data["says"]), y2="far:Q"),
    ]


def _finding(data: Mapping[str, Any], middle: float, theme: Theme) -> list[alt.Chart]:
    """Beside the range: how much, who says so, on what evidence, in shape and words, and what the check found."""
    value = {"at": 1, "height": middle, "fill": filling(data["verdict"], theme), **data}
    chart = alt.Chart({"values": [{field: value[field] for field in ("at", "height", "fill", *TIPS)}]})
    chart = chart.encode(x=_x("at"), y=_y("height", data["says"]), tooltip=tips(TIPS))
    lines = {"datum.words": -33, "'says the unit;'": -11, "datum.evidence": 11, "datum.verdict": 33}
    texts = [
        chart.transform_calculate(line=words)
        .mark_text(align="left", dx=50 if words == "datum.evidence" else 26, dy=dy)
        .encode(text="line:N")
        for words, dy in lines.items()
    ]
    look: dict[str, Any] = {"size": 150, "stroke": theme.fills[0], "strokeWidth": 2.5, "opacity": 1}
    mark = chart.mark_point(xOffset=34, yOffset=lines["datum.evidence"], **look)
    return [*texts, mark.encode(shape=shape_of(), fill=as_given("fill"))]


def _words(data: Mapping[str, Any], theme: Theme) -> list[alt.Chart]:
    lines = [
        {"at": 0, "height": 0, "words": f"{data['measure']} at the start"},
        {"at": 0, "height": LIMIT[data["says"]][0], "words": f"{data['measure']} {LIMIT[data['says']][1]}"},
    ]
    start, limit = (alt.Chart({"values": [line]}).encode(text="words:N") for line in lines)
    unknown = alt.Chart({"values": [{"words": "\n".join(lined(data["unknown"], WIDTH - 2 * LEFT))}]})
    time = alt.Chart({"values": [{"words": "start", "at": 0}, {"words": data["over"], "at": 1}]})
    height = _y("height", data["says"])
    return [
        start.mark_text(align="left", dx=16, dy=-18).encode(x=_x("at"), y=height),
        limit.mark_text(align="right", x=WIDTH, dy=-14, color=theme.quiet).encode(y=height),
        unknown.mark_text(
            align="left", x=LEFT, y=HEIGHT - 104, lineBreak="\n", lineHeight=22, color=theme.quiet
        ).encode(text="words:N"),
        time.mark_text(y=HEIGHT + 20, color=theme.quiet, baseline="middle").encode(x=_x("at"), text="words:N"),
    ]
