"""The charts of the course by what they encode: nothing invented, what is contradicted marked, all of it readable."""

from collections import Counter
from itertools import chain

import pytest
import vl_convert

from charts.scene import breadth, marks, specified, symbols, texts
from semax_bot.charts.curve import END, SLIDER, START
from semax_bot.charts.data import drawn
from semax_bot.charts.frame import BORNE_OUT, SHAPES, STRIKE
from semax_bot.charts.specify import SPECIFICATIONS
from semax_bot.charts.tally import ORDER
from semax_bot.charts.theme import THEMES, WIDTH
from semax_bot.charts.worker import Charts
from semax_bot.course.load import load
from semax_bot.course.model import UNCHECKED, EvidenceLevel, Verdict
from semax_bot.course.quantity import quantities
from semax_bot.settings import content_folder

COURSE = load(content_folder())
TURNOVER, CURVE, HAMD, DRUGS, EVIDENCE = (
    f"06/chart/{name}" for name in ("turnover", "curve", "hamd", "drugs", "evidence")
)
PHONE = 360 / 500  # points for one unit of the picture, where it fills a small phone's width


def test_the_unit_has_the_five_charts() -> None:
    """They stand in the order in which a dashboard shows them, one of each kind that can be drawn."""
    assert list(COURSE.charts) == [TURNOVER, CURVE, HAMD, DRUGS, EVIDENCE]
    assert {chart.kind for chart in COURSE.charts.values()} | {"progress"} == set(SPECIFICATIONS)


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


def test_evidence_has_a_shape_and_a_word() -> None:
    """Every level has a shape of its own, and a legend or a header says which."""
    assert list(SHAPES) == [level.replace("-", " ") for level in EvidenceLevel]
    assert len(set(SHAPES.values())) == len(SHAPES)
    for chart_id in (TURNOVER, HAMD, DRUGS, EVIDENCE):
        levels = {COURSE.entries[name].evidence for name in COURSE.charts[chart_id].named or COURSE.entries}
        said = " ; ".join(texts(specified(COURSE, chart_id)))
        assert all(level.replace("-", " ") in said for level in levels)


@pytest.mark.parametrize("chart_id", [TURNOVER, HAMD, EVIDENCE])
def test_what_lies_on_top_of_a_mark_says_the_same(chart_id: str) -> None:
    """Every layer of a mark has its tooltip, so that a stroke or an arrow never hides what is below it."""
    compiled = vl_convert.vegalite_to_vega(specified(COURSE, chart_id))
    looks = [mark["encode"]["update"] for mark in compiled["marks"]]
    tips = {str(look["tooltip"]) for look in looks if "tooltip" in look}
    assert len(tips) == 1
    assert "Evidence" in tips.pop()
    bare = [look for look in looks if "tooltip" not in look and "shape" in look]
    assert all("datum.left" in str(look) for look in bare)  # the key, which says it in words
    arrows = [look for look in looks if "arrow" in str(look.get("text"))]
    assert all("tooltip" in look for look in arrows)


def test_the_slider_moves_start_and_band_together() -> None:
    """The band is the claimed rise from wherever the start is; an arrow says where it leads out of the picture."""
    low, high = drawn(COURSE, CURVE)["band"]["size"]
    for level in (*SLIDER, START, 80.0, 81.0):
        specification = specified(COURSE, CURVE, level=level)
        picture = marks(specification)
        band = next(mark for mark in picture if mark.item.get("fillOpacity") == 0.55)
        start = next(mark for mark in picture if mark.kind == "symbol")
        assert start.x == pytest.approx(level / END * WIDTH)
        assert band.x == pytest.approx(start.x * (1 + low / 100))
        assert band.x + band.item["width"] == pytest.approx(start.x * (1 + high / 100))
        is_beyond = band.x + band.item["width"] > WIDTH + 0.01
        assert is_beyond == (level > 80) == ("claimed +15–25% →" in texts(specification))
        assert 0 < start.x < WIDTH


def test_the_band_ends_with_the_picture() -> None:
    """What leads out of it is cut off, or it would lie over the page."""
    layers = specified(COURSE, CURVE)["layer"]
    assert [layer["mark"].get("clip") for layer in layers if layer["mark"].get("fillOpacity")] == [True]


def test_no_start_is_favoured() -> None:
    """The slider stands in the middle at first, and the picture says that any start would do."""
    assert START * 2 == END == sum(SLIDER)
    assert "any start" in texts(specified(COURSE, CURVE))


def test_the_page_learns_which_zone_the_slider_is_in() -> None:
    """The zones lie side by side over the whole axis, each with its words, for the page to say them."""
    slider = specified(COURSE, CURVE)["usermeta"]["level"]
    assert [zone["title"] for zone in slider["zones"]] == ["drowsy", "focused", "anxious"]
    edges = list(chain.from_iterable((zone["from"], zone["to"]) for zone in slider["zones"]))
    assert (edges[0], edges[1:-1:2], edges[-1]) == (0, edges[2:-1:2], END)
    assert slider["min"] < slider["value"] < slider["max"]


def test_the_page_learns_where_the_claimed_rise_would_end() -> None:
    """It gets the factors for any start, the claim in words, and what the check found; if nothing is claimed, None."""
    rise = specified(COURSE, CURVE)["usermeta"]["level"]["rise"]
    assert (rise["factors"], rise["words"], rise["verdict"]) == ([1.15, 1.25], "+15–25%", "not found")
    bare = SPECIFICATIONS["curve"]({**drawn(COURSE, CURVE), "band": None})
    assert bare["usermeta"]["level"]["rise"] is None


def test_the_curve_says_that_it_is_a_concept() -> None:
    """Neither axis has a number, and the words stand in the picture itself."""
    said = texts(specified(COURSE, CURVE))
    assert any("concept, not data" in line for line in said)
    assert [line for line in said if any(map(str.isdigit, line))] == ["claimed +15–25%"]
    assert "not found" in said


