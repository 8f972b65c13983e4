"""What belongs to a learner: progress, settings, and all that is stored, to take along or to have deleted."""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from semax_bot.course.load import Course
from semax_bot.errors import UnknownEntry
from semax_bot.reply import Button, Figure, Heading, Reply, Text, line, rows
from semax_bot.schedule import progress as reached
from semax_bot.schedule import zones
from semax_bot.schedule.slots import said
from semax_bot.store import learners, log, pictures, subscriptions
from semax_bot.store.learners import Learner
from semax_bot.store.store import Store
from semax_bot.store.subscriptions import Subscription
from semax_bot.tutor import clocks
from semax_bot.tutor.daily import Daily
from semax_bot.tutor.values import Who

SIZES = (3, 5, 10, 15)  # items per quiz that can be picked; /quiz takes any number

NOTE = "Quizzes that you start yourself run in any case. The leaderboard is that of your groups."
PLACES = "Which place keeps your time? For any other: /settings and a city, or an offset such as UTC+2."
NO_ZONE = (
    "I know no time zone by that name. Try a larger city near you, /settings Berlin, or an offset, /settings UTC+2."
)
GONE = "That setting is from an older version; /settings shows what there is now."
FORGOTTEN = (
    "Done. Your answers, your progress, your quizzes and your settings are deleted; from here on we start afresh. "
    "What stands in this chat is yours to delete."
)


class Accounts:
    """The accounts of all learners. Nothing is stored about somebody who only looks."""

    def __init__(self, course: Course, store: Store, daily: Daily, now: Callable[[], datetime]) -> None:
        self._course, self._store, self._daily, self._now = course, store, daily, now

    async def progress(self, who: Who) -> tuple[Reply, dict[str, Any] | None]:
        """The page of progress, and what its picture shows (see charts); None where there is nothing to draw yet."""
        now = self._now()
        async with self._store.reading() as conn:
            learner = await self._found(conn, who)
            cards = await log.cards(conn, learner.id)
            graded = await log.graded_since(conn, learner.id, now - reached.RECENT)
            moments = await log.moments(conn, learner.id)
        numbers = reached.progress(self._course, cards, graded, moments, now, learner.clock)
        data = reached.drawn(self._course, numbers) if numbers.answers else None
        return reached.page(self._course, numbers), data

    async def file_id(self, bot: int, hash: str) -> str | None:
        """What a bot calls the picture with this hash, if it has sent it before."""
        async with self._store.reading() as conn:
            return await pictures.file_id(conn, bot, hash)

    async def keep_file_id(self, bot: int, hash: str, file_id: str) -> None:
        """The bot has sent the picture with this hash, and can send it again by this name."""
        await self._store.write(lambda conn: pictures.keep_file_id(conn, bot, hash, file_id))

    async def settings(self, who: Who, words: str = "") -> Reply:
        """The settings; words behind the command name a time zone, which is set at once if it is clear."""
        if not words.strip():
            async with self._store.reading() as conn:
                return await self._settings(conn, await self._found(conn, who))
        found = zones.match(words, self._now())
        if len(found) == 1:
            return await self._change(who, zone=found[0])
        return self._offer(clocks.SEVERAL if found else NO_ZONE, found)

    async def set(self, who: Who, action: str) -> Reply:
        """The settings after a tap on one of their buttons. Raises UnknownEntry for an old or forged one."""
        match action.split(":"):
            case ["set", "items", size] if size in map(str, SIZES):
                return await self._change(who, items=int(size))
            case ["set", "paused", "0" | "1" as paused]:
                return await self._change(who, paused=paused == "1")
            case ["set", "unlisted", "0" | "1" as unlisted]:
                return await self._change(who, unlisted=unlisted == "1")
            case ["set", "zone", zone] if zone in zones.zones():
                return await self._change(who, zone=zone)
            case ["set", "zones", ""]:
                return self._offer(PLACES, zones.COMMON)
            case ["set", "show", ""]:
                return await self.settings(who)
        raise UnknownEntry(GONE)

    async def export(self, who: Who, chats: Iterable[str]) -> dict[str, Any]:
        """Everything stored about a learner and the chats that are theirs alone, as plain JSON values."""
        async with self._store.reading() as conn:
            stored = await learners.export(conn, (await self._found(conn, who)).id, chats)
        for row in (*stored["round"], *stored["group_round"]):
            row["state"] = json.loads(row["state"])
        head = {"what": "everything that is stored about you", "course": self._course.title}
        return head | {"made_at": self._now().isoformat()} | stored

    async def forget(self, who: Who, chats: Iterable[str]) -> Reply:
        """Delete all of that, for good."""
        theirs = list(chats)

        async def change(conn: AsyncConnection) -> None:
            await learners.forget(conn, (await self._found(conn, who)).id, theirs)

        await self._store.write(change)
        return line(FORGOTTEN)

    async def _found(self, conn: AsyncConnection, who: Who) -> Learner:
        """The learner; for somebody we do not know one with no id of the store's, and nothing set."""
        return await learners.find(conn, *who) or Learner(0, *who, None, 5, paused=False, made_at=self._now())

    async def _change(self, who: Who, **settings: str | int) -> Reply:
        async def change(conn: AsyncConnection) -> Reply:
            learner = await learners.learner_of(conn, *who, self._now())
            await learners.change(conn, learner.id, **settings)
            if "zone" in settings:
                await self._daily.zone_changed(conn, learner.id)
            if "paused" in settings:
                await subscriptions.heard(conn, learner.id)
            return await self._settings(conn, await learners.learner_of(conn, *who, self._now()))

        return await self._store.write(change)

    async def _settings(self, conn: AsyncConnection, learner: Learner) -> Reply:
        now = self._now()
        zone = clocks.at(learner.zone, now) if learner.zone else f"{clocks.at('UTC', now)}, as none is set"
        daily = await subscriptions.of_learner(conn, learner.id)
        blocks = (
            Heading("Your settings"),
            Figure("Questions per quiz", str(learner.items)),
            Figure("Time zone", zone),
            Figure("Daily question", _said(learner, daily)),
            Figure("Leaderboard", "you are left out" if learner.unlisted else "you are on it, by your first name"),
            Text(NOTE),
        )
        sizes = [Button(f"{'✓ ' * (size == learner.items)}{size} questions", f"set:items:{size}") for size in SIZES]
        pause = Button("Go on", "set:paused:0") if learner.paused else Button("Pause", "set:paused:1")
        names = ("Show me on boards", "set:unlisted:0") if learner.unlisted else ("Leave me out", "set:unlisted:1")
        return Reply("answer", blocks, rows([*sizes, Button("Time zone", "set:zones:"), pause, Button(*names)]))

    def _offer(self, text: str, found: Sequence[str]) -> Reply:
        return clocks.offer(text, found, self._now(), "set")


def _said(learner: Learner, daily: Iterable[Subscription]) -> str:
    times = [said(one.slots) for one in daily if one.off is None]
    if learner.paused:
        return "paused"
    return times[0] if times else "none"
