"""Choosing: due before new, fair to sections, neighbours that differ, and never an item twice."""

from collections import Counter
from datetime import datetime, timedelta
from itertools import combinations, pairwise
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quiz.made import NOW, card, item
from semax_bot.course.load import Course
from semax_bot.course.model import Item
from semax_bot.quiz.choose import NEW_A_DAY, Memory, about, choose, cram, for_chat, practice, reading_order
from semax_bot.quiz.values import Step
from semax_bot.schedule.values import Card

DAY = timedelta(days=1)
NOTHING = Memory({}, NOW)


def remembering(*cards: Card) -> Memory:
    """A learner with these cards."""
    return Memory({each.item: each for each in cards}, NOW)


def mains(course: Course, steps: tuple[Step, ...]) -> list[str]:
    """The main entry of each step."""
    return [course.items[step.item].entries[0] for step in steps]


def clashes(entries: list[str]) -> int:
    """How many neighbours test the same entry."""
    return sum(one == other for one, other in pairwise(entries))


def fewest(entries: tuple[str, ...]) -> int:
    """The fewest clashes that any order of these has: what is left when all others stand between the commonest."""
    commonest = max(Counter(entries).values(), default=0)
    return max(0, 2 * commonest - len(entries) - 1)


def test_due_comes_first_and_longest_overdue_before_all() -> None:
    """What is about to be forgotten is not put off for something new."""
    items = [item(f"number-{n}", f"entry-{n}") for n in range(6)]
    memory = remembering(*(card(items[n], -late * DAY) for n, late in ((0, 1), (1, 9), (2, 4), (3, -1))))
    steps = choose(items, memory, 4, 10, Random(1))
    assert [step.item for step in steps[:3]] == [items[n].id for n in (1, 2, 0)]
    assert steps[3].item in {items[4].id, items[5].id}


def test_a_review_has_only_what_is_due() -> None:
    """With no new items left, items never seen, not yet due or set aside stay out."""
    items = [item(f"number-{n}") for n in range(4)]
    memory = remembering(card(items[0], -DAY), card(items[1], DAY), card(items[2], -DAY, aside=True))
    assert choose(items, memory, 5, 0, Random(1)) == (Step(items[0].id),)
    assert choose(items, NOTHING, 5, -3, Random(1)) == ()


def test_cramming_takes_anything_as_practice() -> None:
    """Seen, set aside or new: whoever crams may meet all of it, and nothing of it is graded."""
    items = [item(f"number-{n}", f"entry-{n % 2}") for n in range(6)]
    steps = cram(items, 20, Random(1))
    assert {step.item for step in steps} == {each.id for each in items}
    assert all(step.practice for step in steps)
    assert len(cram(items, 4, Random(1))) == 4
    assert practice([Step("x")]) == (Step("x", practice=True),)


def test_new_items_are_spread_over_sections(course: Course) -> None:
    """Whoever starts meets all eight sections once before any comes again, each from its easiest item."""
    items = reading_order(course)
    steps = choose(items, NOTHING, 8, NEW_A_DAY, Random(3))
    asked = [course.items[step.item] for step in steps]
    assert {each.section for each in asked} == {section.id for section in course.units[6].sections}
    for each in asked:
        easiest = min(other.difficulty for other in items if other.section == each.section)
        assert each.difficulty == easiest


def test_round_after_round_meets_every_item_once(course: Course) -> None:
    """Sections take turns across rounds too, so that none waits for another to be finished, and no item is lost."""
    items, cards, asked = reading_order(course), dict[str, Card](), list[Step]()
    while steps := choose(items, Memory(cards, NOW), 5, 5, Random(len(cards))):
        asked += steps
        cards |= {step.item: card(course.items[step.item], DAY) for step in steps}
    assert sorted(step.item for step in asked) == sorted(course.items)
    turns = Counter(course.items[step.item].section for step in asked[:40])
    sizes = Counter(each.section for each in items)
    assert all(turns[name] == sizes[name] or turns[name] >= max(turns.values()) - 2 for name in sizes)


def test_items_stand_in_reading_order(course: Course) -> None:
    """The sections come as a reader meets them, whatever the order of the file."""
    sections = list(dict.fromkeys(each.section for each in reading_order(course)))
    assert sections == [section.id for section in course.units[6].sections]
    assert len(reading_order(course)) == len(course.items)


ASIDE = -9  # due for nine days, and set aside
DECK = st.lists(
    st.tuples(
        st.sampled_from("abc"),
        st.sampled_from("xy"),
        st.integers(1, 3),
        st.sampled_from([None, None, -2, -1, 1, ASIDE]),
    ),
    max_size=9,
)


