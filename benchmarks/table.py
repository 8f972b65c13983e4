"""The table that all benchmarks share, and how a measurement is set against its goal."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass

HEAD = ("what", "measured", "goal", "ratio")


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement as people read it; `goal` is empty for what is only there to compare with."""

    what: str
    measured: str
    goal: str = ""
    ratio: str = ""


def at_most(what: str, value: float, limit: float, unit: str, more: str = "") -> Row:
    """A measurement that should be small."""
    verdict = "met" if value <= limit else "MISSED"
    return Row(what, f"{value:.3g} {unit}{more}", f"<= {limit:g} {unit}", f"{value / limit:.2f} of the goal: {verdict}")


def table(rows: Sequence[Row]) -> str:
    """The rows in columns, as Markdown that also reads well in a terminal."""
    cells = [HEAD, *(astuple(row) for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(HEAD))]
    lines = ["| " + " | ".join(map(str.ljust, line, widths)) + " |" for line in cells]
    return "\n".join([lines[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *lines[1:]])
