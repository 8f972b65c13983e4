"""Second thoughts about an answer: what may be corrected, by whom, and for how long."""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from semax_bot.course.load import Course
from semax_bot.errors import Declined
from semax_bot.schedule.values import Attempt, Event
from semax_bot.store import log, rounds
from semax_bot.store.rounds import Put
from semax_bot.tutor.memory import remember
from semax_bot.tutor.values import Who


class TooLate(Declined):
    """A button of a question that it no longer fits; the message says why."""


def is_of(put: Put, who: Who) -> bool:
    """Whether a question was put to this learner."""
    return (put.learner.surface, put.learner.handle) == who


async def own(conn: AsyncConnection, who: Who, asked: int) -> Put:
    """A question of this learner's. Raises TooLate for anything else: an old or a forged button."""
    put = await rounds.put(conn, asked)
    if put is None or not is_of(put, who):
        raise TooLate("That button belongs to another quiz.")
    return put


async def correct(
    conn: AsyncConnection, course: Course, put: Put, event: Event, within: timedelta, now: datetime
) -> None:
    """Append a correction to the log, once, not later than `within` after the answer. Raises TooLate."""
    item = course.items.get(put.asked.item)
    attempts = await log.of_item(conn, put.learner.id, put.asked.item)
    attempt = next((one for one in attempts if one.id == put.asked.attempt_id), None)
    if attempt is None or item is None:
        raise TooLate("This question is not answered yet.")
    if now - attempt.at > within:
        raise TooLate("That answer is too old to change.")
    if any(one.of == attempt.id for one in attempts):
        raise TooLate("You have corrected this answer already.")
    if event is Event.GUESSED and not attempt.right:
        raise TooLate("Only a right answer can be a lucky guess.")
    row = Attempt(0, item.id, now, event, of=attempt.id)
    await log.append(conn, put.learner.id, row, round_id=put.round.id)
    await remember(conn, put.learner.id, item)