def test_the_range_is_drawn_as_a_range_and_the_way_there_is_not() -> None:
    """HAM-D: a bar from 25 to 30 of 100, dashed lines that end at its edge, and the caveat in words."""
    picture = marks(specified(COURSE, HAMD))
    bar = next(mark for mark in picture if mark.kind == "rect")
    rules = [mark for mark in picture if mark.kind == "rule"]
    start, limit = sorted(mark.y for mark in rules if mark.item.get("x2") == WIDTH)
    assert [(bar.y - start) / (limit - start), bar.item["height"] / (limit - start)] == pytest.approx([0.25, 0.05])
    dashed = [mark.item for mark in rules if mark.item.get("strokeDash")]
    corners = [(bar.x, bar.y), (bar.x, bar.y + bar.item["height"])]
    assert [(item["x2"], item["y2"]) for item in dashed] == [pytest.approx(corner) for corner in corners]
    said = texts(specified(COURSE, HAMD))
    assert {"25–30% lower", "says the unit;", "not found", "10 days"} <= set(said)
    assert any("No control group" in line for line in said)


def test_the_claim_of_a_range_shows_what_it_rests_on() -> None:
    """HAM-D: the one symbol is the hollow one of 'no data', and stands beside these words."""
    (mark,) = symbols(specified(COURSE, HAMD))
    assert (mark.item["shape"], mark.item["fill"]) == (SHAPES["no data"], THEMES["light"].ground)
    words = next(text for text in marks(specified(COURSE, HAMD), "text") if text.lines == ["no data"])
    assert (words.y, 0 < words.x - mark.x < 20) == (mark.y, True)


def test_every_level_and_verdict_fits_beside_the_range() -> None:
    """The longest words that a span may have to say stay inside."""
    level, verdict = max(SHAPES, key=len), max(ORDER, key=len)
    specification = SPECIFICATIONS["span"]({**drawn(COURSE, HAMD), "evidence": level, "verdict": verdict})
    words = [mark for mark in marks(specification, "text") if mark.lines[0] in {level, verdict}]
    assert len(words) == 2
    assert all(mark.x + breadth(mark) <= WIDTH + 6 for mark in words)


def test_the_drugs_are_the_rows_of_the_comparison() -> None:
    """Every cell stands there word for word, and only what is supported has a filled mark."""
    said = " ".join(texts(specified(COURSE, DRUGS)))
    columns = [COURSE.entries[name] for name in COURSE.charts[DRUGS].named]
    assert all(cell in said for entry in columns for cell in entry.row.values())
    filled = [mark.item["fill"] == THEMES["light"].fills[0] for mark in symbols(specified(COURSE, DRUGS))]
    verdicts = [entry.source_check.verdict for entry in columns if entry.source_check]
    assert filled == [verdict in BORNE_OUT for verdict in verdicts] == [False, True, True]


def test_the_tally_counts_every_card_once() -> None:
    """One mark to an entry, counted by verdict; the contradicted ones are struck out."""
    said = texts(specified(COURSE, EVIDENCE))
    checks = [entry.source_check for entry in COURSE.entries.values()]
    counts = Counter(check.verdict.replace("-", " ") if check else UNCHECKED for check in checks)
    assert {line: int(said[said.index(line) + len(counts)]) for line in counts} == counts
    cards = [mark for mark in symbols(specified(COURSE, EVIDENCE)) if mark.item.get("shape") != STRIKE]
    assert len(cards) == len(COURSE.entries)
    assert len(symbols(specified(COURSE, EVIDENCE))) - len(cards) == counts["contradicted"]


def test_the_tally_sorts_as_its_legend_does() -> None:
    """In each line of marks the levels follow each other as in the legend."""
    shapes = list(SHAPES.values())
    cards = [mark for mark in symbols(specified(COURSE, EVIDENCE)) if mark.item["shape"] != STRIKE]
    places = [shapes.index(mark.item["shape"]) for mark in sorted(cards, key=lambda mark: (mark.y, mark.x))]
    verdicts = Counter(entry["verdict"] for entry in drawn(COURSE, EVIDENCE)["entries"])
    for count in (verdicts[verdict] for verdict in ORDER):
        row, places = places[:count], places[count:]
        assert row == sorted(row)
    assert places == []


def test_a_page_can_filter_the_tally() -> None:
    """By system it shows the cards about that messenger; the choices are the messengers."""
    choices = specified(COURSE, EVIDENCE)["usermeta"]["system"]
    assert sorted(choices) == ["dopamine", "norepinephrine", "serotonin"]
    cards = [
        mark for mark in symbols(specified(COURSE, EVIDENCE, system="serotonin")) if mark.item.get("shape") != STRIKE
    ]
    assert len(cards) == sum("serotonin" in entry.topics for entry in COURSE.entries.values()) > 5


async def test_a_page_gets_texts_and_signals() -> None:
    """The compiled chart keeps what a page needs: a description, tooltips, the signals, and what they may be set to."""
    compiled = await Charts().vega("curve", drawn(COURSE, CURVE, "dark"))
    assert compiled["description"] == drawn(COURSE, CURVE)["alt"]
    assert compiled["background"] == THEMES["dark"].ground
    assert {"name": "level", "value": 50} in compiled["signals"]
    assert compiled["usermeta"]["level"]["label"] == "norepinephrine"
    assert "tooltip" in str(compiled["marks"])


def test_a_verdict_of_every_kind_has_a_place() -> None:
    """Whatever an author gives, the tally has a row for it."""
    assert {verdict.replace("-", " ") for verdict in Verdict} | {UNCHECKED} == set(ORDER)
