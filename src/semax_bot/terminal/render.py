"""Replies on a screen: coloured cards with numbered buttons, wrapped to the width of the terminal."""

from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from rich.columns import Columns
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table as Grid
from rich.text import Text as Styled

from semax_bot.reply import (
    Block,
    Button,
    Caveat,
    Check,
    Evidence,
    Figure,
    Heading,
    Place,
    Reply,
    Table,
    Text,
    paragraphs,
    plain_line,
)

MEASURE = 84  # columns; longer lines are hard to read
INDENT = 2
STYLES = {
    Heading: "bold cyan",
    Text: "",
    Figure: "green",
    Table: "",
    Evidence: "magenta",
    Check: "yellow",
    Caveat: "",
    Place: "dim",
}


def show(console: Console, reply: Reply) -> None:
    """Print the card and its numbered buttons."""
    parts: list[RenderableType] = [Group(*map(_block, group)) for group in paragraphs(reply)]
    if reply.buttons:
        parts.append(Group(*(_row(row) for row in numbered(reply))))
    for part in parts:
        console.print()
        console.print(Padding(part, (0, INDENT)), width=min(console.width, MEASURE))
    console.print()


def numbered(reply: Reply) -> Iterator[list[str]]:
    """The labels of the buttons, row by row, each with the number that presses it: '[1] Simpler'."""
    number = 0
    for row in reply.buttons:
        yield [f"[{number + place}] {button.label}" for place, button in enumerate(row, 1)]
        number += len(row)


def pressable(reply: Reply) -> Sequence[Button]:
    """The buttons in the order of their numbers."""
    return [button for row in reply.buttons for button in row]


def _block(block: Block) -> RenderableType:
    line = plain_line(block)
    match block:
        case Text(text, lead):
            return Styled(text, "bold" if lead else "")
        case Table(title, rows):
            grid = Grid.grid(padding=(0, 2))
            for label, value in rows:
                grid.add_row(Styled(label, "green"), Styled(value))
            return Group(Styled(title, "bold"), grid)
        case Evidence() | Check() | Caveat():
            icon, _, words = line.partition(" ")
            return _hanging(Styled(icon), Styled(words, STYLES[type(block)]))
        case _:
            return Styled(line, STYLES[type(block)])


def _hanging(mark: Styled, words: Styled) -> Grid:
    """Words whose wrapped lines stay clear of the mark before them."""
    grid = Grid.grid(padding=(0, 1))
    grid.add_column(width=max(2, cell_len(mark.plain)))
    grid.add_row(mark, words)
    return grid


def _row(labels: Sequence[str]) -> Columns:
    """Buttons side by side as far as they fit; none is torn apart."""
    return Columns([Styled(label, "cyan") for label in labels], padding=(0, 2))
