"""What is remembered of a chat for half an hour: its last entry, and which message answered which question."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from semax_bot.answering.answer import Answerer
from semax_bot.reply import Reply
from semax_bot.store import recall, stats
from semax_bot.store.store import Store
from semax_bot.tutor.rounds import Rounds
from semax_bot.tutor.values import Who


class Chats:
    """The conversations of all chats. A chat goes by a key that its surface chooses."""

    def __init__(self, answerer: Answerer, rounds: Rounds, store: Store, now: Callable[[], datetime]) -> None:
        self._answerer, self._rounds, self._store, self._now = answerer, rounds, store, now

    async def hear(self, chat: str, text: str) -> Reply:
        """Answer what was said in a chat, with its last entry in mind."""
        if not self._answerer.follows(text):
            return self._answerer.ask(text)
        async with self._store.reading() as conn:
            after = await recall.last_entry(conn, chat, self._now())
        return self._answerer.ask(text, after)

    async def shown(
        self, who: Who, chat: str, reply: Reply, question: int | None = None, answer: int | None = None
    ) -> None:
        """Remember that the chat saw this reply, and which of its messages it answers.

        Items on the reply's entry that were set aside for `who` may be asked again: now there was something to learn.
        """

        async def change(conn: AsyncConnection) -> None:
            now = self._now()
            if reply.entry:
                await recall.saw(conn, chat, reply.entry, now)
                await self._rounds.release(conn, who, reply.entry)
            if question is not None and answer is not None:
                await recall.answered(conn, chat, question, answer, now)

        await self._store.write(change)

    async def answer_to(self, chat: str, question: int) -> int | None:
        """The message that answered message `question`, if still remembered."""
        async with self._store.reading() as conn:
            return await recall.answer_to(conn, chat, question, self._now())

    async def tapped(self, who: Who, chat: str, action: str, reply: Reply) -> None:
        """Remember what a button led to. 'Not what I meant' is counted per entry, for its author."""
        if not action.startswith("not:"):
            return await self.shown(who, chat, reply)

        async def change(conn: AsyncConnection) -> None:
            if entry := await recall.last_entry(conn, chat, self._now()):
                await stats.confused(conn, entry)

        await self._store.write(change)
