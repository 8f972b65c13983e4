"""Find: rank entries and boundaries for a question by a few cheap channels, fused.

The index is built once. Every ask, name and sentence of the content is a line, owned by an entry or a boundary; a
question is compared with all lines at once, and each channel is reduced to one number per owner.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log

import numpy as np
import numpy.typing as npt

from semax_bot.answering.text import EMPTY, Mender, stem, words
from semax_bot.answering.vectors import Vectors
from semax_bot.course.load import Course
from semax_bot.course.model import Word

Scores = npt.NDArray[np.float32]

CHANNELS = ("ask", "asks", "sentence", "class", "terms", "likelihood", "name")
# What people call a transmitter whose name they do not know: 'the <quality> chemical'.
CARRIERS = tuple(
    """chemical molecule messenger transmitter neurotransmitter hormone substance compound signal juice stuff fuel
    system""".split()
)
SHARPNESS = 20.0  # of the vote among an owner's asks: the higher, the more the nearest one decides
SHORTLIST = 256  # owners whose lines are compared one by one; the unit has fewer, so all of its are
SMOOTHING = 0.3  # share of everybody's words in an owner's language
RIDGE = 1.0  # keeps the classifier from trusting rare directions
_EMPTY_STEMS = frozenset(map(stem, EMPTY))


@dataclass(frozen=True, slots=True)
class Query:
    """A question as the index sees it: mended words with concepts spelled out, and the terms counted for it."""

    words: tuple[str, ...]
    terms: tuple[str, ...]


class Index:
    """All lines of a course, ready to be compared with a question."""

    def __init__(self, course: Course, vectors: Vectors) -> None:
        lines = list(_lines(course))
        texts = [words(line.text) for line in lines]
        forms = [(tuple(words(form)), word) for word in course.words for form in _forms(word)]
        counts = Counter(w for text in texts for w in text)
        counts.update(w for form, _ in forms for w in form)
        self._vectors = vectors
        self._last = "", Query((), ())
        self._phrases = Phrasebook((form, word.id, word.name) for form, word in forms)
        self._mender = Mender(counts, vectors)
        self.owners = list(dict.fromkeys(line.owner for line in lines))
        row = {owner: i for i, owner in enumerate(self.owners)}
        queries = [self._query(text) for text in texts]
        self._starts = np.flatnonzero([not i or line.owner != lines[i - 1].owner for i, line in enumerate(lines)])
        self._sizes = np.diff(self._starts, append=len(lines))
        self._matrix = vectors.encode_all([query.words for query in queries])
        self._is_ask = np.array([line.is_ask for line in lines], np.float32)
        owner = np.array([row[line.owner] for line in lines])
        asks = self._is_ask > 0
        self._classes = _classifier(self._matrix[asks], owner[asks], len(self.owners))
        self._line_terms = Postings([query.terms for query in queries])
        vocabulary = [Counter[str]() for _ in self.owners]
        for query, i in zip(queries, owner, strict=True):
            vocabulary[i].update(query.terms)
        self._language = Language(vocabulary)
        self._names: dict[str, list[tuple[int, frozenset[str]]]] = defaultdict(list)  # by one of the name's terms
        for line, query in zip(lines, queries, strict=True):
            if line.is_name and (name := _content(query.terms)):
                self._names[min(name)].append((row[line.owner], name))

    def understand(self, question: str) -> Query:
        """Fold, mend and rewrite a question."""
        if question != self._last[0]:  # often asked twice in a row: first whether it is a follow-up
            self._last = question, self._understood(question)
        return self._last[1]

    def _understood(self, question: str) -> Query:
        return self._query([w for word in words(question) for w in self._mender.mend(word)])

    def _query(self, text: Sequence[str]) -> Query:
        spelled: list[str] = []
        terms: list[str] = []
        for found, concept in self._phrases.split(text):
            spelled.extend(found)
            terms.extend([concept] if concept else map(stem, found))
        return Query(tuple(spelled), tuple(dict.fromkeys(terms)))

    def channels(self, query: Query) -> Scores:
        """Every channel's score for every owner: owners x CHANNELS, each roughly 0 to 1."""
        vector = self._vectors.encode(query.words)
        scores = np.zeros((len(self.owners), len(CHANNELS)), np.float32)
        scores[:, 3] = vector @ self._classes
        scores[:, 5] = self._language.likelihood(query.terms)
        scores[:, 6] = self._named(_content(query.terms))
        shared = self._line_terms.cosine(query.terms)
        lines: npt.NDArray[np.int64] | slice = slice(None)
        owners: npt.NDArray[np.int64] | slice = slice(None)
        starts = self._starts
        if len(self.owners) > SHORTLIST:  # a large course: compare line by line with the likeliest owners only
            owners = np.sort(np.argpartition(-scores.sum(axis=1), SHORTLIST)[:SHORTLIST])
            sizes = self._sizes[owners]
            starts = np.cumsum(sizes) - sizes
            lines = np.arange(sizes.sum()) + np.repeat(self._starts[owners] - starts, sizes)
        near = self._matrix[lines] @ vector
        asks = near * self._is_ask[lines]
        scores[owners, 0] = np.maximum.reduceat(asks, starts)
        scores[owners, 1] = np.log(np.add.reduceat(np.exp(SHARPNESS * asks), starts)) / SHARPNESS
        scores[owners, 2] = np.maximum.reduceat(near - asks, starts)
        scores[owners, 4] = np.maximum.reduceat(shared[lines], starts)
        return scores

    def unknown(self, query: Query) -> float:
        """The share of the question, by weight, that no line of the content holds."""
        return self._line_terms.unknown(query.terms)

    def _named(self, terms: frozenset[str]) -> Scores:
        """How much of the question's content is an owner's name, for names that stand in it whole."""
        scores = np.zeros(len(self.owners), np.float32)
        for term in terms & self._names.keys():
            for owner, name in self._names[term]:
                if name <= terms:
                    scores[owner] = max(scores[owner], len(name) / len(terms))
        return scores


