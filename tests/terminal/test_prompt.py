"""A prompt that a person can work with."""

import os
import pty
import select
import struct
import subprocess
import sys
import termios
from collections.abc import Iterator
from fcntl import ioctl
from pathlib import Path
from time import monotonic

import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.history import InMemoryHistory

from semax_bot.terminal.chat import COMMANDS
from semax_bot.terminal.prompt import Words, history, titles
from semax_bot.tutor import Tutor

ROOT = Path(__file__).parents[2]
READY = "\x1b[?2004h"  # the prompt takes keys: it has switched bracketed paste on


def test_completion_offers_commands_and_titles() -> None:
    """After a slash the commands that fit, with what they do; else the title that the last words begin."""
    words = Words(["DOPAC", "Dopamine", "Locus coeruleus"])

    def offered(typed: str) -> list[tuple[str, int]]:
        found = words.get_completions(Document(typed), CompleteEvent())
        return [(completion.text, completion.start_position) for completion in found]

    assert offered("/te") == [("/terms", -3)]
    assert len(offered("/")) == len(COMMANDS)
    assert offered("what is dop") == [("DOPAC", -3), ("Dopamine", -3)]
    assert offered("where is the locus co") == [("Locus coeruleus", -8)]
    assert offered("do") == []
    assert offered("what is it ") == []


def test_every_title_can_be_completed(tutor: Tutor) -> None:
    """The prompt knows the titles of all entries."""
    assert "DOPAC" in titles(tutor.course)
    assert set(titles(tutor.course)) == {entry.title for entry in tutor.course.entries.values()}


def test_history_is_private_and_optional(tmp_path: Path) -> None:
    """Questions are kept for their owner alone; where nothing can be written, the chat works without."""
    history(tmp_path / "data/history")
    assert (tmp_path / "data/history").stat().st_mode & 0o777 == 0o600
    (tmp_path / "file").touch()
    assert isinstance(history(tmp_path / "file/history"), InMemoryHistory)


class Screen:
    """A terminal of 80 columns with the chat running in it."""

    def __init__(self, folder: Path) -> None:
        self._master, slave = pty.openpty()
        ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 80, 0, 0))
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("SEMAX_BOT_")},
            "PYTHONPATH": str(ROOT / "src"),
            "SEMAX_BOT_DATA": str(folder / "data"),
            "PROMPT_TOOLKIT_NO_CPR": "1",
            "TERM": "xterm-256color",
        }
        self._unread = b""
        command = [sys.executable, "-m", "semax_bot", "chat"]
        self.process = subprocess.Popen(command, cwd=folder, env=environment, stdin=slave, stdout=slave, stderr=slave)
        os.close(slave)

    def type(self, keys: str) -> None:
        """Press keys."""
        os.write(self._master, keys.encode())

    def wait_for(self, words: str, seconds: float = 30) -> str:
        """What the terminal shows until these words, from where the last wait ended."""
        shown, deadline = self._unread, monotonic() + seconds
        while words.encode() not in shown:
            ready, _, _ = select.select([self._master], [], [], max(0, deadline - monotonic()))
            assert ready, f"{words!r} did not appear in {shown.decode(errors='replace')}"
            shown += os.read(self._master, 65536)
        end = shown.index(words.encode()) + len(words.encode())
        self._unread = shown[end:]
        return shown[:end].decode(errors="replace")

    def close(self) -> None:
        """Let go of the terminal and of the process."""
        self.process.kill()
        self.process.wait()
        os.close(self._master)


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Screen]:
    """The chat in a terminal of its own."""
    screen = Screen(tmp_path)
    yield screen
    screen.close()


def test_the_prompt_serves_a_person(screen: Screen, tmp_path: Path) -> None:
    """Greeting, a question, a button, Ctrl-C and Ctrl-D, all as a person at a keyboard meets them."""
    assert "[1]" in screen.wait_for(READY)
    screen.type("What is DOPAC?\r")
    assert "\x1b[1;36mDOPAC" in screen.wait_for("[1] Simpler")
    screen.wait_for(READY)
    screen.type("1\r")
    screen.wait_for("Unit 6")
    screen.wait_for(READY)
    screen.type("never mind\x03")
    screen.wait_for("Ctrl-D leaves")
    screen.wait_for(READY)
    screen.type("\x04")
    screen.wait_for("Until next time.")
    assert screen.process.wait(10) == 0
    assert "+What is DOPAC?" in (tmp_path / "data/history").read_text("utf-8")


def test_a_quiz_looks_right_on_a_screen(screen: Screen) -> None:
    """Options in colour, the verdict in green or red, and the next question below it without being asked for."""
    screen.wait_for(READY)
    screen.type("/quiz 2\r")
    screen.wait_for("\x1b[36m1\x1b[0m")
    screen.wait_for("to end.")
    screen.wait_for(READY)
    screen.type("1\r")
    shown = screen.wait_for("to end.")
    assert "\x1b[1;32m✓" in shown
    screen.wait_for(READY)
    screen.type("\x04")
    assert screen.process.wait(10) == 0
