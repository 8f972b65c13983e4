"""How fast and how small the tutor is, beside plain baselines in one run: `python -m benchmarks` prints a table."""

import sys
from pathlib import Path

PROJECT = Path(__file__).parents[1]

sys.path.append(str(PROJECT / "tests"))  # the stand-in for Telegram lives with the tests
