"""What stands under a chart in a chat: what it shows, how that is known, what the check found, and the catch."""

from collections.abc import Iterator, Sequence

from semax_bot.answering.compose import CAVEATS, EVIDENCE, VERDICTS, checked, known, to_entries
from semax_bot.course.chart_model import ChartBase
from semax_bot.course.load import Course
from semax_bot.course.model import UNCHECKED, Entry
from semax_bot.reply import Block, Button, Caveat, Heading, Place, Reply, Table, Text, fits, rows

LONGEST = 960  # UTF-16 units; some surfaces take 1024 below a picture, tags and escapes included


def caption(course: Course, chart_id: str) -> Reply:
    """The caption of a chart, as much of it as fits below a picture, with a button to each card that it draws."""
    chart = course.charts[chart_id]
    entries = [course.entries[name] for name in chart.named]
    buttons = to_entries(course, chart.named) or [Button("Sources", "page:sources")]
    replies = [
        Reply("answer", blocks, rows(buttons), entries=chart.named[:5]) for blocks in _shorter(course, chart, entries)
    ]
    return next((reply for reply in replies if fits(reply, LONGEST)), replies[-1])


def _shorter(course: Course, chart: ChartBase, entries: Sequence[Entry]) -> Iterator[tuple[Block, ...]]:
    """The blocks of a caption, and then always fewer of them: caveats go first, the last one first."""
    opening = (Heading(chart.title), Text(chart.short, lead=True))
    closing = (_place(course, chart),)
    texts = dict.fromkeys((*chart.caveats, *(text for entry in entries for text in entry.caveats)))
    caveats = [Caveat(text) for text in texts][:CAVEATS]
    for ground in _grounds(course, entries):
        for count in range(len(caveats), -1, -1):
            yield (*opening, *ground, *caveats[:count], *closing)
    yield (*opening, *closing)


def _grounds(course: Course, entries: Sequence[Entry]) -> Iterator[tuple[Block, ...]]:
    """How the entries are known: one with its finding, several in a line each."""
    if len(entries) == 1 and entries[0].source_check:
        yield known(entries[0]), checked(course, entries[0].source_check, "on the card")
    for count in range(len(entries), 0, -1):
        yield (Table("How it is known, and the check", tuple(map(_line, entries[:count]))),)
    if not entries:
        yield ()


def _line(entry: Entry) -> tuple[str, str]:
    icon, level = EVIDENCE[entry.evidence]
    verdict = VERDICTS[entry.source_check.verdict] if entry.source_check else UNCHECKED
    return entry.title, f"{icon} {level}; {verdict}"


def _place(course: Course, chart: ChartBase) -> Place:
    number = int(chart.id[:2])
    sections = {section.id: section.title for section in course.units[number].sections}
    return Place(f"Unit {number} · {sections[chart.section]}")
