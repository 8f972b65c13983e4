"""What a learner remembers of an item: FSRS, replayed over the log of attempts.

The log is the truth. A card is always derived from the whole of it, so a correction needs nothing undone.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

import fsrs

from semax_bot.course.model import Item
from semax_bot.schedule.values import Attempt, Card, Event

RETENTION = 0.9  # the chance of a right answer at which an item is due, and above which it counts as mastered
LEECH = 6  # graded misses after which an item is set aside: by then its card teaches better than another question

# Steps of minutes would move the schedule within a round, where repeats are practice; a fuzz would make every replay
# of a log give another date.
_SCHEDULER = fsrs.Scheduler(desired_retention=RETENTION, learning_steps=(), relearning_steps=(), enable_fuzzing=False)


def remembered(item: Item, log: Sequence[Attempt]) -> Card | None:
    """The memory that one learner's log of one item leaves, or None if nothing in it was graded.

    Graded is every answer that is neither practice nor taken back. A correction counts at the place of the attempt
    that it is about; the rows may come in any order, as their ids tell it.
    """
    rows = sorted(log, key=lambda row: row.id)
    slips = {row.of for row in rows if row.event is Event.TAKEN_BACK}
    guesses = {row.of for row in rows if row.event is Event.GUESSED}
    released = max((row.id for row in rows if row.event is Event.RELEASED), default=0)
    graded = [row for row in rows if row.event is Event.ANSWER and not row.practice and row.id not in slips]
    if not graded:
        return None
    # FSRS would make up an id and a date from the clock; the first attempt is one learner's and one item's.
    memory = fsrs.Card(card_id=graded[0].id, due=graded[0].at)
    coin = len(item.options) == 2  # until it was right once: a first right answer may be half luck
    for row in graded:
        memory, _ = _SCHEDULER.review_card(memory, _rating(row, coin or row.id in guesses), row.at.astimezone(UTC))
        coin = coin and not row.right
    assert memory.stability is not None  # set by any review
    assert memory.difficulty is not None
    misses = sum(not row.right for row in graded if row.id > released)
    return Card(
        item=item.id,
        stability=memory.stability,
        difficulty=memory.difficulty,
        due=memory.due,
        last_review=graded[-1].at,
        first_review=graded[0].at,
        right=graded[-1].right,
        misses=misses,
        aside=misses >= LEECH,
    )


def _rating(row: Attempt, lucky: bool) -> fsrs.Rating:
    if not row.right:
        return fsrs.Rating.Again
    return fsrs.Rating.Hard if lucky or row.hinted else fsrs.Rating.Good


def retrievability(card: Card, now: datetime) -> float:
    """The chance, 0 to 1, that the learner would be right now. FSRS counts whole days: on the first it is 1.0."""
    memory = fsrs.Card(0, fsrs.State.Review, stability=card.stability, due=card.due, last_review=card.last_review)
    return _SCHEDULER.get_card_retrievability(memory, now)


def mastered(card: Card, now: datetime) -> bool:
    """Whether the last graded attempt was right and is still likely remembered; just missed is never mastered."""
    return card.right and retrievability(card, now) >= RETENTION


def due(card: Card, now: datetime) -> bool:
    """Whether the item is to be asked again; one that was set aside is not, until it is released."""
    return card.due <= now and not card.aside
