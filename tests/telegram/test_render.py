"""Rendering: whatever a reply holds, Telegram takes it, and a person reads what was meant."""

from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semax_bot.reply import Block, Button, Caveat, Check, Evidence, Figure, Heading, Place, Reply, Table, Text, plain
from semax_bot.telegram.render import html, keyboard, shorten
from semax_bot.tutor import Tutor
from standin.markup import length, visible

TEXTS = st.text(st.characters(exclude_categories=[]), max_size=60) | st.text("<>&\"'; b/i\n.😀", max_size=3000)
BLOCKS = st.one_of(
    st.builds(Heading, TEXTS),
    st.builds(Text, TEXTS, st.booleans()),
    st.builds(Figure, TEXTS, TEXTS),
    st.builds(Table, TEXTS, st.lists(st.tuples(TEXTS, TEXTS), max_size=3).map(tuple)),
    st.builds(Evidence, TEXTS, TEXTS, TEXTS),
    st.builds(Check, TEXTS, TEXTS, TEXTS, st.lists(TEXTS, max_size=2).map(tuple)),
    st.builds(Caveat, TEXTS),
    st.builds(Place, TEXTS),
)
CARD = Reply(
    "answer",
    (
        Heading("Dopamine turnover"),
        Text("The unit says yes, as turnover.", lead=True),
        Figure("DOPAC", "+20-40%"),
        Table("In comparison", (("Semax", "<none>"),)),
        Evidence("rodent", "🐀", "rodents & cells"),
        Check("contradicted", "contradicted", "Nothing changed.", ("Eremin 2005",)),
        Caveat("Turnover is not level."),
        Place("Unit 6 · key numbers"),
    ),
    ((Button("Simpler", "simple:06/term/dopac"),), (Button("A", "a"), Button("B", "b"))),
)


def test_a_card_reads_as_designed() -> None:
    """Bold title, the answer first, evidence with check and caveat apart, the place last."""
    assert html(CARD) == (
        "<b>Dopamine turnover</b>\nThe unit says yes, as turnover.\nDOPAC: <b>+20-40%</b>\n\n"
        "<b>In comparison</b>\n• Semax: &lt;none&gt;\n\n"
        "🐀 Evidence: rodents &amp; cells\n🔎 Check: contradicted. Nothing changed. (Eremin 2005)\n"
        "⚠️ Turnover is not level.\n\n"
        "<i>Unit 6 · key numbers</i>"
    )


def test_a_message_shows_what_the_plain_text_says() -> None:
    """All surfaces say the same; Telegram only adds emphasis."""
    assert visible(html(CARD)) == plain(CARD)


@given(st.lists(BLOCKS, max_size=8))
def test_any_reply_is_a_message_that_telegram_takes(blocks: list[Block]) -> None:
    """No text, however odd or long, may cost a learner the answer: valid HTML, not empty, at most 4,096 long."""
    shown = visible(html(Reply("answer", tuple(blocks))))
    assert shown.strip()
    assert length(shown) <= 4096


@given(st.text(max_size=200))
def test_a_short_text_is_shown_letter_by_letter(text: str) -> None:
    """Escaping must neither lose nor add anything."""
    assert html(Reply("answer", (Text(f".{text}"),))) == escape(f".{text}", quote=False)


def test_a_long_reply_ends_with_a_whole_sentence() -> None:
    """A cut in the middle of a claim could turn its meaning around."""
    shown = visible(html(Reply("answer", (Heading("Long"), Text("It is so. " * 500)))))
    assert shown.endswith("It is so.…")
    assert 4000 < len(shown) <= 4096


@pytest.mark.parametrize(("text", "limit", "short"), [("One. Two.", 9, "One. Two."), ("One. Two.", 8, "One.…")])
def test_shortening_keeps_what_fits(text: str, limit: int, short: str) -> None:
    """A limit is met exactly, and no sentence is lost that fits."""
    assert shorten(text, limit) == short


def test_buttons_stand_in_their_rows() -> None:
    """A tap must carry the action that the tutor gave its label."""
    markup = keyboard(CARD)
    assert markup is not None
    rows = [[(button.text, button.callback_data) for button in row] for row in markup.inline_keyboard]
    assert rows == [[("Simpler", "simple:06/term/dopac")], [("A", "a"), ("B", "b")]]
    assert keyboard(Reply("smalltalk", (Text("Hi"),))) is None


@given(st.text(max_size=4096))
def test_any_question_gets_a_message_and_the_same_one_again(tutor: Tutor, question: str) -> None:
    """Learners write anything; each text gets one valid message, and asking twice changes nothing."""
    answer = html(tutor.ask(question))
    assert 0 < length(visible(answer)) <= 4096
    assert html(tutor.ask(question)) == answer
