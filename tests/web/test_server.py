"""The server: what HTTP can do to it, how it ends, and what it says where it cannot begin."""

import asyncio
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from urllib.request import urlopen

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from uvicorn.server import ServerState

from semax_bot.charts.worker import ChartError, Charts
from semax_bot.errors import SettingsError
from semax_bot.settings import read_settings
from semax_bot.tutor import Tutor
from semax_bot.web import drawings, server, vega
from semax_bot.web.app import application
from semax_bot.web.drawings import Drawings
from semax_bot.web.server import Connection, address, listening, serve, serve_on
from web.serving import Serving, bare


def talk(page: Serving, sent: bytes) -> bytes:
    """What the server says to raw bytes, until it closes the connection."""
    host, port = page.url.removeprefix("http://").rstrip("/").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as opened:
        heard = b""
        with suppress(ConnectionError):  # what is not read to its end is cut off
            opened.sendall(sent)
            while part := opened.recv(65536):
                heard += part
        return heard


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", b"200"),
        (b"GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", b"404"),
        (b"GET http://elsewhere/e/x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", b"404"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 600_000, b"400"),
        (b"GET /" + b"y" * 600_000, b"400"),
        (b"GET / HTTP/1.1\r\n\r\n", b"400"),
        (b"\x00\xff\r\n\r\n", b"400"),
        (b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", b"400"),
        (b"BREW / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", b"405"),
        (
            b"POST /api/ask HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
            + b"7d00\r\n"
            + b" " * 32_000
            + b"\r\n0\r\n\r\n",
            b"413",
        ),
        (b"POST /api/ask HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: -1\r\n\r\n", b"400"),
    ],
)
def test_no_request_brings_it_down(page: Serving, sent: bytes, status: bytes) -> None:
    """Whatever arrives is answered by its status, and the next visitor by the page."""
    assert talk(page, sent).partition(b" ")[2][:3] == status
    with urlopen(page.url, timeout=20) as response:
        assert response.status == 200
        assert "server" not in response.headers


async def test_nobody_holds_the_door(monkeypatch: pytest.MonkeyPatch, tutor: Tutor) -> None:
    """Connections that say nothing, or half of a request, at first or after an answer, are closed; a visitor is not."""
    monkeypatch.setattr(server, "IDLE", 0.2)
    monkeypatch.setattr(server, "CROWD", 4)
    charts = Charts()
    prepared = Drawings(tutor.course, charts)
    asked = b"GET /p/about HTTP/1.1\r\nHost: x\r\n\r\n"
    unread = b"GET /p/about HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n"
    with closing(listening("127.0.0.1", 0)) as opened:
        work = asyncio.create_task(serve_on(opened, application(tutor, prepared, charts), prepared))
        for sent in (b"", b"GET / HT", asked[:-2], asked, asked + b"GET", unread):
            crowd = [await asyncio.open_connection(*opened.getsockname()) for _ in range(3)]
            for _, writer in crowd:
                writer.write(sent)
            async with asyncio.timeout(20):
                heard = [await reader.read() for reader, _ in crowd]  # until it is closed
            assert {b"200 OK" in one for one in heard} == {sent in (asked, asked + b"GET", unread)}
            async with httpx.AsyncClient() as client:
                assert (await client.get(f"{address(opened)}p/about")).status_code == 200
            for _, writer in crowd:
                writer.close()
        work.cancel()
        with pytest.raises(asyncio.CancelledError):
            await work


class Line(asyncio.Transport):
    """A slow line: how much of an answer is still to be sent, each time that somebody looks."""

    def __init__(self, *unsent: int) -> None:
        super().__init__()
        self.unsent, self.cut = list(unsent), False

    def get_write_buffer_size(self) -> int:
        """The next number."""
        return self.unsent.pop(0)

    def abort(self) -> None:
        """Note it."""
        self.cut = True


@pytest.mark.parametrize(("unsent", "looks"), [((0,), 1), ((9, 9), 2), ((9, 5, 1, 0), 4), ((9, 5, 5), 3)])
async def test_a_slow_line_is_waited_for_while_it_moves(unsent: tuple[int, ...], looks: int) -> None:
    """An answer that is being taken is not cut off, however long it takes; one that nobody takes is."""
    connection = Connection(uvicorn.Config(Starlette(), timeout_keep_alive=60, log_config=None), ServerState(), {})
    line = Line(*unsent)
    connection.transport = line
    for look in range(looks):
        assert (look, line.cut) == (look, False)
        connection._ran_out()
    assert line.cut
    connection._stop()


async def test_it_ends_when_it_is_told(tutor: Tutor) -> None:
    """Cancelled, it answers what is in flight, closes, and lets go of the place; signals stay the caller's."""
    charts = Charts()
    prepared = Drawings(tutor.course, charts)
    before = signal.getsignal(signal.SIGTERM)
    opened = listening("127.0.0.1", 0)
    place = opened.getsockname()
    with closing(opened):
        work = asyncio.create_task(serve_on(opened, application(tutor, prepared, charts), prepared))
        reader, writer = await asyncio.open_connection(*place)
        writer.write(b"GET /e/06-term-dopac HTTP/1.1\r\nHost: x\r\n\r\n")
        assert (await reader.readline()).startswith(b"HTTP/1.1 200")
        assert signal.getsignal(signal.SIGTERM) is before
        work.cancel()
        with pytest.raises(asyncio.CancelledError):
            await work
        await reader.read()  # the connection is closed
        writer.close()
    with closing(listening(*place)):
        assert not [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]


