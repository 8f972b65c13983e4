"""What a learner remembers of an item, kept in step with the log."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from semax_bot.course.model import Item
from semax_bot.schedule.memory import remembered
from semax_bot.schedule.values import Attempt, Event
from semax_bot.store import log


async def remember(conn: AsyncConnection, learner_id: int, item: Item) -> bool:
    """Derive the card of an item anew from its log; returns whether the item is set aside now."""
    card = remembered(item, await log.of_item(conn, learner_id, item.id))
    if card:
        await log.save_card(conn, learner_id, card)
    else:
        await log.drop_card(conn, learner_id, item.id)
    return card is not None and card.aside


async def release(conn: AsyncConnection, learner_id: int, item: Item, now: datetime) -> None:
    """Let an item that was set aside be asked again."""
    await log.append(conn, learner_id, Attempt(0, item.id, now, Event.RELEASED))
    await remember(conn, learner_id, item)
