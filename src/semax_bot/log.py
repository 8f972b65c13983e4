"""Logging: one line per event on standard error, and no secret in any of them.

Every line, ours or a library's, leaves through one formatter. It hides bot tokens and the secrets it was given in the
finished text, so that it does not matter whether they came in a message, an argument, an exception or a traceback.
"""

import json
import logging
import re
import sys
import time
from collections.abc import Collection
from types import TracebackType
from urllib.parse import quote

import structlog
from structlog.typing import EventDict, WrappedLogger

HIDDEN = "[hidden]"
_TOKENS = (r"bot[0-9]+(?::|%3A)[A-Za-z0-9_-]+", r"[0-9]+(?::|%3A)[A-Za-z0-9_-]{30,}")
_BARE = re.compile(r"[^\s\"=]+")  # a value that needs no quotes


def configure(level: str = "INFO", secrets: Collection[str] = ()) -> None:
    """Log from `level` upwards, of all loggers; hide bot tokens and the given secrets, however they are quoted."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Formatter(secrets))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.captureWarnings(True)
    logging.raiseExceptions = False  # it would print, unhidden, the arguments of a line that cannot be written
    for chatty in ("httpx", "httpcore"):  # they log the address of every call, which holds the token
        logging.getLogger(chatty).setLevel(logging.WARNING)
    structlog.configure(
        processors=[structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
    sys.excepthook = _crashed


class _Formatter(structlog.stdlib.ProcessorFormatter):
    """`2026-11-23T10:15:02Z WARNING what happened name=value ...`, and below it the traceback, if there is one."""

    def __init__(self, secrets: Collection[str]) -> None:
        super().__init__(
            processors=[
                structlog.stdlib.PositionalArgumentsFormatter(),
                structlog.processors.format_exc_info,
                self._line,
            ]
        )
        spelt = {form for secret in secrets if secret for form in _spellings(secret)}
        longest_first = sorted(map(re.escape, spelt), key=len, reverse=True)
        self._secret = re.compile("|".join([*longest_first, *_TOKENS]))

    def format(self, record: logging.LogRecord) -> str:
        try:
            text = super().format(record)
        except Exception as error:  # an argument that does not fit its message, or that cannot be shown
            place = f"{record.pathname}:{record.lineno}"
            text = f"{record.levelname} a line that cannot be shown, from {place}: {type(error).__name__}"
        return self._hide(text)

    def _hide(self, text: str) -> str:
        return self._secret.sub(HIDDEN, text)

    def _line(self, _: WrappedLogger, __: str, event: EventDict) -> str:
        record: logging.LogRecord = event.pop("_record")
        if not event.pop("_from_structlog"):
            event["logger"] = record.name
        when = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created))
        what, trace = str(event.pop("event")), event.pop("exception", "")
        values = (f"{name}={_quoted(self._hide(str(value)))}" for name, value in event.items())
        line = " ".join([when, f"{record.levelname:<7}", what, *values])
        return "\n".join([_printable(line), *trace.splitlines()])


def _spellings(secret: str) -> tuple[str, ...]:
    """The secret as it stands in a text, in an address, in JSON, and inside a shown value."""
    return secret, quote(secret, safe=""), json.dumps(secret)[1:-1], repr(secret)[1:-1]


def _quoted(value: str) -> str:
    return value if _BARE.fullmatch(value) else json.dumps(value, ensure_ascii=False)


def _printable(text: str) -> str:
    """The text with line feeds, escape codes and the like spelt out, so that nobody can forge a line."""
    return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in text)


def _crashed(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    logging.getLogger(__name__).critical("ended by an unexpected error", exc_info=(kind, error, trace))
