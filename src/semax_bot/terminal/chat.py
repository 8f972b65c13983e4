"""The chat in a terminal: questions, quizzes, /commands and button numbers in, cards out."""

import asyncio
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.distance import JaroWinkler

from semax_bot.errors import SemaxBotError
from semax_bot.quiz.values import Mode, Question
from semax_bot.reply import Button, Reply, line
from semax_bot.settings import Settings
from semax_bot.terminal import account, quiz
from semax_bot.terminal.account import Accounting
from semax_bot.terminal.quiz import CHAT, WAITS, WHO, Parts, Quizzing, picks, says
from semax_bot.terminal.render import pressable, written
from semax_bot.tutor import PAGES, Tutor, remembering
from semax_bot.wire import text_lines

COMMANDS = {
    **PAGES,
    "dashboard": "the charts, in words",
    "chart": "one chart, such as /chart norepinephrine",
    **quiz.COMMANDS,
    **account.COMMANDS,
    "start": "the greeting",
    "ask": "a question, in your own words",
    "quit": "leave",
}
ELSEWHERE = frozenset({"daily", "channel", "leaderboard"})
ON_TELEGRAM = "That works where I can write to you by myself: on Telegram. Here /review asks what is due."
HINT = "Ask in your own words, or /quiz. A number presses a button; /help helps, /quit leaves."
RULE = "─" * 40
NEAR = 0.7  # likeness from which a mistyped command is recognised


class Conversation:
    """What each line leads to. It remembers what the numbers on the screen stand for; the tutor remembers the rest."""

    def __init__(self, tutor: Tutor, history: Path) -> None:
        """`history` is the file in which the prompt keeps what was typed."""
        self._tutor = tutor
        self._quiz = Quizzing(tutor)
        self._account = Accounting(tutor, history)
        self._buttons: Sequence[Button] = ()
        self._answering = False  # the numbers that came last are a question's options, not buttons
        self._commands: Mapping[str, Callable[[str], Parts]] = {
            **{name: partial(self._page, name) for name in PAGES},
            "start": self._start,
            "ask": lambda words: self._hear(words) if words else says("Write your question after /ask."),
            "quiz": partial(self._quiz.start, Mode.QUIZ),
            "review": partial(self._quiz.start, Mode.REVIEW),
            "go": lambda _: self._quiz.go(),
            "undo": lambda _: self._quiz.undo(),
            "stop": lambda _: self._quiz.stop(),
            "progress": lambda _: self._account.progress(),
            "settings": self._account.settings,
            "export": self._account.export,
            "forget": self._forget,
            "privacy": lambda _: self._account.privacy(),
            "dashboard": self._chart,
            "chart": self._chart,
        }

    def say(self, text: str) -> Parts:
        """What a question, a /command, the number of a button or an answer leads to, part by part."""
        return self._followed(self._does(text.strip()))

    def resume(self) -> Parts:
        """What an earlier chat left."""
        return self._followed(self._quiz.resume())

    async def _followed(self, parts: Parts) -> Parts:
        """The same, with an eye on what numbers mean; a fault ends it with its message."""
        try:
            async for part in parts:
                if isinstance(part, Question):
                    self._answering = True
                elif isinstance(part, Reply) and part.buttons:
                    self._buttons, self._answering = pressable(part), False
                yield part
            if self._quiz.asked and not self._answering:
                yield WAITS
        except SemaxBotError as fault:
            yield line(str(fault))

    def _does(self, text: str) -> Parts:
        if text.startswith("/"):
            name, _, words = text[1:].partition(" ")
            command = self._commands.get(name.lower())
            return command(words.strip()) if command else says(_unknown(name.lower()))
        key, numbers, asked = text.casefold(), picks(text), self._quiz.asked
        if asked and numbers and (self._answering or len(numbers) > 1):
            return self._quiz.answer(asked, numbers)
        if asked and key == "h":
            return self._quiz.hint(asked)
        if key == "g" and self._quiz.right is not None:
            return self._quiz.guessed(self._quiz.right)
        if self._buttons and len(numbers) == 1:
            return self._press(numbers[0])
        return self._hear(text)

    def _press(self, number: int) -> Parts:
        if not 1 <= number <= len(self._buttons):
            return says(f"The last card has the buttons 1 to {len(self._buttons)}.")
        action = self._buttons[number - 1].action
        verb, _, entry_id = action.partition(":")
        if verb == "quiz":
            return self._quiz.about(entry_id) if entry_id else self._quiz.start(Mode.QUIZ, "")
        return self._account.set(action) if verb == "set" else self._tap(action)

    async def _hear(self, text: str) -> Parts:
        reply = await self._tutor.chats.hear(CHAT, text)
        yield reply
        await self._tutor.chats.shown(WHO, CHAT, reply)

    async def _tap(self, action: str) -> Parts:
        reply = self._tutor.tap(action)
        yield reply
        await self._tutor.chats.tapped(WHO, CHAT, action, reply)

    async def _start(self, payload: str) -> Parts:
        reply = self._tutor.welcome(payload)
        yield reply
        await self._tutor.chats.shown(WHO, CHAT, reply)

    async def _page(self, name: str, _: str) -> Parts:
        yield self._tutor.page(name)

    async def _chart(self, words: str) -> Parts:
        """The chart that the words mean, the first for none; for words that mean none, all to choose from."""
        dashboard = self._tutor.dashboard
        found = dashboard.named(words)
        yield dashboard.offer() if words and not found else dashboard.words(found[0] if found else "")

    async def _forget(self, words: str) -> Parts:
        async for part in self._account.forget(words):
            yield part
        await self._quiz.settle()


def leaves(text: str) -> bool:
    """Whether a line ends the chat."""
    return text.strip().lower() in {"/quit", "/exit"}


def chat(settings: Settings, tutor: Tutor) -> int:
    """Talk until the input ends; returns the exit code. Without a screen and a keyboard it answers line by line.

    Raises StoreError if what is remembered cannot be opened.
    """
    asyncio.run(_chat(settings, tutor))
    return 0


async def _chat(settings: Settings, tutor: Tutor) -> None:
    history = settings.data / "history"
    async with remembering(tutor, settings):
        conversation = Conversation(tutor, history)
        if sys.stdin.isatty() and sys.stdout.isatty():
            from semax_bot.terminal.prompt import converse

            await converse(conversation, history, tutor.course)
        else:
            await _answer(conversation, text_lines(sys.stdin.buffer))


async def _answer(conversation: Conversation, lines: Iterable[str]) -> None:
    """Answer each line that says something; a rule parts the answers, each written out before the next line is read."""
    before = await _write(conversation.resume(), "")
    for text in lines:
        if leaves(text):
            break
        if text.strip():
            before = await _write(conversation.say(text), before)


async def _write(parts: Parts, before: str) -> str:
    """Write the parts of an answer, the first behind `before`; returns what is to stand before the next answer."""
    async for part in parts:
        print(before + written(part), flush=True)
        before = "\n"
    return before and f"\n{RULE}\n\n"


def _unknown(name: str) -> str:
    if name in ELSEWHERE:
        return ON_TELEGRAM
    near = process.extractOne(name, list(COMMANDS), scorer=JaroWinkler.similarity, score_cutoff=NEAR)
    return f"There is no such command. Did you mean /{near[0] if near else 'help'}?"
