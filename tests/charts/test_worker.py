"""The worker that draws: small for its caller, one at a time, and never in the way."""

import asyncio
import signal
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from semax_bot.charts import worker
from semax_bot.charts.worker import ChartError, Charts, Form, fingerprint

DATA = {
    "theme": "light",
    "title": "9 of 23 mastered",
    "subtitle": "Streak: 3 days · 82% right in 30 days",
    "sections": [{"title": "Key numbers", "mastered": 9, "seen": 14, "total": 23}],
    "due": [{"day": "Today", "items": 2}, {"day": "Tue", "items": 0}],
}
LEAN = """
import asyncio, json, sys
from semax_bot.charts.worker import Charts, fingerprint
data = json.loads(sys.argv[1])
picture = asyncio.run(Charts().draw("progress", data))
heavy = sorted({name.split(".")[0] for name in sys.modules} & {"altair", "vl_convert", "narwhals", "jsonschema"})
print(picture[:4] == b"\\x89PNG", fingerprint("progress", data), heavy)
"""


class Double:
    """Stands in for the worker process: counts, and draws as many bytes as it is asked for."""

    def __init__(self) -> None:
        self.drawn: list[str] = []
        self.at_once = self.most_at_once = 0

    async def __call__(self, kind: str, data: dict[str, Any], timeout: float, form: Form) -> bytes:
        """Draw slowly enough for another call to come in between."""
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        for _ in range(5):
            await asyncio.sleep(0)
        self.at_once -= 1
        self.drawn.append(data["title"])
        return bytes(data["size"])


