"""Starting: from the start of a fresh process to the end of its first answer."""

import os
import subprocess
import sys
import tempfile
import time
from statistics import median

from benchmarks.table import Row, at_most
from standin.process import SOURCE

GOAL = 1.0  # seconds
RUNS = 9
ENVIRONMENT = {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(SOURCE), "PYTHONIOENCODING": "utf-8"}


def rows() -> list[Row]:
    """`semax-bot ask dopac` and an interpreter that does nothing, in turn; other processes only slow a run down."""
    pairs = [(_seconds("-m", "semax_bot", "ask", "dopac"), _seconds("-c", "pass")) for _ in range(RUNS + 1)]
    asks, bare = zip(*pairs[1:], strict=True)  # the first run may still have had to compile and to read from disk
    what = f"start to first answer, semax-bot ask dopac: best of {RUNS}"
    return [
        at_most(what, min(asks), GOAL, "s", f" (median {median(asks):.3g} s)"),
        Row("  python -c pass: best", f"{min(bare):.3g} s (median {median(bare):.3g} s)"),
    ]


def _seconds(*command: str) -> float:
    """The wall time of a fresh interpreter, in a folder without any `.env`."""
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        subprocess.run([sys.executable, *command], cwd=folder, env=ENVIRONMENT, check=True, capture_output=True)
        return time.perf_counter() - began
