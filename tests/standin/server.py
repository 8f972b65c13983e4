"""The stand-in for Telegram's Bot API: it answers as Telegram would, checks and records all calls, fails on demand."""

import asyncio
import json
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Protocol, TypeVar

from standin import known
from standin.chats import Chats, Refusal
from standin.http import DROPPED, Answer, Server

TOKEN = "123456789:AAstandin_token-for-tests_0123456789"
UNPARSED = {
    "sendPoll",
    "editMessageReplyMarkup",
    "editMessageMedia",
}  # the library adds its default to these too; to Telegram it is noise
T = TypeVar("T")


class Check(Protocol):
    """Says in words what is wrong with a call, with a result that we give, and with an update that we hand out."""

    def request(self, method: str, params: Mapping[str, str]) -> Iterable[str]: ...
    def answer(self, method: str, result: object) -> Iterable[str]: ...
    def update(self, update: Mapping[str, Any]) -> Iterable[str]: ...


@dataclass
class Call:
    """One call: its form fields, when it came (monotonic seconds), and the HTTP status that it got, once it did."""

    method: str
    params: dict[str, str]
    at: float
    status: int | None = None

    @property
    def chat(self) -> int | None:
        """The chat that the call is about, if any."""
        return int(self.params["chat_id"]) if "chat_id" in self.params else None


@dataclass
class Fault:
    """What a call meets: a refusal, perhaps after it took effect (`done`), or a gate that holds it up."""

    refusal: Refusal | None = None
    done: bool = False
    gate: asyncio.Event | None = None


def too_many(seconds: int) -> Refusal:
    """Telegram's answer to a chat's flood."""
    return Refusal(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})


DROP = Refusal(DROPPED, "the connection is closed without an answer")


