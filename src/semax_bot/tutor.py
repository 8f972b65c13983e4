"""The door: every surface asks here, in plain values, and gets a `Reply`."""

from collections.abc import Hashable

from semax_bot.answering import compose
from semax_bot.answering.answer import Answerer
from semax_bot.answering.pages import PAGES, page, welcome
from semax_bot.answering.vectors import Vectors
from semax_bot.course.load import Course
from semax_bot.errors import UnknownEntry
from semax_bot.reply import Reply
from semax_bot.store.recall import Recall

__all__ = ["PAGES", "Tutor"]

GONE = "This button is from an older message; ask again and you get a fresh card."


class Tutor:
    """One tutor for all surfaces. `ask`, `open` and `page` are pure; `hear` and `tap` know the chat's last entry."""

    def __init__(self, course: Course, recall: Recall | None = None) -> None:
        self.course = course
        self._answerer = Answerer(course, Vectors.shipped())
        self._recall = recall or Recall()
        self._by_code = {compose.code(entry_id): entry_id for entry_id in course.entries}

    def ask(self, question: str, after: str | None = None) -> Reply:
        """The reply to a question; `after` is the entry id that a follow-up ('why?') refers to."""
        return self._answerer.ask(question, after)

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

    async def hear(self, chat: Hashable, text: str) -> Reply:
        """Answer what was said in a chat, with its last entry (30 minutes) in mind."""
        return await self._shown(chat, self.ask(text, await self._recall.last_entry(chat)))

    async def tap(self, chat: Hashable, action: str) -> Reply:
        """What a button leads to. Raises UnknownEntry for an old or forged action."""
        verb, _, argument = action.partition(":")
        if verb == "page":
            return self.page(argument)
        if verb == "not":
            return self._instead(argument.split("."))
        return await self._shown(chat, self.open(argument, verb))

    async def link(self, chat: Hashable, question: int, answer: int) -> None:
        """Remember that message `answer` answers message `question`, so that an edit can follow."""
        await self._recall.answered(chat, question, answer)

    async def answer_to(self, chat: Hashable, question: int) -> int | None:
        """The message that answered `question`, if still remembered."""
        return await self._recall.answer_to(chat, question)

    def _instead(self, codes: list[str]) -> Reply:
        ids = [self._by_code[code] for code in codes if code in self._by_code]
        if not ids:
            raise UnknownEntry(GONE)
        return compose.offer(self.course, ids, "Sorry. Is it one of these?", 0.0)

    async def _shown(self, chat: Hashable, reply: Reply) -> Reply:
        if reply.entry:
            await self._recall.saw(chat, reply.entry)
        return reply
