"""What belongs to the learner, at the prompt: progress, settings, everything stored, and its end."""

import json
import os
from pathlib import Path

from semax_bot.quiz.anki import notes
from semax_bot.reply import line
from semax_bot.terminal.quiz import CHAT, WHO, Parts
from semax_bot.tutor import Tutor

COMMANDS = {
    "progress": "what you know, and what is due",
    "settings": "questions per quiz, time zone; /settings Berlin",
    "export": "everything stored about you, as a file; /export anki for the questions",
    "forget": "delete everything stored about you",
}
EXPORT, ANKI = "semax-bot-export.json", "semax-bot-anki.txt"
SURE = (
    "This deletes your answers, your progress, your settings and what you typed in this terminal, for good. "
    "If you mean it: /forget yes"
)


class Accounting:
    """The account of the one learner whom a terminal has."""

    def __init__(self, tutor: Tutor, history: Path) -> None:
        """`history` is the file in which the prompt keeps what was typed."""
        self._tutor, self._history = tutor, history

    async def progress(self) -> Parts:
        """The page of progress in words; the picture is for surfaces that can show one."""
        reply, _ = await self._tutor.accounts.progress(WHO)
        yield reply

    async def settings(self, words: str) -> Parts:
        """The settings; words behind the command name a time zone."""
        yield await self._tutor.accounts.settings(WHO, words)

    async def set(self, action: str) -> Parts:
        """What a button of the settings does."""
        yield await self._tutor.accounts.set(WHO, action)

    async def export(self, words: str) -> Parts:
        """Write everything stored about the learner to the file named, or the items for Anki."""
        if words.lower() == "anki":
            yield line(_written(ANKI, notes(self._tutor.course)))
        else:
            stored = await self._tutor.accounts.export(WHO, [CHAT])
            yield line(_written(words or EXPORT, json.dumps(stored, indent=2, ensure_ascii=False) + "\n"))

    async def forget(self, words: str) -> Parts:
        """Delete everything, once that is confirmed; what was typed goes too."""
        if words.lower() != "yes":
            yield line(SURE)
            return
        yield await self._tutor.accounts.forget(WHO, [CHAT])
        try:
            os.truncate(self._history, 0)  # its permissions stay
        except FileNotFoundError:
            pass  # nothing was kept
        except OSError as fault:
            yield line(f"Only what you typed is still there ({fault.strerror}). Delete this file: {self._history}")

    async def privacy(self) -> Parts:
        """The page on privacy, and what only a terminal keeps."""
        yield self._tutor.page("privacy")
        yield line(f"This terminal also keeps what you type, for the arrow keys: {self._history}. /forget empties it.")


def _written(name: str, text: str) -> str:
    """Write a new file that only its owner may read, and say so; a file that is there already is left alone."""
    try:
        file = Path(name).expanduser()
        with open(file, "x", encoding="utf-8", opener=lambda path, flags: os.open(path, flags, 0o600)) as opened:
            opened.write(text)
    except FileExistsError:
        return f"{name} is there already and stays as it is. Move it away, or name another file: /export other.json"
    except (OSError, RuntimeError) as fault:  # RuntimeError: a home that is not known
        return f"{name} cannot be written: {fault}. Name another file: /export other.json"
    return f"Written to {file.absolute()}."
