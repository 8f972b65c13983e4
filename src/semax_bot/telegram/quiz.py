"""Quizzes in private chats: native quiz polls, one after the other, each with its hint and its second thoughts."""

import asyncio
from functools import partial
from typing import Any

import structlog
from telegram import Bot, CallbackQuery, PollAnswer, Update
from telegram.error import TelegramError
from telegram.ext import BaseHandler, CallbackQueryHandler, CommandHandler, ContextTypes, PollAnswerHandler

from semax_bot.errors import Declined
from semax_bot.quiz.values import Mode
from semax_bot.reply import Button, line
from semax_bot.telegram.ask import PERSON, PRIVATE
from semax_bot.telegram.deliver import OLD_BUTTON, Room, acknowledge, answer, message_of, send, tapped, who
from semax_bot.telegram.faults import reason
from semax_bot.telegram.group import Grouping
from semax_bot.telegram.post import close
from semax_bot.telegram.question import ask, mark
from semax_bot.tutor import Tutor, Who
from semax_bot.tutor.rounds import CORRECTABLE
from semax_bot.tutor.values import Turn

ELSEWHERE = "That belongs to our private chat: open me there and send it. In a group /quiz is for everybody."
COMMANDS = {"quiz": "a short quiz", "review": "only what is due", "stop": "end the quiz", "undo": "take an answer back"}

log = structlog.get_logger(__name__)


