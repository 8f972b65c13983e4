"""The two HTTP connections to Telegram: one that fetches updates, and one for all that we say.

They are made with aiohttp in place of the library's own httpx, which takes three times the CPU per call: more than
everything else that we do for an answer.
"""

from typing import Any
from urllib.request import getproxies

from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientHttpProxyError,
    ClientSession,
    ClientTimeout,
    ConnectionTimeoutError,
    DummyCookieJar,
    FormData,
    TCPConnector,
)
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

CONNECTIONS = 256  # as many as handlers at work, so that none ever waits for a connection
CONNECT_TIMEOUT = 5.0  # seconds
READ_TIMEOUT = 10.0  # seconds; a busy Telegram takes more than the library's 5
KEEP = 5.0  # seconds that an idle connection stays open: less than any server's patience, lest both use and close it

# Faults after which we know that Telegram has not seen the call.
UNSENT = (ClientConnectorError, ClientHttpProxyError, ConnectionTimeoutError)


class Connection(BaseRequest):
    """Makes the library's calls; opens its connections when first needed."""

    def __init__(self, connections: int = CONNECTIONS) -> None:
        self._connections = connections
        self._session: ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds that a call waits for its answer, unless it says otherwise."""
        return READ_TIMEOUT

    async def initialize(self) -> None:
        """Make ready; opens nothing yet."""
        if self._session is None:
            self._session = ClientSession(
                connector=TCPConnector(limit=self._connections, keepalive_timeout=KEEP),
                cookie_jar=DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
                trust_env=bool(getproxies()),  # asked once: the client would look through the environment at each call
            )

    async def shutdown(self) -> None:
        """Close all connections."""
        session, self._session = self._session, None
        if session:
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = None,
        *_: Any,
        **__: Any,
    ) -> tuple[int, bytes]:
        """Status and body of the answer. Raises TimedOut or NetworkError, with the client's own fault as its cause."""
        wait = read_timeout if isinstance(read_timeout, int | float) else READ_TIMEOUT
        try:
            return await self._exchange(url, method, _form(request_data), wait)
        except TimeoutError as fault:
            raise TimedOut(f"no answer in time ({type(fault).__name__})") from fault
        except (ClientError, OSError) as fault:
            raise NetworkError(f"{type(fault).__name__}: {fault}") from fault

    async def _exchange(self, url: str, method: str, form: FormData | None, wait: float) -> tuple[int, bytes]:
        if self._session is None:
            raise RuntimeError("initialize() comes before the first call")
        timeout = ClientTimeout(total=None, connect=CONNECT_TIMEOUT, sock_read=wait)
        async with self._session.request(method, url, data=form, timeout=timeout) as response:
            return response.status, await response.read()


class Updates(Connection):
    """Fetches updates, and has them as they came, even where the library cannot read them."""

    def __init__(self) -> None:
        super().__init__(connections=2)
        self.fetched: dict[int, dict[str, Any]] = {}  # by id

    def parse_json_payload(self, payload: bytes) -> dict[str, Any]:  # type: ignore[override]  # static in the base
        """Parse as usual, and note the updates."""
        parsed = BaseRequest.parse_json_payload(payload)
        updates = parsed.get("result")
        self.fetched = {update["update_id"]: update for update in updates} if isinstance(updates, list) else {}
        return parsed


def _form(given: RequestData | None) -> FormData | None:
    """The call's parameters, and its files where it has any."""
    if given is None:
        return None
    form = FormData(given.json_parameters)
    for name, (filename, content, kind) in (given.multipart_data or {}).items():
        form.add_field(name, content, filename=filename, content_type=kind)
    return form
