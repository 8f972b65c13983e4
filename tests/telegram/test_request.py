"""Retrying: what is lost on the way is asked again, but never a poll or a prompt that Telegram may already have."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from typing import Any

import aiohttp
import pytest
import structlog
from aiohttp.client_reqrep import ConnectionKey
from multidict import CIMultiDict, CIMultiDictProxy
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError, TimedOut
from telegram.ext import ExtBot
from yarl import URL

import virtual_time
from semax_bot.telegram import request
from semax_bot.telegram.connections import READ_TIMEOUT, Connection
from semax_bot.telegram.limiter import Lane, Limiter
from semax_bot.telegram.request import PAUSES, Retrying, once
from virtual_time import now

TOKEN = "123456789:AAF-made-up_token_for-tests_only_00"
MESSAGE = {"message_id": 7, "date": 0, "chat": {"id": 1, "type": "private"}}
KEY = ConnectionKey("api.telegram.org", 443, True, True, None, None, None)
INFO = aiohttp.RequestInfo(URL("http://proxy.example"), "CONNECT", CIMultiDictProxy(CIMultiDict()))
FAULTS: dict[str, Exception | int] = {
    "refused": aiohttp.ClientConnectorError(KEY, OSError(111, "Connection refused")),
    "no connection in time": aiohttp.ConnectionTimeoutError(),
    "proxy refuses": aiohttp.ClientHttpProxyError(INFO, (), status=502),
    "no answer in time": aiohttp.SocketTimeoutError(),
    "dropped": aiohttp.ServerDisconnectedError(),
    "reset": ConnectionResetError(),
    "cut short": aiohttp.ClientPayloadError("Response payload is not completed"),
    "500": 500,
    "502": 502,
}
UNSENT = ("refused", "no connection in time", "proxy refuses")

Answer = Exception | tuple[int, object]
Calling = Callable[[ExtBot[Lane]], Coroutine[Any, Any, object]]


class Network(Connection):
    """The real connection without its sockets: gives answers one after the other, the last one again and again."""

    def __init__(self, *answers: Answer) -> None:
        super().__init__()
        self.calls: list[tuple[str, float]] = []
        self._answers = list(answers)

    async def _exchange(self, url: str, *_: object) -> tuple[int, bytes]:
        self.calls.append((url.rpartition("/")[2], now()))
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, Exception):
            raise answer
        status, body = answer
        return status, json.dumps(body).encode()

    def bot(self) -> ExtBot[Lane]:
        """A bot on this network."""
        return ExtBot(TOKEN, request=Retrying(self), get_updates_request=self, rate_limiter=Limiter(0))


def fault(name: str) -> Answer:
    """A fault as the network shows it."""
    what = FAULTS[name]
    return what if isinstance(what, Exception) else (what, {"ok": False, "error_code": what, "description": "oops"})


def ok(result: object = True) -> Answer:
    """An answer of Telegram."""
    return 200, {"ok": True, "result": result}


async def answer_person(bot: ExtBot[Lane]) -> object:
    """An answer to a person."""
    return await bot.send_message(1, "x")


async def edit(bot: ExtBot[Lane]) -> object:
    """An edit."""
    return await bot.edit_message_text("x", 1, 7)


async def tap(bot: ExtBot[Lane]) -> object:
    """The answer to a tap."""
    return await bot.answer_callback_query("1")


async def read(bot: ExtBot[Lane]) -> object:
    """A read."""
    return await bot.get_chat_member_count(1)


async def edit_of_a_prompt(bot: ExtBot[Lane]) -> object:
    """What a delivery does beside sending, such as closing a poll, may be done twice."""
    with once():
        return await bot.edit_message_text("x", 1, 7, rate_limit_args=Lane.PROMPT)


async def prompt(bot: ExtBot[Lane]) -> object:
    """A scheduled prompt."""
    with once():
        return await bot.send_message(1, "x", rate_limit_args=Lane.PROMPT)


async def poll(bot: ExtBot[Lane]) -> object:
    """A poll, even one that a person asked for."""
    return await bot.send_poll(1, "x?", ["a", "b"])


RESULTS: dict[Calling, object] = {
    answer_person: MESSAGE,
    edit: MESSAGE,
    edit_of_a_prompt: MESSAGE,
    tap: True,
    read: 2,
    prompt: MESSAGE,
    poll: MESSAGE,
}


def outcome(call: Calling, *answers: Answer) -> tuple[object, list[float]]:
    """What came of a call (a result or an exception), and when it was made."""

    async def scene() -> tuple[object, list[float]]:
        network = Network(*answers)
        result = (await asyncio.gather(call(network.bot()), return_exceptions=True))[0]
        return result, [at for _, at in network.calls]

    return virtual_time.run(scene())


@pytest.mark.parametrize("name", FAULTS)
@pytest.mark.parametrize("call", [answer_person, edit, edit_of_a_prompt, tap, read])
def test_what_may_be_made_twice_is_made_again(call: Calling, name: str) -> None:
    """Reads, edits, taps and answers to a person outlive any fault that passes, be it once or several times."""
    result, times = outcome(call, fault(name), fault(name), ok(RESULTS[call]))
    assert not isinstance(result, Exception)
    assert times == [0, 1, 3]


@pytest.mark.parametrize("name", FAULTS)
@pytest.mark.parametrize("call", [prompt, poll])
def test_what_must_not_be_made_twice(call: Calling, name: str) -> None:
    """A prompt or a poll is sent again only where Telegram cannot have it; nobody gets the same quiz twice."""
    result, times = outcome(call, fault(name), ok(RESULTS[call]))
    if name in UNSENT:
        assert not isinstance(result, Exception)
        assert times == [0, 1]
    else:
        assert isinstance(result, NetworkError)
        assert times == [0]


@pytest.mark.parametrize("name", FAULTS)
def test_it_gives_up_in_the_end(name: str) -> None:
    """After the last pause the fault itself reaches the caller, as the library would have raised it."""
    result, times = outcome(answer_person, fault(name))
    assert isinstance(result, NetworkError)
    assert isinstance(result, TimedOut) == isinstance(FAULTS[name], TimeoutError)
    assert times == [0, 1, 3, 7]
    assert min(PAUSES) >= 1  # else two tries of one send could fall into the same second


@pytest.mark.parametrize(
    ("status", "parameters", "error"),
    [
        (400, {}, BadRequest),
        (403, {}, Forbidden),
        (429, {"retry_after": 3}, RetryAfter),
    ],
)
def test_a_refusal_is_no_fault(
    monkeypatch: pytest.MonkeyPatch, status: int, parameters: dict[str, int], error: type[TelegramError]
) -> None:
    """What Telegram says of the call itself goes straight up; being told to wait is left to the limiter."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    body = {"ok": False, "error_code": status, "description": "no", "parameters": parameters}
    result, times = outcome(answer_person, (status, body))
    assert isinstance(result, error)
    assert times == ([0, 3, 6, 9, 12] if status == 429 else [0])


