"""The promises of answering, over texts that nobody thought of."""

import string
from dataclasses import replace

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from semax_bot.answering.index import SHORTLIST
from semax_bot.answering.vectors import Vectors
from semax_bot.course.load import load
from semax_bot.reply import plain
from semax_bot.settings import content_folder
from semax_bot.telegram.render import html, keyboard
from semax_bot.tutor import Tutor
from standin.markup import visible

COURSE = load(content_folder())
TUTOR = Tutor(COURSE)
ENGLISH = Vectors.shipped()
NAMES = [
    (name, entry.home or entry.id)
    for entry in COURSE.entries.values()
    for name in (entry.title, *entry.aliases)
    if max(map(len, name.split())) > 5 and name.isascii() and not any(c in name for c in "-/(")
]


@given(st.text(max_size=4096))
@settings(max_examples=150, deadline=None)
def test_any_text_gets_one_valid_reply(text: str) -> None:
    """Whatever is typed, the reply is one message that Telegram takes: its HTML, its length, its buttons."""
    reply = TUTOR.ask(text)
    assert plain(reply).strip()
    assert len(visible(html(reply))) <= 4096
    markup = keyboard(reply)
    rows = markup.inline_keyboard if markup else ()
    assert all(1 <= len(str(button.callback_data).encode()) <= 64 for row in rows for button in row)
    assert (reply.entry is not None) == (reply.kind == "answer")
    assert 0 <= reply.confidence <= 1
    assert len(reply.entries) <= 5


@given(st.text(max_size=200))
@settings(max_examples=100, deadline=None)
def test_the_same_question_gets_the_same_reply(text: str) -> None:
    """Answering is deterministic, whatever was asked in between."""
    first = TUTOR.ask(text)
    TUTOR.ask("what is dopac")
    assert TUTOR.ask(text) == first


@st.composite
def misspelt(draw: st.DrawFn) -> tuple[str, str]:
    """A name of an entry with one slip in its longest word: a letter lost, doubled, changed, or two swapped."""
    name, entry = draw(st.sampled_from(NAMES))
    word = max(name.split(), key=len)
    at = draw(st.integers(1, len(word) - 2))
    letter = draw(st.sampled_from(string.ascii_lowercase))
    slips = [
        word[:at] + word[at + 1 :],
        word[:at] + word[at] + word[at:],
        word[:at] + letter + word[at + 1 :],
        word[:at] + word[at + 1] + word[at] + word[at + 2 :],
    ]
    slip = draw(st.sampled_from(slips))
    assume(slip.casefold() not in ENGLISH)  # 'inserted U' is no typo that anyone could tell
    return name.replace(word, slip), entry


@given(misspelt())
@settings(max_examples=200, deadline=None)
def test_a_name_with_one_typo_still_finds_its_entry(case: tuple[str, str]) -> None:
    """A slip in a title or an alias does not lead away from its entry: it is among the first three."""
    name, entry = case
    assert entry in TUTOR.ask(name).entries[:3]


def test_a_large_course_is_answered_from_a_shortlist() -> None:
    """With more owners than the shortlist holds, the card found is the same as in a small course."""
    filler = next(iter(COURSE.entries.values())).model_copy(update={"aliases": (), "asks": ("zzyzx",), "home": None})
    many = {
        f"06/term/filler-{i}": filler.model_copy(update={"id": f"06/term/filler-{i}", "title": f"Filler {i}"})
        for i in range(2 * SHORTLIST)
    }
    large = Tutor(replace(COURSE, entries={**COURSE.entries, **many}))
    for question in (
        "where is the locus coeruleus",
        "is it addictive",
        "how much does HAM-D fall",
        "the half-life of semax",
    ):
        assert (large.ask(question).kind, large.ask(question).entry) == (
            TUTOR.ask(question).kind,
            TUTOR.ask(question).entry,
        )
