"""Replies on a screen: coloured cards with numbered buttons, wrapped to the width of the terminal."""

from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from rich.columns import Columns
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table as Grid
from rich.text import Text as Styled

from semax_bot.quiz.values import Question
from semax_bot.reply import (
    CHECK_ICON,
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
    plain,
    plain_line,
)
from semax_bot.terminal.quiz import Part, Verdict

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
RIGHT, WRONG = "✓", "✗"
MARKS = {RIGHT: "bold green", WRONG: "bold red", CHECK_ICON: STYLES[Check]}


def show(console: Console, reply: Reply) -> None:
    """Print a card and its numbered buttons, clear of what comes after."""
    put(console, reply)
    console.print()


def put(console: Console, part: Part) -> None:
    """Print a card with its numbered buttons, a question with its numbered options, or how the answer was."""
    match part:
        case Question():
            pieces = _question(part)
        case Verdict():
            pieces = [_verdict(part)]
        case _:
            pieces = [Group(*map(_block, group)) for group in paragraphs(part)]
            if part.buttons:
                pieces.append(Group(*(_row(row) for row in numbered(part))))
    for piece in pieces:
        console.print()
        console.print(Padding(piece, (0, INDENT)), width=min(console.width, MEASURE))


def written(part: Part) -> str:
    """The same as plain text, for a pipe."""
    match part:
        case Question(text=text, options=options, context=context):
            rows = [f"{number}. {option}" for number, option in enumerate(options, 1)]
            return "\n".join([*filter(None, [context, text]), *rows, "", _how(part)])
        case Verdict():
            return "\n".join(_lines(part))
        case _:
            rows = ["  ".join(row) for row in numbered(part)]
            return "\n".join([plain(part), *(["", *rows] if rows else [])])


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


def _question(question: Question) -> list[RenderableType]:
    grid = Grid.grid(padding=(0, 2))
    for number, option in enumerate(question.options, 1):
        grid.add_row(Styled(str(number), "cyan"), Styled(option))
    context = [Styled(question.context, "italic")] if question.context else []
    return [*context, Styled(question.text, "bold"), grid, Styled(_how(question), "dim")]


def _verdict(given: Verdict) -> RenderableType:
    rows = []
    for line in _lines(given):
        mark, _, words = line.partition(" ")
        style = MARKS.get(mark)
        rows.append(_hanging(Styled(mark, style), Styled(words, style)) if style else _hanging(Styled(), Styled(line)))
    return Group(*rows)


def _how(question: Question) -> str:
    """How to answer a question."""
    numbers = "Any number may be right: answer like 1 3" if question.several else "Answer with a number"
    return f"{numbers}; h for a hint, /stop to end."


def _lines(given: Verdict) -> list[str]:
    """How the answer was, and what there is to say about it; what the check found has a line of its own."""
    remark = given.remark.replace(f" {CHECK_ICON}", f"\n{CHECK_ICON}").split("\n")
    if given.right:
        lines = [f"{RIGHT} Right. (g if you guessed)", given.explanation, *remark]
    else:
        lines = [f"{WRONG} {given.picked}", *remark, f"{RIGHT} {given.answer}", given.explanation]
    return [line for line in lines if line]


def _hanging(mark: Styled, words: RenderableType) -> Grid:
    """Words whose wrapped lines stay clear of the mark before them."""
    grid = Grid.grid(padding=(0, 1))
    grid.add_column(width=max(2, cell_len(mark.plain)))
    grid.add_row(mark, words)
    return grid


def _row(labels: Sequence[str]) -> Columns:
    """Buttons side by side as far as they fit; none is torn apart."""
    return Columns([Styled(label, "cyan") for label in labels], padding=(0, 2))