@pytest.fixture
def double(monkeypatch: pytest.MonkeyPatch) -> Double:
    """A double in the place of the process."""
    stand_in = Double()
    monkeypatch.setattr(worker, "_drawn", stand_in)
    return stand_in


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A program that runs in the place of Python; the test writes it."""
    program = tmp_path / "python"
    program.touch(mode=0o755)
    monkeypatch.setattr(sys, "executable", str(program))
    return program


async def test_a_picture_fits_a_phone() -> None:
    """The real worker gives a PNG of about 1000 pixels across, and the second time nothing is drawn."""
    charts = Charts()
    picture = await charts.draw("progress", DATA)
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", picture[16:24])
    assert 980 <= width <= 1040
    assert height <= 2 * width
    assert await charts.draw("progress", DATA) is picture


async def test_a_page_gets_the_same_chart_as_vega() -> None:
    """The second form is compiled Vega, which needs no Vega-Lite in the browser; both forms are kept side by side."""
    charts = Charts()
    compiled = await charts.vega("progress", DATA)
    assert compiled["$schema"].startswith("https://vega.github.io/schema/vega/v6")
    assert "9 of 23 mastered" in str(compiled["title"])
    assert (await charts.draw("progress", DATA)).startswith(b"\x89PNG")
    assert await charts.vega("progress", DATA) == compiled


def test_the_caller_stays_small() -> None:
    """A process that draws imports neither Altair nor vl-convert, so its memory is what it was before."""
    command = [sys.executable, "-c", LEAN, worker._json(DATA)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout, done.stderr) == (f"True {fingerprint('progress', DATA)} []\n", "")


async def test_a_broken_drawing_is_one_clear_line() -> None:
    """A worker that fails raises ChartError of one line, without a traceback, and the next picture is drawn."""
    charts = Charts()
    with pytest.raises(ChartError, match=r"^The picture could not be drawn: \w+: 'mauve'$"):
        await charts.draw("progress", {**DATA, "theme": "mauve"})
    assert await charts.draw("progress", DATA)


async def test_a_kind_that_is_none_is_one_clear_line() -> None:
    """A kind without a specification, as of a newer content folder, is reported like any other fault."""
    with pytest.raises(ChartError, match=r"^The picture could not be drawn: KeyError: 'pie'$"):
        await Charts().vega("pie", DATA)


async def test_a_worker_that_says_nothing_is_named_by_its_exit_code(scripted: Path) -> None:
    """A worker that the system ended, for lack of memory say, is reported too."""
    scripted.write_text("#!/bin/sh\ncat > /dev/null\nexit 3\n")
    with pytest.raises(ChartError, match=r"^The picture could not be drawn: exit code 3$"):
        await Charts().draw("progress", DATA)


async def test_a_missing_program_is_a_chart_error(scripted: Path) -> None:
    """A system that starts no further process costs the picture, not the answer."""
    scripted.unlink()
    with pytest.raises(ChartError, match="no process for it can be started"):
        await Charts().draw("progress", DATA)


@pytest.fixture
def started(scripted: Path, monkeypatch: pytest.MonkeyPatch) -> asyncio.Queue[asyncio.subprocess.Process]:
    """Workers that hang for good, as they are started."""
    scripted.write_text("#!/bin/sh\nexec sleep 600\n")
    processes: asyncio.Queue[asyncio.subprocess.Process] = asyncio.Queue()
    start = asyncio.create_subprocess_exec

    async def recorded(*command: str, **options: Any) -> asyncio.subprocess.Process:
        process = await start(*command, **options)
        processes.put_nowait(process)
        return process

    monkeypatch.setattr(asyncio, "create_subprocess_exec", recorded)
    return processes


async def test_a_worker_that_hangs_is_killed(started: asyncio.Queue[asyncio.subprocess.Process]) -> None:
    """Past its time the worker is killed and reaped, and the caller reads how long it was waited for."""
    with pytest.raises(ChartError, match=r"^The picture could not be drawn within 0\.1 seconds\.$"):
        await Charts(timeout=0.1).draw("progress", DATA)
    assert (await started.get()).returncode == -signal.SIGKILL


async def test_nobody_waits_for_an_orphan(started: asyncio.Queue[asyncio.subprocess.Process]) -> None:
    """A caller that is cancelled, as at shutdown, takes its worker along."""
    drawing = asyncio.create_task(Charts().draw("progress", DATA))
    process = await started.get()
    drawing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await drawing
    assert process.returncode == -signal.SIGKILL


async def test_the_worker_learns_no_secret(scripted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """None of the bot's settings are in the worker's environment, the token least of all."""
    monkeypatch.setenv("SEMAX_BOT_TOKEN", "1:secret")
    scripted.write_text(f"#!/bin/sh\ncat > /dev/null\nenv > {tmp_path}/env\necho drawn\n")
    assert await Charts().draw("progress", DATA) == b"drawn\n"
    assert "PATH=" in (tmp_path / "env").read_text()
    assert "SEMAX_BOT" not in (tmp_path / "env").read_text()


async def test_one_at_a_time_and_equal_ones_once(double: Double) -> None:
    """Calls at once never run two workers, and those for the same picture share one drawing."""
    charts = Charts()
    asked = [{"title": title, "size": 10} for title in "abaab"]
    pictures = await asyncio.gather(*(charts.draw("progress", data) for data in asked))
    assert double.most_at_once == 1
    assert double.drawn == ["a", "b"]
    assert pictures[0] is pictures[2]


async def test_memory_is_bounded_by_bytes(double: Double) -> None:
    """The picture that was asked for longest ago makes room; one larger than the bound is kept until the next."""
    charts = Charts(kept=25)
    for title, size in [("a", 10), ("b", 10), ("a", 10), ("c", 10), ("a", 10), ("b", 10), ("huge", 99), ("a", 10)]:
        await charts.draw("progress", {"title": title, "size": size})
    assert double.drawn == ["a", "b", "c", "b", "huge", "a"]
    assert sum(map(len, charts._pictures.values())) == 10


def test_a_fingerprint_tells_pictures_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Equal data in any order share a name; other data, another kind and another version do not."""
    name = fingerprint("progress", DATA)
    assert fingerprint("progress", dict(reversed(DATA.items()))) == name
    others = {fingerprint("progress", {**DATA, "theme": "dark"}), fingerprint("streak", DATA)}
    monkeypatch.setattr(worker, "__version__", "0.0.0")
    assert len({name, *others, fingerprint("progress", DATA)}) == 4