def _content(terms: Iterable[str]) -> frozenset[str]:
    """The terms that say what a question is about."""
    return frozenset(term for term in terms if term not in _EMPTY_STEMS)


def _classifier(vectors: Scores, owner: npt.NDArray[np.int64], count: int) -> Scores:
    """Ridge regression from a sentence's vector to its owner, every owner weighing the same; dimensions x owners.

    Owners come in order, each with at least one sentence.
    """
    weighted = vectors / np.bincount(owner, minlength=count)[owner, None].astype(np.float32)
    means = np.add.reduceat(weighted, np.flatnonzero(np.diff(owner, prepend=-1)))
    gram = vectors.T @ weighted + RIDGE * np.eye(vectors.shape[1], dtype=np.float32)
    return np.linalg.solve(gram, means.T).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Line:
    """One text of the content, and whose it is."""

    owner: str
    text: str
    is_ask: bool = False
    is_name: bool = False


def _lines(course: Course) -> Iterator[Line]:
    for entry in course.entries.values():
        for name in (entry.title, *entry.aliases):
            yield Line(entry.id, name, is_ask=True, is_name=True)
        yield from (Line(entry.id, ask, is_ask=True) for ask in entry.asks)
        told = (entry.short, entry.text, entry.simple, entry.advanced, *entry.answers.values(), *entry.row.values())
        yield from (Line(entry.id, text) for text in told if text)
    for boundary in course.boundaries:
        yield from (Line(boundary.id, ask, is_ask=True) for ask in boundary.asks)


def _forms(word: Word) -> Iterator[str]:
    """Everything a concept is called, its nicknames included: 'reward chemical', 'messenger for reward' ..."""
    yield from (word.name, *word.variants)
    for quality in word.known_for:
        for carrier in CARRIERS:
            yield f"{quality} {carrier}"
            yield f"{carrier} for {quality}"
            yield f"{carrier} of {quality}"


