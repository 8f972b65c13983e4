"""Rank what may answer a question: a probability for every entry, and for every kind of boundary."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from semax_bot.answering.index import CHANNELS, SHORTLIST, Index, Query, Scores
from semax_bot.answering.vectors import Vectors
from semax_bot.course.load import Course

# Columns of the fitted weights: every channel for entries, the same for boundaries, a bias per kind of owner, and for
# 'nothing fits' a bias and the weight of unknown words.
KINDS = ("entry", "passing", "out_of_scope", "medical", "smalltalk")
COLUMNS = (
    *(f"entry {channel}" for channel in CHANNELS),
    *(f"boundary {channel}" for channel in CHANNELS),
    *(f"bias {kind}" for kind in KINDS),
    "nothing",
    "unknown words",
)
# Printed by `tools/fit.py` for the files under tests/questions and the 130 questions it was developed on.
WEIGHTS: Mapping[str, float] = {
    "entry ask": 6.69,
    "entry asks": 6.07,
    "entry sentence": 5.03,
    "entry class": 5.04,
    "entry terms": 6.60,
    "entry likelihood": 5.13,
    "entry name": 4.17,
    "boundary ask": 5.82,
    "boundary asks": 5.87,
    "boundary sentence": 0.00,
    "boundary class": 5.04,
    "boundary terms": 4.98,
    "boundary likelihood": 5.67,
    "boundary name": 5.00,
    "bias entry": 2.88,
    "bias passing": 0.83,
    "bias out_of_scope": 2.31,
    "bias medical": 2.66,
    "bias smalltalk": 1.82,
    "nothing": 13.49,
    "unknown words": 1.86,
}


@dataclass(frozen=True, slots=True)
class Ranking:
    """What a question may be about. Probabilities of entries and kinds sum to 1 with 'nothing'."""

    entries: tuple[tuple[str, float], ...]  # the likeliest, best first; a term named in passing counts for its home
    passing: Mapping[str, str]  # home -> the passing term that holds most of its probability
    kinds: Mapping[str, float]
    boundaries: Mapping[str, str]  # kind -> its best boundary


class Finder:
    """The index with its fusion: built once, asked for every question."""

    def __init__(self, course: Course, vectors: Vectors, weights: Mapping[str, float] = WEIGHTS) -> None:
        self.index = Index(course, vectors)
        kind = {boundary.id: boundary.kind for boundary in course.boundaries}
        homes = {entry.id: entry.home for entry in course.entries.values()}
        self.kinds = [kind.get(owner) or ("passing" if homes[owner] else "entry") for owner in self.index.owners]
        self.homes = [homes.get(owner) or owner for owner in self.index.owners]
        row = {owner: i for i, owner in enumerate(self.index.owners)}
        self._home_rows = np.array([row[home] for home in self.homes])
        self._cards = np.array([i for i, kind in enumerate(self.kinds) if kind == "entry"])
        self._rows_of = {
            kind: np.array(rows)
            for kind in KINDS[2:]
            if (rows := [i for i, of_owner in enumerate(self.kinds) if of_owner == kind])
        }
        self._passing = [i for i, kind in enumerate(self.kinds) if kind == "passing"]
        self._is_entry = np.array([[owner in homes] for owner in self.index.owners], np.float32)
        self._kind_of = np.array([[kind == name for name in KINDS] for kind in self.kinds], np.float32)
        self._weights = np.array([weights.get(column, 0.0) for column in COLUMNS], np.float32)

    def features(self, query: Query) -> Scores:
        """Every owner, and 'nothing fits' last, by COLUMNS."""
        channels = self.index.channels(query)
        count, width = channels.shape
        table = np.zeros((count + 1, len(COLUMNS)), np.float32)
        np.multiply(channels, self._is_entry, out=table[:-1, :width])
        np.multiply(channels, 1 - self._is_entry, out=table[:-1, width : 2 * width])
        table[:-1, 2 * width : -2] = self._kind_of
        table[-1, -2:] = 1.0, self.index.unknown(query)
        return table

    def rank(self, query: Query) -> Ranking:
        """Turn features into probabilities, and gather them by entry and by kind."""
        logits = self.features(query) @ self._weights
        p = np.exp(logits - logits.max())
        p /= p.sum()
        owners = p[:-1]
        owner_ids = self.index.owners
        mass = np.bincount(self._home_rows, owners, len(owner_ids))
        order = self._cards[np.argsort(-mass[self._cards], kind="stable")[:SHORTLIST]]
        best_of = {kind: int(rows[np.argmax(owners[rows])]) for kind, rows in self._rows_of.items()}
        return Ranking(
            entries=tuple(zip(map(owner_ids.__getitem__, order.tolist()), mass[order].tolist(), strict=True)),
            passing={
                self.homes[row]: owner_ids[row] for row in self._passing if owners[row] > mass[self._home_rows[row]] / 2
            },
            kinds={**dict(zip(KINDS, (owners @ self._kind_of).tolist(), strict=True)), "nothing": float(p[-1])},
            boundaries={kind: owner_ids[row] for kind, row in best_of.items()},
        )
