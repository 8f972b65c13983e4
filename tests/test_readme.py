"""The README is true: its transcripts are what this version prints."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def transcripts() -> list[tuple[str, str]]:
    """Every `$ semax-bot ...` of the README's console blocks, and what stands under it."""
    blocks = re.findall(r"```console\n(.*?)```", README, re.DOTALL)
    return [
        (command, printed)
        for block in blocks
        for command, printed in re.findall(r"^\$ (semax-bot .*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE)
    ]


@pytest.mark.parametrize(("command", "printed"), transcripts(), ids=lambda value: value[:50].strip())
def test_a_transcript_is_what_the_command_prints(command: str, printed: str) -> None:
    """Run the command and compare; a last line of '...' stands for whatever follows."""
    run = subprocess.run(
        [sys.executable, "-m", *shlex.split(command.replace("semax-bot", "semax_bot", 1))],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    if printed.endswith("...\n"):
        assert run.stdout.startswith(printed.removesuffix("...\n"))
    else:
        assert run.stdout == printed


def test_the_readme_has_transcripts() -> None:
    """The pattern above still finds them."""
    assert len(transcripts()) >= 7


def test_files_and_targets_that_the_readme_names_exist() -> None:
    """Pictures, folders and make targets."""
    pictures = re.findall(r"docs/[\w.]+", README)
    assert len(pictures) >= 5
    for path in [*pictures, "content/README.md", "Dockerfile", "src/semax_bot/answering/pieces.npz"]:
        assert (ROOT / path).exists()
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in re.findall(r"make (\w+)", README):
        assert f"\n{target}:" in makefile or target in {"run", "test"}
