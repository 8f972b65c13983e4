"""The charts of the course by what they encode: nothing invented, what is contradicted marked, all of it readable."""

from collections import Counter
from itertools import chain

import pytest

from charts.scene import Mark, breadth, marks, specified, texts
from semax_bot.charts.changes import ARROWS, STRIKE
from semax_bot.charts.curve import END, SLIDER
from semax_bot.charts.data import drawn
from semax_bot.charts.frame import BORNE_OUT, SHAPES
from semax_bot.charts.tally import ORDER
from semax_bot.charts.theme import THEMES, WIDTH
from semax_bot.charts.worker import Charts
from semax_bot.course.load import load
from semax_bot.course.model import EvidenceLevel, Verdict
from semax_bot.course.quantity import quantities
from semax_bot.settings import content_folder

COURSE = load(content_folder())
TURNOVER, CURVE, HAMD, DRUGS, EVIDENCE = (
    f"06/chart/{name}" for name in ("turnover", "curve", "hamd", "drugs", "evidence")
)
PHONE = 360 / 500  # points for one unit of the picture, where it fills a small phone's width


def symbols(chart_id: str, **params: str) -> list[Mark]:
    """The marks of a chart that are no part of its legend."""
    return [mark for mark in marks(specified(COURSE, chart_id, **params), "symbol") if mark.role == "mark"]


def test_the_unit_has_the_five_charts() -> None:
    """They stand in the order in which a dashboard shows them."""
    assert list(COURSE.charts) == [TURNOVER, CURVE, HAMD, DRUGS, EVIDENCE]


@pytest.mark.parametrize("chart_id", COURSE.charts)
def test_no_number_is_invented(chart_id: str) -> None:
    """Every quantity in a picture is a figure of an entry that it shows, or stands in that entry's finding."""
    entries = [COURSE.entries[name] for name in COURSE.charts[chart_id].named]
    grounds = [figure.value for entry in entries for figure in entry.figures]
    grounds += [entry.source_check.finding for entry in entries if entry.source_check]
    said = quantities(" ; ".join(texts(specified(COURSE, chart_id))))
    assert said.keys() <= quantities(" ; ".join(grounds)).keys()


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("chart_id", COURSE.charts)
def test_every_text_is_large_enough_and_inside(chart_id: str, theme: str) -> None:
    """Letters are 12 points high on a phone of 360, and no text leaves the picture, by the font's own widths."""
    for mark in marks(specified(COURSE, chart_id, theme), "text"):
        assert mark.item["fontSize"] * PHONE >= 12
        shift = {"left": 0.0, "center": 0.5, "right": 1.0}[mark.item["align"]]
        left = mark.x - shift * breadth(mark)
        assert left >= -12, mark.lines
        assert left + breadth(mark) <= WIDTH + 6, mark.lines


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("chart_id", COURSE.charts)
def test_no_mark_keeps_a_default_colour(chart_id: str, theme: str) -> None:
    """Every text and every mark takes its colours from the theme, or one theme would hide it."""
    colours = THEMES[theme]
    known = {*colours.fills, *colours.inks, colours.ground, colours.text, colours.quiet, colours.alarm, colours.panel}
    used = [mark.item.get(part) for mark in marks(specified(COURSE, chart_id, theme)) for part in ("fill", "stroke")]
    assert {colour for colour in used if colour} <= known | {"transparent"}


@pytest.mark.parametrize("chart_id", COURSE.charts)
def test_texts_do_not_lie_on_each_other(chart_id: str) -> None:
    """No two texts of a picture share a place."""
    boxes = []
    for mark in marks(specified(COURSE, chart_id), "text"):
        if mark.is_halo or mark.item["baseline"] != "middle" or len(mark.lines) > 1:
            continue  # titles are laid out by Vega, and blocks of lines by their columns
        left = mark.x - {"left": 0.0, "center": 0.5, "right": 1.0}[mark.item["align"]] * breadth(mark)
        boxes.append((left, left + breadth(mark), mark.y, mark.lines[0]))
    assert boxes
    for place, (left, right, y, words) in enumerate(boxes):
        for other_left, other_right, other_y, other in boxes[place + 1 :]:
            assert left >= other_right or other_left >= right or abs(y - other_y) >= 15, (words, other)


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
    drawn_marks = symbols(TURNOVER)
    strokes = [mark for mark in drawn_marks if mark.item.get("shape") == STRIKE]
    badges = [mark for mark in drawn_marks if mark.item["size"] == 820]
    assert [mark.y for mark in strokes] == [badges[rows.index(struck[0])].y]
    assert texts(specified(COURSE, TURNOVER)).count("contradicted") == 1
    after = rows[rows.index(struck[0]) + 1]
    assert (after["region"], after["by"], after["change"]) == ("striatum", "abstract", "unchanged")


