"""The real `semax-bot run`, as a process of its own that talks to the stand-in."""

import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

from standin.server import TOKEN, StandIn

SOURCE = Path(__file__).parents[2] / "src"


class BotProcess:
    """One run of the bot. Its output is kept, so that a test may look for what must never be in it."""

    def __init__(self, standin: StandIn, folder: Path, **environment: str) -> None:
        self._standin = standin
        self._output = folder / "output.txt"
        given = {
            "PATH": os.environ.get("PATH", ""),
            "PYTHONPATH": str(SOURCE),
            "PYTHONWARNINGS": "default,ignore:Deprecated since version v22.2",  # the library warns of its own future
            "SEMAX_BOT_TOKEN": TOKEN,
            "SEMAX_BOT_API_URL": standin.url,
            "SEMAX_BOT_DATA": str(folder / "data"),
        }
        with self._output.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "semax_bot", "run"],
                cwd=folder,
                env=given | environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def ready(self) -> "BotProcess":
        """Wait until it polls."""
        polls = len(self._standin.made("getUpdates"))
        self._standin.wait(lambda: len(self._standin.made("getUpdates")) > polls, timeout=30)
        return self

    @property
    def output(self) -> str:
        """All that it has written so far, on either stream."""
        return self._output.read_text(encoding="utf-8", errors="replace")

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self._process.poll() is None

    def kill(self) -> None:
        """End it as a power cut would."""
        self._process.kill()
        self.exit_code()

    def limit_files(self, bytes: int) -> None:
        """Let it write no file beyond this size from now on, as if the disk were full; -1 makes room again."""
        resource.prlimit(self._process.pid, resource.RLIMIT_FSIZE, (bytes, -1))

    def send(self, wish: signal.Signals) -> None:
        """Send a signal."""
        self._process.send_signal(wish)

    def exit_code(self, timeout: float = 10) -> int:
        """Wait for its end. Raises TimeoutExpired if that takes longer than a supervisor would wait."""
        return self._process.wait(timeout)

    def stop(self) -> int:
        """End it politely, if it still runs, and by force if it must be."""
        self.send(signal.SIGTERM)
        try:
            return self.exit_code()
        finally:
            self._process.kill()
