"""Wishes: what learners type after /quiz is understood, and an impossible size is answered plainly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semax_bot.quiz.values import Mode
from semax_bot.quiz.wish import Wish, WishError, wish


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("/quiz", Wish()),
        ("", Wish()),
        ("/quiz 10", Wish(10)),
        ("/quiz@semax_bot 10", Wish(10)),
        ("/quiz dopamine", Wish(topic="dopamine")),
        ("/quiz dopamine 7", Wish(7, topic="dopamine")),
        ("/quiz 7 dopamine", Wish(7, topic="dopamine")),
        ("/quiz cram", Wish(mode=Mode.CRAM)),
        ("/quiz Cram 20", Wish(20, Mode.CRAM)),
        ("/quiz cram turnover 8", Wish(8, Mode.CRAM, "turnover")),
        ("cram turnover vs release", Wish(mode=Mode.CRAM, topic="turnover vs release")),
        ("/quiz 5-HT2A", Wish(topic="5-HT2A")),
        ("DOPAC/dopamine ratio", Wish(topic="DOPAC/dopamine ratio")),
        ("/quiz\n 1", Wish(1)),
        ("/quiz 20s", Wish(seconds=20)),
        ("/quiz 5 dopamine 20s", Wish(5, topic="dopamine", seconds=20)),
        ("/quiz dopamine 7 45 sec", Wish(7, topic="dopamine", seconds=45)),
        ("/quiz 60 Seconds 5 dopamine", Wish(5, topic="dopamine", seconds=60)),
        ("/quiz cram 30secs 8", Wish(8, Mode.CRAM, seconds=30)),
        ("/quiz 5 sems", Wish(5, topic="sems")),
    ],
)
def test_wishes_are_understood(text: str, meant: Wish) -> None:
    """Size, topic and cramming in the orders that people type, with the command or without it."""
    assert wish(text) == meant


@pytest.mark.parametrize("size", ["0", "21", "-5", "+5", "2.5", "1,5", "010", "9" * 5000, "٣"])
def test_an_impossible_size_is_answered(size: str) -> None:
    """Any other number gets the limits and an example, whatever its length."""
    for text in (f"/quiz {size}", f"/quiz cram {size}", f"/quiz dopamine {size}"):
        with pytest.raises(WishError, match=r"1 to 20 questions\. Try /quiz 10"):
            wish(text)


@pytest.mark.parametrize("time", ["19s", "61 sec", "0s", "-30s", "25.5 s", "030s", "9" * 5000 + "s", "٣٠s"])
def test_an_impossible_time_is_answered(time: str) -> None:
    """A question that is gone before it is read, or holds everybody up, gets the limits and an example."""
    for text in (f"/quiz {time}", f"/quiz 5 dopamine {time}"):
        with pytest.raises(WishError, match=r"20 to 60 seconds\. Try /quiz 5 30s"):
            wish(text)


@given(st.text(max_size=60) | st.from_regex(r"/quiz( [0-9]{1,3} ?(s|sec)?| [a-z]+){0,4}", fullmatch=True))
def test_any_text_is_a_wish_or_a_clear_no(text: str) -> None:
    """Whatever is typed, size and time are within bounds and the topic has no loose white space."""
    try:
        meant = wish(text)
    except WishError:
        return
    assert meant.size is None or 1 <= meant.size <= 20
    assert meant.seconds is None or 20 <= meant.seconds <= 60
    assert meant.topic == " ".join(meant.topic.split())
