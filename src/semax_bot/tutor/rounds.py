"""Quiz rounds, step by step. Each step is one change of the store, so a restart between two steps loses nothing."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from sqlalchemy.ext.asyncio import AsyncConnection

from semax_bot.course.load import Course
from semax_bot.quiz import card as cards_of
from semax_bot.quiz import choose
from semax_bot.quiz.judge import because, hint, judge
from semax_bot.quiz.round import after, finished, taken_back
from semax_bot.quiz.shuffle import authored, question, shown
from semax_bot.quiz.values import Mode, Round, Step
from semax_bot.quiz.wish import Wish, wish
from semax_bot.reply import Reply, line
from semax_bot.schedule.values import Attempt, Card, Event
from semax_bot.store import learners, log, posts, rounds, subscriptions
from semax_bot.store.learners import Learner
from semax_bot.store.rounds import AskedRow, Put, RoundRow
from semax_bot.store.store import Store
from semax_bot.tutor.corrections import TooLate, correct, is_of, own
from semax_bot.tutor.memory import release, remember
from semax_bot.tutor.values import Asked, Graded, Turn, Who

CORRECTABLE = timedelta(minutes=2)  # after an answer: how long its buttons stay
UNDOABLE = timedelta(hours=1)  # the same for /undo

NO_ROUND = "No quiz is running here. /quiz starts one."
NO_TOPIC = "I have no questions about that. Try a topic of the unit, such as /quiz dopamine, or just /quiz."


class Rounds:
    """The quizzes of all learners."""

    def __init__(
        self,
        course: Course,
        store: Store,
        topic: Callable[[str], Sequence[str]],
        now: Callable[[], datetime],
        rng: Random,
    ) -> None:
        """`topic` names the entries that a learner's own words are about."""
        self._course, self._store, self._topic, self._now, self._rng = course, store, topic, now, rng
        self._items = choose.reading_order(course)
        self._leeches: set[tuple[str, str]] | None = None  # learners with items set aside; spares others a look-up

    async def start(self, who: Who, chat: str, text: str, mode: Mode = Mode.QUIZ) -> Turn:
        """Begin the round that was asked for in `text`, in place of one that is open. Raises WishError."""
        wanted = wish(text)
        entries = self._topic(wanted.topic) if wanted.topic else ()
        if wanted.topic and not entries:
            return Turn((line(NO_TOPIC),))
        if mode is not Mode.QUIZ:
            wanted = replace(wanted, mode=mode)
        return await self._store.write(lambda conn: self._start(conn, who, chat, wanted, entries))

    async def about(self, who: Who, chat: str, entry_id: str) -> Turn:
        """Begin a round about one entry."""
        return await self._store.write(lambda conn: self._start(conn, who, chat, Wish(), (entry_id,)))

    async def sent(self, asked: int, poll: str, message: int) -> None:
        """The question stands in the chat, as this poll in this message."""
        await self._store.write(lambda conn: rounds.sent(conn, asked, poll, message, self._now()))

    async def grade(self, who: Who, chat: str, poll: str, picked: Iterable[int]) -> Graded | None:
        """Count an answer: the places of the options picked, in the order shown.

        None if it does not count: withdrawn, doubled, late, somebody else's, or of a poll that is none of ours.
        """
        picks = frozenset(picked)
        return await self._store.write(lambda conn: self._grade(conn, who, chat, poll, picks))

    async def over(self, round_id: int) -> None:
        """The learner has seen the card at the end of the round."""
        await self._store.write(lambda conn: rounds.end(conn, round_id, self._now()))

    async def stop(self, who: Who, chat: str) -> Turn:
        """End the open round; its card says how it went."""

        async def change(conn: AsyncConnection) -> Turn:
            learner = await learners.learner_of(conn, *who, self._now())
            row = await rounds.open_round(conn, learner.id, chat)
            if row is None:
                return Turn((line(NO_ROUND),))
            await self._close(conn, row)
            return Turn((await self._card(conn, learner, row.round),), over=row.id)

        return await self._store.write(change)

    async def outstanding(self, who: Who, chat: str) -> AskedRow | None:
        """The question of the learner's open round that waits for an answer."""
        async with self._store.reading() as conn:
            learner = await learners.find(conn, *who)
            row = await rounds.open_round(conn, learner.id, chat) if learner else None
            return await self._waits(conn, row) if row else None

    async def expects(self, who: Who, chat: str, poll: str) -> bool:
        """Whether the question that waits has this poll, or one that we do not know, as this may be."""
        waits = await self.outstanding(who, chat)
        return waits is not None and waits.poll in {None, poll}

    async def hint(self, who: Who, asked: int) -> str:
        """The simple line of the question's entry; from now on a right answer counts as a hard one. Raises TooLate."""

        async def change(conn: AsyncConnection) -> str:
            row = (await own(conn, who, asked)).asked
            item = self._course.items.get(row.item)
            if row.attempt_id is not None or row.closed or item is None:
                raise TooLate("This question is answered already.")
            await rounds.hint(conn, asked)
            return hint(self._course, item)

        return await self._store.write(change)

    async def guessed(self, who: Who, asked: int) -> str:
        """Mark a right answer as a guess, and say so. Raises TooLate."""

        async def change(conn: AsyncConnection) -> str:
            put = await own(conn, who, asked)
            await correct(conn, self._course, put, Event.GUESSED, CORRECTABLE, self._now())
            return "Noted as a guess: it will come back sooner."

        return await self._store.write(change)

    async def take_back(self, who: Who, asked: int) -> tuple[str, Turn]:
        """Take an answer back as a slip of the finger: what to say, and what comes next, if the round was over."""
        return await self._store.write(lambda conn: self._take_back(conn, who, asked, CORRECTABLE))

    async def undo(self, who: Who, chat: str) -> tuple[str, Turn]:
        """Take the last answer in this chat back. Raises TooLate."""

        async def change(conn: AsyncConnection) -> tuple[str, Turn]:
            last = await rounds.last_answered(conn, *who, chat)
            if last is None:
                raise TooLate("There is no answer to take back.")
            return await self._take_back(conn, who, last.asked.id, UNDOABLE)

        return await self._store.write(change)

    def set_aside(self, who: Who) -> None:
        """A learner has missed an item too often, so it is not asked until its card was opened."""
        if self._leeches is not None:
            self._leeches.add(who)

    async def release(self, conn: AsyncConnection, who: Who, entry_id: str) -> None:
        """Let the items on an entry that were set aside be asked again, as part of a change."""
        if self._leeches is None:
            self._leeches = await log.with_leeches(conn)
        for learner_id, name in await log.aside(conn, *who) if who in self._leeches else ():
            item = self._course.items.get(name)
            if item and entry_id in item.entries:
                await release(conn, learner_id, item, self._now())

    async def unfinished(self, surface: str) -> list[tuple[Who, str, Turn]]:
        """What a restart cut off: questions and end cards of open rounds that never reached their chats.

        A prompt is not among them: it may have arrived, and must not come twice.
        """

        async def change(conn: AsyncConnection) -> list[tuple[Who, str, Turn]]:
            left = []
            for row, learner in await rounds.open_rounds(conn, surface):
                waits = await self._waits(conn, row)
                if waits is None or (waits.sent_at is None and row.round.mode is not Mode.DAILY):
                    who = Who(learner.surface, learner.handle)
                    left.append((who, row.chat, await self._next(conn, learner, row.id, row.round, waits)))
            return left

        return await self._store.write(change)

    async def prompt(self, conn: AsyncConnection, learner: Learner, chat: str) -> tuple[Turn, int | None]:
        """Begin a round of one question that was not asked for, as part of a change.

        It takes the place of a round that is open; the message of that one's question comes back too, to be closed.
        """
        row = await rounds.open_round(conn, learner.id, chat)
        waits = await self._waits(conn, row) if row else None
        turn = await self._start(conn, Who(learner.surface, learner.handle), chat, Wish(1, Mode.DAILY), ())
        return turn, waits.message if waits else None

    async def _start(self, conn: AsyncConnection, who: Who, chat: str, wanted: Wish, entries: Sequence[str]) -> Turn:
        now, mode = self._now(), wanted.mode
        learner = await learners.learner_of(conn, *who, now)
        if row := await rounds.open_round(conn, learner.id, chat):
            await self._close(conn, row)
            await rounds.end(conn, row.id, now)
        memory = choose.Memory(await log.cards(conn, learner.id), now)
        new_left = max(0, choose.NEW_A_DAY - memory.new_today(learner.clock))
        size = wanted.size or learner.items
        if entries:
            steps = choose.about(self._course, entries, memory, size, self._rng)
            steps = choose.practice(steps) if mode is Mode.CRAM else steps
        elif mode is Mode.CRAM:
            steps = choose.cram(self._items, size, self._rng)
        else:
            steps = choose.choose(self._items, memory, size, 0 if mode is Mode.REVIEW else new_left, self._rng)
        if mode is Mode.DAILY:
            steps = steps or choose.cram(self._items, size, self._rng)
        else:
            await subscriptions.heard(conn, learner.id)
        if not steps:
            return Turn((cards_of.nothing(_dues(memory.cards.values()), now, learner.clock, new_left),))
        for step in steps:
            if (card := memory.cards.get(step.item)) and card.aside and not step.practice:
                await release(conn, learner.id, self._course.items[step.item], now)
        state = Round(mode, steps, topic=wanted.topic)
        return await self._next(conn, learner, await rounds.start(conn, learner.id, chat, state, now), state)

    async def _grade(
        self, conn: AsyncConnection, who: Who, chat: str, poll: str, picks: frozenset[int]
    ) -> Graded | None:
        now = self._now()
        put = await rounds.put_by_poll(conn, poll) or await self._adopted(conn, who, chat, poll)
        if put is None or not picks or not is_of(put, who) or put.round.ended_at:
            return None
        row, item = put.asked, self._course.items.get(put.asked.item)
        if row.attempt_id is not None or row.closed or item is None or picks - set(range(len(row.shown))):
            return None
        chosen = authored(row.shown, picks)
        right = judge(item, chosen)
        given = Attempt(0, row.item, now, right=right, hinted=row.hinted, practice=row.practice)
        attempt = await log.append(conn, put.learner.id, given, sorted(chosen), put.round.id)
        await rounds.answered(conn, row.id, attempt)
        if not row.practice and await remember(conn, put.learner.id, item):
            self.set_aside(who)
        if put.round.round.mode is Mode.DAILY:
            await subscriptions.heard(conn, put.learner.id)
        state = after(put.round.round, Step(row.item, row.practice), right)
        await rounds.save(conn, put.round.id, state, now)
        turn = await self._next(conn, put.learner, put.round.id, state)
        remark = because(self._course, item, chosen)
        say = (line(remark), *turn.say) if remark else turn.say
        return Graded(row.id, row.message, right, replace(turn, say=say))

    async def _adopted(self, conn: AsyncConnection, who: Who, chat: str, poll: str) -> Put | None:
        """The question whose poll reached the chat although we never learnt its id: the round waits for no other."""
        if await posts.by_poll(conn, poll):  # a question for everybody in some group
            return None
        learner = await learners.find(conn, *who)
        row = await rounds.open_round(conn, learner.id, chat) if learner else None
        waits = await self._waits(conn, row) if row else None
        if waits is None or waits.poll is not None:
            return None
        await rounds.sent(conn, waits.id, poll, None, self._now())
        return await rounds.put(conn, waits.id)

    async def _next(
        self, conn: AsyncConnection, learner: Learner, round_id: int, state: Round, waits: AskedRow | None = None
    ) -> Turn:
        """The next question of a round, its order stored before anyone sees it; or the card at its end."""
        if waits and waits.item in self._course.items:
            return Turn(ask=Asked(waits.id, question(self._course.items[waits.item], waits.shown)))
        for step in state.coming:
            if item := self._course.items.get(step.item):  # an item that its author took out is passed over
                order = shown(item, self._rng)
                asked = await rounds.ask(conn, round_id, step, order, self._now())
                return Turn(ask=Asked(asked, question(item, order)))
        return Turn((await self._card(conn, learner, state),), over=round_id)

    async def _waits(self, conn: AsyncConnection, row: RoundRow) -> AskedRow | None:
        """The question of a round that is not answered; it never has two."""
        return next(iter(await rounds.outstanding(conn, row.id)), None)

    async def _card(self, conn: AsyncConnection, learner: Learner, state: Round) -> Reply:
        cards = await log.cards(conn, learner.id)
        return cards_of.end(self._course, state, _dues(cards.values()), self._now(), learner.clock)

    async def _close(self, conn: AsyncConnection, row: RoundRow) -> None:
        for waits in await rounds.outstanding(conn, row.id):
            await rounds.close(conn, waits.id)

    async def _take_back(self, conn: AsyncConnection, who: Who, asked: int, within: timedelta) -> tuple[str, Turn]:
        put = await own(conn, who, asked)
        await correct(conn, self._course, put, Event.TAKEN_BACK, within, self._now())
        before = put.round.round
        is_repeat = put.asked.practice and before.mode is not Mode.CRAM  # the first attempt was another answer
        state = before if is_repeat else taken_back(before, put.asked.item)
        is_last = finished(before)
        busy = put.round.ended_at is None or await rounds.open_round(conn, put.learner.id, put.round.chat)
        if state == before or (is_last and busy):
            return "Taken back: that answer does not count.", Turn()
        await rounds.save(conn, put.round.id, state, self._now())
        if not is_last:
            return "Taken back: the question comes again later in this round.", Turn()
        await rounds.reopen(conn, put.round.id)
        return "Taken back: here it is once more.", await self._next(conn, put.learner, put.round.id, state)


def _dues(cards: Iterable[Card]) -> list[datetime]:
    return [card.due for card in cards if not card.aside]
