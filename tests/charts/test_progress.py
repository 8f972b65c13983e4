"""The picture of /progress: readable on a phone, without relying on colour, in characters that its font has."""

from functools import cache
from itertools import pairwise
from typing import Any

import pytest
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # it ships no types
from hypothesis import given
from hypothesis import strategies as st

from semax_bot.charts.data import drawn
from semax_bot.charts.progress import PARTS, segments, specification
from semax_bot.charts.specify import SPECIFICATIONS
from semax_bot.charts.theme import FONT, TEXT, THEMES, Theme
from semax_bot.charts.worker import FONTS
from semax_bot.course.load import load
from semax_bot.settings import content_folder

COURSE = load(content_folder())
PHONE = 360 / 500  # points for one unit of the picture, where it fills a small phone's width


def data(theme: str = "light", *, mastered: int = 9, seen: int = 14, total: int = 23) -> dict[str, Any]:
    """What a picture of one section and a quiet week is drawn from."""
    section = {"title": "Key numbers", "mastered": mastered, "seen": seen, "total": total}
    days = [{"day": day, "items": items} for day, items in [("Today", 0), ("Tue", 3), ("Wed", 0)]]
    return {
        "theme": theme,
        "title": "9 of 23 mastered",
        "subtitle": "Streak: 1 day",
        "sections": [section],
        "due": days,
    }


def parts(mastered: int, seen: int, total: int) -> list[dict[str, Any]]:
    """The parts of one bar."""
    return list(segments(data(mastered=mastered, seen=seen, total=total)["sections"], THEMES["light"]))


def contrast(one: str, other: str) -> float:
    """The contrast of two colours as WCAG 2.2 defines it, 1 to 21."""
    bright, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_everything_stands_out(theme: Theme) -> None:
    """Texts reach WCAG's 4.5:1 on what they stand on; parts and outlines reach 3:1 beside each other."""
    grounds = (theme.ground, theme.panel)
    texts = [(text, ground) for text in (theme.text, theme.quiet, theme.alarm) for ground in grounds]
    texts += zip(theme.inks, theme.fills, strict=True)
    assert min(contrast(text, ground) for text, ground in texts) >= 4.5
    shapes = [*pairwise(theme.fills), (theme.fills[0], theme.ground), (theme.quiet, theme.fills[2])]
    assert min(contrast(one, other) for one, other in shapes) >= 3


@pytest.mark.parametrize("name", THEMES)
def test_no_text_keeps_a_default_colour(name: str) -> None:
    """Title, subtitle, legend, day names and numbers all take the theme's colour, or the dark theme would hide them."""
    config = specification(data(name))["config"]
    places = [("title", "color"), ("title", "subtitleColor"), ("text", "color")]
    places += [("legend", "labelColor"), ("axisX", "labelColor")]
    assert {config[part][colour] for part, colour in places} == {THEMES[name].text}
    assert config["background"] == THEMES[name].ground


def test_letters_are_large_enough_for_a_phone() -> None:
    """The smallest text is 12 points high where the picture fills a phone of 360 points."""
    assert TEXT * PHONE >= 12
    assert specification(data())["config"]["text"]["fontSize"] == TEXT


@given(st.integers(1, 400).flatmap(lambda total: st.tuples(*[st.integers(0, total)] * 2, st.just(total))))
def test_parts_tile_the_bar(counts: tuple[int, int, int]) -> None:
    """Whatever the counts, the parts follow each other from 0 to 1, empty ones are left out, numbers say their size."""
    low, high, total = min(counts[:2]), max(counts[:2]), counts[2]
    bar = parts(low, high, total)
    edges = [edge for part in bar for edge in (part["start"], part["end"])]
    assert (edges[0], edges[-1]) == (0, 1)
    assert edges[1:-1:2] == edges[2:-1:2]
    sizes = dict(zip(PARTS, (low, high - low, total - high), strict=True))
    assert [part["part"] for part in bar] == [name for name in PARTS if sizes[name]]
    assert all(part["number"] in ("", str(sizes[part["part"]])) for part in bar)
    assert any(part["number"] for part in bar)


def test_a_number_without_room_is_left_out() -> None:
    """One item of 400 is a sliver: a number there would lie over its neighbour's."""
    assert [part["number"] for part in parts(1, 200, 400)] == ["", "199", "200"]


@cache
def characters(file: str) -> frozenset[int]:
    """The code points that a font file has glyphs for."""
    with TTFont(FONTS / file) as font:
        return frozenset(font.getBestCmap())


def test_the_font_that_is_named_ships_with_its_licence() -> None:
    """Regular and bold of the family that the picture names lie in the package, with their licence, under 1 MB."""
    names = {}
    for path in FONTS.glob("*.otf"):
        with TTFont(path) as font:
            names[path.name] = (font["name"].getDebugName(1), font["OS/2"].usWeightClass)
    assert sorted(names.values()) == [(FONT, 400), (FONT, 700)]
    assert "SIL OPEN FONT LICENSE" in (FONTS / "OFL.txt").read_text("utf-8")
    assert sum(path.stat().st_size for path in FONTS.iterdir()) < 1_000_000


@pytest.mark.parametrize("file", ["Inter-Regular.otf", "Inter-Bold.otf"])
def test_every_character_has_a_glyph(file: str) -> None:
    """What the course may put into a picture, and Greek and signs that a unit may bring, is never drawn as a box."""
    titles = [entry.title for entry in COURSE.entries.values()]
    titles += [name for unit in COURSE.units.values() for name in (unit.title, *(part.title for part in unit.sections))]
    titles += [str(SPECIFICATIONS[chart.kind](drawn(COURSE, name))) for name, chart in COURSE.charts.items()]
    said = "".join(titles) + "".join(titles).upper() + str(specification(data()))
    assert {ord(character) for character in said + "0123456789%·…–—‘’“”×−±≈≥≤→αβγδεκλμΔµéü"} <= characters(file)
