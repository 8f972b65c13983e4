"""The door: every surface asks here, in plain values, and gets a `Reply` or a `Turn` of a quiz."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, nullcontext
from datetime import UTC, datetime
from functools import cached_property
from random import Random
from typing import TYPE_CHECKING

from semax_bot.answering import compose
from semax_bot.answering.answer import Answerer
from semax_bot.answering.pages import PAGES, group_help, group_welcome, page, welcome
from semax_bot.answering.search import MOST, begun, contents
from semax_bot.answering.vectors import Vectors
from semax_bot.course.load import Course
from semax_bot.errors import UnknownEntry
from semax_bot.reply import Reply
from semax_bot.settings import Settings
from semax_bot.tutor.dashboard import Dashboard
from semax_bot.tutor.values import Who

if TYPE_CHECKING:  # the store's libraries take longer to import than `ask` takes to answer
    from semax_bot.store.store import Store
    from semax_bot.tutor.accounts import Accounts
    from semax_bot.tutor.channels import Channels
    from semax_bot.tutor.chats import Chats
    from semax_bot.tutor.daily import Daily
    from semax_bot.tutor.deliveries import Deliveries
    from semax_bot.tutor.groups import Groups
    from semax_bot.tutor.inbox import Inbox
    from semax_bot.tutor.prompts import Prompts
    from semax_bot.tutor.rounds import Rounds

__all__ = ["PAGES", "Tutor", "Who", "remembering"]

GONE = "This button is from an older message; ask again and you get a fresh card."


class Tutor:
    """One tutor for all surfaces. What it does by itself is pure; what needs memory is in its parts, over a store."""

    def __init__(
        self,
        course: Course,
        store: "Store | None" = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        rng: Random | None = None,
    ) -> None:
        """`now` tells the time in UTC, `rng` shuffles options and chooses among equal items."""
        self.course = course
        self._answerer = Answerer(course, Vectors.shipped())
        self._store, self._now, self._rng = store, now, rng or Random()
        self._by_code = {compose.code(entry_id): entry_id for entry_id in course.entries}

    def ask(self, question: str, after: str | None = None) -> Reply:
        """The reply to a question; `after` is the entry id that a follow-up ('why?') refers to."""
        return self._answerer.ask(question, after)

    def search(self, typed: str) -> tuple[Reply, ...]:
        """Cards for words that may be incomplete, the likeliest first, at most ten; without words the contents.

        A personal medical question gets its one answer, and what the course does not cover is said first.
        """
        reply = self.ask(typed)
        if reply.kind == "medical":
            return (reply,)
        if reply.kind == "smalltalk":
            return tuple(map(self.open, contents(self.course)))
        named = begun(self.course, typed)
        if reply.kind == "out_of_scope" and not named:
            return (reply, *map(self.open, reply.entries))
        ids = dict.fromkeys([*named, *([reply.entry] if reply.entry else []), *reply.entries])
        return tuple(reply if entry_id == reply.entry else self.open(entry_id) for entry_id in list(ids)[:MOST])

    def topic(self, words: str) -> tuple[str, ...]:
        """The entries that a learner's own words are about, nearest first; none if no card answers them."""
        return self._answerer.topic(words)

    def open(self, entry_id: str, view: str = "card") -> Reply:
        """An entry's card, or one view of it: card, simple, advanced, evidence. Raises UnknownEntry."""
        entry = self.course.entries.get(entry_id)
        if entry is None or view not in compose.VIEWS:
            raise UnknownEntry(GONE)
        return compose.opened(self.course, entry, view)

    def page(self, name: str) -> Reply:
        """One of PAGES. Raises UnknownEntry for another name."""
        if name not in PAGES:
            raise UnknownEntry(f"There is no page called {name!r}; /help lists them.")
        return page(self.course, name)

    def welcome(self, payload: str = "") -> Reply:
        """The greeting, or the card that a deep link names (06-term-dopac); a broken link gets the greeting."""
        entry_id = self.course.by_slug.get(payload)
        return self.open(entry_id) if entry_id else welcome(self.course)

    def group_welcome(self, name: str, sees_all: bool) -> Reply:
        """The greeting of a group; `name` is the bot's there, `sees_all` whether it sees what is not meant for it."""
        return group_welcome(self.course, name, sees_all)

    def group_help(self, name: str, sees_all: bool) -> Reply:
        """What works in a group, as above."""
        return group_help(self.course, name, sees_all)

    def tap(self, action: str) -> Reply:
        """What a button of a card leads to. Raises UnknownEntry for an old or forged action."""
        verb, _, argument = action.partition(":")
        if verb == "page":
            return self.page(argument)
        if verb == "chart":
            return self.dashboard.words(argument)
        if verb == "not":
            ids = self._meant(argument)
            if not ids:
                raise UnknownEntry(GONE)
            return compose.offer(self.course, ids, "Sorry. Is it one of these?", 0.0)
        return self.open(argument, verb)

    def remember(self, store: "Store") -> None:
        """Keep what is to last in this store from now on."""
        self._store = store

    @cached_property
    def inbox(self) -> "Inbox":
        """Updates of a surface that are not handled yet."""
        from semax_bot.tutor.inbox import Inbox

        return Inbox(self._memory, self._now)

    @cached_property
    def chats(self) -> "Chats":
        """What is remembered of a chat for a while."""
        from semax_bot.tutor.chats import Chats

        return Chats(self._answerer, self.rounds, self._memory, self._now)

    @cached_property
    def rounds(self) -> "Rounds":
        """The quizzes."""
        from semax_bot.tutor.rounds import Rounds

        return Rounds(self.course, self._memory, self.topic, self._now, self._rng)

    @cached_property
    def accounts(self) -> "Accounts":
        """Progress and settings."""
        from semax_bot.tutor.accounts import Accounts

        return Accounts(self.course, self._memory, self.daily, self._now)

    @cached_property
    def daily(self) -> "Daily":
        """What chats have arranged to get every day."""
        from semax_bot.tutor.daily import Daily

        return Daily(self._memory, self._now)

    @cached_property
    def prompts(self) -> "Prompts":
        """What they get when its time has come."""
        from semax_bot.tutor.prompts import Prompts

        return Prompts(self._memory, self.rounds, self.groups, self.channels, self._now)

    @cached_property
    def groups(self) -> "Groups":
        """The quizzes of whole groups."""
        from semax_bot.tutor.groups import Groups

        return Groups(self.course, self._memory, self.topic, self._now, self._rng, self.rounds.set_aside)

    @cached_property
    def channels(self) -> "Channels":
        """What channels have arranged, and get."""
        from semax_bot.tutor.channels import Channels

        return Channels(self.course, self._memory, self.daily, self._now)

    @cached_property
    def dashboard(self) -> Dashboard:
        """The charts."""
        return Dashboard(self.course)

    @cached_property
    def deliveries(self) -> "Deliveries":
        """What the clock has to send."""
        from semax_bot.tutor.deliveries import Deliveries

        return Deliveries(self._memory, self.daily, self.prompts, self.groups, self._now)

    @property
    def _memory(self) -> "Store":
        assert self._store is not None, "this tutor was made without a store"
        return self._store

    def _meant(self, codes: str) -> list[str]:
        return [self._by_code[code] for code in codes.split(".") if code in self._by_code]


@asynccontextmanager
async def remembering(tutor: Tutor, settings: Settings, alone: bool = False) -> AsyncIterator[Tutor]:
    """Open the store of these settings for as long as the context lasts; `alone` keeps other processes like us out.

    Raises StoreError if it cannot be opened, or is not ours alone.
    """
    from semax_bot.store.lock import Lock
    from semax_bot.store.store import Store

    with Lock(settings.data) if alone else nullcontext():
        store = await Store.open(settings.database_url.get_secret_value(), settings.data)
        tutor.remember(store)
        try:
            yield tutor
        finally:
            await store.close()
