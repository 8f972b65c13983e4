"""Shuffling: no place is likelier than another, and what was picked finds back to what was written."""

from collections import Counter
from random import Random

import pytest

from quiz.made import item
from semax_bot.course.load import Course
from semax_bot.quiz.judge import judge
from semax_bot.quiz.shuffle import authored, question, shown


@pytest.mark.parametrize("options", ["+-", "+--", "+---", "++---"])
def test_every_place_is_as_likely(options: str) -> None:
    """Who always taps the first option must not do well: each option stands in each place equally often."""
    rng, rounds = Random(20), 6000
    asked = item("one", options=options)
    seen = Counter(pair for _ in range(rounds) for pair in enumerate(shown(asked, rng)))
    even = rounds / len(options)
    assert len(seen) == len(options) ** 2
    assert all(abs(count - even) < 5 * even**0.5 for count in seen.values())


def test_the_units_right_answers_take_every_place(course: Course) -> None:
    """Over the unit's own items with four options, the right one is shown in each place about equally often."""
    rng = Random(6)
    four = [
        each for each in course.items.values() if len(each.options) == 4 and sum(o.right for o in each.options) == 1
    ]
    places = Counter(question(each, shown(each, rng)).right[0] for each in four for _ in range(50))
    even = len(four) * 50 / 4
    assert all(abs(places[place] - even) < 5 * even**0.5 for place in range(4))


def test_a_question_names_the_right_options_where_they_stand(course: Course) -> None:
    """Whatever the order, the places called right hold the right texts, and picking them is judged right."""
    rng = Random(7)
    for each in course.items.values():
        order = shown(each, rng)
        asked = question(each, order)
        assert sorted(asked.options) == sorted(option.text for option in each.options)
        assert {asked.options[place] for place in asked.right} == {o.text for o in each.options if o.right}
        assert judge(each, authored(order, asked.right))
        wrong = set(range(len(order))) - set(asked.right)
        assert not judge(each, authored(order, wrong))
        assert asked.several == (each.kind == "all")
        assert (asked.text, asked.explanation, asked.context) == (each.question, each.explanation, each.context)
