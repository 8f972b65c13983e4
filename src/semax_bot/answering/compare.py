"""Comparisons: which entries of the table a question sets side by side, and on which aspect."""

from collections.abc import Sequence

import numpy as np

from semax_bot.answering.compose import comparison
from semax_bot.answering.index import Query
from semax_bot.answering.text import words
from semax_bot.answering.vectors import Vectors
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
        told = {name: [title, *(entry.row[name] for entry in self._drugs.values())] for name, title in titles.items()}
        self._aspects = {name: vectors.encode(words(" ".join(texts))) for name, texts in told.items()}

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
        vector = self._vectors.encode(query.words)
        aspect = max(self._aspects, key=lambda name: float(np.dot(vector, self._aspects[name])))
        return comparison(self._course, named, aspect)
