"""Rounds: first attempts count, a miss returns once, a slip is asked again, and every round ends."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from semax_bot.quiz.round import after, finished, from_json, score, taken_back, to_json
from semax_bot.quiz.values import Mode, Round, Step


def begun(items: str, mode: Mode = Mode.QUIZ) -> Round:
    """A round over items of one letter each."""
    return Round(mode, tuple(Step(name, practice=mode is Mode.CRAM) for name in items))


def coming(current: Round) -> str:
    """What is to come; a repeat has a small letter."""
    return "".join(step.item.lower() if step.practice else step.item for step in current.coming)


def played(current: Round, answers: str) -> Round:
    """The round after a few answers, + or -."""
    for sign in answers:
        current = after(current, current.coming[0], sign == "+")
    return current


@pytest.mark.parametrize(
    ("items", "answers", "left"),
    [
        ("ABCDE", "-", "BCaDE"),
        ("ABCDE", "--", "CabDE"),
        ("ABC", "-", "BCa"),
        ("AB", "-", "Ba"),
        ("A", "-", ""),
        ("ABC", "+-", "Cb"),
        ("ABC", "++-", ""),
        ("AB", "-+-", ""),
    ],
)
def test_a_miss_returns_once_after_other_items(items: str, answers: str, left: str) -> None:
    """Two items stand in between, or the one that is left; with none left there is no repeat, nor a second one."""
    assert coming(played(begun(items), answers)) == left


def test_the_score_counts_first_attempts() -> None:
    """A repeat that goes right mends nothing, one that goes wrong costs nothing."""
    done = played(begun("AB"), "-++")
    assert finished(done)
    assert (score(done), done.right, done.missed) == ((1, 2), ("B",), ("A",))
    assert score(played(begun("AB"), "-+-")) == (1, 2)
    assert score(begun("AB")) == (0, 0)


def test_cramming_is_scored_and_repeats_as_well() -> None:
    """Practice has a score of its own, though none of its steps moves the schedule."""
    current = played(begun("ABC", Mode.CRAM), "-")
    assert coming(current) == "bca"
    assert score(played(current, "++-")) == (2, 3)


def test_an_answer_that_comes_twice_counts_once() -> None:
    """A poll answered again, or for an item that is not in the round, changes nothing."""
    first = Step("A")
    once = after(begun("ABC"), first, False)
    assert after(once, first, True) == once
    assert after(once, Step("Z"), True) == once


def test_an_answer_out_of_turn_is_taken_where_it_stands() -> None:
    """A late answer to an earlier question leaves the others in their order."""
    assert coming(after(begun("ABC"), Step("B"), True)) == "AC"


def test_a_slip_is_asked_again_and_graded() -> None:
    """Its first attempt is uncounted, its repeat dropped, and it comes again: at the end at the latest."""
    current = taken_back(played(begun("ABCDE"), "-"), "A")
    assert (coming(current), score(current)) == ("BCADE", (0, 0))
    last = taken_back(played(begun("A"), "+"), "A")
    assert (coming(last), score(last)) == ("A", (0, 0))
    assert coming(taken_back(played(begun("AB"), "+"), "A")) == "BA"
    assert coming(taken_back(played(begun("AB", Mode.CRAM), "+"), "A")) == "ba"


def test_a_slip_is_taken_back_once() -> None:
    """Pressed twice, or for what was never answered, the button changes nothing."""
    once = taken_back(played(begun("ABC"), "+"), "A")
    assert taken_back(once, "A") == once
    assert taken_back(begun("ABC"), "B") == begun("ABC")


@settings(max_examples=300, deadline=None)
@given(
    st.integers(1, 8),
    st.sampled_from(list(Mode)),
    st.lists(st.tuples(st.booleans(), st.sampled_from([None] * 6 + list("ABCDEFGH"))), max_size=40),
)
def test_every_round_ends_with_nothing_lost(size: int, mode: Mode, moves: list[tuple[bool, str | None]]) -> None:
    """Any answers and slips, stored and read back each time: all items count once, and repeats keep their distance."""
    items = "ABCDEFGH"[:size]
    current = begun(items, mode)
    moving = iter(moves)
    asked, slips = list[Step](), 0
    while not finished(current):
        right, slip = next(moving, (False, None))
        asked.append(current.coming[0])
        current = from_json(to_json(after(current, asked[-1], right)))
        if slip:
            before = current
            current = taken_back(current, slip)
            slips += current != before
        waiting = [step.item for step in current.coming]
        assert len(set(waiting)) == len(waiting)
        assert not set(current.right) & set(current.missed)
        assert {*current.right, *current.missed, *waiting} == set(items)
    assert score(current)[1] == size
    assert len(asked) <= 2 * size + 2 * slips
    if not slips:
        assert all(one.item != other.item for one, other in pairwise(asked))
        assert all(sum(step.item == name for step in asked) <= 2 for name in items)
        if mode is not Mode.CRAM:
            assert "".join(step.item for step in asked if not step.practice) == items


def test_a_broken_state_is_refused() -> None:
    """What is not a round is an error here, not a strange quiz later."""
    with pytest.raises(ValueError, match="mode"):
        from_json('{"mode": "exam", "coming": []}')
