"""The items as a text file that Anki imports.

Header lines and columns are as Anki's manual documents them under 'Text files'. The first column is an id of ours, so
that a later import updates the notes, and no line starts with '#', which Anki would skip.
"""

from collections.abc import Iterator
from html import escape
from random import Random

from semax_bot.answering.compose import VERDICTS, cited, known
from semax_bot.course.load import Course
from semax_bot.course.model import Entry, Item
from semax_bot.quiz.shuffle import question, shown
from semax_bot.reply import Check, plain_line

LETTERS = "ABCDE"  # as many as an item may have options


def notes(course: Course) -> str:
    """All items of the course: question and options in front, answer, explanation and evidence on the back."""
    head = [
        "#separator:tab",
        "#html:true",
        "#notetype:Basic",
        f"#deck:{_line(course.title)}",
        "#guid column:1",
        "#tags column:4",
    ]
    return "\n".join([*head, *("\t".join(_note(course, item)) for item in course.items.values())]) + "\n"


def _note(course: Course, item: Item) -> tuple[str, str, str, str]:
    """Id, front, back and tags. The order of the options is drawn by the id, so that it stays the same."""
    asked = question(item, shown(item, Random(item.id)))
    options = [f"{letter}) {text}" for letter, text in zip(LETTERS, asked.options, strict=False)]
    right = [options[place] for place in asked.right]
    front = [asked.context, asked.text, "(all that apply)" if asked.several else "", *options]
    back = [*right, *item.explanation.split("\n"), *_ground(course, course.entries[item.entries[0]])]
    tags = [f"unit-{item.id[:2]}", item.section, item.kind, f"difficulty-{item.difficulty}"]
    return item.id, _field(front), _field(back), " ".join(tags)


def _ground(course: Course, entry: Entry) -> Iterator[str]:
    """The evidence level and the source check with all of its citations."""
    yield plain_line(known(entry))
    if check := entry.source_check:
        citations = tuple(cited(course.sources[name]) for name in check.sources)
        yield plain_line(Check(check.verdict, VERDICTS[check.verdict], check.finding, citations))


def _field(lines: list[str]) -> str:
    return "<br>".join(escape(_line(line)) for line in lines if line)


def _line(text: str) -> str:
    """A text without the tabs and line feeds that would end its field."""
    return " ".join(text.split())
