"""Memory: what counts as graded and as which rating, leeches, and that FSRS alone does the arithmetic."""

from datetime import UTC, datetime, timedelta, timezone
from random import Random

import fsrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quiz.made import item
from semax_bot.course.model import Item
from semax_bot.schedule.memory import LEECH, due, mastered, remembered, retrievability
from semax_bot.schedule.values import Attempt, Card, Event

START = datetime(2026, 11, 2, 18, 0, tzinfo=UTC)
ITEM = item("three")
COIN = item("two", options="+-")
AGAIN, HARD, GOOD = fsrs.Rating.Again, fsrs.Rating.Hard, fsrs.Rating.Good


def answers(text: str) -> list[Attempt]:
    """One answer a day: + right, - wrong, h right after a hint, p wrong in practice."""
    return [
        Attempt(
            id=number,
            item=ITEM.id,
            at=START + timedelta(days=number),
            right=sign in "+h",
            hinted=sign == "h",
            practice=sign == "p",
        )
        for number, sign in enumerate(text, start=1)
    ]


def correction(event: Event, of: int | None, number: int) -> Attempt:
    """A row about an earlier attempt."""
    return Attempt(id=number, item=ITEM.id, at=START + timedelta(days=number), event=event, of=of)


def by_hand(log: list[Attempt], ratings: list[fsrs.Rating]) -> fsrs.Card:
    """The package itself, called as its manual says."""
    scheduler = fsrs.Scheduler(
        desired_retention=0.9, learning_steps=(), relearning_steps=(), maximum_interval=36500, enable_fuzzing=False
    )
    memory = fsrs.Card(card_id=7, due=START)
    for row, rating in zip(log, ratings, strict=True):
        memory, _ = scheduler.review_card(memory, rating, row.at)
    return memory


def known(log: list[Attempt], of: Item = ITEM) -> Card:
    """The card of a log in which something was graded."""
    card = remembered(of, log)
    assert card is not None
    return card


def same(card: Card, memory: fsrs.Card) -> bool:
    """Whether a card holds FSRS's own values, to the last bit."""
    return (card.stability, card.difficulty, card.due) == (memory.stability, memory.difficulty, memory.due)


@pytest.mark.parametrize(
    ("sign", "stability", "days"), [("-", 0.212, 1), ("h", 1.2931, 1), ("+", 2.3065, 2)], ids=["again", "hard", "good"]
)
def test_the_first_answer_starts_from_the_default_weights(sign: str, stability: float, days: int) -> None:
    """Changed weights, steps of minutes or a fuzz would move every learner's dates."""
    card = known(answers(sign))
    assert card.stability == pytest.approx(stability, abs=1e-9)
    assert card.due == card.last_review + timedelta(days=days)


def test_ratings_follow_the_answer() -> None:
    """Wrong is Again, right is Good, right after a hint is Hard."""
    log = answers("+-h+")
    assert same(known(log), by_hand(log, [GOOD, AGAIN, HARD, GOOD]))


def test_a_lucky_guess_is_hard_at_its_own_place() -> None:
    """'I guessed' is about the attempt that it names, however late it is said; on a wrong answer it changes nothing."""
    log = answers("++-+")
    marked = [*log, correction(Event.GUESSED, 2, 5), correction(Event.GUESSED, 3, 6)]
    assert same(known(marked), by_hand(log, [GOOD, HARD, AGAIN, GOOD]))


def test_two_options_are_half_a_guess_until_once_right() -> None:
    """The first right answer on a two-option item is Hard, even after misses; the next is Good."""
    log = answers("-++")
    assert same(known(log, COIN), by_hand(log, [AGAIN, HARD, GOOD]))


def test_a_slip_leaves_no_trace() -> None:
    """A right answer that was taken back is as if never given: the next one is the first, and Hard on two options."""
    log = answers("++-")
    taken = [*log, correction(Event.TAKEN_BACK, 1, 4), correction(Event.TAKEN_BACK, 3, 5)]
    assert same(known(taken, COIN), by_hand(log[1:2], [HARD]))
    assert known(taken, COIN).first_review == log[1].at
    assert remembered(ITEM, [*answers("-"), correction(Event.TAKEN_BACK, 1, 2)]) is None


