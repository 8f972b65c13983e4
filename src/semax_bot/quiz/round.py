"""How a round goes on: pure transitions, so that it can be stored and taken up again after any of them."""

from dataclasses import replace

from pydantic import TypeAdapter

from semax_bot.quiz.values import Mode, Round, Step

BETWEEN = 2  # items before one returns; fewer where fewer are left

_ROUND = TypeAdapter(Round)


def after(current: Round, step: Step, right: bool) -> Round:
    """The round once `step` was answered; unchanged if it is not to come, as when a poll is answered twice.

    The score counts first attempts. A missed item returns once, as practice, with at least one other item in between;
    if there is none left, it does not return.
    """
    if step not in current.coming:
        return current
    coming = list(current.coming)
    coming.remove(step)
    answered = replace(current, coming=tuple(coming))
    if step.item in (*current.right, *current.missed):
        return answered
    if right:
        return replace(answered, right=(*current.right, step.item))
    missed = replace(answered, missed=(*current.missed, step.item))
    return _later(missed, Step(step.item, practice=True)) if coming else missed


def taken_back(current: Round, item: str) -> Round:
    """The round without the first attempt at `item`, which comes again, to be graded; unchanged if none was counted.

    A repeat that waits is dropped, as nothing was missed.
    """
    if item not in (*current.right, *current.missed):
        return current
    uncounted = replace(
        current,
        coming=tuple(step for step in current.coming if step.item != item),
        right=tuple(name for name in current.right if name != item),
        missed=tuple(name for name in current.missed if name != item),
    )
    return _later(uncounted, Step(item, practice=current.mode is Mode.CRAM))


def finished(current: Round) -> bool:
    """Whether nothing is to come."""
    return not current.coming


def score(current: Round) -> tuple[int, int]:
    """First attempts that were right, and all first attempts so far."""
    return len(current.right), len(current.right) + len(current.missed)


def to_json(current: Round) -> str:
    """The round as the store keeps it."""
    return _ROUND.dump_json(current).decode()


def from_json(text: str) -> Round:
    """The round that `to_json` wrote. Raises ValueError for anything else."""
    return _ROUND.validate_json(text)


def _later(current: Round, step: Step) -> Round:
    coming = current.coming
    return replace(current, coming=(*coming[:BETWEEN], step, *coming[BETWEEN:]))
