"""Quiz items: each rule catches its slip in the right line, sound items pass, and the unit's own set is whole."""

import re
import shutil
from collections import Counter
from pathlib import Path

import pytest

from course.tiny import ITEMS, Tiny
from semax_bot.course.check import check
from semax_bot.course.items import ITEMS_PER_ENTRY
from semax_bot.course.load import Course, load
from semax_bot.course.model import ItemKind, Verdict
from semax_bot.settings import content_folder


@pytest.fixture(scope="module")
def shipped() -> Course:
    """The course that ships."""
    return load(content_folder())


def test_sound_items_pass(quiz: Tiny) -> None:
    """What keeps to the rules has no faults, wrong options with wrong numbers included."""
    assert check(quiz.folder) == []


RULES = {
    "no right option": (
        ("awake\n        right: yes", "awake"),
        ("options:\n      - text: It keeps", "caffeine-does"),
        "no option is right; add `right: yes` to one",
    ),
    "no wrong option": (
        ("- text: In bed, asleep", "- text: In bed, asleep\n        right: yes"),
        ("options:\n      - text: At work", "adenosine-when"),
        "every option is right; add a wrong one",
    ),
    "two right of one": (
        ("- text: Nothing", "- text: Nothing\n        right: yes"),
        ("options:\n      - text: It keeps", "caffeine-does"),
        'kind "definition" has one right option, not 2; keep one, or make it kind "all"',
    ),
    "all of two": (
        ("      - text: In traffic\n        right: yes\n", ""),
        ("options:\n      - text: At work", "adenosine-when"),
        'kind "all" has 3 options at least, not 2; add one, or choose another kind',
    ),
    "myth with a third option": (
        ("- text: Fact", "- text: Both\n      - text: Fact"),
        ("options:\n      - text: Both", "adenosine-tea"),
        'kind "myth" has two options, not 3; keep a myth and a fact',
    ),
    "option twice": (
        ("- text: It makes people drowsy", "- text: it keeps people  A-WAKE!"),
        ("- text: it keeps", "caffeine-does"),
        'the option "it keeps people A-WAKE!" stands here twice; keep one',
    ),
    "reason beside a right option": (
        ("awake\n        right: yes", "awake\n        right: yes\n        why: It blocks a receptor."),
        ("why: It blocks", "caffeine-does"),
        "`why` is for wrong options; put the reason for a right one into `explanation`",
    ),
    "question twice": (
        ("How long does caffeine act?", "what does CAFFEINE do"),
        ("question: what", "caffeine-lasts"),
        "01/item/caffeine-does asks this as well (questions.yaml:2); ask something else, or keep one of the two",
    ),
    "loose number in a question": (
        ("What does caffeine do?", "What does caffeine do for 3 hours?"),
        ("question: What", "caffeine-does"),
        '"3 hours" in `question` stands in no figure and no finding; take it out',
    ),
    "loose number in a context": (
        ("The unit gives a figure.", "The unit gives 55%."),
        ("context: The", "caffeine-lasts"),
        '"55%" in `context` stands in no figure and no finding; take it out',
    ),
    "loose number in an explanation": (
        ("saw 4 h.", "saw 6 h."),
        ("explanation: Five", "caffeine-lasts"),
        '"6 h" in `explanation` stands in no figure and no finding; take it out',
    ),
    "loose number in a right option": (
        ("5 hours\n", "9 hours\n"),
        ("- text: 9 hours", "caffeine-lasts"),
        '"9 hours" in `options` stands in no figure and no finding; take it out',
    ),
    "loose number in a reason": (
        ("That is adenosine.", "That is adenosine, 8 mg of it."),
        ("- text: It makes", "caffeine-does"),
        '"8 mg" in `options` stands in no figure and no finding; take it out',
    ),
    "number of another entry": (
        ("It builds up while", "After 5 hours it builds up while"),
        ("explanation: After", "adenosine-when"),
        '"5 hours" in `explanation` stands in no figure and no finding; take it out',
    ),
}


@pytest.mark.parametrize(("edit", "place", "message"), RULES.values(), ids=RULES)
def test_each_rule_names_line_item_and_way_out(
    quiz: Tiny, edit: tuple[str, str], place: tuple[str, str], message: str
) -> None:
    """A broken rule is one fault, and it leads to the line that must change."""
    line = quiz.edit(*edit, at=place[0])
    assert check(quiz.folder) == [f"{quiz.page}:{line}: 01/item/{place[1]}: {message}"]


def test_a_sign_makes_two_answers(quiz: Tiny) -> None:
    """25% up and 25% down are not the same option; 25% and 25 % are."""
    quiz.edit("- text: 2 h\n", "- text: 2 h\n      - text: +25%\n      - text: −25%\n")
    assert check(quiz.folder) == []
    quiz.edit("- text: −25%", "- text: + 25 %")
    assert [fault.split(": ", 2)[2] for fault in check(quiz.folder)] == [
        'the option "+ 25 %" stands here twice; keep one'
    ]


DISPUTED = {Verdict.CONTRADICTED, Verdict.DOUBTFUL, Verdict.NOT_ESTABLISHED, Verdict.NOT_FOUND}


@pytest.mark.parametrize("verdict", Verdict)
def test_a_disputed_claim_is_somebodys_claim(quiz: Tiny, verdict: Verdict) -> None:
    """What the literature does not bear out is never asked as a plain fact; what it does bear out may be."""
    cards = quiz.folder / "unit-01/unit.yaml"
    cards.write_text(cards.read_text("utf-8").replace("verdict: partly", f"verdict: {verdict}"), "utf-8")
    line = 1 + ITEMS.partition("question: What does")[0].count("\n")
    message = (
        f'{quiz.page}:{line}: 01/item/caffeine-does: 01/term/caffeine has the verdict "{verdict}"; say in question'
    )
    faults = check(quiz.folder)  # the item on hours says 'the unit' in its context
    assert [fault.startswith(message) for fault in faults] == [True] * (verdict in DISPUTED)


