"""What a line leads to: questions, commands and the numbers of buttons."""

import os
import re
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from semax_bot.errors import StoreError
from semax_bot.reply import Reply, plain, plain_line
from semax_bot.store.engine import FILE
from semax_bot.store.store import Store
from semax_bot.terminal.chat import COMMANDS, ELSEWHERE, ON_TELEGRAM, RULE, leaves
from semax_bot.terminal.prompt import titles
from semax_bot.terminal.render import numbered, written
from semax_bot.tutor import PAGES
from terminal.learner import Learner

SOURCES = Path(__file__).parents[2] / "src"


async def test_every_page_is_a_command(learner: Learner) -> None:
    """Each page of the tutor, and its greeting, answers under its name in the terminal too."""
    for name in PAGES:
        assert (await learner.types(f"/{name.upper()} "))[0] == learner.tutor.page(name)
    assert await learner.reads("/start") == learner.tutor.welcome()


@pytest.mark.parametrize("name", [name for name in COMMANDS if name not in {"quit", "export"}])
async def test_every_command_that_is_offered_is_known(learner: Learner, name: str) -> None:
    """Completion offers no command that the chat then takes for a slip."""
    parts = await learner.types(f"/{name}")
    assert parts
    assert "no such" not in written(parts[0])


async def test_charts_are_told_in_words(learner: Learner) -> None:
    """By name, with slips, or from the list of all of them; where a picture would be, its description stands."""
    dashboard = learner.tutor.dashboard
    assert await learner.reads("/dashboard") == dashboard.words()
    assert await learner.reads("/chart norepinefrine") == dashboard.words("06/chart/curve")
    assert await learner.reads("/chart the weather") == dashboard.offer()
    assert await learner.reads("3") == dashboard.words("06/chart/hamd")
    assert learner.tutor.course.charts["06/chart/hamd"].alt in plain(dashboard.words("06/chart/hamd"))


@pytest.mark.parametrize("name", sorted(ELSEWHERE))
async def test_what_a_terminal_cannot_do_is_said(learner: Learner, name: str) -> None:
    """A command that help names for Telegram is not taken for a slip."""
    assert plain(await learner.reads(f"/{name} 08:30")) == ON_TELEGRAM


async def test_a_number_presses_the_button_that_shows_it(learner: Learner) -> None:
    """The numbers on the screen and the numbers that are understood are the same."""
    card = await learner.reads("What is DOPAC?")
    labels = [label for row in numbered(card) for label in row]
    related = next(label for label in labels if label.split("] ")[1] in titles(learner.tutor.course))
    pressed = await learner.reads(re.findall(r"\d+", related)[0])
    assert plain_line(pressed.blocks[0]) == related.split("] ")[1]


async def test_a_number_without_a_button_is_a_question(learner: Learner) -> None:
    """Before any card, and beyond two digits, a number is what the learner says, not a button."""
    assert await learner.reads("1") == learner.tutor.ask("1")
    await learner.reads("What is DOPAC?")
    assert await learner.reads("1000") == learner.tutor.ask("1000", "06/term/dopac")


async def test_a_follow_up_knows_the_card_before(learner: Learner) -> None:
    """'why?' in a chat is about the card on the screen, also after a detour to a page or a mistyped command."""
    card = await learner.reads("What is DOPAC?")
    await learner.types("/trems")
    assert await learner.reads("why?") == learner.tutor.ask("why?", card.entry) != learner.tutor.ask("why?")


async def test_a_follow_up_knows_the_card_of_an_earlier_chat(learner: Learner) -> None:
    """The last card outlives the chat, and so does one that a button opened."""
    card = await learner.reads("What is DOPAC?")
    number = next(number for number, button in enumerate(sum(card.buttons, ()), 1) if button.action.startswith("card:"))
    opened = await learner.reads(str(number))
    await learner.restarts()
    assert (
        await learner.reads("why?") == learner.tutor.ask("why?", opened.entry) != learner.tutor.ask("why?", card.entry)
    )


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("/trems", "/terms"), ("/hlep me", "/help"), ("/quti", "/quit"), ("/reveiw", "/review"), ("/", "/help")],
)
async def test_an_unknown_command_names_the_nearest(learner: Learner, typed: str, meant: str) -> None:
    """A slip in a command is answered by the command, not by a card."""
    reply = await learner.reads(typed)
    assert meant in plain(reply)
    assert reply.entry is None


async def test_a_fault_of_the_store_is_said_and_costs_no_answer(
    learner: Learner, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a full disk the card still comes, then one line about the disk, and the chat goes on."""

    async def full(change: Callable[..., Awaitable[Any]]) -> None:
        raise StoreError("The disk is full.")

    monkeypatch.setattr(store, "write", full)
    card, fault = await learner.types("What is DOPAC?")
    assert card == learner.tutor.ask("What is DOPAC?")
    assert isinstance(fault, Reply)
    assert plain(fault) == "The disk is full."
    assert plain(await learner.reads("/quiz")) == "The disk is full."


def test_leaving_is_easy() -> None:
    """The two usual words leave; a question that holds them does not."""
    assert leaves(" /quit ")
    assert leaves("/EXIT")
    assert not leaves("does it quit")


def piped(folder: Path, lines: str) -> subprocess.CompletedProcess[str]:
    """A chat whose lines come through a pipe, remembering in this folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SEMAX_BOT_")}
    return subprocess.run(
        [sys.executable, "-m", "semax_bot", "chat"],
        cwd=folder,
        env={**kept, "PYTHONPATH": str(SOURCES), "SEMAX_BOT_DATA": str(folder / "data"), "PYTHONIOENCODING": "utf-8"},
        input=lines,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def test_a_quiz_runs_through_a_pipe_and_over_two_chats(tmp_path: Path) -> None:
    """A script can be quizzed too: the question waits from one process to the next, and counts once answered."""
    first = piped(tmp_path, "/quiz 1\n")
    assert (first.returncode, first.stderr) == (0, "")
    waits, question, answer = piped(tmp_path, "/go\n1\n").stdout.split(f"\n{RULE}\n\n")
    assert "/go" in waits
    assert question == first.stdout.rstrip("\n") + "\n"
    assert "Round done" in answer
    assert piped(tmp_path, "").stdout == ""


def test_a_store_that_cannot_be_opened_is_one_line(tmp_path: Path) -> None:
    """The operator reads what is wrong, and the exit code says that we could not start."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / FILE).write_text("This is no database, and it is long enough to be taken for none.\n" * 9)
    done = piped(tmp_path, "What is DOPAC?\n")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert FILE in done.stderr
