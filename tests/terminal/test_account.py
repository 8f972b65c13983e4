"""What belongs to the learner, at the prompt."""

import json
from pathlib import Path

import pytest

from semax_bot.reply import Heading, Reply, plain
from semax_bot.terminal.account import ANKI, EXPORT, SURE
from semax_bot.terminal.quiz import WHO, Verdict
from semax_bot.terminal.render import numbered, written
from semax_bot.tutor.accounts import FORGOTTEN
from terminal.learner import Learner

pytestmark = pytest.mark.usefixtures("elsewhere")


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files without a folder go to the test's own."""
    monkeypatch.chdir(tmp_path)


async def answered(learner: Learner) -> None:
    """Have one answer in the log."""
    await learner.asked("/quiz 2")
    assert isinstance((await learner.types("1"))[0], Verdict)


async def test_progress_is_told_in_words(learner: Learner) -> None:
    """The page that stands below the picture elsewhere; its buttons have numbers here."""
    await answered(learner)
    page, _ = await learner.types("/progress")
    assert isinstance(page, Reply)
    assert page.blocks[0] == Heading("Your progress")
    assert "1 seen so far" in plain(page)


async def test_settings_are_changed_by_their_buttons(learner: Learner) -> None:
    """The number of a setting's button sets it, and a quiz is as long as that says."""
    settings = await learner.reads("/settings")
    labels = [label for row in numbered(settings) for label in row]
    number = next(label.split("]")[0].lstrip("[") for label in labels if label.split("] ")[1].startswith("3"))
    await learner.reads(number)
    stored = await learner.tutor.accounts.export(WHO, [])
    assert '"items": 3' in json.dumps(stored)


async def test_a_time_zone_is_set_by_its_name(learner: Learner) -> None:
    """/settings with a city sets the zone at once."""
    assert "Time zone: Berlin" in plain(await learner.reads("/settings berlin"))


async def test_export_writes_a_file_for_its_owner_alone(learner: Learner, tmp_path: Path) -> None:
    """Everything stored, as JSON that nobody else on the machine can read."""
    await answered(learner)
    assert str(tmp_path / EXPORT) in written((await learner.types("/export"))[0])
    assert "attempt" in json.loads((tmp_path / EXPORT).read_text("utf-8"))
    assert (tmp_path / EXPORT).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("name", ["kept.json", "missing/kept.json", "~nobody-by-this-name/kept.json"])
async def test_export_overwrites_nothing(learner: Learner, tmp_path: Path, name: str) -> None:
    """A file that is there stays as it is; that, or a folder that is not there, is said with what to do."""
    (tmp_path / "kept.json").write_text("mine", "utf-8")
    assert "name another file" in plain(await learner.reads(f"/export {name}")).lower()
    assert (tmp_path / "kept.json").read_text("utf-8") == "mine"
    assert [file.name for file in tmp_path.iterdir() if file.is_file()] == ["kept.json"]


async def test_export_anki_writes_the_items(learner: Learner, tmp_path: Path) -> None:
    """The unit's questions as a file that Anki imports."""
    await learner.reads("/export anki")
    assert (tmp_path / ANKI).read_text("utf-8").startswith("#separator:tab\n")


async def test_forget_asks_first_and_then_deletes_all(learner: Learner, tmp_path: Path) -> None:
    """Only '/forget yes' deletes: the answers, the open quiz, the last card, and what was typed."""
    learner.history.write_text("+What is DOPAC?\n", "utf-8")
    await answered(learner)
    assert written((await learner.types("/forget"))[0]) == SURE
    assert learner.history.read_text("utf-8")
    assert plain(await learner.reads("/forget yes")) == FORGOTTEN
    assert learner.history.read_text("utf-8") == ""
    assert await learner.restarts() == []
    assert "Nothing here yet" in written((await learner.types("/progress"))[0])


async def test_forget_says_what_it_could_not_delete(learner: Learner) -> None:
    """Where the typed lines stay after all, their owner learns which file to delete."""
    learner.history.mkdir()
    *_, note = await learner.types("/forget yes")
    assert str(learner.history) in written(note)


async def test_privacy_names_the_file_of_the_prompt(learner: Learner) -> None:
    """What only the terminal keeps is said where a learner looks for it."""
    _, note = await learner.types("/privacy")
    assert str(learner.history) in written(note)
