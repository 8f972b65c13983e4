"""Channels: who looks after which, what each has arranged to get, and what comes next there.

Who may look after a channel is not known here: the surface asks Telegram each time, and lets go of those who may not.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from semax_bot.answering.compose import opened
from semax_bot.course.load import Course
from semax_bot.course.model import Entry
from semax_bot.errors import UnknownEntry
from semax_bot.reply import Button, Figure, Heading, Reply, Text, rows
from semax_bot.schedule.slots import EVERY_DAY, Slots, said
from semax_bot.store import channels, learners, subscriptions
from semax_bot.store.store import Store
from semax_bot.store.subscriptions import Kind, Subscription
from semax_bot.store.values import Channel
from semax_bot.tutor import clocks
from semax_bot.tutor.daily import Daily
from semax_bot.tutor.values import Who

TITLES = {Kind.QUESTION: "Daily quiz", Kind.TERM: "Term of the day", Kind.FIGURE: "Figure of the week"}
TIMES = {clock.replace(":", ""): clock for clock in "07:00 08:00 09:00 12:00 15:00 18:00 20:00 21:00".split()}
WEEK = 7  # days

RESULTS = "Readers answer the quiz anonymously; its result follows a day later."
BY_ZONE = f"Times that you pick go by {{clock}}. {RESULTS}"
BY_UTC = f"Times that you pick now go by UTC; for your own time zone send /settings here first. {RESULTS}"
WHEN = "{title}: when, by {clock}?"
GONE = "That button is from an older message; /channel shows what there is now."


class Channels:
    """The channels of all learners."""

    def __init__(self, course: Course, store: Store, daily: Daily, now: Callable[[], datetime]) -> None:
        self._course, self._store, self._daily, self._now = course, store, daily, now

    async def keep(self, who: Who, chat: str, title: str) -> None:
        """We may post in this channel, and `who` looks after it."""

        async def change(conn: AsyncConnection) -> None:
            learner = await learners.learner_of(conn, *who, self._now())
            await channels.keep(conn, chat, title, learner.id, self._now())

        await self._store.write(change)

    async def let_go(self, chat: str, who: Who | None = None) -> None:
        """Somebody may look after a channel no longer; without `who`, nobody may."""

        async def change(conn: AsyncConnection) -> None:
            learner = await learners.find(conn, *who) if who else None
            if who is None or learner:
                await channels.let_go(conn, chat, learner.id if learner else None)

        await self._store.write(change)

    async def kept_by(self, who: Who) -> list[Channel]:
        """The channels that somebody looks after, by title."""
        async with self._store.reading() as conn:
            learner = await learners.find(conn, *who)
            return await channels.kept_by(conn, learner.id) if learner else []

    async def page(self, who: Who, channel: Channel) -> Reply:
        """What a channel has arranged, and buttons to change it."""
        async with self._store.reading() as conn:
            arranged = await subscriptions.of_chat(conn, channel.chat)
            zone = await self._zone(conn, who)
        lines = [Figure(title, _said(arranged.get(kind))) for kind, title in TITLES.items()]
        note = BY_ZONE.format(clock=clocks.name(zone)) if zone else BY_UTC
        kinds = [Button(title, f"ch:when:{kind}:{channel.chat}") for kind, title in TITLES.items()]
        off = Button("All off", f"ch:off:all:{channel.chat}")
        return Reply("answer", (Heading(channel.title), *lines, Text(note)), rows([*kinds, off]))

    async def tap(self, who: Who, channel: Channel, wish: Sequence[str]) -> Reply:
        """The page after a tap, or the times to choose from. Raises UnknownEntry for an old or forged button."""
        match wish:
            case ["open"]:
                pass
            case ["when", kind] if kind in TITLES:
                return await self._times(who, channel, Kind(kind))
            case ["at", kind, clock] if kind in TITLES and clock in TIMES:
                await self._arrange(who, channel.chat, Kind(kind), TIMES[clock])
            case ["off", kind] if kind in {*TITLES, "all"}:
                for one in TITLES if kind == "all" else (Kind(kind),):
                    await self._daily.off(channel.chat, one)
            case _:
                raise UnknownEntry(GONE)
        return await self.page(who, channel)

    def term(self, day: date) -> tuple[Reply, str] | None:
        """The term of a local date, and the id of its chart or nothing: day by day in the order of the course, which it
        needs nobody to remember. None if the course has no terms.
        """
        return self._card(self._of_kind("term"), day.toordinal())

    def figure(self, day: date) -> tuple[Reply, str] | None:
        """The figure of a week, by one of its days, as above."""
        return self._card(self._of_kind("figure"), day.toordinal() // WEEK)

    def _card(self, entries: Sequence[Entry], number: int) -> tuple[Reply, str] | None:
        """A card without its buttons: whoever pressed one would change it for all."""
        if not entries:
            return None
        entry = entries[number % len(entries)]
        charts = [chart.id for chart in self._course.charts_of(entry.id)]
        return replace(opened(self._course, entry, "card"), buttons=()), next(iter(charts), "")

    def _of_kind(self, kind: str) -> list[Entry]:
        return [entry for entry in self._course.entries.values() if entry.id.split("/")[1] == kind and not entry.home]

    async def _times(self, who: Who, channel: Channel, kind: Kind) -> Reply:
        async with self._store.reading() as conn:
            zone = await self._zone(conn, who)
        text = Text(WHEN.format(title=TITLES[kind], clock=clocks.name(zone)), lead=True)
        times = [Button(clock, f"ch:at:{kind}:{code}:{channel.chat}") for code, clock in TIMES.items()]
        last = (Button("Off", f"ch:off:{kind}:{channel.chat}"), Button("Back", f"ch:open:{channel.chat}"))
        return Reply("suggest", (Heading(channel.title), text), (*rows(times, 4), last))

    async def _arrange(self, who: Who, chat: str, kind: Kind, clock: str) -> None:
        async with self._store.reading() as conn:
            zone = await self._zone(conn, who) or "UTC"
        today = self._now().astimezone(ZoneInfo(zone)).isoweekday()
        days = frozenset({today}) if kind is Kind.FIGURE else EVERY_DAY
        await self._daily.arrange(chat, kind, Slots((time.fromisoformat(clock),), days), zone)

    async def _zone(self, conn: AsyncConnection, who: Who) -> str | None:
        learner = await learners.find(conn, *who)
        return learner.zone if learner else None


def _said(one: Subscription | None) -> str:
    """When, by the clock that it goes by, which may be another administrator's."""
    return f"{said(one.slots)}, {clocks.name(one.named_zone)}" if one and one.off is None else "off"
