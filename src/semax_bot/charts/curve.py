"""The inverted U: a concept without numbers, a start that a slider moves, and the claimed rise from there."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import altair as alt

from semax_bot.charts.frame import haloed, noted, tips
from semax_bot.charts.theme import THEMES, WIDTH, Theme

HEIGHT = 300
END = 100.0  # of the axis, in steps of the slider; not a unit of anything
START = 50.0  # where the slider stands at first: the middle, as no source says where anyone stands
SLIDER = (5.0, 95.0)  # so far down and up that the start is whole; the claimed rise may leave the picture
HILL = "exp(-pow(({}) - 50, 2) / 968)"  # any hill would do: only the form is claimed
TOP = 1.62  # of the other axis, where the hill is 1 high; the names of the zones stand above it


def specification(data: Mapping[str, Any]) -> dict[str, Any]:
    """The picture in Vega-Lite, of what `drawn` gives for a curve. The parameter `level` is the start, 0 to 100."""
    theme = THEMES[data["theme"]]
    zones = list(_zones(data["zones"]))
    layers = [*_ground(zones, theme), *_band(data["band"], theme), _hill(theme), *_start(zones, theme)]
    chart = alt.layer(*layers, *_axes(data, theme)).add_params(alt.param(name="level", value=START))
    slider = {"min": SLIDER[0], "max": SLIDER[1], "step": 1, "value": START, "label": data["level"], "zones": zones}
    slider["rise"] = data["band"] and {**data["band"], "factors": _factors(data["band"])}
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
    chart = chart.encode(tooltip=tips({"title": "Zone", "text": "What it is like"}))
    rects = chart.mark_rect(fill=theme.panel, stroke=theme.quiet, strokeDash=[2, 5])
    names = chart.mark_text(fontWeight="bold", y=22)
    return [
        rects.encode(x=_x("from"), x2="to:Q"),
        names.encode(x=_x("middle"), text="title:N"),
    ]


def _factors(band: Mapping[str, Any]) -> list[float]:
    """By how much a start is multiplied at the lower and the upper end of the claimed rise."""
    return [1 + end / 100 for end in band["size"]]


def _band(band: Mapping[str, Any] | None, theme: Theme) -> list[alt.Chart]:
    """The claimed rise, from wherever the start is; an arrow where it leads out of the picture."""
    if not band:
        return []
    low, high = _factors(band)
    chart = alt.Chart({"values": [{"claim": band["words"], "verdict": band["verdict"]}]}).transform_calculate(
        low=f"level * {low}",
        high=f"level * {high}",
        middle=f"clamp(level * {(low + high) / 2}, 19, 81)",
        words=f"'claimed ' + datum.claim + (level * {high} > {END} ? ' →' : '') + '\\n' + datum.verdict",
    )
    chart = chart.encode(tooltip=tips({"claim": "Claimed rise", "verdict": "Check"}))
    rect = chart.mark_rect(
        fill=theme.fills[1], fillOpacity=0.55, stroke=theme.text, strokeDash=[4, 3], y=92, y2=HEIGHT, clip=True
    )
    words = {"y": 54, "lineBreak": "\n", "lineHeight": 22}
    return [rect.encode(x=_x("low"), x2="high:Q"), *haloed(chart, words, theme.panel, x=_x("middle"), text="words:N")]


def _hill(theme: Theme) -> alt.Chart:
    steps = {"sequence": {"start": 0, "stop": END + 1, "step": 1, "as": "at"}}
    chart = alt.Chart(steps).transform_calculate(height=HILL.format("datum.at"))
    hill: alt.Chart = chart.mark_line(stroke=theme.fills[0], strokeWidth=5).encode(x=_x("at"), y=_y("height"))
    return hill


def _start(zones: Sequence[Mapping[str, Any]], theme: Theme) -> list[alt.Chart]:
    """The point that the slider moves, and the zone that it is in."""
    chart = alt.Chart({"values": list(zones)}).transform_filter("datum.from <= level && level < datum.to")
    chart = chart.transform_calculate(at="level", height=HILL.format("level"))
    place = {"x": _x("at"), "y": _y("height"), "tooltip": tips({"title": "Start"})}
    rule = chart.mark_rule(stroke=theme.text, strokeDash=[4, 3], y2=HEIGHT).encode(**place)
    point = chart.mark_point(size=330, filled=True, fill=theme.ground, stroke=theme.text, strokeWidth=4, opacity=1)
    at_edge, rising = f"level < {END / 5}", f"level >= {END / 5} && level <= {END / 2}"
    words = {
        "align": alt.expr(f"{at_edge} ? 'left' : 'right'"),  # or the words would leave the picture
        "dx": alt.expr(f"{at_edge} ? 14 : -14"),
        "dy": alt.expr(f"{rising} ? -18 : 14"),  # off the line: above it where it rises, else below it
        "fontWeight": "bold",
    }
    named = haloed(chart, words, theme.panel, **place, text=alt.value("any start"))
    return [rule, *named, point.encode(**place)]


def _axes(data: Mapping[str, Any], theme: Theme) -> list[alt.Chart]:
    """Two names with an arrow each: neither axis has numbers."""
    values = [{"words": f"{data['effect']} ↑"}], [{"words": f"{data['level']} level →"}]
    up, along = (alt.Chart({"values": value}) for value in values)
    return [
        up.mark_text(align="left", x=0, y=-14, color=theme.quiet).encode(text="words:N"),
        along.mark_text(align="right", x=WIDTH, y=HEIGHT + 20, color=theme.quiet).encode(text="words:N"),
    ]