def test_said_and_found_differ_in_more_than_colour() -> None:
    """What the unit says is hollow, dashed where nothing was found; what an abstract reports is filled and solid."""
    rows = drawn(COURSE, TURNOVER)["rows"]
    badges = [mark for mark in symbols(TURNOVER) if mark.item["size"] == 820]
    ground = THEMES["light"].ground
    assert [mark.item["fill"] == ground for mark in badges] == [row["by"] == "unit" for row in rows]
    assert [mark.item["strokeDash"] == [4, 3] for mark in badges] == [row["verdict"] == "not found" for row in rows]


def test_each_direction_has_its_own_sign() -> None:
    """Up, little and unchanged are told apart by their sign."""
    signs = [ARROWS[row["change"]] for row in drawn(COURSE, TURNOVER)["rows"]]
    said = texts(specified(COURSE, TURNOVER))
    assert Counter(text for text in said if text in ARROWS.values()) == Counter(signs)
    assert len(set(ARROWS.values())) == len(ARROWS)


def test_evidence_has_a_shape_and_a_word() -> None:
    """Every level has a shape of its own, and a legend or a header says which."""
    assert list(SHAPES) == [level.replace("-", " ") for level in EvidenceLevel]
    assert len(set(SHAPES.values())) == len(SHAPES)
    for chart_id in (TURNOVER, DRUGS, EVIDENCE):
        levels = {COURSE.entries[name].evidence for name in COURSE.charts[chart_id].named or COURSE.entries}
        assert {level.replace("-", " ") for level in levels} <= set(texts(specified(COURSE, chart_id)))


def test_a_page_can_filter_the_turnover() -> None:
    """By system or by region only those rows and their headers are left, and the picture gets shorter."""
    dopamine = texts(specified(COURSE, TURNOVER, system="dopamine"))
    assert [text for text in dopamine if "·" in text] == ["Dopamine · DOPAC/DA ratio"]
    striatum = texts(specified(COURSE, TURNOVER, region="striatum"))
    assert [text for text in striatum if "·" in text] == ["Dopamine · DOPAC/DA ratio", "Serotonin · 5-HIAA/5-HT ratio"]
    assert striatum.count("striatum") == 3
    assert not {"cortex", "hippocampus"} & set(striatum)


def test_the_slider_moves_start_and_band_together() -> None:
    """The band is the claimed rise from wherever the start is, and stays on the axis at both ends of the slider."""
    low, high = drawn(COURSE, CURVE)["band"]["size"]
    for level in (*SLIDER, 50.0):
        picture = marks(specified(COURSE, CURVE, level=level))
        band = next(mark for mark in picture if mark.item.get("fillOpacity") == 0.55)
        start = next(mark for mark in picture if mark.kind == "symbol")
        assert start.x == pytest.approx(level / END * WIDTH)
        assert band.x == pytest.approx(start.x * (1 + low / 100))
        assert band.x + band.item["width"] == pytest.approx(start.x * (1 + high / 100))
        assert band.x + band.item["width"] <= WIDTH + 0.01


def test_the_page_learns_which_zone_the_slider_is_in() -> None:
    """The zones lie side by side over the whole axis, each with its words, for the page to say them."""
    slider = specified(COURSE, CURVE)["usermeta"]["level"]
    assert [zone["title"] for zone in slider["zones"]] == ["drowsy", "focused", "anxious"]
    edges = list(chain.from_iterable((zone["from"], zone["to"]) for zone in slider["zones"]))
    assert (edges[0], edges[1:-1:2], edges[-1]) == (0, edges[2:-1:2], END)
    assert slider["min"] < slider["value"] < slider["max"]