def test_practice_moves_nothing() -> None:
    """Repeats in a round and cramming are in the log, and not in the schedule."""
    assert known(answers("+p")) == known(answers("+"))
    assert remembered(ITEM, answers("pp")) is None
    assert remembered(ITEM, []) is None


def test_six_misses_set_an_item_aside() -> None:
    """Right answers in between do not save it; practice and slips do not count against it."""
    assert not known(answers("--+---pp")).aside
    card = known(answers("--+----"))
    assert (card.misses, card.aside) == (LEECH, True)
    assert not due(card, card.due + timedelta(days=1))
    slip = correction(Event.TAKEN_BACK, 1, 9)
    assert not known([*answers("--+----"), slip]).aside


def test_a_released_item_starts_to_count_anew() -> None:
    """Misses before the release are forgiven, also one that is only corrected after it; the memory stays as it is."""
    log = answers("------")
    release = correction(Event.RELEASED, None, 7)
    card = known([*log, release])
    assert (card.misses, card.aside) == (0, False)
    assert same(card, by_hand(log, [AGAIN] * 6))
    again = Attempt(id=8, item=ITEM.id, at=START + timedelta(days=8))
    assert known([*log, release, again, correction(Event.TAKEN_BACK, 6, 9)]).misses == 1


def test_a_card_just_missed_is_not_mastered() -> None:
    """FSRS counts whole days, so a minute after a miss it still reads 1.0; only the answer tells."""
    card = known(answers("+++-"))
    now = card.last_review + timedelta(minutes=1)
    assert retrievability(card, now) == 1.0
    assert not mastered(card, now)
    assert mastered(known(answers("+++")), START + timedelta(days=3, minutes=1))


def test_mastery_fades() -> None:
    """Long after it was due, a card is no longer likely to be remembered."""
    card = known(answers("+++"))
    assert not due(card, card.due - timedelta(seconds=1))
    assert due(card, card.due)
    assert not mastered(card, card.due + timedelta(days=90))


def test_any_name_of_utc_will_do() -> None:
    """FSRS refuses every zone but its own UTC; a store may hand out another with the same offset."""
    there = [Attempt(id=1, item=ITEM.id, at=START.astimezone(timezone(timedelta(hours=2))), right=True)]
    here = [Attempt(id=1, item=ITEM.id, at=START, right=True)]
    assert known(there) == known(here)
    assert known(there).due.utcoffset() == timedelta(0)


ROWS = st.lists(
    st.tuples(
        st.sampled_from([Event.ANSWER] * 5 + list(Event)),
        st.booleans(),
        st.booleans(),
        st.sampled_from([False, False, True]),
        st.integers(0, 40 * 24 * 60),
        st.integers(1, 12),
    ),
    max_size=25,
)


@settings(max_examples=200, deadline=None)
@given(ROWS, st.sampled_from([ITEM, COIN]), st.randoms(use_true_random=False))
def test_a_replay_is_the_same_every_time(
    rows: list[tuple[Event, bool, bool, bool, int, int]], asked: Item, rng: Random
) -> None:
    """Any log gives one card, in whatever order its rows are read, and FSRS's values for what was graded."""
    at, log = START, []
    for number, (event, right, hinted, practice, minutes, about) in enumerate(rows, start=1):
        at += timedelta(minutes=minutes)
        log.append(Attempt(number, asked.id, at, event, right, hinted, practice, None if event == "answer" else about))
    card = remembered(asked, log)
    assert card == remembered(asked, rng.sample(log, len(log)))

    slips = {row.of for row in log if row.event == "taken-back"}
    luck = {row.of for row in log if row.event == "guessed"}
    graded = [row for row in log if row.event == "answer" and not row.practice and row.id not in slips]
    ratings, seen_right = [], False
    for row in graded:
        hard = row.hinted or row.id in luck or (asked is COIN and not seen_right)
        ratings.append((HARD if hard else GOOD) if row.right else AGAIN)
        seen_right |= row.right
    if card is None:
        assert graded == []
    else:
        assert same(card, by_hand(graded, ratings))
        assert (card.right, card.last_review, card.first_review) == (graded[-1].right, graded[-1].at, graded[0].at)
        assert 0 <= card.misses <= sum(not row.right for row in graded)
        assert 0 < retrievability(card, at + timedelta(days=400)) <= retrievability(card, at) <= 1