def test_a_place_that_is_taken_is_named(tmp_path: Path) -> None:
    """One line says where it cannot listen, why, and what to do; so does `semax-bot web`."""
    with closing(listening("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=rf"127\.0\.0\.1, port {port}: Address already in use\. Choose"):
            listening("127.0.0.1", port)
        with web(tmp_path, port) as process:
            _, complaint = process.communicate(timeout=60)
        assert (process.returncode, complaint.count(b"\n")) == (2, 1)
    for host in ("nowhere.invalid", "a" * 70, "\x00"):
        with pytest.raises(SettingsError, match="cannot be served on"):
            listening(host, 0)


async def test_beside_the_bot_it_listens_where_it_is_set(tutor: Tutor) -> None:
    """`serve` takes the place from the settings, an IPv6 one too, and says so if it cannot have it."""
    with closing(listening("127.0.0.1", 0)) as taken:
        settings = read_settings(web_listen=f"127.0.0.1:{taken.getsockname()[1]}")
        with pytest.raises(SettingsError):
            await serve(settings, tutor, Charts())
    with closing(listening("::1", 0)) as opened:
        assert address(opened).startswith("http://[::1]:")


def test_web_serves_until_it_is_told_to_stop(tmp_path: Path) -> None:
    """The command says where the page is, answers there, and ends cleanly by SIGTERM, without a warning."""
    with web(tmp_path, 0) as process:
        assert process.stdout
        said = process.stdout.readline().decode()
        url = next(word for word in said.split() if word.startswith("http://127.0.0.1:"))
        with urlopen(f"{url}e/06-term-dopac", timeout=30) as response:
            assert b"<h1>DOPAC</h1>" in response.read()
        process.send_signal(signal.SIGTERM)
        _, complaint = process.communicate(timeout=30)
    assert (process.returncode, complaint) == (0, b"")


@contextmanager
def web(folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """`semax-bot web` in a folder of its own, with none of this machine's settings."""
    process = subprocess.Popen(
        [sys.executable, "-m", "semax_bot", "web", "--port", str(port)],
        cwd=folder,
        env=bare(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


async def test_vega_is_one_module_without_eval_by_itself() -> None:
    """The bundle exports the one function that the page imports."""
    script = (await vega.bundle()).decode()
    assert script.rstrip().endswith("as vegaEmbed};") or "vegaEmbed" in script[-60:]
    assert "import" not in script[:500]
    assert len(script) < 1_000_000


async def test_a_bundle_that_fails_is_one_line(monkeypatch: pytest.MonkeyPatch, tutor: Tutor) -> None:
    """A library that breaks, hangs or is not there ends in a ChartError; preparing the page only logs it."""
    with pytest.raises(ChartError, match=r"Vega could not be bundled within 0\.01 seconds\."):
        await vega.bundle(0.01)
    monkeypatch.setattr(vega, "__name__", "semax_bot.web.nothing")
    with pytest.raises(ChartError, match=r"No module named semax_bot\.web\.nothing") as caught:
        await vega.bundle()
    assert "\n" not in str(caught.value)
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(ChartError, match="Vega could not be bundled: no process for it can be started"):
        await vega.bundle()
    await Drawings(tutor.course, Charts()).warm()


async def test_a_chart_that_fails_is_tried_again(monkeypatch: pytest.MonkeyPatch, tutor: Tutor) -> None:
    """A failure is told and not kept; once made, an asset is not made again."""
    calls: list[str] = []

    async def bundle() -> bytes:
        calls.append("bundle")
        if len(calls) == 1:
            raise ChartError("not now")
        return b"export {};"

    monkeypatch.setattr(drawings, "bundle", bundle)
    prepared = Drawings(tutor.course, Charts())
    with pytest.raises(ChartError):
        await prepared.at("static/vega.js")
    first, second = await prepared.at("static/vega.js"), await prepared.at("static/vega.js")
    assert first is second
    assert first is not None
    assert first.body == b"export {};"
    assert len(calls) == 2
    assert await prepared.at("static/page.css") is None


async def test_what_all_ask_for_is_made_once(monkeypatch: pytest.MonkeyPatch, tutor: Tutor) -> None:
    """However many visitors come at once, one process bundles Vega for all."""
    calls: list[str] = []

    async def bundle() -> bytes:
        calls.append("bundle")
        await asyncio.sleep(0)
        return b"export {};"

    monkeypatch.setattr(drawings, "bundle", bundle)
    prepared = Drawings(tutor.course, Charts())
    assets = await asyncio.gather(*(prepared.at("static/vega.js") for _ in range(50)))
    assert len(calls) == 1
    assert len({id(asset) for asset in assets}) == 1


async def test_a_chart_that_cannot_be_drawn_is_said(tutor: Tutor) -> None:
    """The page gets a status that says to try again, so that it can fall back on words."""
    charts = Charts(timeout=0.001)
    app = application(tutor, Drawings(tutor.course, charts), charts)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://page") as client:
        response = await client.get("/charts/06-chart-curve.light.json")
    assert response.status_code == 503
    assert "try again" in response.text
