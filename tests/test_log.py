"""The log: one readable line per event, no secret in any of them, and no line that can stop the bot."""

import io
import json
import logging
import re
import sys
import warnings
from collections.abc import Callable, Iterator
from urllib.parse import quote

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from semax_bot import log as logs
from semax_bot.log import HIDDEN

TOKEN = "123456789:AAF-made-up_token_for-tests_only_00"
PASSWORD = 'p@ss \\"wörd"'
URL = f"https://api.telegram.org/bot{TOKEN}/sendMessage"

Written = Callable[[], str]


@pytest.fixture(scope="module", autouse=True)
def logging_as_it_was() -> Iterator[None]:
    """Give the process back as we found it."""
    root, chatty = logging.getLogger(), [logging.getLogger(name) for name in ("httpx", "httpcore")]
    handlers, levels = root.handlers[:], [logger.level for logger in (root, *chatty)]
    hook, shouting = sys.excepthook, logging.raiseExceptions
    root.handlers.clear()
    yield
    for logger, level in zip((root, *chatty), levels, strict=True):
        logger.setLevel(level)
    root.handlers[:] = handlers
    sys.excepthook, logging.raiseExceptions = hook, shouting
    logging.captureWarnings(False)
    structlog.reset_defaults()


def configured(level: str = "INFO", *secrets: str) -> io.StringIO:
    """Configure the log as `run` does; what it writes can be read from here."""
    logging.captureWarnings(False)  # pytest undoes it at each test's end, behind logging's back
    logs.configure(level, secrets or (TOKEN, PASSWORD, ""))
    screen = io.StringIO()
    handler = logging.getLogger().handlers[-1]
    assert isinstance(handler, logging.StreamHandler)
    assert handler.setStream(screen) is not None, "it wrote to no stream before"
    return screen


def test_one_readable_line() -> None:
    """An event of ours is one line: time in UTC, level, what happened, and its values, quoted where needed."""
    screen = configured()
    structlog.get_logger("x").warning("call failed", call="getMe", fault="TimedOut: late", empty="", pause=1.5)
    assert re.fullmatch(
        r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ WARNING call failed call=getMe fault="TimedOut: late" empty="" pause=1.5\n',
        screen.getvalue(),
    )


def test_it_goes_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    """Standard output belongs to what the bot says."""
    logs.configure()
    logging.getLogger("x").info("hello %s", "there")
    out, err = capsys.readouterr()
    assert out == ""
    assert err.endswith("INFO    hello there logger=x\n")


def test_levels() -> None:
    """The level rules all loggers alike, except the two that write addresses at INFO: they speak from WARNING on."""
    screen = configured("DEBUG")
    structlog.get_logger("x").debug("ours")
    logging.getLogger("y").debug("theirs")
    for name in ("httpx", "httpcore.http11"):
        logging.getLogger(name).info("an address")
        logging.getLogger(name).warning("a fault of %s", name)
    assert [line.split(maxsplit=2)[2].strip() for line in screen.getvalue().splitlines()] == [
        *(
            "ours",
            "theirs logger=y",
            "a fault of httpx logger=httpx",
            "a fault of httpcore.http11 logger=httpcore.http11",
        )
    ]
    screen = configured("ERROR")
    structlog.get_logger("x").warning("ours")
    logging.getLogger("y").warning("theirs")
    assert screen.getvalue() == ""


def test_configured_twice_writes_once() -> None:
    """A second call replaces the first."""
    configured()
    screen = configured()
    logging.getLogger("x").info("once")
    assert screen.getvalue().count("once") == 1


class Odd:
    """A value that is no text."""

    def __str__(self) -> str:
        return f"<Odd {URL}>"

    __repr__ = __str__


def _raised() -> None:
    try:
        raise ValueError(URL)
    except ValueError as error:
        raise RuntimeError(f"inner {TOKEN}") from error


def _ours(call: Callable[[structlog.stdlib.BoundLogger], None]) -> None:
    call(structlog.get_logger("x"))


def _exception_of_ours() -> None:
    try:
        _raised()
    except RuntimeError:
        structlog.get_logger("x").exception("failed", url=URL)


def _exception_of_theirs() -> None:
    try:
        _raised()
    except RuntimeError:
        logging.getLogger("x").exception("failed %s", URL)


def _uncaught() -> None:
    try:
        _raised()
    except RuntimeError as error:
        sys.excepthook(type(error), error, error.__traceback__)


