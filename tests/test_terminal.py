"""The terminal: cards that fit the screen, and a prompt that a person can work with."""

import io
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
from collections.abc import Iterator
from fcntl import ioctl
from pathlib import Path
from time import monotonic
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.history import InMemoryHistory
from rich.cells import cell_len
from rich.console import Console

from semax_bot.reply import Button, Caveat, Check, Evidence, Figure, Heading, Place, Reply, Table, Text, plain_line
from semax_bot.terminal.chat import COMMANDS, Conversation, leaves
from semax_bot.terminal.prompt import Words, history, titles
from semax_bot.terminal.render import MEASURE, numbered, show
from semax_bot.tutor import PAGES, Tutor

ROOT = Path(__file__).parents[1]
READY = "\x1b[?2004h"  # the prompt takes keys: it has switched bracketed paste on
CARD = Reply(
    "answer",
    (
        Heading("Dopamine turnover"),
        Text(
            "The unit says yes, as turnover: more DOPAC per dopamine in striatum and cortex. It gives no size.",
            lead=True,
        ),
        Figure("DOPAC/DA ratio", "up; size not given"),
        Table("Release", (("Semax", "no direct release is claimed"), ("Amphetamine", "reverses the transporter"))),
        Evidence("rodent", "🐀", "rodents; not measured in people"),
        Check("contradicted", "contradicted", "Semax alone left dopamine unchanged in that study.", ("Author 2005",)),
        Caveat("Turnover is not level: more use is not more dopamine in the synapse."),
        Place("Unit 6 · key numbers"),
    ),
    (
        (Button("Simpler", "simple:x"), Button("More detail", "advanced:x"), Button("Evidence", "evidence:x")),
        (Button("Turnover v release", "card:y"), Button("Microdialysis", "card:z")),
    ),
    "06/figure/dopamine-turnover",
)


def printed(reply: Reply, width: int, colour: bool = False) -> str:
    """What `show` puts on a screen of this width."""
    screen = io.StringIO()
    system: Literal["truecolor"] | None = "truecolor" if colour else None
    show(Console(file=screen, width=width, force_terminal=colour, color_system=system, highlight=False), reply)
    return screen.getvalue()


@pytest.mark.parametrize("width", [30, 40, 80, 200])
def test_a_card_fits_its_screen(width: int) -> None:
    """On any screen no line is too long to read, every word is there in order, and no button is torn apart."""
    lines = printed(CARD, width).splitlines()
    assert max(map(cell_len, lines)) <= min(width, MEASURE)
    words = " ".join(lines).split()
    blocks = [block for block in CARD.blocks if not isinstance(block, Table)]
    for block in blocks:
        rest = iter(words)
        assert all(word in rest for word in plain_line(block).split())
    for labels in numbered(CARD):
        assert all(any(label in line for line in lines) for label in labels)


def test_icons_stand_clear_of_the_words() -> None:
    """The second line of a check or caveat starts under the first word, not under the icon."""
    lines = printed(CARD, 40).splitlines()
    (place,) = [number for number, line in enumerate(lines) if "Check:" in line]
    column = cell_len(lines[place].split("Check:")[0])
    assert lines[place + 1].startswith(" " * column)
    assert lines[place + 1].strip()


def test_colour_marks_what_matters() -> None:
    """On a screen the title, the leading sentence and the check are told apart; the words stay the same."""
    coloured = printed(CARD, 80, colour=True)
    assert "\x1b[1;36mDopamine turnover" in coloured
    assert "\x1b[33mCheck:" in coloured
    assert [line.rstrip() for line in re.sub(r"\x1b\[[0-9;]*m", "", coloured).splitlines()] == [
        line.rstrip() for line in printed(CARD, 80).splitlines()
    ]


@given(st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1, max_size=20))
def test_text_is_never_taken_for_markup(text: str) -> None:
    """Square brackets and the like in a text are printed as they are."""
    shown = printed(Reply("answer", (Text(text), Caveat(f"[bold]{text}[/]"))), 200)
    assert text in shown
    assert f"[bold]{text}[/]" in shown


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


async def test_every_page_is_a_command(tutor: Tutor) -> None:
    """Each page of the tutor, and its greeting, answers under its name in the terminal too."""
    conversation = Conversation(tutor)
    for name in PAGES:
        assert await conversation.say(f"/{name.upper()} ") == tutor.page(name)
    assert await conversation.say("/start") == tutor.welcome()


async def test_a_number_presses_the_button_that_shows_it(tutor: Tutor) -> None:
    """The numbers on the screen and the numbers that are understood are the same."""
    conversation = Conversation(tutor)
    card = await conversation.say("What is DOPAC?")
    labels = [label for row in numbered(card) for label in row]
    related = next(label for label in labels if label.split("] ")[1] in titles(tutor.course))
    pressed = await conversation.say(re.findall(r"\d+", related)[0])
    assert plain_line(pressed.blocks[0]) == related.split("] ")[1]


async def test_a_number_without_a_button_is_a_question(tutor: Tutor) -> None:
    """Before any card, and beyond two digits, a number is what the learner says, not a button."""
    conversation = Conversation(tutor)
    assert await conversation.say("1") == tutor.ask("1")
    await conversation.say("What is DOPAC?")
    assert await conversation.say("1000") == tutor.ask("1000", "06/term/dopac")


async def test_a_follow_up_knows_the_card_before(tutor: Tutor) -> None:
    """'why?' in a chat is about the card on the screen, also after a detour to a page or a mistyped command."""
    conversation = Conversation(tutor)
    card = await conversation.say("What is DOPAC?")
    await conversation.say("/trems")
    assert await conversation.say("why?") == tutor.ask("why?", card.entry) != tutor.ask("why?")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("/trems", "/terms"), ("/hlep me", "/help"), ("/quti", "/quit"), ("/", "/help"), ("/xyz", "/help")],
)
async def test_an_unknown_command_names_the_nearest(tutor: Tutor, typed: str, meant: str) -> None:
    """A slip in a command is answered by the command, not by a card."""
    reply = await Conversation(tutor).say(typed)
    assert meant in plain_line(reply.blocks[0])
    assert reply.entry is None


def test_leaving_is_easy() -> None:
    """The two usual words leave; a question that holds them does not."""
    assert leaves(" /quit ")
    assert leaves("/EXIT")
    assert not leaves("does it quit")


def test_history_is_private_and_optional(tmp_path: Path) -> None:
    """Questions are kept for their owner alone; where nothing can be written, the chat works without."""
    history(tmp_path / "data")
    assert (tmp_path / "data/history").stat().st_mode & 0o777 == 0o600
    (tmp_path / "file").touch()
    assert isinstance(history(tmp_path / "file"), InMemoryHistory)


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
