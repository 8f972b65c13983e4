"""The inverted U: a concept without numbers, a start that a slider moves, and the claimed rise from there."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import altair as alt

from semax_bot.charts.frame import noted
from semax_bot.charts.theme import THEMES, WIDTH, Theme

HEIGHT = 300
END = 100.0  # of the axis, in steps of the slider; not a unit of anything
START = 40.0  # where the slider stands at first; no source says where anyone stands
SLIDER = (8.0, 80.0)  # so far down and up that the claimed rise still stands on the axis
HILL = "exp(-pow(({}) - 50, 2) / 968)"  # any hill would do: only the form is claimed
TOP = 1.62  # of the other axis, where the hill is 1 high; the names of the zones stand above it


def specification(data: Mapping[str, Any]) -> dict[str, Any]:
    """The picture in Vega-Lite, of what `drawn` gives for a curve. The parameter `level` is the start, 0 to 100."""
    theme = THEMES[data["theme"]]
    zones = list(_zones(data["zones"]))
    layers = [*_ground(zones, theme), *_band(data["band"], theme), _hill(theme), *_start(zones, theme)]
    chart = alt.layer(*layers, *_axes(data, theme)).add_params(alt.param(name="level", value=START))
    slider = {"min": SLIDER[0], "max": SLIDER[1], "step": 1, "value": START, "label": data["level"], "zones": zones}
    return noted(chart.properties(width=WIDTH, height=HEIGHT), data, level=slider)


def _zones(zones: Sequence[Mapping[str, str]]) -> Iterator[dict[str, Any]]:
    """The zones side by side, all equally wide."""
    for place, zone in enumerate(zones):
        edges = [END * edge / len(zones) for edge in (place, place + 0.5, place + 1)]
        yield {**zone, **dict(zip(("from", "middle", "to"), edges, strict=True))}


def _x(field: str) -> alt.X:
    return alt.X(f"{field}:Q", axis=None, scale=alt.Scale(domain=[0, END]))


def _y(field: str) -> alt.Y:
    return alt.Y(f"{field}:Q", axis=None, scale=alt.Scale(domain=[0, TOP]))


def _ground(zones: Sequence[Mapping[str, Any]], theme: Theme) -> list[alt.Chart]:
    """The zones, told apart by dashed borders and their names."""
    chart = alt.Chart({"values": list(zones)})
    tooltip = [alt.Tooltip("title:N", title="Zone"), alt.Tooltip("text:N", title="What it is like")]
    rects = chart.mark_rect(fill=theme.panel, stroke=theme.quiet, strokeDash=[2, 5])
    names = chart.mark_text(fontWeight="bold", y=22)
    return [
        rects.encode(x=_x("from"), x2="to:Q", tooltip=tooltip),
        names.encode(x=_x("middle"), text="title:N"),
    ]


def _band(band: Mapping[str, Any] | None, theme: Theme) -> list[alt.Chart]:
    """The claimed rise, from wherever the start is."""
    if not band:
        return []
    low, high = (1 + end / 100 for end in band["size"])
    said = {"words": f"claimed {band['words']}\n{band['verdict']}", "verdict": band["verdict"]}
    chart = alt.Chart({"values": [said]}).transform_calculate(
        low=f"level * {low}", high=f"level * {high}", middle=f"clamp(level * {(low + high) / 2}, 17, 83)"
    )
    rect = chart.mark_rect(fill=theme.fills[1], fillOpacity=0.55, stroke=theme.text, strokeDash=[4, 3], y=92, y2=HEIGHT)
    words = {"y": 54, "lineBreak": "\n", "lineHeight": 22}
    return [rect.encode(x=_x("low"), x2="high:Q"), *_haloed(chart, words, theme, x=_x("middle"), text="words:N")]


def _haloed(chart: alt.Chart, mark: Mapping[str, Any], theme: Theme, **channels: Any) -> list[alt.Chart]:
    """A text that stays readable where lines cross it: below it, the same in the colour of the ground."""
    halo: dict[str, Any] = {"stroke": theme.panel, "strokeWidth": 6, "color": theme.panel, "strokeJoin": "round"}
    below, above = chart.mark_text(**{**mark, **halo}), chart.mark_text(**mark)
    return [below.encode(**channels), above.encode(**channels)]


def _hill(theme: Theme) -> alt.Chart:
    steps = {"sequence": {"start": 0, "stop": END + 1, "step": 1, "as": "at"}}
    chart = alt.Chart(steps).transform_calculate(height=HILL.format("datum.at"))
    hill: alt.Chart = chart.mark_line(stroke=theme.fills[0], strokeWidth=5).encode(x=_x("at"), y=_y("height"))
    return hill


def _start(zones: Sequence[Mapping[str, Any]], theme: Theme) -> list[alt.Chart]:
    """The point that the slider moves, and the zone that it is in."""
    chart = alt.Chart({"values": list(zones)}).transform_filter("datum.from <= level && level < datum.to")
    chart = chart.transform_calculate(at="level", height=HILL.format("level"))
    place = {"x": _x("at"), "y": _y("height")}
    rule = chart.mark_rule(stroke=theme.text, strokeDash=[4, 3], y2=HEIGHT).encode(**place)
    point = chart.mark_point(size=330, filled=True, fill=theme.ground, stroke=theme.text, strokeWidth=4, opacity=1)
    point = point.encode(**place, tooltip=[alt.Tooltip("title:N", title="Start")])
    is_left = f"level < {END / 6}"  # where the word would leave the picture
    words = {"align": alt.expr(f"{is_left} ? 'left' : 'right'"), "dx": alt.expr(f"{is_left} ? 16 : -16"), "dy": -6}
    return [rule, *_haloed(chart, {**words, "fontWeight": "bold"}, theme, **place, text=alt.value("start")), point]


def _axes(data: Mapping[str, Any], theme: Theme) -> list[alt.Chart]:
    """Two names with an arrow each: neither axis has numbers."""
    values = [{"words": f"{data['effect']} ↑"}], [{"words": f"{data['level']} level →"}]
    up, along = (alt.Chart({"values": value}) for value in values)
    return [
        up.mark_text(align="left", x=0, y=-14, color=theme.quiet).encode(text="words:N"),
        along.mark_text(align="right", x=WIDTH, y=HEIGHT + 20, color=theme.quiet).encode(text="words:N"),
    ]
