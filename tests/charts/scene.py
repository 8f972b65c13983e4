"""A picture taken apart: the marks that Vega draws of a specification, and where they stand."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import vl_convert
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # it ships no types

from semax_bot.charts.data import drawn
from semax_bot.charts.specify import SPECIFICATIONS
from semax_bot.charts.worker import FONTS
from semax_bot.course.load import Course

vl_convert.register_font_directory(str(FONTS))  # as the worker does, or legends are laid out by another font


@dataclass(frozen=True)
class Mark:
    """One drawn thing; x and y are units from the corner of the picture's inner part."""

    kind: str
    x: float
    y: float
    item: Mapping[str, Any]
    role: str  # `mark`, or what Vega adds: titles and legends

    @property
    def lines(self) -> list[str]:
        """The lines of a text."""
        text = self.item.get("text", "")
        return text if isinstance(text, list) else str(text).split("\n")

    @property
    def is_halo(self) -> bool:
        """Whether this is a text that only sets off the one above it."""
        return "strokeWidth" in self.item


def specified(course: Course, chart_id: str, theme: str = "light", **params: object) -> dict[str, Any]:
    """The specification of a chart, its parameters set as a page would."""
    data = drawn(course, chart_id, "dark" if theme == "dark" else "light")
    specification = SPECIFICATIONS[course.charts[chart_id].kind](data)
    for param in specification.get("params", []):
        param["value"] = params.pop(param["name"], param["value"])
    assert not params, f"no such parameters: {params}"
    return specification


def marks(specification: Mapping[str, Any], kind: str = "") -> list[Mark]:
    """All marks of a picture, or those of one kind (text, rect, symbol, rule, line)."""
    scene = vl_convert.vegalite_to_scenegraph(dict(specification))["scenegraph"]
    return [mark for mark in _within(scene, 0.0, 0.0) if kind in {"", mark.kind}]


def symbols(specification: Mapping[str, Any]) -> list[Mark]:
    """The symbols of a picture that are no part of a legend of Vega's."""
    return [mark for mark in marks(specification, "symbol") if mark.role == "mark"]


def texts(specification: Mapping[str, Any]) -> list[str]:
    """What is to be read in a picture, line by line."""
    return [line for mark in marks(specification, "text") if not mark.is_halo for line in mark.lines]


def breadth(mark: Mark) -> float:
    """How many units the longest line of a text takes in its real font."""
    face = "Inter-Bold.otf" if mark.item.get("fontWeight") == "bold" else "Inter-Regular.otf"
    advances = _advances(face)
    return float(max(sum(advances[ord(letter)] for letter in line) for line in mark.lines) * mark.item["fontSize"])


@cache
def _advances(file: str) -> Mapping[int, float]:
    """The width of each letter in parts of the font's size."""
    with TTFont(FONTS / file) as font:
        wide, em = font["hmtx"], font["head"].unitsPerEm
        return {code: wide[name][0] / em for code, name in font.getBestCmap().items()}


def _within(node: Mapping[str, Any], x: float, y: float) -> Iterator[Mark]:
    for item in node.get("items", []):
        left, top = x + item.get("x", 0), y + item.get("y", 0)
        if node.get("marktype") == "group":
            for child in item.get("items", []):
                yield from _within(child, left, top)
        else:
            yield Mark(str(node["marktype"]), left + item.get("dx", 0), top + item.get("dy", 0), item, node["role"])
