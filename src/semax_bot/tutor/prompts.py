"""Daily deliveries: what a chat gets when its time has come, what it is told around it, and how it is put off."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from semax_bot.reply import Button, Reply, Text
from semax_bot.schedule import slots
from semax_bot.store import deliveries, due, learners, log, rounds, subscriptions
from semax_bot.store.deliveries import State
from semax_bot.store.store import Store
from semax_bot.store.subscriptions import Kind, Subscription
from semax_bot.store.values import Due
from semax_bot.tutor.channels import Channels
from semax_bot.tutor.corrections import is_of
from semax_bot.tutor.groups import Groups
from semax_bot.tutor.rounds import Rounds
from semax_bot.tutor.values import Asked, Delivery, Who

BUSY = timedelta(minutes=10)  # after a learner's last answer: a prompt would break into a round
PATIENCE = 7  # prompts in a row that may stay unanswered
ABOUT = timedelta(minutes=30)  # around a slot: one question is enough
BEFORE_THE_NEXT = timedelta(minutes=1)  # the result of a post comes so long before its slot on the next day

SEEN = (
    "Your question of the day. You last met it {ago}.",
    "Still there? You last saw this {ago}.",
    "One minute for the unit: this one was last asked {ago}.",
    "Back again, after a break: last seen {ago}.",
    "A quick look back. This one came up {ago}.",
)
NEW = (
    "Your question of the day, a new one.",
    "You have not met this one yet.",
    "One minute for something new.",
    "New today: what would you say?",
    "A first look at this one.",
)
PRACTICE = "Nothing is due today, so this one is for practice."
SILENCE = Reply(
    "answer",
    (
        Text("The last seven daily questions stayed unanswered. Shall I go on?", lead=True),
        Text("Until you say so I keep quiet. What you know so far is kept."),
    ),
    ((Button("Go on", "daily:on:"), Button("Stop", "daily:off:")),),
)
TOO_LATE = "This question is answered or gone already."
NOT_ON = "No daily questions come at the moment; /daily sets them."
PUT_OFF = "I will ask again {when}."


class Prompts:
    """The daily deliveries of all chats."""

    def __init__(
        self, store: Store, rounds: Rounds, groups: Groups, channels: Channels, now: Callable[[], datetime]
    ) -> None:
        self._store, self._rounds, self._groups, self._channels, self._now = store, rounds, groups, channels, now

    async def begin(self, conn: AsyncConnection, one: Due) -> Delivery | None:
        """The delivery of a subscription whose time has come; its next one is planned in any case.

        Of several that were missed only the latest is sent, and none that is too late.
        """
        wanted = await subscriptions.get(conn, one.ref)
        if wanted is None or wanted.off:
            await due.drop(conn, one.kind, one.ref)
            return None
        now = self._now()
        meant = slots.current(wanted.slots, wanted.clock, now)
        if meant and await self._is_busy(conn, wanted):
            await due.move(conn, one.id, now + BUSY)
            return None
        await due.move(conn, one.id, slots.coming(wanted.slots, wanted.clock, now).at)
        if meant is None or wanted.paused:
            return None
        return await self._deliver(conn, wanted, meant.slot, meant.day)

    async def begin_later(self, conn: AsyncConnection, one: Due) -> Delivery | None:
        """The delivery of a prompt that was put off until now, unless one comes at its own time about now."""
        wanted, now = await subscriptions.get(conn, one.ref), self._now()
        if wanted and await self._is_busy(conn, wanted):
            await due.move(conn, one.id, now + BUSY)
            return None
        await due.drop(conn, one.kind, one.ref)
        if wanted is None or wanted.off or wanted.paused or now - one.at >= slots.LATE or _comes(wanted, one.at):
            return None
        local = one.at.astimezone(wanted.clock)
        return await self._deliver(conn, wanted, f"later {local:%H:%M}", local.date())

    async def arrived(self, conn: AsyncConnection, delivery: Delivery) -> None:
        """A daily question stands in its chat: until its learner reacts it counts as ignored.

        The result of one for everybody is planned: on the next day, just before the same slot.
        """
        wanted = (await subscriptions.of_chat(conn, delivery.chat)).get(Kind.QUESTION)
        if wanted and delivery.ask:
            put = await rounds.put(conn, delivery.ask.id)
            if put and put.asked.attempt_id is None:  # somebody quick has reacted already
                await subscriptions.ignore(conn, wanted.id)
        elif wanted and delivery.post and (begun := await deliveries.get(conn, delivery.id)):
            at = slots.next_day(begun.slot, wanted.clock, date.fromisoformat(begun.day))
            await due.put(conn, "result", delivery.post.id, at - BEFORE_THE_NEXT)

    async def later(self, who: Who, asked: int, when: str) -> tuple[str, bool]:
        """Put a prompt off: by an `hour`, to this `evening`, or to `tomorrow`; returns what to say, and whether it was.

        A prompt that is answered or gone stays as it is.
        """

        async def change(conn: AsyncConnection) -> tuple[str, bool]:
            put, now = await rounds.put(conn, asked), self._now()
            if put is None or not is_of(put, who) or put.asked.attempt_id or put.asked.closed:
                return TOO_LATE, False
            wanted = await self._wanted(conn, who, put.round.chat)
            at = _put_off(when, wanted, now) if wanted else None
            if wanted is None or at is None:
                return NOT_ON, False
            await rounds.close(conn, asked)
            await rounds.end(conn, put.round.id, now)
            await subscriptions.heard(conn, put.learner.id)
            regular = _comes(wanted, at)
            if regular is None:
                await due.put(conn, "later", wanted.id, at)
            local = (regular or at).astimezone(wanted.clock)
            day = "" if local.date() == now.astimezone(wanted.clock).date() else "tomorrow "
            return PUT_OFF.format(when=f"{day}at {local:%H:%M}"), True

        return await self._store.write(change)

    async def choices(self, who: Who, chat: str) -> tuple[str, ...]:
        """For how long a prompt can be put off at this hour."""
        async with self._store.reading() as conn:
            wanted = await self._wanted(conn, who, chat)
        now = self._now()
        return tuple(when for when in ("hour", "evening", "tomorrow") if wanted and _put_off(when, wanted, now))

    async def _wanted(self, conn: AsyncConnection, who: Who, chat: str) -> Subscription | None:
        wanted = (await subscriptions.of_chat(conn, chat)).get(Kind.QUESTION)
        is_on = wanted is not None and wanted.off is None and not wanted.paused
        is_mine = wanted and wanted.learner and (wanted.learner.surface, wanted.learner.handle) == who
        return wanted if is_on and is_mine else None

    async def _is_busy(self, conn: AsyncConnection, wanted: Subscription) -> bool:
        """Whether a prompt would break into a round of the learner's."""
        if wanted.learner is None:
            return False
        row = await rounds.open_round(conn, wanted.learner.id, wanted.chat)
        return row is not None and row.touched_at > self._now() - BUSY

    async def _deliver(self, conn: AsyncConnection, wanted: Subscription, slot: str, day: date) -> Delivery | None:
        """Begin a delivery, unless this chat had one for the same slot and local date."""
        key = await deliveries.begin(conn, wanted.chat, wanted.kind, slot, day.isoformat(), self._now())
        if key is None:
            return None
        if wanted.learner:
            found = await self._to_learner(conn, wanted, key, day)
        elif wanted.kind is Kind.QUESTION:
            post = await self._groups.question(conn, wanted.chat)
            found = Delivery(key, wanted.chat, post=post) if post else None
        else:
            card = (self._channels.term if wanted.kind is Kind.TERM else self._channels.figure)(day)
            found = Delivery(key, wanted.chat, card[:1], chart=card[1]) if card else None
        if found is None:  # the course has nothing of this kind
            await deliveries.ended(conn, key, State.FAILED)
        return found

    async def _to_learner(self, conn: AsyncConnection, wanted: Subscription, key: int, day: date) -> Delivery | None:
        learner = wanted.learner
        assert learner is not None
        if wanted.ignored >= PATIENCE:
            await learners.change(conn, learner.id, paused=True)
            return Delivery(key, wanted.chat, (SILENCE,))
        turn, stale = await self._rounds.prompt(conn, learner, wanted.chat)
        if turn.ask is None:
            return None
        line = await self._line(conn, learner.id, turn.ask, day)
        context = "\n".join(filter(None, (line, turn.ask.question.context)))
        asked = Asked(turn.ask.id, replace(turn.ask.question, context=context), prompt=True)
        return Delivery(key, wanted.chat, ask=asked, stale=stale)

    async def _line(self, conn: AsyncConnection, learner_id: int, asked: Asked, day: date) -> str:
        """The line above the question; the wording goes round from day to day."""
        put = await rounds.put(conn, asked.id)
        if put and put.asked.practice:
            return PRACTICE
        card = (await log.cards(conn, learner_id)).get(asked.question.item)
        if card is None:
            return NEW[day.toordinal() % len(NEW)]
        return SEEN[day.toordinal() % len(SEEN)].format(ago=_ago((self._now() - card.last_review).days))


def _ago(days: int) -> str:
    return {0: "less than a day ago", 1: "a day ago"}.get(days, f"{days} days ago")


def _comes(wanted: Subscription, at: datetime) -> datetime | None:
    """When a question comes about then in any case; None if none does."""
    regular = slots.near(wanted.slots, wanted.clock, at, ABOUT)
    return regular.at if regular else None


def _put_off(when: str, wanted: Subscription, now: datetime) -> datetime | None:
    """The moment; None where there is no such evening any more, or no such choice."""
    match when:
        case "hour":
            return now + timedelta(hours=1)
        case "evening":
            return slots.evening(wanted.clock, now)
        case "tomorrow":
            last = slots.latest(wanted.slots, wanted.clock, now)
            today = now.astimezone(wanted.clock).date()
            return slots.next_day(last.slot, wanted.clock, today) if last else None
    return None
