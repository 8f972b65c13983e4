"""As much of an HTTP server as a bot needs: POSTs of forms in, JSON out, connections kept open, in a thread."""

import asyncio
import re
import threading
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import suppress
from typing import Any, Self, TypeVar
from urllib.parse import parse_qsl

T = TypeVar("T")
Answer = tuple[int, bytes]  # status and body; status 0 closes the connection without an answer
Handler = Callable[[str, dict[str, str]], Awaitable[Answer]]

DROPPED = 0
_NAME = re.compile(r'\bname="([^"]*)"')
_FILENAME = re.compile(r'\bfilename="([^"]*)"')


class Upload(str):
    """A file in a form: as text its name, and with it what is in it."""

    content: bytes

    @classmethod
    def of(cls, name: str, content: bytes) -> Self:
        """A file that came with a form."""
        upload = cls(name)
        upload.content = content
        return upload


class Server:
    """Serves a handler (path, fields) -> answer on a free loopback port until `close`."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, name="stand-in", daemon=True)
        self._thread.start()
        self._server = self.run(asyncio.start_server(self._converse, "127.0.0.1", 0))
        host, port = self._server.sockets[0].getsockname()
        self.url = f"http://{host}:{port}"

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine in the server's thread, from any other one, and wait for its result."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(timeout=10)

    def close(self) -> None:
        """Stop serving, and end every connection."""
        self.run(self._end())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()

    async def _end(self) -> None:
        self._server.close()
        conversations = asyncio.all_tasks() - {asyncio.current_task()}
        for task in conversations:
            task.cancel()
        await asyncio.gather(*conversations, return_exceptions=True)

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            while True:
                path, fields = await _read(reader)
                status, body = await self._handler(path, fields)
                if status == DROPPED:
                    break
                head = f"HTTP/1.1 {status} .\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
                writer.write(head.encode() + body)
                await writer.drain()
        writer.transport.abort()


async def _read(reader: asyncio.StreamReader) -> tuple[str, dict[str, str]]:
    """One request: its path and its form fields."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    kind, _, boundary = headers.get("content-type", "").partition("boundary=")
    if kind.startswith("multipart/"):
        fields = dict(_parts(body, boundary.strip('"').encode()))
    else:
        fields = dict(parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=bool(body)))
    return head[0].split(" ")[1], fields


def _parts(body: bytes, boundary: bytes) -> Iterator[tuple[str, str]]:
    for part in body.split(b"--" + boundary)[1:-1]:
        head, _, content = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        name, file = _NAME.search(head.decode()), _FILENAME.search(head.decode())
        content = content.removesuffix(b"\r\n")
        yield name[1] if name else "", Upload.of(file[1], content) if file else content.decode()
