"""Captions: what a chart shows, how it is known and the catch, always short enough to stand below a picture."""

from dataclasses import replace

import pytest
from telegram.constants import MessageLimit

from semax_bot.answering.captions import caption
from semax_bot.course.load import Course, load
from semax_bot.course.model import Entry
from semax_bot.reply import Caveat, Check, Evidence, Heading, Place, Table, Text, fits, line
from semax_bot.settings import content_folder
from semax_bot.telegram.render import html

COURSE = load(content_folder())


@pytest.mark.parametrize("chart_id", COURSE.charts)
def test_a_caption_fits_below_a_picture(chart_id: str) -> None:
    """Even counted with all of its HTML in UTF-16 units, the strictest reading of Telegram's limit."""
    assert len(html(caption(COURSE, chart_id)).encode("utf-16-le")) // 2 <= MessageLimit.CAPTION_LENGTH


@pytest.mark.parametrize("chart_id", COURSE.charts)
def test_a_caption_says_what_how_known_and_where(chart_id: str) -> None:
    """Title and message first, the place last; between them each card's evidence and verdict, and a caveat."""
    chart, blocks = COURSE.charts[chart_id], caption(COURSE, chart_id).blocks
    assert blocks[:2] == (Heading(chart.title), Text(chart.short, lead=True))
    assert isinstance(blocks[-1], Place)
    assert any(isinstance(block, Caveat) for block in blocks)
    rows = [row for block in blocks if isinstance(block, Table) for row in block.rows]
    if len(chart.named) > 1:
        assert [title for title, _ in rows] == [COURSE.entries[name].title for name in chart.named]


def test_one_entry_has_its_whole_check() -> None:
    """HAM-D stands alone, so there is room for what the check found."""
    blocks = caption(COURSE, "06/chart/hamd").blocks
    assert [type(block) for block in blocks[2:4]] == [Evidence, Check]


def test_a_caption_sends_nobody_to_a_button_that_it_lacks() -> None:
    """Further citations are on the card, to which there is a button; the Evidence button stands only there."""
    reply = caption(COURSE, "06/chart/hamd")
    check = next(block for block in reply.blocks if isinstance(block, Check))
    assert check.citations[-1] == "and 1 more on the card"
    assert [button.action for row in reply.buttons for button in row] == ["card:06/figure/ham-d"]


@pytest.mark.parametrize(("text", "units"), [("abc", 3), ("Ü", 1), ("🙂", 2)])
def test_length_is_counted_as_chats_count_it(text: str, units: int) -> None:
    """In UTF-16 units, of which an emoji has two."""
    assert fits(line(text), units)
    assert not fits(line(text), units - 1)


def test_what_is_contradicted_is_said_in_the_caption() -> None:
    """The dopamine claim is not shown without its verdict."""
    table = next(block for block in caption(COURSE, "06/chart/turnover").blocks if isinstance(block, Table))
    assert dict(table.rows)["Dopamine turnover"] == "🐀 rodents; contradicted"


@pytest.mark.parametrize("chart_id", COURSE.charts)
def test_buttons_lead_to_the_cards_that_are_shown(chart_id: str) -> None:
    """One to an entry, two to a row; where every entry is shown, to the sources."""
    actions = [button.action for row in caption(COURSE, chart_id).buttons for button in row]
    assert actions == [f"card:{name}" for name in COURSE.charts[chart_id].named] or actions == ["page:sources"]
    assert all(len(row) <= 2 for row in caption(COURSE, chart_id).buttons)
    assert all(len(action.encode()) <= 64 for action in actions)


def test_a_wordy_chart_loses_caveats_before_its_message() -> None:
    """Where an author fills every limit, the caption keeps title, message and verdicts, and still fits."""
    long = {name: COURSE.charts[name].model_copy(update={"short": "Ü" * 240}) for name in COURSE.charts}
    wordy = replace(COURSE, charts=long, entries=_wordy(COURSE))
    for chart_id, chart in long.items():
        reply = caption(wordy, chart_id)
        assert len(html(reply).encode("utf-16-le")) // 2 <= MessageLimit.CAPTION_LENGTH
        assert reply.blocks[1] == Text(chart.short, lead=True)
    assert any(isinstance(block, Table) for block in caption(wordy, "06/chart/turnover").blocks)
    assert not any(isinstance(block, Caveat) for block in caption(wordy, "06/chart/turnover").blocks)


def _wordy(course: Course) -> dict[str, Entry]:
    """The entries with the longest titles and caveats that the model allows."""
    entries = course.entries.items()
    return {name: entry.model_copy(update={"title": "T" * 160, "caveats": ("c" * 400,) * 2}) for name, entry in entries}