class Phrasebook:
    """Finds concepts by all their names, longest first, and spells them the course's way."""

    def __init__(self, forms: Iterable[tuple[tuple[str, ...], str, str]]) -> None:
        """`forms`: the words of a name, its concept's id, and the course's own name for it."""
        self._concept = {form: ("@" + concept, tuple(words(name))) for form, concept, name in forms}
        self._longest: dict[str, int] = {}  # by first word, so that most words cost one look
        for form in self._concept:
            self._longest[form[0]] = max(len(form), self._longest.get(form[0], 0))

    def split(self, text: Sequence[str]) -> Iterator[tuple[tuple[str, ...], str]]:
        """The text as (words, concept) pieces; concept is empty for a word that is none."""
        start = 0
        while start < len(text):
            longest = self._longest.get(text[start])
            for length in range(min(longest, len(text) - start), 0, -1) if longest else ():
                if found := self._concept.get(tuple(text[start : start + length])):
                    yield found[1], found[0]
                    break
            else:
                length = 1
                yield (text[start],), ""
            start += length


class Language:
    """Which owner would most likely have said a question: a unigram language model per owner.

    Jelinek-Mercer smoothing (Zhai and Lafferty 2004): an owner's words are mixed with everybody's, so that one with
    many lines has no advantage over one with few.
    """

    def __init__(self, owners: Sequence[Mapping[str, int]]) -> None:
        total = Counter[str]()
        for counts in owners:
            total.update(counts)
        everything = sum(total.values())
        gains: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for i, counts in enumerate(owners):
            size = sum(counts.values())
            for term, count in counts.items():
                ratio = (count / size) / (total[term] / everything)
                gains[term].append((i, log(1 + (1 - SMOOTHING) / SMOOTHING * ratio)))
        self._count = len(owners)
        self._gains = {
            term: (np.array([i for i, _ in pairs]), np.array([gain for _, gain in pairs], np.float32))
            for term, pairs in gains.items()
        }

    def likelihood(self, terms: Sequence[str]) -> Scores:
        """Log-likelihood gained over everybody's language, per term."""
        scores = np.zeros(self._count, np.float32)
        for term in terms:
            if term in self._gains:
                owners, gains = self._gains[term]
                scores[owners] += gains
        return scores / np.float32(max(len(terms), 1))


class Postings:
    """Which documents hold a term, weighted by how rare it is (idf)."""

    def __init__(self, documents: Sequence[Sequence[str]]) -> None:
        self._count = len(documents)
        holders: dict[str, list[int]] = defaultdict(list)
        for i, terms in enumerate(documents):
            for term in terms:
                holders[term].append(i)
        self._holders = {term: np.array(ids) for term, ids in holders.items()}
        self._idf = {term: log(1 + self._count / len(ids)) for term, ids in holders.items()}
        self._unknown = log(1 + self._count)
        norms = [sum(self._idf[term] ** 2 for term in terms) ** 0.5 for terms in documents]
        self._norms = np.array(norms, np.float32).clip(1e-6)

    def cosine(self, terms: Sequence[str]) -> Scores:
        """Cosine of idf vectors with every document; a term that no document holds still lengthens the question."""
        length = np.float32(self._length(terms) ** 0.5)
        return (self._sum(terms) / (self._norms * length)).astype(np.float32)

    def _sum(self, terms: Sequence[str]) -> Scores:
        scores = np.zeros(self._count, np.float32)
        for term in terms:
            if term in self._holders:
                scores[self._holders[term]] += self._idf[term] ** 2
        return scores

    def _length(self, terms: Sequence[str]) -> float:
        return sum(self._idf.get(term, self._unknown) ** 2 for term in terms) or 1.0

    def unknown(self, terms: Sequence[str]) -> float:
        """The share of the question's weight that no document holds."""
        return sum(self._unknown**2 for term in terms if term not in self._idf) / self._length(terms)
