"""Somebody at the terminal."""

from pathlib import Path

from clock import Clock
from semax_bot.quiz.values import Question
from semax_bot.reply import Reply
from semax_bot.store.store import Store
from semax_bot.terminal.chat import Conversation
from semax_bot.terminal.quiz import Part
from semax_bot.tutor import Tutor


class Learner:
    """Types lines and reads what comes."""

    def __init__(self, tutor: Tutor, store: Store, clock: Clock, history: Path) -> None:
        self.tutor, self.store, self.clock, self.history = tutor, store, clock, history
        self.chat = Conversation(tutor, history)

    async def types(self, text: str) -> list[Part]:
        """All parts that a line leads to."""
        return [part async for part in self.chat.say(text)]

    async def reads(self, text: str) -> Reply:
        """The one card that a line leads to."""
        (part,) = await self.types(text)
        assert isinstance(part, Reply)
        return part

    async def asked(self, text: str) -> Question:
        """The question that a line leads to in the end."""
        part = (await self.types(text))[-1]
        assert isinstance(part, Question)
        return part

    async def restarts(self) -> list[Part]:
        """Leave and come back; what is shown then."""
        self.chat = Conversation(self.tutor, self.history)
        return [part async for part in self.chat.resume()]
