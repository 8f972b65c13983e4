"""Run all benchmarks and print one table."""

import os
import platform
import sys

from benchmarks import asking, browsing, fanout, grading, prompts, serving, starting
from benchmarks.table import Row, table


def main() -> None:
    """Measure one thing after the other, and say meanwhile what is going on."""
    rows: list[Row] = []
    for benchmark in (asking, starting, serving, grading, prompts, fanout, browsing):
        print(f"{(benchmark.__doc__ or '').splitlines()[0]} ...", file=sys.stderr)
        rows += benchmark.rows()
    print(f"Python {platform.python_version()}, {platform.system()} {platform.machine()}, {os.cpu_count()} cores\n")
    print(table(rows))


main()
