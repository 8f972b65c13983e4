"""Read `content/` into a `Course`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from semax_bot.course.chart_model import ChartBase
from semax_bot.course.draft import draft
from semax_bot.course.links import link_faults
from semax_bot.course.model import Boundary, Entry, Item, Source, Unit, Word
from semax_bot.errors import ContentError


@dataclass(frozen=True)
class Course:
    """Everything the content says, in reading order, by id."""

    title: str
    unit_count: int
    units: Mapping[int, Unit]
    entries: Mapping[str, Entry]
    sources: Mapping[str, Source]
    words: tuple[Word, ...]
    boundaries: tuple[Boundary, ...]
    items: Mapping[str, Item]
    charts: Mapping[str, ChartBase]

    @cached_property
    def by_slug(self) -> Mapping[str, str]:
        """Entry ids by their deep-link form: 06-term-dopac -> 06/term/dopac."""
        return {slug(entry_id): entry_id for entry_id in self.entries}

    @cached_property
    def tested(self) -> frozenset[str]:
        """The entries that at least one item tests."""
        return frozenset(entry for item in self.items.values() for entry in item.entries)

    def charts_of(self, entry_id: str) -> tuple[ChartBase, ...]:
        """The charts that draw a value of this entry, in reading order, without those that show every entry alike."""
        return tuple(chart for chart in self.charts.values() if entry_id in chart.named)


def slug(entry_id: str) -> str:
    """The id as a Telegram start parameter (A-Z a-z 0-9 _ - only) and as a web address.

    No two ids share one: unit and kind hold no hyphen, so the first two hyphens were slashes.
    """
    return entry_id.replace("/", "-")


def load(folder: Path) -> Course:
    """Read the course in `folder`.

    Raises ContentError naming every fault that keeps it from being used: of form, of ids and of references. What the
    course may not say, `check` finds.
    """
    read = draft(folder)
    faults = sorted({*read.faults, *link_faults(read)})
    if faults or not read.head:
        raise ContentError([str(fault) for fault in faults])
    return Course(
        title=read.head.title,
        unit_count=read.head.units,
        units={part.value.number: part.value for part in read.of(Unit)},
        entries={part.value.id: part.value for part in read.of(Entry)},
        sources={part.value.id: part.value for part in read.of(Source)},
        words=tuple(part.value for part in read.of(Word)),
        boundaries=tuple(part.value for part in read.of(Boundary)),
        items={part.value.id: part.value for part in read.of(Item)},
        charts={part.value.id: part.value for part in read.of(ChartBase)},
    )
