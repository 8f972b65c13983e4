"""The connections, on real sockets: what is sent, what comes back, and what a fault looks like to the library."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from telegram import InputFile
from telegram.error import NetworkError, TimedOut
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

from semax_bot.telegram.connections import CONNECTIONS, READ_TIMEOUT, Connection, Updates

Respond = Callable[[bytes, asyncio.StreamWriter], Awaitable[object]]
OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi"


async def fine(_: bytes, writer: asyncio.StreamWriter) -> None:
    """Answer at once."""
    writer.write(OK)


@asynccontextmanager
async def server(respond: Respond = fine) -> AsyncIterator[tuple[str, list[bytes]]]:
    """A server that hands each request to `respond`; yields its address and the bodies that came."""
    bodies: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length"))
                bodies.append(await reader.readexactly(int(length.split(b":")[1])))
                await respond(bodies[-1], writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as listening:
        yield f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/bot1:x/call", bodies
        listening.close()


def data(**values: object) -> RequestData:
    """The parameters of a call."""
    return RequestData([RequestParameter.from_input(name, value) for name, value in values.items()])


async def test_parameters_arrive_as_a_form() -> None:
    """Every character of an answer arrives, and structured values as JSON, as Telegram wants them."""
    async with server() as (url, bodies), Connection() as connection:
        assert await connection.do_request(url, "POST", data(text="a & b=ü 🧠", chat_id=5, ids=[1, 2])) == (200, b"hi")
    assert bodies == [b"text=a+%26+b%3D%C3%BC+%F0%9F%A7%A0&chat_id=5&ids=%5B1%2C+2%5D"]


async def test_a_file_arrives_beside_its_parameters() -> None:
    """Pictures are sent as multipart forms."""
    picture = InputFile(b"PNG...", filename="progress.png")
    async with server() as (url, bodies), Connection() as connection:
        await connection.do_request(url, "POST", data(chat_id=5, photo=picture))
    assert b'name="chat_id"' in bodies[0]
    assert b'filename="progress.png"' in bodies[0]
    assert b"image/png" in bodies[0]
    assert b"PNG..." in bodies[0]


async def test_a_crowd_of_calls_goes_at_once() -> None:
    """Nobody waits for somebody else's slow answer."""
    here = 0
    everybody = asyncio.Event()

    async def meet(_: bytes, writer: asyncio.StreamWriter) -> None:
        nonlocal here
        here += 1
        if here == CONNECTIONS:
            everybody.set()
        await asyncio.wait_for(everybody.wait(), 30)
        writer.write(OK)

    async with server(meet) as (url, _), Connection() as connection:
        answers = await asyncio.gather(*(connection.do_request(url, "POST", data(a=1)) for _ in range(CONNECTIONS)))
    assert set(answers) == {(200, b"hi")}


async def test_no_answer_in_time_is_a_timeout() -> None:
    """The library, and our retries, tell a late answer from a broken connection."""
    over = asyncio.Event()

    async def silence(_: bytes, __: asyncio.StreamWriter) -> None:
        await over.wait()

    async with server(silence) as (url, _), Connection() as connection:
        with pytest.raises(TimedOut):
            await connection.do_request(url, "POST", data(a=1), read_timeout=0.05)
        over.set()


async def test_a_broken_answer_is_a_fault_without_the_address() -> None:
    """The address holds the token."""

    async def break_off(_: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(OK[:-1])
        writer.close()

    async with server(break_off) as (url, _), Connection() as connection:
        with pytest.raises(NetworkError, match="ClientPayloadError") as caught:
            await connection.do_request(url, "POST", data(a=1))
    assert "bot1" not in str(caught.value)


@pytest.mark.parametrize("proxy", ["", "http://127.0.0.1:9"])
async def test_a_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch, proxy: str) -> None:
    """Some operators reach Telegram through a proxy only; here nobody listens at its port."""
    for name in ("HTTP_PROXY", "http_proxy", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    if proxy:
        monkeypatch.setenv("http_proxy", proxy)
    async with server() as (url, _), Connection() as connection:
        if proxy:
            with pytest.raises(NetworkError, match="ClientProxyConnectionError"):
                await connection.do_request(url, "POST", data(a=1))
        else:
            assert await connection.do_request(url, "POST", data(a=1)) == (200, b"hi")


async def test_it_can_be_closed_twice_and_opened_again() -> None:
    """The library opens and closes as it likes."""
    connection = Connection()
    assert connection.read_timeout == READ_TIMEOUT
    await connection.shutdown()
    async with server() as (url, _):
        for _ in range(2):
            await connection.initialize()
            await connection.initialize()
            assert await connection.do_request(url, "POST", data(a=1)) == (200, b"hi")
            await connection.shutdown()


async def test_updates_are_known_before_they_are_read() -> None:
    """An update that the library cannot read can only be passed by if its id is known."""
    updates = Updates()
    updates.parse_json_payload(b'{"ok": true, "result": [{"update_id": 5, "message": {}}, {"update_id": 6}]}')
    assert updates.fetched == {5: {"update_id": 5, "message": {}}, 6: {"update_id": 6}}
    updates.parse_json_payload(b'{"ok": true, "result": true}')
    assert updates.fetched == {}
