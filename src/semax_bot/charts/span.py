"""A change over time of which only the start and the range at the end are given: two marks, nothing between."""

from collections.abc import Mapping
from typing import Any

import altair as alt

from semax_bot.charts.frame import lined, noted
from semax_bot.charts.theme import THEMES, WIDTH, Theme

HEIGHT = 330
LEFT, RIGHT = 20, 316  # units from the left: the start, and the end of the time
AIR = 12.0  # percent of the start beyond it, for the words there
LIMIT = {"down": (-100, "of zero"), "up": (100, "twice as high")}  # percent of the start; how far the picture goes


def specification(data: Mapping[str, Any]) -> dict[str, Any]:
    """The picture in Vega-Lite, of what `drawn` gives for a span."""
    theme = THEMES[data["theme"]]
    sign = 1 if data["says"] == "up" else -1
    near, far = (sign * end for end in data["size"])
    layers = [*_given(data, near, far, theme), *_words(data, (near + far) / 2, theme)]
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
    said = {"from": 0, "at": 1, "start": 0, "limit": LIMIT[data["says"]][0], "near": near, "far": far}
    said |= {"measure": data["measure"], "words": data["words"], "over": data["over"], "verdict": data["verdict"]}
    chart = alt.Chart({"values": [said]})
    tooltip = [
        alt.Tooltip("measure:N", title="Measure"),
        alt.Tooltip("words:N", title="The unit says"),
        alt.Tooltip("over:N", title="Over"),
        alt.Tooltip("verdict:N", title="Check"),
    ]
    rule = chart.mark_rule(stroke=theme.quiet, x=0, x2=WIDTH)
    level, limit = (rule.encode(y=_y(height, data["says"])) for height in ("start", "limit"))
    dashed = chart.mark_rule(stroke=theme.quiet, strokeDash=[6, 6], strokeWidth=2)
    between = [
        dashed.encode(x=_x("from"), x2="at:Q", y=_y("start", data["says"]), y2=f"{end}:Q") for end in ("near", "far")
    ]
    point = chart.mark_point(size=330, filled=True, fill=theme.fills[0], opacity=1)
    range_ = chart.mark_bar(size=34, fill=theme.fills[1], stroke=theme.text, strokeDash=[4, 3])
    return [
        level,
        limit,
        *between,
        point.encode(x=_x("from"), y=_y("start", data["says"]), tooltip=tooltip),
        range_.encode(x=_x("at"), y=_y("near", data["says"]), y2="far:Q", tooltip=tooltip),
    ]


def _words(data: Mapping[str, Any], middle: float, theme: Theme) -> list[alt.Chart]:
    lines = [
        {"at": 0, "height": 0, "words": f"{data['measure']} at the start"},
        {"at": 0, "height": LIMIT[data["says"]][0], "words": f"{data['measure']} {LIMIT[data['says']][1]}"},
        {"at": 1, "height": middle, "words": "\n".join([data["words"], "says the unit;", data["verdict"]])},
    ]
    start, limit, end = (alt.Chart({"values": [line]}).encode(text="words:N") for line in lines)
    unknown = alt.Chart({"values": [{"words": "\n".join(lined(data["unknown"], WIDTH - 2 * LEFT))}]})
    time = alt.Chart({"values": [{"words": "start", "at": 0}, {"words": data["over"], "at": 1}]})
    height = _y("height", data["says"])
    return [
        start.mark_text(align="left", dx=16, dy=-18).encode(x=_x("at"), y=height),
        limit.mark_text(align="right", x=WIDTH, dy=-14, color=theme.quiet).encode(y=height),
        end.mark_text(align="left", dx=24, lineBreak="\n", lineHeight=22, baseline="middle").encode(
            x=_x("at"), y=height
        ),
        unknown.mark_text(
            align="left", x=LEFT, y=HEIGHT - 104, lineBreak="\n", lineHeight=22, color=theme.quiet
        ).encode(text="words:N"),
        time.mark_text(y=HEIGHT + 20, color=theme.quiet, baseline="middle").encode(x=_x("at"), text="words:N"),
    ]
