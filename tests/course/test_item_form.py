"""Quiz items on the way in: what an author writes is what the quiz gets, and what Telegram would refuse never loads."""

import pytest

from course.tiny import Tiny
from semax_bot.course.load import load
from semax_bot.course.model import ItemKind
from semax_bot.errors import ContentError

FOLLOWS = "\n    explanation: It takes"  # the end of the first item's options


def test_items_come_out_as_they_were_written(quiz: Tiny) -> None:
    """The quiz gets items by id in reading order, with `yes` under an option read as a yes."""
    course = load(quiz.folder)
    names = ["caffeine-does", "caffeine-lasts", "adenosine-when", "adenosine-tea"]
    assert list(course.items) == [f"01/item/{name}" for name in names]
    lasts = course.items["01/item/caffeine-lasts"]
    assert (lasts.kind, lasts.difficulty, lasts.context) == (ItemKind.FIGURE, 2, "The unit gives a figure.")
    assert [(option.text, option.right) for option in lasts.options] == [
        ("12 hours", False),
        ("2 h", False),
        ("5 hours", True),
    ]


@pytest.mark.parametrize(("written", "right"), [("yes", True), ("true", True), ("True", True), ("no", False)])
def test_right_may_be_written_as_people_do(quiz: Tiny, written: str, right: bool) -> None:
    """YAML's many spellings of yes mean yes, although every value is read as a text."""
    quiz.edit("In traffic\n        right: yes", f"In traffic\n        right: {written}")
    assert load(quiz.folder).items["01/item/adenosine-when"].options[1].right is right


FORM = {
    "one option": (
        ("      - text: Fact\n        why: It is our own.\n", ""),
        '"options" lists 1, 2 at least; add some',
    ),
    "six options": (
        (FOLLOWS, "\n" + "\n".join(f"      - text: {name}" for name in "ABC") + FOLLOWS),
        '"options" lists 6, 5 at most; leave some out',
    ),
    "no entry": (("entries: [01/term/caffeine]", "entries: []"), '"entries" lists 0, 1 at least; add some'),
    "long option": (("- text: Nothing", f"- text: {'N' * 101}"), '"text" has 101 characters, 100 at most'),
    "long reason": (("That is adenosine.", "T" * 151), '"why" has 151 characters, 150 at most'),
    "long question": (("What does caffeine do?", "W" * 281), '"question" has 281 characters, 280 at most'),
    "long explanation": (("It takes the place of adenosine.", "I" * 201), '"explanation" has 201 characters, 200'),
    "long context": (("The unit gives a figure.", "T" * 401), '"context" has 401 characters, 400 at most'),
    "four lines": (
        (
            "explanation: It takes the place of adenosine.",
            "explanation: |\n      It\n      takes\n      its\n      place",
        ),
        "why the right option is right, on three lines at most (Telegram's limit)",
    ),
    "unclear right": (
        ("- text: Nothing", "- text: Nothing\n        right: maybe"),
        '"right" is not right: input should',
    ),
    "difficulty": (("difficulty: 3", "difficulty: 4"), '"difficulty" is not right: input should be less than or equal'),
    "misspelt key": (("explanation: It takes", "explanaton: It takes"), 'did you mean "explanation"?'),
    "misspelt key of an option": (("why: That", "wy: That"), 'unknown key "wy"; did you mean "why"?'),
    "id of another kind": (
        ("id: 01/item/caffeine-does", "id: 01/quiz/caffeine"),
        "write unit/item/name, e.g. 06/item/dopac-is",
    ),
    "entry that is not there": (
        ("entries: [01/term/caffeine]", "entries: [01/term/cafeine]"),
        '"entries" names the entry "01/term/cafeine", which does not exist; did you mean "01/term/caffeine"?',
    ),
    "other unit's item": (("id: 01/item/caffeine-does", "id: 02/item/caffeine-does"), "its id must be "),
    "id twice": (
        ("id: 01/item/caffeine-lasts", "id: 01/item/caffeine-does"),
        "this id stands in questions.yaml:2 already; choose another, or merge the two",
    ),
    "section that is not there": (
        ("adenosine.\n    section: terms", "adenosine.\n    section: trms"),
        '"section" names the section "trms", which does not exist',
    ),
}


@pytest.mark.parametrize(("edit", "message"), FORM.values(), ids=FORM)
def test_the_bot_does_not_start_on_an_item_it_could_not_send(quiz: Tiny, edit: tuple[str, str], message: str) -> None:
    """Telegram's limits and the links hold before any learner meets the item."""
    quiz.edit(*edit)
    with pytest.raises(ContentError) as caught:
        load(quiz.folder)
    assert len([fault for fault in caught.value.faults if message in fault]) == 1, str(caught.value)


def test_three_lines_are_allowed(quiz: Tiny) -> None:
    """An explanation may use the two line feeds that Telegram lets through."""
    quiz.edit("explanation: It takes the place of adenosine.", "explanation: |\n      It\n      takes\n      its place")
    assert load(quiz.folder).items["01/item/caffeine-does"].explanation == "It\ntakes\nits place"