class StandIn:
    """The server, and what a test asks of it; all that is public may be called from the test's thread.

    `confirmed` is the last update that the bot said it has, by asking for the next one.
    """

    def __init__(self, checks: Iterable[Check] = ()) -> None:
        self.calls: list[Call] = []
        self.violations: list[str] = []
        self.chats = Chats()
        self._checks: list[Check] = [known, *checks]
        self._faults: dict[tuple[str, int | None], list[Fault]] = defaultdict(list)
        self.confirmed = 0
        self._gates: list[asyncio.Event] = []
        self._updates: list[dict[str, Any]] = []
        self._given: list[dict[str, Any]] = []
        self._again: list[dict[str, Any]] = []
        self._allowed: list[str] = []
        self._polls = 0
        self._news = asyncio.Event()
        self._changed = threading.Condition()
        self._server = Server(self._answer)
        self.url = self._server.url

    def close(self) -> None:
        """Stop serving."""
        self._server.close()

    def push(self, kind: str, content: Mapping[str, Any], checked: bool = True) -> int:
        """Hand out an update (message, callback_query ...) to whoever polls, if the bot asked for that kind."""
        return self._server.run(self._push(kind, content, checked))

    def repeat(self, update: int) -> None:
        """Hand out an update once more, as if Telegram had missed that it was confirmed."""
        self._server.run(self._repeat(update))

    def fail(self, method: str, refusal: Refusal, chat: int | None = None, times: int = 1, done: bool = False) -> None:
        """Refuse the next calls of a method (about one chat); `done` lets them take effect all the same."""
        self._faults[method, chat] += [Fault(refusal, done) for _ in range(times)]

    def hold(self, method: str, chat: int | None = None) -> Callable[[], object]:
        """Hold up the next call of a method; returns what lets it go on."""
        gate = asyncio.Event()
        self._gates.append(gate)  # asyncio itself holds those who wait only weakly
        self._faults[method, chat].append(Fault(gate=gate))
        return lambda: self._server.loop.call_soon_threadsafe(gate.set)

    def made(self, method: str, chat: int | None = None) -> list[Call]:
        """The calls of a method (about one chat) so far."""
        return [call for call in list(self.calls) if call.method == method and (chat is None or call.chat == chat)]

    def wait(self, sought: Callable[[], T], timeout: float = 10) -> T:
        """Wait until `sought` gives something true, and return that. Raises TimeoutError with the last calls."""
        end = time.monotonic() + timeout
        with self._changed:
            while not (found := sought()):
                if time.monotonic() > end:
                    raise TimeoutError("\n".join(str(call) for call in self.calls[-8:]) or "no calls")
                self._changed.wait(0.05)  # calls wake us; what else may be sought, such as a log line, does not
        return found

    async def _push(self, kind: str, content: Mapping[str, Any], checked: bool) -> int:
        update = {"update_id": len(self._given) + 1, kind: content}
        self._given.append(update)
        self._note(f"canned {fault}" for check in self._checks for fault in check.update(update) if checked)
        if kind in self._allowed or not self._allowed:
            self._updates.append(update)
            self._news.set()
        return len(self._given)

    async def _repeat(self, update: int) -> None:
        self._again.append(self._given[update - 1])
        self._news.set()

    async def _answer(self, path: str, params: dict[str, str]) -> Answer:
        token, _, method = path.removeprefix("/bot").partition("/")
        if method in UNPARSED:
            params.pop("parse_mode", None)
        call = Call(method, params, time.monotonic())
        self._tell(lambda: self.calls.append(call))
        try:
            if token != TOKEN:
                raise Refusal(HTTPStatus.UNAUTHORIZED, "Unauthorized")
            self._note(fault for check in self._checks for fault in check.request(method, _declared(params)))
            result = await self._perform(method, params, call.chat)
        except Refusal as refusal:
            status, body = refusal.status, refusal.body()
        except Exception as fault:
            self._note([f"the stand-in failed in {method}: {fault!r}"])
            status, body = HTTPStatus.INTERNAL_SERVER_ERROR, b""
        else:
            if method != "getUpdates":  # each update was checked when it was handed in
                self._note(f"canned {fault}" for check in self._checks for fault in check.answer(method, result))
            status, body = HTTPStatus.OK, json.dumps({"ok": True, "result": result}).encode()
        self._tell(lambda: setattr(call, "status", status))
        return status, body

    async def _perform(self, method: str, params: dict[str, str], chat: int | None) -> object:
        waiting = self._faults[method, chat] or self._faults[method, None]
        fault = waiting.pop(0) if waiting else Fault()
        if fault.gate:
            await fault.gate.wait()
        if fault.refusal and not fault.done:
            raise fault.refusal
        result = await self._get_updates(params) if method == "getUpdates" else self.chats.perform(method, params)
        if fault.refusal:
            raise fault.refusal
        return result

    async def _get_updates(self, params: dict[str, str]) -> list[dict[str, Any]]:
        """Long polling: an offset confirms what lies before it; of two that poll, the earlier one is sent away."""
        offset = int(params.get("offset", 0))
        self._allowed = json.loads(params.get("allowed_updates", "[]"))
        self.confirmed = max(self.confirmed, offset - 1)
        self._updates = [update for update in self._updates if update["update_id"] >= offset]
        self._polls += 1
        ours = self._polls
        self._news.set()
        await asyncio.sleep(0)
        if not self._updates and not self._again:
            self._news.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), int(params.get("timeout", 0)))
        if self._polls != ours:
            raise Refusal(HTTPStatus.CONFLICT, "Conflict: terminated by other getUpdates request")
        again, self._again = self._again, []
        return again + self._updates[: int(params.get("limit", 100))]

    def _note(self, faults: Iterable[str]) -> None:
        self.violations.extend(faults)

    def _tell(self, change: Callable[[], object]) -> None:
        with self._changed:
            change()
            self._changed.notify_all()


def _declared(params: dict[str, str]) -> dict[str, str]:
    """The parameters without the files that one of them attaches, whose names are the caller's own."""
    return {name: value for name, value in params.items() if f"attach://{name}" not in params.get("media", "")}
