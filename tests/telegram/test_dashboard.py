"""The dashboard where something is missing: a picture that cannot be drawn, words that mean one's own progress."""

from structlog.testing import capture_logs

from semax_bot.telegram.dashboard import ELSEWHERE, NOTHING_YET
from telegram_alone import GROUP, PHOTO, Anna

PICTURE = {"photo": [PHOTO | {"file_id": "old"}], "caption": "x"}


async def test_a_chart_that_cannot_be_drawn_is_told_in_words(anna: Anna) -> None:
    """By command, and by a tap on another picture, which stays; the operator reads why."""
    anna.charts.broken = True
    with capture_logs() as lines:
        await anna.says("/dashboard")
        await anna.taps("chart:06/chart/hamd", content=PICTURE)
    asked, tapped = (call["text"] for call in anna.telegram.made("sendMessage"))
    assert "Turnover" in asked.splitlines()[0]
    assert "HAM-D" in tapped.splitlines()[0]
    assert [line["fault"] for line in lines] == ["The picture could not be drawn: no paint"] * 2


async def test_ones_own_progress_goes_by_many_words(anna: Anna) -> None:
    """It is one of the charts; in a group the way to it is named."""
    await anna.says("/chart my progress")
    await anna.says("/chart progress", GROUP)
    assert [call["text"] for call in anna.telegram.made("sendMessage")] == [NOTHING_YET, ELSEWHERE]
    await anna.answers()
    for words in ("progress", "My Progress", "mine"):
        await anna.says(f"/chart {words}")
    captions = [call["caption"] for call in anna.telegram.made("sendPhoto")]
    assert len(captions) == 3
    assert all("Your progress" in caption for caption in captions)
