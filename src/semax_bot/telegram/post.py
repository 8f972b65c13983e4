"""What the clock sends, and the questions of groups: each delivered once, and reported to the tutor."""

from contextlib import nullcontext
from dataclasses import replace

import structlog
from telegram import Bot, InlineKeyboardButton, Message, Poll
from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter, TelegramError
from telegram.helpers import create_deep_linked_url

from semax_bot.course.load import slug
from semax_bot.reply import Button, Reply
from semax_bot.telegram.deliver import Room, put
from semax_bot.telegram.faults import closed, reason
from semax_bot.telegram.limiter import Lane
from semax_bot.telegram.pictures import Pictures, fits
from semax_bot.telegram.question import ask, prompt_buttons
from semax_bot.telegram.request import once
from semax_bot.tutor import Tutor
from semax_bot.tutor.values import Delivery

ASK_MORE = "Ask more in private"
REFUSED = (BadRequest, Forbidden, RetryAfter)  # with any other fault it may have arrived

log = structlog.get_logger(__name__)


async def deliver(bot: Bot, tutor: Tutor, delivery: Delivery, pictures: Pictures | None = None) -> None:
    """Send what is due, once, and report what became of it; nothing is raised but faults of the store.

    After a fault of the network it may have arrived, so it is neither sent again nor called failed.
    """
    room = Room.parse(delivery.chat)
    try:
        with nullcontext() if delivery.urgent and delivery.post else once():  # an opening may come twice, a poll never
            try:
                sent = await _sent(bot, tutor, room, delivery, pictures)
            except ChatMigrated as moved:  # its first message was refused; the supergroup has no topics yet
                room, old = Room(moved.new_chat_id, None), room
                await tutor.groups.moved(str(old.chat), room.key)
                delivery = _moved(delivery, room)
                sent = await _sent(bot, tutor, room, delivery, pictures)
    except TelegramError as fault:
        log.warning("not delivered", chat=room.chat, fault=reason(fault))
        if isinstance(fault, REFUSED):
            await tutor.deliveries.failed(delivery, closed(fault))
        return
    poll = sent.poll.id if sent and sent.poll else None
    await tutor.deliveries.sent(delivery, poll, sent.message_id if sent else None)
    await close(bot, room, delivery.stale)


async def close(bot: Bot, room: Room, message: int | None) -> Poll | None:
    """Close a poll and return it as it was left; None where it is not known, gone, or closed already."""
    if message is None:
        return None
    try:
        return await bot.stop_poll(room.chat, message)
    except TelegramError as fault:
        log.info("poll not closed", chat=room.chat, fault=reason(fault))
        return None


def _moved(delivery: Delivery, room: Room) -> Delivery:
    """The same in the supergroup, where messages have other ids."""
    counting = delivery.counting and replace(delivery.counting, message=None)
    return replace(delivery, chat=room.key, counting=counting, stale=None)


async def _sent(bot: Bot, tutor: Tutor, room: Room, delivery: Delivery, pictures: Pictures | None) -> Message | None:
    """Send it; returns the message of its question."""
    lane = None if delivery.urgent else Lane.PROMPT
    for reply in await _said(bot, tutor, room, delivery):
        links = _links(bot, reply)
        if not (delivery.chart and pictures and await _drawn(bot, tutor, room, delivery.chart, reply, pictures)):
            await put(bot, room, reply, links=links, lane=lane)
    if asked := delivery.ask:
        buttons = [[Button("Hint", f"hint:{asked.id}")], prompt_buttons(asked.id)]
        return await ask(bot, room, asked.question, buttons, lane=lane)
    if post := delivery.post:
        return await ask(bot, room, post.question, (), post.seconds, post.anonymous, lane)
    return None


async def _said(bot: Bot, tutor: Tutor, room: Room, delivery: Delivery) -> tuple[Reply, ...]:
    """What is said; of a result only now, as its poll has to be closed first."""
    if counting := delivery.counting:
        poll = await close(bot, room, counting.message)
        counts = [option.voter_count for option in poll.options] if poll else None
        return (await tutor.groups.result(counting.post, counts),)
    return delivery.say


async def _drawn(bot: Bot, tutor: Tutor, room: Room, chart: str, reply: Reply, pictures: Pictures) -> bool:
    """Send a reply below its chart; False where the picture cannot be drawn, or the reply does not fit below it."""
    shown = tutor.dashboard.chart(chart)
    below = reply if fits(reply) else None
    drawn = await pictures.send(bot, room, shown.kind, shown.data, below, *_links(bot, reply), lane=Lane.PROMPT)
    return drawn and below is not None


def _links(bot: Bot, reply: Reply) -> list[InlineKeyboardButton]:
    """From a card that has no buttons, the way to the same card in private."""
    if not reply.entry or reply.buttons:
        return []
    return [InlineKeyboardButton(ASK_MORE, url=create_deep_linked_url(bot.username, slug(reply.entry)))]
