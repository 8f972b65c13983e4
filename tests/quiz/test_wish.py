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


@given(st.text(max_size=60))
def test_any_text_is_a_wish_or_a_clear_no(text: str) -> None:
    """Whatever is typed, a size is within bounds and the topic has no loose white space."""
    try:
        meant = wish(text)
    except WishError:
        return
    assert meant.size is None or 1 <= meant.size <= 20
    assert meant.topic == " ".join(meant.topic.split())
