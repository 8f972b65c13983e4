"""The turnover chart by what it encodes: what is said and what was found, no length without a size, and its key."""

from collections import Counter

import pytest

from charts.scene import marks, specified, symbols, texts
from semax_bot.charts.changes import ARROWS, BADGE_SIZE, KEY_SIZE
from semax_bot.charts.data import drawn
from semax_bot.charts.frame import SHAPES, STRIKE
from semax_bot.charts.specify import SPECIFICATIONS
from semax_bot.charts.theme import THEMES
from semax_bot.course.load import load
from semax_bot.settings import content_folder

COURSE = load(content_folder())
TURNOVER = "06/chart/turnover"


def test_only_a_given_size_is_drawn_as_a_length() -> None:
    """Of nine rows three have a size: two ranges as bars, from their lower end on, and one value as a point."""
    specification = specified(COURSE, TURNOVER)
    rows = drawn(COURSE, TURNOVER)["rows"]
    bars = [mark for mark in marks(specification, "rect") if mark.item["width"] > 1]
    assert [row["size"] for row in rows if row["size"]] == [[25, 25], [15, 25], [15, 25]]
    assert len(bars) == 2
    scale = 41.333 / 10  # units for a percent: both bars span ten
    assert all(mark.item["width"] == pytest.approx(10 * scale, abs=0.01) for mark in bars)
    assert Counter(texts(specification))["size not given"] == sum(
        row["change"] in {"up", "down"} and not row["size"] for row in rows
    )


def test_what_is_contradicted_is_struck_out_and_said() -> None:
    """The unit's dopamine claim carries a stroke and the word; what the abstract reports stands below it, filled."""
    rows = drawn(COURSE, TURNOVER)["rows"]
    struck = [row for row in rows if row["verdict"] == "contradicted"]
    assert [(row["system"], row["region"], row["by"]) for row in struck] == [("dopamine", "striatum", "unit")]
    drawn_marks = symbols(specified(COURSE, TURNOVER))
    strokes = [mark for mark in drawn_marks if mark.item.get("shape") == STRIKE]
    badges = [mark for mark in drawn_marks if mark.item["size"] == BADGE_SIZE]
    key = [mark for mark in drawn_marks if mark.item["size"] == KEY_SIZE]
    assert [mark.y for mark in strokes] == [badges[rows.index(struck[0])].y, key[-1].y]
    assert texts(specified(COURSE, TURNOVER)).count("contradicted") == 2
    after = rows[rows.index(struck[0]) + 1]
    assert (after["region"], after["by"], after["change"]) == ("striatum", "abstract", "unchanged")


def test_said_and_found_differ_in_more_than_colour() -> None:
    """What the unit says is hollow, dashed where nothing was found; what an abstract reports is filled and solid."""
    rows = drawn(COURSE, TURNOVER)["rows"]
    badges = [mark for mark in symbols(specified(COURSE, TURNOVER)) if mark.item["size"] == BADGE_SIZE]
    ground = THEMES["light"].ground
    assert [mark.item["fill"] == ground for mark in badges] == [row["by"] == "unit" for row in rows]
    assert [mark.item["strokeDash"] == [4, 3] for mark in badges] == [row["verdict"] == "not found" for row in rows]
    bars = [mark for mark in marks(specified(COURSE, TURNOVER), "rect") if mark.item["width"] > 1]
    assert [mark.item["strokeDash"] for mark in bars] == [[4, 3]] * 2


def test_the_key_explains_every_look_once() -> None:
    """Hollow, filled, dashed and struck out each have their word, no two look the same, and a shared level is said."""
    key = [mark for mark in symbols(specified(COURSE, TURNOVER)) if mark.item["size"] == KEY_SIZE]
    looks = [(mark.item["fill"], mark.item["stroke"], tuple(mark.item["strokeDash"])) for mark in key]
    assert len(set(looks)) == len(looks) == 4
    said = texts(specified(COURSE, TURNOVER))
    words = said[said.index("the unit says") :][:5]
    assert words[:4] == ["the unit says", "an abstract reports", "not found", "contradicted"]
    assert words[4] == "Evidence in every row: rodent"


def test_the_key_names_each_shape_where_there_are_several() -> None:
    """A second level brings a shape and a word for each; a dash that stands for two verdicts is said in general."""
    data = drawn(COURSE, TURNOVER)
    data["rows"][2] |= {"evidence": "no data", "verdict": "doubtful"}
    specification = SPECIFICATIONS["changes"](data)
    said = texts(specification)
    words = ["rodent", "no data", "the unit says", "an abstract reports", "not borne out", "contradicted"]
    assert said[said.index("rodent") :][:6] == words
    key = [mark.item["shape"] for mark in marks(specification, "symbol") if mark.item["size"] == KEY_SIZE]
    assert key == [SHAPES["rodent"], SHAPES["no data"], *[SHAPES["rodent"]] * 4]


def test_a_stroke_leaves_the_arrow_readable() -> None:
    """The arrow lies on top of the stroke, set off from it."""
    drawn_marks = marks(specified(COURSE, TURNOVER))
    stroke = next(place for place, mark in enumerate(drawn_marks) if mark.item.get("shape") == STRIKE)
    halo = next(place for place, mark in enumerate(drawn_marks) if mark.kind == "text" and mark.is_halo)
    arrow = next(place for place, mark in enumerate(drawn_marks) if mark.item.get("text") == "↑" and not mark.is_halo)
    assert stroke < halo < arrow
    assert (drawn_marks[halo].x, drawn_marks[halo].y) == (drawn_marks[arrow].x, drawn_marks[arrow].y)


def test_each_direction_has_its_own_sign() -> None:
    """Up, little and unchanged are told apart by their sign."""
    signs = [ARROWS[row["change"]] for row in drawn(COURSE, TURNOVER)["rows"]]
    said = texts(specified(COURSE, TURNOVER))
    assert Counter(text for text in said if text in ARROWS.values()) == Counter(signs)
    assert len(set(ARROWS.values())) == len(ARROWS)


def test_a_page_can_filter_the_turnover() -> None:
    """By system or by region only those rows and their headers are left, and the picture gets shorter."""
    dopamine = texts(specified(COURSE, TURNOVER, system="dopamine"))
    assert [text for text in dopamine if "·" in text] == ["Dopamine · DOPAC/DA ratio"]
    striatum = texts(specified(COURSE, TURNOVER, region="striatum"))
    assert [text for text in striatum if "·" in text] == ["Dopamine · DOPAC/DA ratio", "Serotonin · 5-HIAA/5-HT ratio"]
    assert striatum.count("striatum") == 3
    assert not {"cortex", "hippocampus"} & set(striatum)
