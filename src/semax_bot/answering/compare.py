"""Comparisons: which entries of the table a question sets side by side, and on which aspect."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from semax_bot.answering.compose import comparison
from semax_bot.answering.index import Query
from semax_bot.answering.text import EMPTY, words
from semax_bot.answering.vectors import Vector, Vectors
from semax_bot.course.load import Course
from semax_bot.course.model import Entry, Facet
from semax_bot.reply import Table


class Comparer:
    """Knows the rows of the comparison and what each aspect is about."""

    def __init__(self, course: Course, vectors: Vectors) -> None:
        self._course = course
        self._vectors = vectors
        self._drugs = {entry.topics[0]: entry for entry in course.entries.values() if entry.row}
        titles = {name: title for unit in course.units.values() for name, title in unit.aspects.items()}
        self._aspects = {
            name: self._meaning([title]) + self._meaning(self._cells(name)) for name, title in titles.items()
        }

    def table(self, entry: Entry, query: Query, asked: Sequence[Facet], after: str | None = None) -> Table | None:
        """The aspect asked for, a row per drug named; None unless `entry` is a drug set beside another.

        'More addictive than modafinil?' names one: the other is the drug of the chat's last card, or the unit's own,
        which stands first in the table.
        """
        if not entry.row:
            return None
        named = [self._drugs[term[1:]] for term in query.terms if term[0] == "@" and term[1:] in self._drugs]
        if entry not in named:
            named.append(entry)
        if len(named) == 1 and Facet.COMPARISON in asked:
            last = self._course.entries.get(after or "")
            named.insert(0, last if last and last.row else next(iter(self._drugs.values())))
        named = list({drug.id: drug for drug in named}.values())
        if len(named) < 2:
            return None
        meaning = self._meaning(query.words)
        aspect = max(self._aspects, key=lambda name: float(np.dot(meaning, self._aspects[name])))
        return comparison(self._course, named, aspect)

    def _cells(self, aspect: str) -> Iterator[str]:
        return (drug.row[aspect] for drug in self._drugs.values() if aspect in drug.row)

    def _meaning(self, texts: Iterable[str]) -> Vector:
        """What texts are about, apart from the drugs themselves, which every aspect names."""
        return self._vectors.encode(
            word for text in texts for word in words(text) if word not in EMPTY | self._drugs.keys()
        )
