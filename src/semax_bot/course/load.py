"""Read `content/` into a `Course`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import yaml

from semax_bot.course.model import Boundary, Entry, Model, Phrase, Source, Unit, UnitFile, Word


class CourseFile(Model):
    """`course.yaml`: the name of the whole, and how many units it has."""

    title: Phrase
    units: int


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

    @cached_property
    def by_slug(self) -> Mapping[str, str]:
        """Entry ids by their deep-link form: 06-term-dopac -> 06/term/dopac."""
        return {slug(entry_id): entry_id for entry_id in self.entries}


def slug(entry_id: str) -> str:
    """The id as a Telegram start parameter (A-Z a-z 0-9 _ - only) and as a web address."""
    return entry_id.replace("/", "-")


def load(folder: Path) -> Course:
    """Read the course in `folder`; raises ContentError naming every fault."""
    head = CourseFile.model_validate(yaml.load((folder / "course.yaml").read_text("utf-8"), yaml.CSafeLoader))
    files = [
        UnitFile.model_validate(yaml.load(path.read_text("utf-8"), yaml.CSafeLoader) or {})
        for path in sorted(folder.glob("unit-*/*.yaml"))
    ]
    return Course(
        title=head.title,
        unit_count=head.units,
        units={file.unit.number: file.unit for file in files if file.unit},
        entries={entry.id: entry for file in files for entry in file.entries},
        sources={source.id: source for file in files for source in file.sources},
        words=tuple(word for file in files for word in file.words),
        boundaries=tuple(boundary for file in files for boundary in file.boundaries),
    )