def test_updates_are_fetched_past_it() -> None:
    """getUpdates has a connection of its own, whose loop repeats by itself; two loops would multiply their pauses."""

    async def fetch(bot: ExtBot[Lane]) -> object:
        return await bot.get_updates()

    result, times = outcome(fetch, fault("500"))
    assert isinstance(result, NetworkError)
    assert times == [0]


def test_once_ends_with_its_block() -> None:
    """The mark of a prompt must not leak into the answers that the same task sends afterwards, nor into other tasks."""

    async def scene() -> list[str]:
        network = Network(fault("dropped"))
        inner = Retrying(network)

        async def send(method: str) -> None:
            with pytest.raises(NetworkError):
                await inner.do_request(f"https://telegram.example/bot{TOKEN}/{method}", "POST")

        other = asyncio.create_task(send("sendOther"))
        with once():
            await send("sendMarked")
        await send("sendAfter")
        await other
        return [method for method, _ in network.calls]

    calls = virtual_time.run(scene())
    assert {method: calls.count(method) for method in calls} == {"sendOther": 4, "sendMarked": 1, "sendAfter": 4}


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_one_line_without_the_token(name: str) -> None:
    """An operator reads which call failed, why, and when it is tried again; the address with the token stays out."""
    with structlog.testing.capture_logs() as lines:
        outcome(edit, fault(name), fault(name), ok(MESSAGE))
    assert [(line["event"], line["log_level"], line["call"]) for line in lines] == [
        ("call failed", "warning", "editMessageText")
    ] * 2
    assert [line["next_try"] for line in lines] == ["1 s", "2 s"]
    assert all(line["fault"] and "exc_info" not in line for line in lines)
    assert TOKEN not in str(lines)


async def test_real_faults_look_as_expected(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a real socket: a closed port counts as unsent, a dropped connection does not, and both are retried."""
    monkeypatch.setattr(request, "PAUSES", (0, 0, 0))
    heard: list[bytes] = []

    async def drop_once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.readuntil(b"\r\n\r\n"))
        if len(heard) > 1:
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nhi")
        writer.close()

    server = await asyncio.start_server(drop_once, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    url = f"http://127.0.0.1:{port}/bot1:x/getMe"
    async with server, Retrying(Connection()) as retrying:
        assert await retrying.do_request(url, "POST") == (200, b"hi")
        assert len(heard) == 2
        server.close()
        await server.wait_closed()
        with (
            once(),
            structlog.testing.capture_logs() as lines,
            pytest.raises(NetworkError, match="ClientConnectorError"),
        ):
            await retrying.do_request(url, "POST")
    assert len(lines) == len(PAUSES)


async def test_it_passes_on_what_belongs_to_the_request_below() -> None:
    """The library asks for the read timeout to size its long polls, and opens and closes the request."""
    async with Retrying(Connection()) as retrying:
        assert retrying.read_timeout == READ_TIMEOUT
        await retrying.shutdown()
        with pytest.raises(RuntimeError, match="initialize"):
            await retrying.do_request("http://127.0.0.1/", "GET")
