"""Study groups: rounds for everybody, their boards, and how a group takes us in, moves house, and throws us out."""

import asyncio
from datetime import datetime
from functools import partial
from typing import Any

import structlog
from telegram import ChatMember, ChatMemberRestricted, ChatMemberUpdated, Poll, PollAnswer, Update
from telegram.ext import (
    BaseHandler,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    PollHandler,
    filters,
)

from semax_bot.errors import Declined
from semax_bot.reply import Reply, line
from semax_bot.telegram.admins import is_admin, who_speaks
from semax_bot.telegram.ask import PERSON
from semax_bot.telegram.deliver import Room, acknowledge, answer, message_of, put_in_place, send, tapped, who
from semax_bot.telegram.post import close, deliver
from semax_bot.tutor import Tutor
from semax_bot.tutor.groups import NotYours

COMMANDS = {
    "quiz": "a round for everybody here",
    "stop": "end the round",
    "leaderboard": "who leads, this week and all time",
}
IN_GROUPS = "A leaderboard belongs to a group: add me to one, and send /quiz and /leaderboard there."
OVERTAKEN = (0.3, 1.0, 1.0)  # seconds between looks
GROUPS = PERSON & filters.ChatType.GROUPS

log = structlog.get_logger(__name__)


class Grouping:
    """The conversation with a whole group."""

    def __init__(self, tutor: Tutor) -> None:
        self._tutor = tutor

    def handlers(self) -> list[BaseHandler[Update, ContextTypes.DEFAULT_TYPE, Any]]:
        """The handlers, to be added before those of private quizzes."""
        return [
            CommandHandler("quiz", self.start, GROUPS),
            CommandHandler("stop", self.stop, GROUPS),
            CommandHandler("leaderboard", self.leaderboard, GROUPS),
            CommandHandler("leaderboard", self.elsewhere, PERSON),
            CallbackQueryHandler(self.lead, r"^lead:(week|all)$"),
            MessageHandler(filters.StatusUpdate.MIGRATE, self.migrated),
            PollHandler(self.closed),
        ]

    async def start(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Begin a round for everybody."""
        message = message_of(update)
        room, begun = Room.of(message), None
        try:
            begun = await self._tutor.groups.start(room.key, who_speaks(update), message.text or "")
        except Declined as fault:
            begun = line(str(fault))
        if isinstance(begun, Reply):
            return await answer(self._tutor, update, begun)
        await deliver(update.get_bot(), self._tutor, begun)

    async def stop(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """End the round, if whoever asks for it may."""
        bot, room = update.get_bot(), Room.of(message_of(update))
        try:
            say, waits = await self._stopped(update, room)
        except Declined as fault:
            return await answer(self._tutor, update, line(str(fault)))
        await close(bot, room, waits)
        first, *more = say
        await answer(self._tutor, update, first)
        for reply in more:
            await send(bot, room, reply)

    async def _stopped(self, update: Update, room: Room) -> tuple[tuple[Reply, ...], int | None]:
        """Telegram is asked about admins only where that matters."""
        stop = partial(self._tutor.groups.stop, room.key, who_speaks(update))
        try:
            return await stop(is_admin=False)
        except NotYours:
            if not await is_admin(update):
                raise
            return await stop(is_admin=True)

    async def leaderboard(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Show who leads this week."""
        await answer(self._tutor, update, await self._leaders(Room.of(message_of(update)), all_time=False))

    async def lead(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Show who leads this week, or of all time, in the place of the other."""
        query, room = tapped(update)
        if not room.is_group:
            return await acknowledge(query, IN_GROUPS)
        await acknowledge(query)
        await put_in_place(update.get_bot(), room, query, await self._leaders(room, query.data == "lead:all"))

    async def elsewhere(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """In private, say where boards are."""
        await answer(self._tutor, update, line(IN_GROUPS))

    async def answered(self, update: Update, received: datetime | None) -> None:
        """Count a vote, `received` at this moment (UTC) if it is known.

        A quick one may overtake the news that its poll stands, so one on an unknown poll is looked at for a while.
        """
        for pause in (0.0, *OVERTAKEN):
            await asyncio.sleep(pause)
            if await self._counted(update, received):
                return

    async def _counted(self, update: Update, received: datetime | None) -> bool:
        given, groups = update.poll_answer, self._tutor.groups
        assert isinstance(given, PollAnswer)
        if given.user is None:  # a vote as a chat: a channel's, or an anonymous admin's
            return not given.option_ids or await groups.vote_as_chat(given.poll_id)
        return await groups.vote(who(update), given.user.first_name, given.poll_id, given.option_ids, received)

    async def closed(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Keep the votes of a poll that was closed."""
        poll = update.poll
        assert isinstance(poll, Poll)
        if poll.is_closed:
            await self._tutor.groups.closed(poll.id, [option.voter_count for option in poll.options])

    async def migrated(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """The group became a supergroup; we are told so in both, and each is enough."""
        message = message_of(update)
        old = message.migrate_from_chat_id or message.chat_id
        new = message.migrate_to_chat_id or message.chat_id
        await self._tutor.groups.moved(str(old), str(new))

    async def membership(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """We were let into a group, thrown out, muted, or given our voice back."""
        news = update.my_chat_member
        assert isinstance(news, ChatMemberUpdated)
        room, before, after = Room(news.chat.id, None), news.old_chat_member, news.new_chat_member
        if not _may_speak(after):
            log.info("silent in a group", chat=room.chat, status=after.status)
            await self._tutor.groups.left(room.key)
            return await self._tutor.daily.shut(room.key, topics=True)
        if not _may_speak(before):
            await self._tutor.daily.back(room.key, topics=True)
        if not _is_in(before) and await self._tutor.deliveries.greets(room.key):
            bot = update.get_bot()
            sees_all = bot.bot.can_read_all_group_messages or after.status == ChatMember.ADMINISTRATOR
            await send(bot, room, self._tutor.group_welcome(bot.username, bool(sees_all)))

    async def _leaders(self, room: Room, all_time: bool) -> Reply:
        return await self._tutor.groups.leaderboard(room.key, all_time)


def _is_in(member: ChatMember) -> bool:
    if isinstance(member, ChatMemberRestricted):
        return member.is_member
    return member.status not in {ChatMember.LEFT, ChatMember.BANNED}


def _may_speak(member: ChatMember) -> bool:
    """Whether we can do our work: a question is a poll, and all else are messages."""
    muted = isinstance(member, ChatMemberRestricted) and not (member.can_send_messages and member.can_send_polls)
    return _is_in(member) and not muted
