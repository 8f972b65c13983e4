"""Packaging: what the Dockerfile does, performed here without Docker, gives a bot that answers from anywhere."""

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's instructions in order, each with its argument on one line."""
    text = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
    lines = [line.split(maxsplit=1) for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(name, argument) for name, argument in lines]


def stages() -> list[list[tuple[str, str]]]:
    """The instructions of each stage."""
    found: list[list[tuple[str, str]]] = []
    for name, argument in instructions():
        if name == "FROM":
            found.append([])
        found[-1].append((name, argument))
    return found


@dataclass(frozen=True)
class Image:
    """The build stage's file system, under a folder of ours instead of `/`."""

    root: Path

    def run(self, command: Sequence[str], stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Run a command as the final image would: its own PATH, nothing else in the environment, another folder."""
        path = f"{self.root}/opt/semax-bot/bin:{os.defpath}"
        environment = {"PATH": path, "SEMAX_BOT_DATA": str(self.root / "data")}
        return subprocess.run(
            command,
            cwd=self.root,
            env=environment,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )


def perform(root: Path, name: str, argument: str) -> None:
    """Do what one instruction of the build stage does, below `root`."""
    build = root / "build"
    if name == "COPY":
        *sources, target = argument.split()
        for source in sources:
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, build / target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(ROOT / source, build / target)
    elif name == "RUN":
        kept = {
            key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "SEMAX_BOT_", "VIRTUAL"))
        }
        environment = {**kept, "PATH": f"{Path(sys.executable).parent}:{os.environ.get('PATH', os.defpath)}"}
        environment["PIP_NO_COMPILE"] = "1"  # an image is compiled to start fast; a test only to be thrown away
        command = argument.replace("/opt/", f"{root}/opt/")
        done = subprocess.run(
            ["sh", "-euc", command], cwd=build, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"RUN {argument}\n{done.stdout}{done.stderr}"


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Image:
    """The build stage, performed; skipped where no package index answers."""
    root = tmp_path_factory.mktemp("image")
    probe = [sys.executable, "-m", "pip", "download", "-qq", "--no-deps", "--require-hashes", "--retries=0"]
    probe += ["--dest", str(root / "probe"), "-r", str(ROOT / "requirements-build.lock")]
    if subprocess.run(probe, capture_output=True, check=False).returncode != 0:
        pytest.skip("no package index can be reached")
    for folder in ("build", "opt"):
        (root / folder).mkdir()
    for name, argument in stages()[0]:
        perform(root, name, argument)
    return Image(root)


def test_the_wheel_holds_the_content_and_nothing_private(image: Image) -> None:
    """The wheel carries code, types marker, licence and content, and no test, cache or `.env`."""
    (wheel,) = (image.root / "opt/wheel").glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    shipped = {path.relative_to(ROOT).as_posix() for path in (ROOT / "content").rglob("*.yaml")}
    assert {f"semax_bot/{name}" for name in shipped} <= set(names)
    assert "semax_bot/py.typed" in names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert not [name for name in names if re.search(r"tests?/|__pycache__|\.env|\.lock$", name)]
    assert {name.split("/")[0].split("-")[0] for name in names} == {"semax_bot"}


def test_the_installed_bot_checks_and_answers(image: Image) -> None:
    """From any folder, with nothing in the environment, the installed command finds its content and answers from it."""
    checked = image.run(["semax-bot", "check"])
    assert (checked.returncode, checked.stderr) == (0, ""), checked.stdout
    asked = image.run(["semax-bot", "ask", "--json", "What is DOPAC?"])
    assert (asked.returncode, asked.stderr) == (0, "")
    assert json.loads(asked.stdout)["entry"] == "06/term/dopac"


def test_the_installed_bot_runs_without_a_token(image: Image) -> None:
    """`docker run -i` without a token is the chat, and ends with its input."""
    done = image.run(["semax-bot", "run"], stdin="What is DOPAC?\n")
    assert done.returncode == 0
    assert "DOPAC" in done.stdout
    assert done.stderr.count("\n") == 1


def test_the_health_check_is_true(image: Image) -> None:
    """The HEALTHCHECK succeeds on a sound image, and fails where the bot cannot answer."""
    (argument,) = [argument for name, argument in stages()[-1] if name == "HEALTHCHECK"]
    command = json.loads(argument.split(" CMD ")[1])
    assert image.run(command).returncode == 0
    content = next(image.root.glob("opt/semax-bot/lib/python*/site-packages/semax_bot/content"))
    aside = content.rename(content.with_name("aside"))
    try:
        assert image.run(command).returncode != 0
    finally:
        aside.rename(content)


def test_no_build_tool_reaches_the_final_image(image: Image) -> None:
    """The environment that is copied holds the runtime lock and the bot, without pip or the build backend."""
    (packages,) = image.root.glob("opt/semax-bot/lib/python*/site-packages")
    assert (packages / "semax_bot").is_dir()
    assert not [path.name for path in packages.iterdir() if re.match(r"pip\b|setuptools|hatchling|wheel\b", path.name)]
    copied = [argument for name, argument in stages()[-1] if name == "COPY"]
    assert [line.split()[-2:] for line in copied] == [["/opt/semax-bot", "/opt/semax-bot"], ["/opt/data", "/data"]]


def test_the_final_image_is_slim_and_unprivileged() -> None:
    """The final stage runs nothing as root, keeps its data in a volume that its user owns, and starts the bot."""
    final = dict(stages()[-1])
    assert all(stage[0][1].startswith("python:3.13-slim") for stage in stages())
    assert "RUN" not in final
    assert re.fullmatch(r"[1-9]\d+:[1-9]\d+", final["USER"])
    assert f"--chown={final['USER']} /opt/data /data" in final["COPY"]
    assert final["VOLUME"] == "/data"
    assert "SEMAX_BOT_DATA=/data" in final["ENV"]
    assert json.loads(final["ENTRYPOINT"]) + json.loads(final["CMD"]) == ["semax-bot", "run"]


def test_the_build_context_is_a_white_list() -> None:
    """What the Dockerfile copies is let through `.dockerignore`, and nothing else, so no `.env` gets into a layer."""
    lines = (ROOT / ".dockerignore").read_text("utf-8").split("\n")
    let_through = {line[1:] for line in lines if line.startswith("!")}
    copied = {word for name, argument in stages()[0] if name == "COPY" for word in argument.split()[:-1]}
    assert "*" in lines
    assert let_through == copied