def test_the_curve_says_that_it_is_a_concept() -> None:
    """Neither axis has a number, and the words stand in the picture itself."""
    said = texts(specified(COURSE, CURVE))
    assert any("concept, not data" in line for line in said)
    assert [line for line in said if any(map(str.isdigit, line))] == ["claimed +15–25%"]
    assert "not found" in said


def test_the_range_is_drawn_as_a_range_and_the_way_there_is_not() -> None:
    """HAM-D: a bar from 25 to 30 of 100, a point at the start, dashed lines between, and the caveat in words."""
    picture = marks(specified(COURSE, HAMD))
    bar = next(mark for mark in picture if mark.kind == "rect")
    rules = [mark for mark in picture if mark.kind == "rule"]
    start, limit = sorted(mark.y for mark in rules if not mark.item.get("strokeDash"))
    assert [(bar.y - start) / (limit - start), bar.item["height"] / (limit - start)] == pytest.approx([0.25, 0.05])
    assert sum(mark.item.get("strokeDash") == [6, 6] for mark in rules) == 2
    said = texts(specified(COURSE, HAMD))
    assert {"25–30% lower", "says the unit;", "not found", "10 days"} <= set(said)
    assert any("No control group" in line for line in said)


def test_the_drugs_are_the_rows_of_the_comparison() -> None:
    """Every cell stands there word for word, and only what is supported has a filled mark."""
    said = " ".join(texts(specified(COURSE, DRUGS)))
    columns = [COURSE.entries[name] for name in COURSE.charts[DRUGS].named]
    assert all(cell in said for entry in columns for cell in entry.row.values())
    filled = [mark.item["fill"] == THEMES["light"].fills[0] for mark in symbols(DRUGS)]
    verdicts = [entry.source_check.verdict for entry in columns if entry.source_check]
    assert filled == [verdict in BORNE_OUT for verdict in verdicts] == [False, True, True]


def test_the_tally_counts_every_card_once() -> None:
    """One mark to an entry, counted by verdict; the contradicted ones are struck out."""
    said = texts(specified(COURSE, EVIDENCE))
    checks = [entry.source_check for entry in COURSE.entries.values()]
    counts = Counter(check.verdict.replace("-", " ") if check else "not checked" for check in checks)
    assert {line: int(said[said.index(line) + len(counts)]) for line in counts} == counts
    cards = [mark for mark in symbols(EVIDENCE) if mark.item.get("shape") != STRIKE]
    assert len(cards) == len(COURSE.entries)
    assert len(symbols(EVIDENCE)) - len(cards) == counts["contradicted"]


def test_a_page_can_filter_the_tally() -> None:
    """By system it shows the cards about that messenger; the choices are the messengers."""
    choices = specified(COURSE, EVIDENCE)["usermeta"]["system"]
    assert sorted(choices) == ["dopamine", "norepinephrine", "serotonin"]
    cards = [mark for mark in symbols(EVIDENCE, system="serotonin") if mark.item.get("shape") != STRIKE]
    assert len(cards) == sum("serotonin" in entry.topics for entry in COURSE.entries.values()) > 5


async def test_a_page_gets_texts_and_signals() -> None:
    """The compiled chart keeps what a page needs: a description, tooltips, the signals, and what they may be set to."""
    compiled = await Charts().vega("curve", drawn(COURSE, CURVE, "dark"))
    assert compiled["description"] == drawn(COURSE, CURVE)["alt"]
    assert compiled["background"] == THEMES["dark"].ground
    assert {"name": "level", "value": 40} in compiled["signals"]
    assert compiled["usermeta"]["level"]["label"] == "norepinephrine"
    assert "tooltip" in str(compiled["marks"])


def test_a_verdict_of_every_kind_has_a_place() -> None:
    """Whatever an author gives, the tally has a row for it."""
    assert {verdict.replace("-", " ") for verdict in Verdict} | {"not checked"} == set(ORDER)
