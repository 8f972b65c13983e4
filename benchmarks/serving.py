"""Serving: updates per second through Telegram's protocol on loopback, beside a bare echo bot; memory; inline."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks import PROJECT
from benchmarks.asking import questions
from benchmarks.table import Row, at_most
from standin.inline import types
from standin.people import Talk
from standin.process import SOURCE
from standin.server import TOKEN, Call, StandIn

MEMORY_GOAL = 150.0  # MB
RATE_GOAL = 0.8  # of the echo bot's
INLINE_GOAL = 50.0  # ms from update to answer
TYPED = 200  # inline queries
ROUNDS = 8
BURST = 500  # updates, each in a chat of its own
PATIENCE = 120  # seconds for a burst
OURS = ("-m", "semax_bot", "run")
ECHO = ("-m", "benchmarks.echo")


class Quick(StandIn):
    """The stand-in without its checks of every call: those are for tests, and would be much of what we measure."""

    def _note(self, faults: Iterable[str]) -> None:
        """Leave the checks, which are lazy, undone."""


class Served:
    """A bot in a process of its own, with a stand-in of its own."""

    def __init__(self, *command: str, folder: str, standin: StandIn | None = None, rate: str = "0") -> None:
        self._standin = standin or Quick()
        environment = {
            "PATH": os.environ.get("PATH", ""),
            "PYTHONPATH": os.pathsep.join([str(SOURCE), str(PROJECT)]),
            "SEMAX_BOT_TOKEN": TOKEN,
            "SEMAX_BOT_API_URL": self._standin.url,
            "SEMAX_BOT_DATA": folder,
            "SEMAX_BOT_MAX_RATE": rate,
        }
        self._process = subprocess.Popen(
            [sys.executable, *command],
            cwd=folder,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._standin.wait(lambda: self._standin.made("getUpdates"), timeout=60)

    def rate(self, texts: Sequence[str]) -> float:
        """Updates per second, from the moment that all of them lie ready until the last one's answer has come."""
        release = self._standin.hold("getUpdates")
        self._answers(["hello"])  # ends the poll under way, so that the next one is held
        began = 0.0

        def go() -> None:
            nonlocal began
            began = time.monotonic()
            release()

        last = self._answers(texts, go)[-1]
        return len(texts) / (last.at - began)

    def offers(self, words: str) -> float:
        """Seconds from the moment at which an inline query is handed out until its answer comes in."""
        before = len(self._standin.made("answerInlineQuery"))
        talk = Talk.private(self._standin)
        began = time.monotonic()
        types(talk, words)
        call = self._standin.wait(lambda: self._standin.made("answerInlineQuery")[before:])[0]
        return call.at - began

    def _answers(self, texts: Sequence[str], go: Callable[[], object] = lambda: None) -> list[Call]:
        """Say each text in a chat of its own, and wait for as many answers."""
        wanted = len(self._standin.made("sendMessage")) + len(texts)
        for text in texts:
            Talk.private(self._standin).says(text)
        go()
        end = time.monotonic() + PATIENCE
        while len(sent := self._standin.made("sendMessage")) < wanted:
            if time.monotonic() > end or self._process.poll() is not None:
                raise RuntimeError(f"{wanted - len(sent)} of {len(texts)} updates were not answered")
            time.sleep(0.05)  # seldom, as this thread shares its interpreter with the stand-in
        return sent

    def memory(self) -> float | None:
        """Resident memory in MB (10^6 bytes); None where the system has no /proc to tell it."""
        status = Path(f"/proc/{self._process.pid}/status")
        found = re.search(r"VmRSS:\s*(\d+) kB", status.read_text()) if status.exists() else None
        return int(found[1]) * 1024 / 1e6 if found else None

    def end(self) -> None:
        """Stop both."""
        self._process.terminate()
        self._process.wait(60)
        self._standin.close()


def rows() -> list[Row]:
    """Both bots run at the same time and are asked in turn; who is not asked does nothing."""
    texts = list(islice(cycle(question.question for question in questions()), BURST))
    with _served(*OURS) as ours, _served(*ECHO) as echo:
        ours.rate(texts[:100]), echo.rate(texts[:100])
        memory = [_memory(ours, echo)]
        inline = [ours.offers(text[: len(text) // 2]) for text in texts[:TYPED]]
        pairs = [(ours.rate(texts), echo.rate(texts)) for _ in range(ROUNDS)]
    our_rates, echo_rates = zip(*pairs, strict=True)
    offered = at_most(f"inline: from update to answer, median of {TYPED}", 1000 * median(inline), INLINE_GOAL, "ms")
    return [*memory, offered, *_rates(our_rates, echo_rates)]


@contextmanager
def _served(*command: str) -> Iterator[Served]:
    with TemporaryDirectory() as folder:
        served = Served(*command, folder=folder)
        try:
            yield served
        finally:
            served.end()


def _memory(ours: Served, echo: Served) -> Row:
    what = "resident memory of semax-bot run, at rest after 100 answers"
    ours_mb, echo_mb = ours.memory(), echo.memory()
    if ours_mb is None or echo_mb is None:
        return Row(what, "skipped: no /proc here", f"<= {MEMORY_GOAL:g} MB")
    return at_most(what, ours_mb, MEMORY_GOAL, "MB", f" (bare echo bot {echo_mb:.3g} MB)")


def _rates(ours: Sequence[float], echo: Sequence[float]) -> list[Row]:
    """The best of the rounds, as other processes only ever slow one down; beside it the middle of their ratios."""
    ratio = max(ours) / max(echo)
    middle = median(mine / bare for mine, bare in zip(ours, echo, strict=True))
    verdict = "met" if ratio >= RATE_GOAL else "MISSED"
    return [
        Row(
            f"updates per second, semax-bot run: best of {ROUNDS} bursts of {BURST}",
            f"{max(ours):.0f} a second",
            f">= {RATE_GOAL} of the echo bot",
            f"{ratio:.2f} of the echo bot (rounds' median {middle:.2f}): {verdict}",
        ),
        Row("  bare python-telegram-bot echo bot, in turn with it", f"{max(echo):.0f} a second"),
    ]
