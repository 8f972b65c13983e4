"""Judging: exactly the right set is right, and the line after it says why and what the evidence is."""

from itertools import combinations

from quiz.made import item
from semax_bot.course.load import Course
from semax_bot.quiz.judge import DISAGREES, HINT, because, hint, judge


def test_right_means_exactly_the_right_set() -> None:
    """One too few, one too many, or nothing at all is wrong."""
    several = item("one", options="+-+-")
    choices = [set(picked) for count in range(5) for picked in combinations(range(4), count)]
    assert [picked for picked in choices if judge(several, picked)] == [{0, 2}]
    assert judge(several, [2, 0, 2])


def test_a_wrong_choice_gets_its_own_reason(course: Course) -> None:
    """The learner hears about the option that was chosen, then what the check found, on one line."""
    line = because(course, course.items["06/item/dopac-is"], {0})
    assert line.startswith(
        "That is 5-HIAA. 🔎 The unit on “DOPAC”: contradicted. In the rodent study behind the claim,"
    )
    assert line.endswith(".")
    assert "\n" not in line


def test_evidence_that_disagrees_follows_a_right_answer_too(course: Course) -> None:
    """Nobody may leave a disputed claim with applause only; where nothing disputes it, there is nothing to add."""
    for each in course.items.values():
        right = {place for place, option in enumerate(each.options) if option.right}
        check = course.entries[each.entries[0]].source_check
        line = because(course, each, right)
        if check and check.verdict in DISAGREES:
            assert line.startswith("🔎 The unit on ")
            assert line.count("🔎") == 1
        else:
            assert line == ""


def test_findings_are_cut_at_a_sentence(course: Course) -> None:
    """Every line is short enough to be read before the next question, and never stops in mid-sentence."""
    for each in course.items.values():
        for place in range(len(each.options)):
            line = because(course, each, {place})
            assert len(line) <= 330
            assert len(line.partition("🔎")[2]) <= 240
            assert "\n" not in line
            assert not line or line[-1] in ".!?)"


def test_what_was_left_out_is_named(course: Course) -> None:
    """With several right answers, a choice that is right as far as it goes is told what was missing."""
    several = course.items["06/item/bdnf-where"]
    first, other = (place for place, option in enumerate(several.options) if option.right)
    assert because(course, several, {first}).startswith(f"Also right: {several.options[other].text}.")


def test_the_explanation_stands_in_for_a_missing_reason(course: Course) -> None:
    """An option without a reason, or an answer without any option, still gets an explanation."""
    silent = [
        (each, place)
        for each in course.items.values()
        for place, option in enumerate(each.options)
        if not option.right and not option.why
    ]
    assert silent
    for each, place in silent:
        assert because(course, each, {place}).startswith(" ".join(each.explanation.split()))
    assert because(course, each, set()).startswith(" ".join(each.explanation.split()))


def test_a_hint_is_short_and_never_names_the_right_option(course: Course) -> None:
    """It should help to think, and Telegram shows no more than 200 characters over a poll."""
    for each in course.items.values():
        text = hint(course, each)
        assert 3 < len(text) <= HINT
        for option in each.options:
            assert not option.right or option.text.casefold() not in text.casefold()
