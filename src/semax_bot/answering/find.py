"""Rank what may answer a question: a probability for every entry, and for every kind of boundary."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from semax_bot.answering.index import CHANNELS, Index, Query, Scores
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
# Printed by `tools/fit.py`.
WEIGHTS: Mapping[str, float] = {
    "entry ask": 5.39,
    "entry asks": 5.63,
    "entry sentence": 4.45,
    "entry class": 3.70,
    "entry terms": 5.09,
    "entry cover": 6.83,
    "entry name": 2.16,
    "boundary ask": 6.11,
    "boundary asks": 6.07,
    "boundary sentence": 2.00,
    "boundary class": 2.42,
    "boundary terms": 5.34,
    "boundary cover": 6.27,
    "boundary name": 2.00,
    "bias entry": 1.97,
    "bias passing": 1.38,
    "bias out_of_scope": 2.00,
    "bias medical": 2.31,
    "bias smalltalk": 2.34,
    "nothing": 2.00,
    "unknown words": 2.00,
}


@dataclass(frozen=True, slots=True)
class Ranking:
    """What a question may be about. Probabilities of entries and kinds sum to 1 with 'nothing'."""

    entries: tuple[tuple[str, float], ...]  # best first; a term named in passing counts for its home
    passing: Mapping[str, str]  # home -> the passing term that led to it, where it weighs most
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
        self._is_entry = np.array([owner in homes for owner in self.index.owners])[:, None]
        self._kind_of = np.array([[kind == name for name in KINDS] for kind in self.kinds], np.float32)
        self._weights = np.array([weights[column] for column in COLUMNS], np.float32)

    def features(self, query: Query) -> Scores:
        """Every owner, and 'nothing fits' last, by COLUMNS."""
        channels = self.index.channels(query)
        owners = np.hstack([channels * self._is_entry, channels * ~self._is_entry, self._kind_of])
        table = np.zeros((len(owners) + 1, len(COLUMNS)), np.float32)
        table[:-1, : owners.shape[1]] = owners
        table[-1, -2:] = 1.0, self.index.unknown(query)
        return table

    def rank(self, query: Query) -> Ranking:
        """Turn features into probabilities, and gather them by entry and by kind."""
        logits = self.features(query) @ self._weights
        p = np.exp(logits - logits.max())
        p = (p / p.sum()).astype(float)
        entries: dict[str, float] = {}
        heaviest: dict[str, tuple[float, str]] = {}
        kinds = dict.fromkeys(KINDS, 0.0)
        boundaries: dict[str, tuple[float, str]] = {}
        for owner, home, kind, mass in zip(self.index.owners, self.homes, self.kinds, p[:-1].tolist(), strict=True):
            kinds[kind] += mass
            if kind in ("entry", "passing"):
                entries[home] = entries.get(home, 0.0) + mass
                heaviest[home] = max(heaviest.get(home, (0.0, "")), (mass, owner))
            else:
                boundaries[kind] = max(boundaries.get(kind, (0.0, "")), (mass, owner))
        return Ranking(
            entries=tuple(sorted(entries.items(), key=lambda item: (-item[1], item[0]))),
            passing={home: owner for home, (_, owner) in heaviest.items() if owner != home},
            kinds=kinds | {"nothing": float(p[-1])},
            boundaries={kind: owner for kind, (_, owner) in boundaries.items()},
        )