@pytest.mark.parametrize(
    ("question", "is_named"),
    [
        ("What does caffeine do, says the Course?", True),
        ("What did studies see caffeine do?", True),
        ("What do the abstracts say that caffeine does?", True),
        ("Studying late: what does caffeine do?", False),
        ("On recheck, what does caffeine do?", False),
    ],
)
def test_whose_claim_it_is_takes_a_whole_word(quiz: Tiny, question: str, is_named: bool) -> None:
    """A word that merely ends in 'check' or begins with 'study' names nobody."""
    cards = quiz.folder / "unit-01/unit.yaml"
    cards.write_text(cards.read_text("utf-8").replace("verdict: partly", "verdict: doubtful"), "utf-8")
    quiz.edit("question: What does caffeine do?", f'question: "{question}"')
    assert (check(quiz.folder) == []) is is_named


def test_every_entry_is_tested_twice_or_the_unit_not_at_all(quiz: Tiny) -> None:
    """No card of a quizzed unit is left out, in whatever place an item names it; a unit without items is no fault."""
    quiz.edit("[01/term/caffeine, 01/term/adenosine]", "[01/term/adenosine, 01/term/caffeine]")
    assert check(quiz.folder) == []
    quiz.edit("[01/term/adenosine, 01/term/caffeine]", "[01/term/adenosine]")
    quiz.edit("Five hours, says the unit; one study saw 4 h.", "For some hours.")
    quiz.edit("5 hours\n", "For long\n")
    cards = quiz.folder / "unit-01/unit.yaml"
    line = 1 + cards.read_text("utf-8").partition("- id: 01/term/caffeine")[0].count("\n")
    assert check(quiz.folder) == [
        f"{cards}:{line}: 01/term/caffeine: is tested by 1 of the unit's items, 2 at least; write another one for it"
    ]
    quiz.page.unlink()
    assert check(quiz.folder) == []


def test_an_item_that_cannot_be_read_leaves_no_entry_untested(quiz: Tiny) -> None:
    """One slip of form is one fault, not a second one for the entry that the item was to test."""
    quiz.edit("kind: figure", "kind: figures")
    assert [fault.split(": ", 2)[2] for fault in check(quiz.folder)] == [
        f'"kind" cannot be "figures"; write {", ".join(list(ItemKind)[:-1])} or all'
    ]


@pytest.mark.parametrize(
    ("awake", "length"), [("It keeps people awake and up", "longest"), ("It wakes", "shortest"), ("Nothing.", "")]
)
def test_length_does_not_tell(quiz: Tiny, awake: str, length: str) -> None:
    """Who picks the longest or the shortest option without reading gets nowhere; two of one length tell nothing."""
    quiz.edit("- text: It keeps people awake", f"- text: {awake}")
    quiz.edit("- text: Nothing\n", "- text: A bit of both.\n" if length else "- text: Not much\n")
    message = (
        f"unit: the {length} option is right in 1 of 2 items, 40% at most; make options more alike in "
        "01/item/caffeine-does"
    )
    expected = [f"{quiz.folder / 'unit-01/unit.yaml'}:2: {message}"] if length else []
    assert check(quiz.folder) == expected


def test_the_units_own_set_is_large_and_mixed(shipped: Course) -> None:
    """There is enough to quiz on for weeks, of every kind and difficulty, and every card is tested."""
    items = shipped.items.values()
    kinds, levels = Counter(item.kind for item in items), Counter(item.difficulty for item in items)
    tested = Counter(name for item in items for name in item.entries)
    assert len(items) >= 95
    assert all(kinds[kind] >= 6 for kind in ItemKind)
    assert all(levels[level] >= len(items) // 5 for level in (1, 2, 3))
    assert all(tested[name] >= ITEMS_PER_ENTRY for name in shipped.entries)


def test_myths_and_facts_are_both_asked(shipped: Course) -> None:
    """Always tapping 'Myth' does not pay much."""
    myths = [item for item in shipped.items.values() if item.kind is ItemKind.MYTH]
    facts = [item for item in myths if any(option.right and option.text == "Fact" for option in item.options)]
    assert 0.3 <= len(facts) / len(myths) <= 0.7


def test_no_item_speaks_of_positions_or_doses(shipped: Course) -> None:
    """Options are shuffled, so none may lean on another; and a quiz never names an amount to take."""
    texts = [
        text
        for item in shipped.items.values()
        for text in (item.question, item.context, item.explanation, *(option.text for option in item.options))
    ]
    forbidden = re.compile(r"all of the above|none of the above|both of these|option [A-E1-5]\b|\d\s?(?:mg|µg|mcg)\b")
    assert [text for text in texts if forbidden.search(text)] == []


def test_a_slip_in_the_units_own_items_is_seen(tmp_path: Path) -> None:
    """The rules work in the size and the style of the real set: a number that nobody found is named."""
    page = Path(shutil.copytree(content_folder(), tmp_path / "content")) / "unit-06/questions.yaml"
    spoiled, count = re.subn(
        r"(?m)^(    explanation: (?:>-\n +)?)(?=\w)", r"\1It rose by 77%. ", page.read_text("utf-8"), count=1
    )
    assert count == 1
    page.write_text(spoiled, "utf-8")
    assert ['"77%" in `explanation`' in fault for fault in check(page.parents[1])] == [True]
