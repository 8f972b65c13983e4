"""The author's guide: who follows `content/README.md` to the letter gets a unit that checks and answers."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from semax_bot.course import model
from semax_bot.course.check import check
from semax_bot.course.load import load
from semax_bot.course.schema import schema
from semax_bot.settings import content_folder
from semax_bot.tutor import Tutor

GUIDE = (content_folder() / "README.md").read_text("utf-8")
PAGES = re.findall(r"^```yaml\n# content/(\S+)\n(.*?)^```$", GUIDE, re.DOTALL | re.MULTILINE)
COMMANDS = [
    line for block in re.findall(r"^```sh\n(.*?)^```$", GUIDE, re.DOTALL | re.MULTILINE) for line in block.splitlines()
]


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The course that ships with the guide's unit 7 added: each block in the file that its first line names."""
    folder = Path(shutil.copytree(content_folder(), tmp_path_factory.mktemp("author") / "content"))
    for name, text in PAGES:
        page = folder / name
        page.parent.mkdir(exist_ok=True)
        page.write_text(text, "utf-8")
    return folder


@pytest.fixture(scope="module")
def tutor(content: Path) -> Tutor:
    """The tutor of the two units."""
    return Tutor(load(content))


def test_the_guides_unit_is_new_and_sound(content: Path) -> None:
    """The example passes every rule that the guide explains, without a line of code."""
    names = "unit entries sources vocabulary boundaries questions charts".split()
    assert [name for name, _ in PAGES] == [f"unit-07/{name}.yaml" for name in names]
    assert check(content) == []


ANSWERED = [
    ("what is lunarin", "07/term/lunarin"),
    ("define lunarine", "07/term/lunarin"),
    ("moonleaf extract", "07/term/lunarin"),
    ("how many minutes sooner do people fall asleep with moonleaf tea?", "07/figure/sleep-onset"),
    ("what is DOPAC", "06/term/dopac"),
]


@pytest.mark.parametrize(("question", "entry"), ANSWERED)
def test_the_tutor_answers_from_the_new_unit(tutor: Tutor, question: str, entry: str) -> None:
    """A learner can ask about the new unit as soon as its folder is there, and about the old one as before."""
    assert tutor.ask(question).entry == entry


def test_the_tutor_knows_the_new_units_boundary(tutor: Tutor) -> None:
    """What the new unit leaves out is turned away in the author's words."""
    reply = tutor.ask("how do I grow moonleaf at home")
    assert reply.kind == "out_of_scope"
    assert reply.entries[0] == "07/term/lunarin"


def test_every_command_of_the_guide_runs(content: Path, tmp_path: Path) -> None:
    """Copied from the guide into a shell beside the content, each command succeeds."""
    command = tmp_path / "semax-bot"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m semax_bot "$@"\n')
    command.chmod(0o755)
    source = str(Path(__file__).parents[2] / "src")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SEMAX_BOT_")}
    shell = {**kept, "PATH": f"{tmp_path}:{os.environ['PATH']}", "PYTHONPATH": source}
    said = [
        subprocess.run(line, shell=True, cwd=content.parent, env=shell, capture_output=True, check=True, timeout=60)
        for line in COMMANDS
    ]
    assert said[0].stdout == b"No faults in content.\n"
    assert said[1].stdout.startswith(b"Lunarin\n")
    assert (content / "schema.json").read_text("utf-8") == schema() + "\n"
    assert check(content) == []


def test_the_guide_explains_every_key() -> None:
    """An author never has to read code to learn what may be written."""
    kinds = (model.CourseFile, model.Unit, model.Section, model.Entry, model.Quantity, model.SourceCheck)
    others = (model.Source, model.Word, model.Boundary, model.Item, model.Option)
    keys = {key for kind in (*kinds, *others) for key in kind.model_fields}
    listed = {*model.EvidenceLevel, *model.Verdict, *model.Facet, *model.ItemKind}
    values = {*listed, "out_of_scope", "medical", "smalltalk"}
    assert sorted(name for name in keys | values if f"`{name}`" not in GUIDE) == []


def test_the_guide_states_the_limits_that_hold() -> None:
    """The lengths in the guide are those of the model."""
    short, entry_id = (str(model.Entry.model_fields[key].metadata) for key in ("short", "id"))
    assert "max_length=200" in short
    assert "one sentence, 200 characters at most" in GUIDE
    assert "max_length=48" in entry_id
    assert "48 characters at most" in GUIDE