LEAKS: dict[str, Callable[[], None]] = {
    "event": lambda: _ours(lambda log: log.info(f"posting to {URL}")),
    "value": lambda: _ours(lambda log: log.info("posting", url=URL, token=TOKEN)),
    "nested value": lambda: _ours(lambda log: log.info("posting", data={"a": [URL, Odd()], "b": TOKEN.encode()})),
    "positional": lambda: _ours(lambda log: log.info("posting %s to %d", URL, 7)),
    "bound value": lambda: _ours(lambda log: log.bind(url=URL).info("posting")),
    "name of a value": lambda: _ours(lambda log: log.info("posting", **{TOKEN: 1})),
    "message": lambda: logging.getLogger("x").info(f"posting to {URL}"),
    "argument": lambda: logging.getLogger("x").info("posting %s %r %5.1f", URL, Odd(), 1.0),
    "named argument": lambda: logging.getLogger("x").info("posting %(url)s", {"url": URL}),
    "bytes": lambda: logging.getLogger("x").info("posting %r", URL.encode()),
    "no text at all": lambda: logging.getLogger("x").info(Odd()),
    "logger": lambda: logging.getLogger(f"x.{TOKEN}").info("posting"),
    "stack": lambda: logging.getLogger("x").info("posting %s", URL, stack_info=True),
    "exception of ours": _exception_of_ours,
    "exception of theirs": _exception_of_theirs,
    "uncaught": _uncaught,
    "warning": lambda: warnings.warn(f"posting to {URL}", stacklevel=1),
    "percent-encoded": lambda: logging.getLogger("x").info("%s", quote(URL, safe="")),
    "someone else's token": lambda: logging.getLogger("x").info("GET /file/bot42:ABC-d_e/photo.jpg"),
    "the same, percent-encoded": lambda: logging.getLogger("x").info("GET %2Ffile%2Fbot42%3AABC-d_e%2Fphoto.jpg"),
    "password": lambda: _ours(lambda log: log.info(PASSWORD, one=PASSWORD, two={"x": PASSWORD})),
    "password in a url": lambda: logging.getLogger("x").info("postgresql://me:%s@db", quote(PASSWORD, safe="")),
    "password in JSON": lambda: logging.getLogger("x").info(json.dumps({"password": PASSWORD})),
}


@pytest.mark.filterwarnings("always")
@pytest.mark.parametrize("way", LEAKS)
def test_no_secret_gets_out(way: str) -> None:
    """By whatever way a secret comes into the log, it is hidden there, and the rest of the line is still readable."""
    screen = configured("DEBUG")
    LEAKS[way]()
    written = screen.getvalue()
    assert HIDDEN in written
    for secret in (TOKEN, TOKEN.partition(":")[2], "ABC-d_e", PASSWORD, "p@ss", "p%40ss", "wörd", "w\\u00f6rd"):
        assert secret not in written
    assert re.search("posting|failed|unexpected|%3A|photo|x|INFO", written)


def test_a_secret_within_a_secret() -> None:
    """The longer one is hidden as a whole; what it has more than the shorter one is no less secret."""
    screen = configured("INFO", "abc", "abcdef")
    logging.getLogger("x").info("abcdef and abc")
    assert f"{HIDDEN} and {HIDDEN}" in screen.getvalue()


def test_tracebacks_are_kept() -> None:
    """An unexpected error keeps its traceback, below its line, with the causes."""
    screen = configured()
    _exception_of_theirs()
    first, *rest = screen.getvalue().splitlines()
    assert first.endswith(f"ERROR   failed https://api.telegram.org/{HIDDEN}/sendMessage logger=x")
    assert rest[0] == "Traceback (most recent call last):"
    assert f"ValueError: https://api.telegram.org/{HIDDEN}/sendMessage" in rest
    assert rest[-1] == f"RuntimeError: inner {HIDDEN}"


class Unshowable:
    """A value that cannot be shown."""

    def __repr__(self) -> str:
        raise RuntimeError(TOKEN)


@pytest.mark.parametrize(
    "write",
    [
        lambda: logging.getLogger("x").info("%d", TOKEN),
        lambda: logging.getLogger("x").info(*("no place", TOKEN)),
        lambda: logging.getLogger("x").info("%s", Unshowable()),
        lambda: _ours(lambda log: log.info("%d", TOKEN)),
        lambda: _ours(lambda log: log.info("shown", value=Unshowable())),
    ],
)
def test_a_line_that_cannot_be_written(write: Callable[[], None], capsys: pytest.CaptureFixture[str]) -> None:
    """A mistake in a log call costs its line, never the bot; the place is named, and nothing of it leaks."""
    screen = configured()
    write()
    assert re.match(
        r"INFO a line that cannot be shown, from .*\.py:\d+: (TypeError|RuntimeError|ValueError)\n", screen.getvalue()
    )
    assert TOKEN not in screen.getvalue() + "".join(capsys.readouterr())


def test_a_closed_stream(capsys: pytest.CaptureFixture[str]) -> None:
    """When nobody listens on standard error any more, the bot goes on, and does not complain elsewhere."""
    configured().close()
    logging.getLogger("x").info("is anybody there?")
    assert capsys.readouterr() == ("", "")


@given(text=st.text(), value=st.one_of(st.text(), st.binary(), st.integers(), st.none()))
def test_one_event_one_line(text: str, value: object) -> None:
    """Nobody can forge a line or move the cursor by what they write; every line can be encoded."""
    screen = configured()
    structlog.get_logger("x").info(text, value=value)
    logging.getLogger("x").info("%s", text)
    assert len(screen.getvalue().encode().splitlines()) == 2
    assert len(screen.getvalue().splitlines()) == 2
    assert "\x1b" not in screen.getvalue()
