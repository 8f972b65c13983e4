"""Meaning of words as small vectors: a static table of word pieces, averaged over a sentence.

The table is data made once by `tools/distil.py` from a public sentence-embedding model and shipped with the package;
nothing is downloaded and no model runs. A sentence's vector is the normalised sum of its pieces' vectors; the pieces'
lengths carry their weight, so that 'the' counts for little.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Self

import numpy as np
import numpy.typing as npt

Vector = npt.NDArray[np.float32]
_TABLE = "pieces.npz"
REMEMBERED = 5_000  # words, a kilobyte each
AT_ONCE = 1000  # sentences, so that a large course does not need all their words in memory


class Vectors:
    """Word pieces and their vectors; words never seen are built from pieces, longest first."""

    def __init__(self, pieces: Iterable[str], table: npt.NDArray[np.int8]) -> None:
        """`pieces` name the rows of `table` (pieces x dimensions); a piece inside a word begins with '##'."""
        self._row = {piece: row for row, piece in enumerate(pieces)}
        self._table = table
        self.size = table.shape[1]
        self._word = lru_cache(maxsize=REMEMBERED)(self._sum_of_pieces)

    @classmethod
    def shipped(cls) -> Self:
        """The table inside the package."""
        with (files("semax_bot.answering") / _TABLE).open("rb") as file, np.load(file) as data:
            return cls(bytes(data["pieces"]).decode().split("\n"), data["table"])

    def __contains__(self, word: object) -> bool:
        """Whether a word is one piece: the more common part of English."""
        return word in self._row

    def encode(self, words: Iterable[str]) -> Vector:
        """The unit vector of a sentence, given its words; zeros if no word has a known piece."""
        total = np.zeros(self.size, np.float32)
        for word in words:
            total += self._word(word)
        length = float(np.linalg.norm(total))
        return total / length if length else total

    def encode_all(self, lines: Sequence[Sequence[str]]) -> Vector:
        """The vectors of many sentences, lines x dimensions; each as `encode` gives it."""
        rows: dict[str, int] = {}
        by_length: dict[int, tuple[list[int], list[list[int]]]] = {}  # sums over equal lengths are one step each
        for place, line in enumerate(lines):
            places, ids = by_length.setdefault(len(line), ([], []))
            places.append(place)
            ids.append([rows.setdefault(word, len(rows)) for word in line])
        known = self._all_words(list(rows))
        totals = np.zeros((len(lines), self.size), np.float32)
        for length, (places, ids) in by_length.items():
            for first in range(0, len(ids) if length else 0, AT_ONCE):
                part = slice(first, first + AT_ONCE)
                totals[places[part]] = known[ids[part]].sum(axis=1)
        totals /= np.linalg.norm(totals, axis=1, keepdims=True).clip(1e-9)
        return totals

    def _all_words(self, words: Sequence[str]) -> Vector:
        """The vectors of many words, words x dimensions; most words are one piece, which the table gives at once."""
        rows = [self._row.get(word, -1) for word in words]
        known = self._table[rows].astype(np.float32)
        for place, row in enumerate(rows):
            if row < 0:
                known[place] = self._sum_of_pieces(words[place])
        return known

    def _sum_of_pieces(self, word: str) -> Vector:
        total = np.zeros(self.size, np.float32)
        start = 0
        while start < len(word):
            head = "##" if start else ""
            end = next((end for end in range(len(word), start, -1) if head + word[start:end] in self._row), 0)
            if not end:
                break
            total += self._table[self._row[head + word[start:end]]]
            start = end
        return total
