"""The prompt: line editing, history, and completion of commands and titles."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from rich.console import Console

from semax_bot.course.load import Course
from semax_bot.terminal.chat import COMMANDS, HINT, Conversation, leaves
from semax_bot.terminal.quiz import Parts
from semax_bot.terminal.render import put

PROMPT = FormattedText([("bold ansicyan", "> ")])
SHORTEST = 3  # letters before a title is offered


async def converse(conversation: Conversation, typed: Path, course: Course) -> None:
    """Greet, then answer line after line, until /quit or Ctrl-D; `typed` is the file for the arrow keys."""
    console = Console(highlight=False)
    session: PromptSession[str] = PromptSession(
        history=history(typed), completer=Words(titles(course)), reserve_space_for_menu=5
    )
    await _show(console, conversation.say("/start"))
    console.print(HINT, style="dim")
    await _show(console, conversation.resume())
    while True:
        try:
            line = await session.prompt_async(PROMPT)
        except KeyboardInterrupt:  # Ctrl-C drops the line, as in a shell
            console.print("/quit or Ctrl-D leaves.", style="dim")
            continue
        except EOFError:
            break
        if leaves(line):
            break
        if line.strip():
            await _show(console, conversation.say(line))
    console.print("Until next time.", style="dim")


async def _show(console: Console, parts: Parts) -> None:
    async for part in parts:
        put(console, part)
    console.print()


def history(file: Path) -> History:
    """The questions of earlier chats, for the arrow keys; of this chat only, where nothing can be written."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)  # what people ask is theirs
    except OSError:
        return InMemoryHistory()
    return FileHistory(file)


def titles(course: Course) -> list[str]:
    """The titles of all entries, in the order of the alphabet."""
    return sorted({entry.title for entry in course.entries.values()}, key=str.casefold)


class Words(Completer):
    """Completes a /command, or the title that the last words begin."""

    def __init__(self, titles: Iterable[str]) -> None:
        self._titles = list(titles)

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterator[Completion]:
        """What the text before the cursor may become."""
        typed = document.text_before_cursor
        if typed.startswith("/"):
            for name, about in COMMANDS.items():
                if f"/{name}".startswith(typed.lower()):
                    yield Completion(f"/{name}", -len(typed), display_meta=about)
            return
        for word in re.finditer(r"(?<!\S)\S", typed):  # the longest beginning first: 'locus co' before 'co'
            beginning = typed[word.start() :].casefold()
            found = [title for title in self._titles if title.casefold().startswith(beginning)]
            if len(beginning) >= SHORTEST and found:
                yield from (Completion(title, -len(beginning)) for title in found)
                return
