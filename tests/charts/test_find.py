"""Which chart is meant by a few words, and which charts show an entry."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semax_bot.charts.find import match
from semax_bot.course.load import load
from semax_bot.settings import content_folder

COURSE = load(content_folder())
MEANT = {
    "norepinephrine": ["curve", "turnover"],
    "noradrenaline": ["curve", "turnover"],
    "norepinefrine": ["curve", "turnover"],
    "NE": ["curve", "turnover"],
    "inverted u": ["curve"],
    "the curve please": ["curve"],
    "hamd": ["hamd"],
    "HAM-D": ["hamd"],
    "depresion": ["hamd"],
    "drugs": ["drugs"],
    "semax vs modafinil": ["drugs"],
    "evidence": ["evidence"],
    "dopamine": ["turnover"],
    "5-HIAA": ["turnover"],
    "brain regions": ["turnover"],
    "striatum": ["turnover"],
    "hippocampus": ["turnover"],
    "PFC": ["turnover"],
    "anxiety": ["curve"],
    "anxious": ["curve"],
    "drowsy": ["curve"],
    "addiction": ["drugs"],
    "how it feels": ["drugs"],
}


@pytest.mark.parametrize("words", MEANT)
def test_a_chart_is_found_by_what_people_call_it(words: str) -> None:
    """By title, alias, abbreviation, slip, or by an entry, region, zone or aspect in it; the likeliest comes first."""
    assert match(COURSE, words) == [f"06/chart/{name}" for name in MEANT[words]]


@pytest.mark.parametrize(
    "words", ["", "  ", "chart", "xyz", "how are you today", "how", "<b>&amp;</b>", "🙂", "10", "no"]
)
def test_words_that_name_no_chart_find_none(words: str) -> None:
    """A guess would only puzzle."""
    assert match(COURSE, words) == []


@given(st.text(max_size=5000))
def test_any_text_finds_charts_or_none(words: str) -> None:
    """Whatever is typed after the command, each chart is named once at most."""
    found = match(COURSE, words)
    assert set(found) <= COURSE.charts.keys()
    assert len(set(found)) == len(found)


def test_every_title_and_alias_finds_its_own_chart_first() -> None:
    """An author's names do what they are for."""
    for chart in COURSE.charts.values():
        for name in (chart.title, *chart.aliases):
            assert match(COURSE, name)[:1] == [chart.id], name


def test_what_a_chart_shows_is_a_weaker_name_than_its_own() -> None:
    """A region is a part of one chart and the title of none; 'side by side' stays the comparison's."""
    assert match(COURSE, "side by side")[0] == "06/chart/drugs"
    assert match(COURSE, "norepinephrine level") == ["06/chart/curve"]


def test_a_card_knows_the_charts_that_show_it() -> None:
    """Every figure has one; a chart of all entries alike is nobody's own."""
    charts = COURSE.charts_of("06/figure/norepinephrine-turnover")
    assert [chart.id for chart in charts] == ["06/chart/turnover", "06/chart/curve"]
    figures = [name for name in COURSE.entries if "/figure/" in name]
    assert all(COURSE.charts_of(name) for name in figures)
    assert COURSE.charts_of("06/term/vta") == ()
