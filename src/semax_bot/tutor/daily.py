"""What chats have arranged to get every day: times, days and time zone, in words and buttons."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from semax_bot.errors import UnknownEntry
from semax_bot.reply import Button, Reply, Text, line, rows
from semax_bot.schedule import zones
from semax_bot.schedule.slots import EVERY_DAY, Occurrence, Slots, coming, day_said, said
from semax_bot.schedule.wish import DailyWish, daily_wish
from semax_bot.store import deliveries, due, learners, subscriptions
from semax_bot.store.store import Store
from semax_bot.store.subscriptions import Kind, Off, Subscription
from semax_bot.tutor import clocks
from semax_bot.tutor.values import Who

PRESETS = ("08:00", "12:30", "18:00", "21:00")

INVITE = (
    "One question a day, at your time. Pick a time, or send your own: /daily 08:30, /daily 7pm weekdays, "
    "/daily 08:30 19:00 Berlin."
)
INVITE_GROUP = (
    "One question a day for everybody here, and its result a day later. An admin picks a time, or sends another: "
    "/daily 09:00 Berlin, /daily 9am weekdays."
)
WHICH_CLOCK = (
    "By which clock? Until you pick one I go by UTC. For any other: /daily and a city, or an offset like UTC+2."
)
NO_ZONE = (
    "I know no time zone called “{place}”. Try a larger city nearby, /daily 08:30 Berlin, or an offset such as UTC+2."
)
STOPPED = "Stopped: no more daily questions. /daily 08:30 starts them again."
STOPPED_GROUP = "Stopped: no more daily questions here. /daily 09:00 starts them again."
PAUSED = "Paused: none comes until you tap “Go on”."
SHUT = "Held back: I was not allowed to write here. Once I am, tap “Go on”."
NOTED = "Noted: {clock}."
NO_TIME = "At what time? Send it with the days: /daily 08:30 weekdays."
GONE = "That button is from an older message; /daily shows what there is now."


class Daily:
    """The arrangements of all chats. In private a person's own time zone counts, elsewhere the chat has one."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store, self._now = store, now

    async def hear(self, who: Who | None, chat: str, text: str, group: bool = False) -> Reply:
        """What /daily leads to, with all that stands behind it; in a group `who` is the admin, None if anonymous.

        Raises DailyWishError for words that name no time.
        """
        wanted = daily_wish(text)
        found = zones.match(wanted.place, self._now()) if wanted.place else []
        if wanted.place and not found:
            return self._offer(NO_ZONE.format(place=wanted.place[:40]), ())
        zone = found[0] if len(found) == 1 else None
        return await self._store.write(lambda conn: self._heard(conn, who, chat, wanted, zone, found, group))

    async def tap(self, who: Who | None, chat: str, action: str, group: bool = False) -> Reply:
        """What one of our buttons leads to. Raises UnknownEntry for an old or forged one."""
        match action.split(":", 2):
            case ["daily", "at", words] if words in PRESETS:
                pass
            case ["daily", "zone", words] if words in zones.zones():
                pass
            case ["daily", "off" | "show" as wish, ""]:
                words = "off" if wish == "off" else ""
            case ["daily", "times", ""]:
                invite = Text(INVITE_GROUP if group else INVITE, lead=True)
                return Reply("answer", (invite,), (*_presets(), (Button("Back", "daily:show:"),)))
            case ["daily", "zones", ""]:
                return self._offer(WHICH_CLOCK, zones.COMMON)
            case ["daily", "on", ""]:
                return await self._go_on(who, chat, group)
            case _:
                raise UnknownEntry(GONE)
        return await self.hear(who, chat, words, group)

    async def arrange(self, chat: str, kind: Kind, slots: Slots, zone: str) -> None:
        """Send this kind to a group or channel, at these times of a time zone."""

        async def change(conn: AsyncConnection) -> None:
            await self._save(conn, chat, kind, slots, zone=zone)

        await self._store.write(change)

    async def off(self, chat: str, kind: Kind) -> None:
        """Send no more of this kind."""

        async def change(conn: AsyncConnection) -> None:
            if one := (await subscriptions.of_chat(conn, chat)).get(kind):
                await self._switch_off(conn, one, Off.STOPPED)

        await self._store.write(change)

    async def shut(self, chat: str, topics: bool = False) -> None:
        """The chat (and its topics) takes no message of ours: its person blocked us, or we are no member any more."""

        async def change(conn: AsyncConnection) -> None:
            for one in await _all_of(conn, chat, topics):
                await self.shut_out(conn, one.chat)

        await self._store.write(change)

    async def back(self, chat: str, topics: bool = False) -> None:
        """The chat (and its topics) takes our messages again, so what was switched off for that goes on."""

        async def change(conn: AsyncConnection) -> None:
            for one in await _all_of(conn, chat, topics):
                await self.let_in(conn, one.chat)

        await self._store.write(change)

    async def shut_out(self, conn: AsyncConnection, chat: str) -> None:
        """One chat, or one topic, takes no message of ours, as part of a change."""
        for one in (await subscriptions.of_chat(conn, chat)).values():
            if one.off is None:
                await self._switch_off(conn, one, Off.SHUT)

    async def let_in(self, conn: AsyncConnection, chat: str) -> None:
        """One chat, or one topic, takes our messages again, as part of a change."""
        for one in (await subscriptions.of_chat(conn, chat)).values():
            if one.off is Off.SHUT:
                await subscriptions.switch(conn, one.id, None)
                await self._plan(conn, one)

    async def zone_changed(self, conn: AsyncConnection, learner_id: int) -> None:
        """A learner's clock is another, as part of a change."""
        for one in await subscriptions.of_learner(conn, learner_id):
            if one.off is None:
                await self._plan(conn, one)

    async def _heard(  # noqa: PLR0913, PLR0917 - one value each for what was said, by whom, and where
        self,
        conn: AsyncConnection,
        who: Who | None,
        chat: str,
        wanted: DailyWish,
        zone: str | None,
        found: list[str],
        group: bool,
    ) -> Reply:
        before = (await subscriptions.of_chat(conn, chat)).get(Kind.QUESTION)
        if wanted.off:
            if before:
                await self._switch_off(conn, before, Off.STOPPED)
            return line(STOPPED_GROUP if group else STOPPED)
        kept = before.slots if before else None
        times = wanted.times or (kept.times if kept else ())
        if wanted.days and not times:
            return line(NO_TIME)
        anew = bool(wanted.times or wanted.days)
        learner = await learners.learner_of(conn, *who, self._now()) if who and (anew or zone) else None
        if learner and not group:
            changed = ({"zone": zone} if zone else {}) | ({"paused": False} if anew else {})
            await learners.change(conn, learner.id, **changed)
            await self.zone_changed(conn, learner.id)
        if anew or (zone and group and before):
            slots = Slots(times, wanted.days or (kept.days if kept and not wanted.times else EVERY_DAY))
            own = zone or (before.zone if before else None) or (learner.zone if learner else None)
            mine = learner.id if learner and not group else None
            await self._save(conn, chat, Kind.QUESTION, slots, mine, own if group else None)
            if before and before.off and not anew:
                await self._switch_off(conn, before, before.off)
        now = (await subscriptions.of_chat(conn, chat)).get(Kind.QUESTION)
        if len(found) > 1:
            lead = f"{_capital(said(now.slots))}. By which clock?" if now and anew else clocks.SEVERAL
            return self._offer(lead, found)
        page = await self._page(conn, now, group, asking=now is not None and before is None)
        if zone and (now.off is Off.STOPPED if now else not group):
            return replace(page, blocks=(Text(NOTED.format(clock=clocks.name(zone)), lead=True), *page.blocks))
        return page

    async def _go_on(self, who: Who | None, chat: str, group: bool) -> Reply:
        async def change(conn: AsyncConnection) -> Reply:
            if who and not group:
                learner = await learners.learner_of(conn, *who, self._now())
                await learners.change(conn, learner.id, paused=False)
                await subscriptions.heard(conn, learner.id)
            for one in (await subscriptions.of_chat(conn, chat)).values():
                await subscriptions.switch(conn, one.id, None)
                await self._plan(conn, one)
            return await self._page(conn, (await subscriptions.of_chat(conn, chat)).get(Kind.QUESTION), group)

        return await self._store.write(change)

    async def _save(
        self,
        conn: AsyncConnection,
        chat: str,
        kind: Kind,
        slots: Slots,
        learner_id: int | None = None,
        zone: str | None = None,
    ) -> None:
        key = await subscriptions.save(conn, chat, kind, slots, self._now(), learner_id, zone)
        if saved := await subscriptions.get(conn, key):
            await self._plan(conn, saved)

    async def _plan(self, conn: AsyncConnection, one: Subscription) -> None:
        await due.put(conn, "subscription", one.id, (await self._coming(conn, one)).at)

    async def _coming(self, conn: AsyncConnection, one: Subscription) -> Occurrence:
        """What comes next: not a slot that was served on that local date already, by an earlier time or zone."""
        found = coming(one.slots, one.clock, self._now())
        while await deliveries.known(conn, one.chat, one.kind, found.slot, found.day.isoformat()):
            found = coming(one.slots, one.clock, found.at)
        return found

    async def _switch_off(self, conn: AsyncConnection, one: Subscription, why: Off) -> None:
        await subscriptions.switch(conn, one.id, why)
        for kind in ("subscription", "later"):
            await due.drop(conn, kind, one.id)

    async def _page(self, conn: AsyncConnection, one: Subscription | None, group: bool, asking: bool = False) -> Reply:
        if one is None or one.off is Off.STOPPED:
            return Reply("answer", (Text(INVITE_GROUP if group else INVITE, lead=True),), _presets())
        lead = Text(
            f"{_capital(said(one.slots))}, {clocks.name(one.named_zone)}: one question"
            + (" for everybody here." if group else "."),
            lead=True,
        )
        if asking and one.named_zone is None:
            return replace(self._offer("", zones.COMMON), kind="answer", blocks=(lead, Text(WHICH_CLOCK)))
        if one.off is Off.SHUT:
            note = SHUT
        elif one.paused:
            note = PAUSED
        else:
            first = (await self._coming(conn, one)).at.astimezone(one.clock)
            day = day_said(first.date(), self._now().astimezone(one.clock).date())
            note = f"The next comes {day} at {first:%H:%M}."
        buttons = [
            *([Button("Go on", "daily:on:")] if note in {SHUT, PAUSED} else []),
            Button("Other time", "daily:times:"),
            Button("Time zone", "daily:zones:"),
            Button("Stop", "daily:off:"),
        ]
        return Reply("answer", (lead, Text(note)), rows(buttons))

    def _offer(self, text: str, found: Sequence[str]) -> Reply:
        return clocks.offer(text, found, self._now(), "daily")


def _presets() -> tuple[tuple[Button, ...], ...]:
    return rows([Button(clock, f"daily:at:{clock}") for clock in PRESETS])


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


async def _all_of(conn: AsyncConnection, chat: str, topics: bool) -> Sequence[Subscription]:
    return await subscriptions.of_home(conn, chat) if topics else [*(await subscriptions.of_chat(conn, chat)).values()]