@settings(max_examples=300, deadline=None)
@given(DECK, st.integers(1, 6), st.integers(-1, 6), st.integers(0, 9))
def test_rounds_keep_their_promises(
    deck: list[tuple[str, str, int, int | None]], size: int, new_left: int, seed: int
) -> None:
    """As many due items as fit, new ones up to the limit, none twice, none aside, and as few clashes as can be."""
    items, cards = list[Item](), dict[str, Card]()
    for number, (entry, section, difficulty, days) in enumerate(deck):
        items.append(item(f"number-{number}", entry, section, difficulty))
        if days is not None:
            cards[items[-1].id] = card(items[-1], days * DAY, aside=days == ASIDE)
    steps = choose(items, Memory(cards, NOW), size, new_left, Random(seed))
    entries = {each.id: each.entries[0] for each in items}
    ids = [step.item for step in steps]
    due = [name for name, each in cards.items() if each.due <= NOW and not each.aside]
    new = [each.id for each in items if each.id not in cards]

    assert len(set(ids)) == len(ids)
    assert set(ids) <= {*due, *new}
    old_count = min(size, len(due))
    new_count = max(0, min(size - old_count, new_left, len(new)))
    assert (len(set(ids) & set(due)), len(set(ids) & set(new))) == (old_count, new_count)
    assert not any(step.practice for step in steps)
    assert clashes([entries[name] for name in ids]) == min(
        fewest(tuple(entries[name] for name in (*old, *fresh)))
        for old in combinations(due, old_count)
        for fresh in combinations(new, new_count)
    )


@pytest.mark.parametrize("entry", ["06/term/dopac", "06/system/dopamine", "06/term/vmat"])
@pytest.mark.parametrize("size", [1, 5, 20])
def test_a_topic_takes_its_own_items_then_related_ones(course: Course, entry: str, size: int) -> None:
    """'Quiz me on this' is about this; it ends early rather than repeat or stray, whatever the daily limit."""
    steps = about(course, [entry], NOTHING, size, Random(5))
    near = {entry, *course.entries[entry].related}
    own = [entry in course.items[step.item].entries for step in steps]
    reach = [each for each in course.items.values() if near & set(each.entries)]
    assert own == sorted(own, reverse=True)
    assert sum(own) == min(size, sum(entry in each.entries for each in reach))
    assert len(steps) == len({step.item for step in steps}) == min(size, len(reach))
    assert all(near & set(course.items[step.item].entries) for step in steps)


def test_a_topic_starts_with_what_is_due_and_brings_back_leeches(course: Course) -> None:
    """Asked for by topic, an item that was set aside returns; then new ones; what is known waits for the end."""
    own = [each for each in course.items.values() if "06/term/dopac" in each.entries]
    memory = remembering(card(own[0], 9 * DAY), card(own[1], -DAY), card(own[2], DAY, aside=True))
    steps = about(course, ["06/term/dopac"], memory, 2, Random(1))
    assert {step.item for step in steps} == {own[1].id, own[2].id}
    every = about(course, ["06/term/dopac"], memory, len(own), Random(1))
    assert {step.item for step in every} == {each.id for each in own}
    all_but_one = about(course, ["06/term/dopac"], memory, len(own) - 1, Random(1))
    assert own[0].id not in {step.item for step in all_but_one}


def test_neighbours_differ_within_a_wide_topic(course: Course) -> None:
    """Where a topic's items test several entries, they take turns."""
    entries = ["06/system/dopamine", "06/system/serotonin", "06/system/norepinephrine"]
    assert clashes(mains(course, about(course, entries, NOTHING, 6, Random(2)))) == 0


def test_a_chat_meets_every_item_before_one_returns(course: Course) -> None:
    """Question by question: sections take turns, the easier ones of each first; then the longest unasked is next."""
    items, asked, order = reading_order(course), dict[str, datetime](), list[str]()
    for minute in range(len(items) + 3):
        (step,) = for_chat(course, items, (), asked, 1, Random(minute))
        asked[step.item] = NOW + timedelta(minutes=minute)
        order.append(step.item)
    assert sorted(order[: len(items)]) == sorted(course.items)
    assert order[len(items) :] == order[:3]
    assert {course.items[name].section for name in order[:8]} == {each.section for each in items}
    levels: dict[str, list[int]] = {}
    for name in order[: len(items)]:
        levels.setdefault(course.items[name].section, []).append(course.items[name].difficulty)
    assert all(each == sorted(each) for each in levels.values())


def test_a_chats_round_on_a_topic_keeps_to_it(course: Course) -> None:
    """Its own items come first, those not asked here before the others; then related ones; then it ends."""
    items, entries = reading_order(course), ["06/term/dopac"]
    own = [each.id for each in items if entries[0] in each.entries]
    near = {each.id for each in items if set(course.entries[entries[0]].related) & set(each.entries)} - set(own)
    asked = {own[0]: NOW}
    every = [step.item for step in for_chat(course, items, entries, asked, 20, Random(1))]
    assert set(every[: len(own)]) == set(own)
    assert set(every[len(own) :]) <= near
    assert len(every) == len(set(every)) == min(20, len(own) + len(near))
    fewer = [step.item for step in for_chat(course, items, entries, asked, len(own) - 1, Random(1))]
    assert set(fewer) == set(own) - {own[0]}


@pytest.mark.parametrize(
    ("first_seen", "zone", "count"),
    [
        ("2026-11-23T23:30+00:00", "Europe/Berlin", 1),
        ("2026-11-23T22:30+00:00", "Europe/Berlin", 0),
        ("2026-11-23T22:30+00:00", "Pacific/Auckland", 1),
        ("2026-11-24T03:00+00:00", "America/New_York", 0),
    ],
)
def test_a_day_is_the_learners_own(first_seen: str, zone: str, count: int) -> None:
    """The ten new items of a day begin at the learner's midnight, not at that of UTC."""
    memory = remembering(card(item("one"), DAY, seen=datetime.fromisoformat(first_seen)))
    assert memory.new_today(ZoneInfo(zone)) == count
