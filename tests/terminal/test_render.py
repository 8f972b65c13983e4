"""Cards that fit the screen."""

import io
import re
from dataclasses import replace
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from semax_bot.quiz.values import Question
from semax_bot.reply import Button, Caveat, Check, Evidence, Figure, Heading, Place, Reply, Table, Text, plain_line
from semax_bot.terminal.quiz import Part, Verdict
from semax_bot.terminal.render import MEASURE, numbered, put, show, written

CARD = Reply(
    "answer",
    (
        Heading("Dopamine turnover"),
        Text(
            "The unit says yes, as turnover: more DOPAC per dopamine in striatum and cortex. It gives no size.",
            lead=True,
        ),
        Figure("DOPAC/DA ratio", "up; size not given"),
        Table("Release", (("Semax", "no direct release is claimed"), ("Amphetamine", "reverses the transporter"))),
        Evidence("rodent", "🐀", "rodents; not measured in people"),
        Check("contradicted", "contradicted", "Semax alone left dopamine unchanged in that study.", ("Author 2005",)),
        Caveat("Turnover is not level: more use is not more dopamine in the synapse."),
        Place("Unit 6 · key numbers"),
    ),
    (
        (Button("Simpler", "simple:x"), Button("More detail", "advanced:x"), Button("Evidence", "evidence:x")),
        (Button("Turnover v release", "card:y"), Button("Microdialysis", "card:z")),
    ),
    "06/figure/dopamine-turnover",
)


def printed(part: Part, width: int, colour: bool = False) -> str:
    """What a screen of this width shows."""
    screen = io.StringIO()
    system: Literal["truecolor"] | None = "truecolor" if colour else None
    put(Console(file=screen, width=width, force_terminal=colour, color_system=system, highlight=False), part)
    return screen.getvalue()


@pytest.mark.parametrize("width", [30, 40, 80, 200])
def test_a_card_fits_its_screen(width: int) -> None:
    """On any screen no line is too long to read, every word is there in order, and no button is torn apart."""
    lines = printed(CARD, width).splitlines()
    assert max(map(cell_len, lines)) <= min(width, MEASURE)
    words = " ".join(lines).split()
    blocks = [block for block in CARD.blocks if not isinstance(block, Table)]
    for block in blocks:
        rest = iter(words)
        assert all(word in rest for word in plain_line(block).split())
    for labels in numbered(CARD):
        assert all(any(label in line for line in lines) for label in labels)


def test_icons_stand_clear_of_the_words() -> None:
    """The second line of a check or caveat starts under the first word, not under the icon."""
    lines = printed(CARD, 40).splitlines()
    (place,) = [number for number, line in enumerate(lines) if "Check:" in line]
    column = cell_len(lines[place].split("Check:")[0])
    assert lines[place + 1].startswith(" " * column)
    assert lines[place + 1].strip()


def test_colour_marks_what_matters() -> None:
    """On a screen the title, the leading sentence and the check are told apart; the words stay the same."""
    coloured = printed(CARD, 80, colour=True)
    assert "\x1b[1;36mDopamine turnover" in coloured
    assert "\x1b[33mCheck:" in coloured
    assert [line.rstrip() for line in re.sub(r"\x1b\[[0-9;]*m", "", coloured).splitlines()] == [
        line.rstrip() for line in printed(CARD, 80).splitlines()
    ]


@given(st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1, max_size=20))
def test_text_is_never_taken_for_markup(text: str) -> None:
    """Square brackets and the like in a text are printed as they are."""
    shown = printed(Reply("answer", (Text(text), Caveat(f"[bold]{text}[/]"))), 200)
    assert text in shown
    assert f"[bold]{text}[/]" in shown


QUESTION = Question(
    "06-q-1",
    "Which way does the arrow [here] point, when all is said and done and the line is long enough to wrap?",
    ("Up, as far as the long words of an authored option can reach on a narrow screen", "Down", "Nowhere"),
    (1,),
    "It points down.",
    "The unit draws an arrow.",
)


@pytest.mark.parametrize("width", [30, 80])
def test_a_question_fits_its_screen(width: int) -> None:
    """Context, question and options are all there, and an option's second line starts under its words."""
    lines = printed(QUESTION, width).splitlines()
    assert max(map(cell_len, lines)) <= width
    words = " ".join(lines).split()
    for text in (QUESTION.context, QUESTION.text, *QUESTION.options):
        rest = iter(words)
        assert all(word in rest for word in text.split())
    (place,) = [number for number, line in enumerate(lines) if "Up, as" in line]
    column = lines[place].index("Up, as")
    assert lines[place][:column].split() == ["1"]
    assert not lines[place + 1][:column].strip()


def test_right_and_wrong_have_their_colours() -> None:
    """What was picked stands in red, what is right in green; through a pipe the marks say the same."""
    wrong = Verdict(False, "Up", "Down", "It would fall.", "It points down.")
    coloured = printed(wrong, 80, colour=True)
    assert "\x1b[1;31mUp" in coloured
    assert "\x1b[1;32mDown" in coloured
    assert written(wrong) == "✗ Up\nIt would fall.\n✓ Down\nIt points down."
    assert written(Verdict(True, "Down", "Down", "", "")) == "✓ Right. (g if you guessed)"


@pytest.mark.parametrize("width", range(40, 90, 7))
def test_no_word_of_a_verdict_is_lost(width: int) -> None:
    """A wide icon amid the remark moves nothing beyond the edge: what the check found starts a line of its own."""
    finding = (
        "🔎 The unit on “Arrows in simple words”: partly supported. In rodents they point down, and so on, always."
    )
    lines = printed(Verdict(False, "Up", "Down", f"It would fall. {finding}", "It points down."), width).splitlines()
    assert max(map(cell_len, lines)) <= width
    assert " ".join(" ".join(lines).split()) == f"✗ Up It would fall. {finding} ✓ Down It points down."


def test_a_question_tells_how_it_is_answered() -> None:
    """Numbers stand before the options in a pipe too, and several right ones are announced."""
    one, many = written(QUESTION), written(replace(QUESTION, several=True))
    assert "\n2. Down\n" in one
    assert one.startswith(QUESTION.context)
    assert "Answer with a number;" in one
    assert "1 3" in many


def test_a_card_alone_stands_clear() -> None:
    """`show` leaves a line free below a card, where something else may follow."""
    screen = io.StringIO()
    show(Console(file=screen, width=80), CARD)
    assert screen.getvalue() == printed(CARD, 80) + "\n"