class Quizzing:
    """The conversation in which learners are asked."""

    def __init__(self, tutor: Tutor, groups: Grouping) -> None:
        self._tutor, self._groups = tutor, groups
        self._fading: set[asyncio.Task[None]] = set()  # asyncio itself holds tasks only weakly

    def handlers(self) -> list[BaseHandler[Update, ContextTypes.DEFAULT_TYPE, Any]]:
        """The handlers, to be added before those of cards' buttons."""
        return [
            CommandHandler("quiz", partial(self.start, Mode.QUIZ), PRIVATE),
            CommandHandler("review", partial(self.start, Mode.REVIEW), PRIVATE),
            CommandHandler("stop", self.stop, PRIVATE),
            CommandHandler("undo", self.undo, PRIVATE),
            CommandHandler(list(COMMANDS), self.elsewhere, PERSON),
            PollAnswerHandler(self.answered),
            CallbackQueryHandler(self.about, r"^quiz:"),
            CallbackQueryHandler(self.hint, r"^hint:\d{1,18}$"),
            CallbackQueryHandler(self.guessed, r"^guess:\d{1,18}$"),
            CallbackQueryHandler(self.slipped, r"^slip:\d{1,18}$"),
        ]

    async def start(self, mode: Mode, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Begin a round as the command says."""
        message = message_of(update)
        room, learner = Room.of(message), who(update)
        await self._settle(update.get_bot(), room, learner)
        try:
            turn = await self._tutor.rounds.start(learner, room.key, message.text or "", mode)
        except Declined as fault:
            return await answer(self._tutor, update, line(str(fault)))
        await play(update.get_bot(), self._tutor, room, turn)

    async def about(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Begin a round about the card whose button was tapped, or any round."""
        query, room = tapped(update)
        if room.is_group:
            return await acknowledge(query, ELSEWHERE)
        entry = (query.data or "").partition(":")[2]
        if entry and entry not in self._tutor.course.entries:
            return await acknowledge(query, OLD_BUTTON)
        await acknowledge(query)
        await self._settle(update.get_bot(), room, who(update))
        rounds = self._tutor.rounds
        begun = rounds.about(who(update), room.key, entry) if entry else rounds.start(who(update), room.key, "")
        await play(update.get_bot(), self._tutor, room, await begun)

    async def stop(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """End the round."""
        room = Room.of(message_of(update))
        await self._settle(update.get_bot(), room, who(update))
        await play(update.get_bot(), self._tutor, room, await self._tutor.rounds.stop(who(update), room.key))

    async def undo(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Take the last answer back."""
        room = Room.of(message_of(update))
        try:
            text, turn = await self._tutor.rounds.undo(who(update), room.key)
        except Declined as fault:
            text, turn = str(fault), Turn()
        await answer(self._tutor, update, line(text))
        await play(update.get_bot(), self._tutor, room, turn)

    async def elsewhere(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """In a group, say where quizzes run."""
        await answer(self._tutor, update, line(ELSEWHERE))

    async def answered(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Count an answer, and go on with the round; those on questions for everybody are the group's business."""
        given, current = update.poll_answer, self._tutor.inbox.current()
        assert isinstance(given, PollAnswer)
        known = Room.parse(current.chat) if current and current.chat else None
        graded, bot, rounds = None, update.get_bot(), self._tutor.rounds
        if given.user and not (known and known.is_group):
            room = Room(given.user.id, None)
            if known or await rounds.expects(who(update), room.key, given.poll_id):
                graded = await rounds.grade(who(update), room.key, given.poll_id, given.option_ids)
        if graded is None:
            if known is None or known.is_group:  # not known: a group's poll may have been noted only now
                await self._groups.answered(update, current.received if current else None)
            return
        if graded.message is not None:
            guess = [Button("I guessed", f"guess:{graded.asked}")] if graded.right else []
            await mark(bot, room, graded.message, [[*guess, Button("I mis-tapped", f"slip:{graded.asked}")]])
            fading = asyncio.create_task(self._fade(bot, room, graded.message))
            self._fading.add(fading)
            fading.add_done_callback(self._fading.discard)
        await play(bot, self._tutor, room, graded.turn)

    async def hint(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Show the hint over the poll."""
        query, _room = tapped(update)
        try:
            text = await self._tutor.rounds.hint(who(update), _number(query))
        except Declined as fault:
            text = str(fault)
        await acknowledge(query, text, alert=True)

    async def guessed(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Mark the answer as a guess."""
        query, room = tapped(update)
        try:
            text = await self._tutor.rounds.guessed(who(update), _number(query))
        except Declined as fault:
            text = str(fault)
        await acknowledge(query, text)
        await _unmark(update.get_bot(), room, query)

    async def slipped(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Take the answer back."""
        query, room = tapped(update)
        try:
            text, turn = await self._tutor.rounds.take_back(who(update), _number(query))
        except Declined as fault:
            text, turn = str(fault), Turn()
        await acknowledge(query, text)
        await _unmark(update.get_bot(), room, query)
        await play(update.get_bot(), self._tutor, room, turn)

    async def _settle(self, bot: Bot, room: Room, learner: Who) -> None:
        """Close the poll that is still open. With one voter its counts are the answer, should its update be lost."""
        waits = await self._tutor.rounds.outstanding(learner, room.key)
        if poll := await close(bot, room, waits.message if waits else None):
            picked = [place for place, option in enumerate(poll.options) if option.voter_count]
            await self._tutor.rounds.grade(learner, room.key, poll.id, picked)

    async def _fade(self, bot: Bot, room: Room, message: int) -> None:
        await asyncio.sleep(CORRECTABLE.total_seconds())
        await mark(bot, room, message, [])


async def recover(bot: Bot, tutor: Tutor) -> None:
    """Send what a restart kept from being sent."""
    for learner, key, turn in await tutor.rounds.unfinished("telegram"):
        try:
            await play(bot, tutor, Room.parse(key), turn)
        except TelegramError as fault:
            log.warning("round not taken up again", learner=learner.handle, fault=reason(fault))


async def play(bot: Bot, tutor: Tutor, room: Room, turn: Turn) -> None:
    """Say what comes next, and ask."""
    for reply in turn.say:
        await send(bot, room, reply)
    if turn.over is not None:
        await tutor.rounds.over(turn.over)
    if turn.ask:
        poll = await ask(bot, room, turn.ask.question, [[Button("Hint", f"hint:{turn.ask.id}")]])
        assert poll.poll is not None
        await tutor.rounds.sent(turn.ask.id, poll.poll.id, poll.message_id)


async def _unmark(bot: Bot, room: Room, query: CallbackQuery) -> None:
    if query.message:
        await mark(bot, room, query.message.message_id, [])


def _number(query: CallbackQuery) -> int:
    return int((query.data or "").partition(":")[2])
