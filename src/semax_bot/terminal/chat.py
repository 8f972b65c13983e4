"""The chat in a terminal: questions, /commands and button numbers in, cards out."""

import asyncio
import sys
from collections.abc import Iterable, Sequence

from rapidfuzz import process
from rapidfuzz.distance import JaroWinkler

from semax_bot.errors import UnknownEntry
from semax_bot.reply import Button, Reply, Text, plain
from semax_bot.settings import Settings
from semax_bot.terminal.render import numbered, pressable
from semax_bot.tutor import PAGES, Tutor
from semax_bot.wire import text_lines

CHAT = "terminal"  # the one chat that a terminal is
COMMANDS = {**PAGES, "start": "the greeting", "ask": "a question, in your own words", "quit": "leave"}
HINT = "Ask in your own words. A number presses a button; /help helps, /quit leaves."
RULE = "─" * 40
NEAR = 0.7  # likeness from which a mistyped command is recognised


class Conversation:
    """What each line leads to. It remembers the buttons on the screen; the tutor remembers the rest."""

    def __init__(self, tutor: Tutor) -> None:
        self._tutor = tutor
        self._buttons: Sequence[Button] = ()

    async def say(self, line: str) -> Reply:
        """The reply to a question, a /command, or the number of a button."""
        reply = await self._reply(line.strip())
        self._buttons = pressable(reply) or self._buttons
        return reply

    async def _reply(self, line: str) -> Reply:
        if line.startswith("/"):
            name, _, rest = line[1:].partition(" ")
            return await self._command(name.lower(), rest.strip())
        if self._buttons and line.isdecimal() and len(line) <= 2:
            return await self._press(int(line))
        return await self._tutor.hear(CHAT, line)

    async def _command(self, name: str, rest: str) -> Reply:
        if name in PAGES:
            return self._tutor.page(name)
        if name == "start":
            return self._tutor.welcome(rest)
        if name == "ask":
            return await self._tutor.hear(CHAT, rest) if rest else note("Write your question after /ask.")
        near = process.extractOne(name, list(COMMANDS), scorer=JaroWinkler.similarity, score_cutoff=NEAR)
        return note(f"There is no such command. Did you mean /{near[0] if near else 'help'}?")

    async def _press(self, number: int) -> Reply:
        if not 1 <= number <= len(self._buttons):
            return note(f"The last card has the buttons 1 to {len(self._buttons)}.")
        try:
            return await self._tutor.tap(CHAT, self._buttons[number - 1].action)
        except UnknownEntry as error:
            return note(str(error))


def note(text: str) -> Reply:
    """One line that the chat itself has to say."""
    return Reply("smalltalk", (Text(text),))


def leaves(line: str) -> bool:
    """Whether a line ends the chat."""
    return line.strip().lower() in {"/quit", "/exit"}


def chat(settings: Settings, tutor: Tutor) -> int:
    """Talk until the input ends; returns the exit code. Without a screen and a keyboard it answers line by line."""
    conversation = Conversation(tutor)
    if sys.stdin.isatty() and sys.stdout.isatty():
        from semax_bot.terminal.prompt import converse

        asyncio.run(converse(conversation, settings, tutor))
    else:
        asyncio.run(_answer(conversation, text_lines(sys.stdin.buffer)))
    return 0


async def _answer(conversation: Conversation, lines: Iterable[str]) -> None:
    """Answer each line that says something; a rule parts the answers, each written out before the next line is read."""
    before = ""
    for line in lines:
        if leaves(line):
            break
        if line.strip():
            reply = await conversation.say(line)
            buttons = ["  ".join(row) for row in numbered(reply)]
            print(before + plain(reply), *(["", *buttons] if buttons else []), sep="\n", flush=True)
            before = f"\n{RULE}\n\n"
