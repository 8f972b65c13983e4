"""Clean a question and mend its typos: from what was typed to words that the course knows.

Case, Unicode form, emoji, punctuation and mentions never matter; digits do (5-HT2A is not 5-HT2C).
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Container, Iterable, Mapping, Sequence
from functools import cached_property, lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

# Not part of the question: mentions, addresses, a leading command.
_NOISE = re.compile(r"(?:https?://|www\.)\S+|(?<!\w)@\w+|^\s*/\w+(?:@\w+)?")
_APOSTROPHES = dict.fromkeys(map(ord, "'’‘`"))
_WORD = re.compile(r"[^\W_]+")
# Letters that sound alike, folded before distances are measured, so that 'amfetamine' is no typo at all.
_SOUNDS = (("ph", "f"), ("oe", "e"), ("ae", "e"), ("ck", "k"), ("th", "t"), ("qu", "k"), ("x", "ks"))
_LETTERS = str.maketrans({"y": "i", "c": "k", "z": "s"})
_DOUBLE = re.compile(r"([a-z])\1+")
# Longest first; what is left keeps at least three letters. A light stemmer: inflections, not derivations.
_SUFFIXES = tuple("ations ation ingly ings ing edly ies ied est ers er es ed ly s e".split())

# What people type in a hurry. 'dose it' is 'does it' unless an article or 'my' makes it a noun.
_HURRIED = {
    **{"wat": "what", "wut": "what", "wot": "what", "u": "you", "ur": "your", "r": "are", "pls": "please"},
    **{"plz": "please", "ppl": "people", "bc": "because", "cuz": "because", "hoo": "who", "gud": "good", "tru": "true"},
    **{"rite": "right", "eli5": "explain simply", "tldr": "short summary", "gimme": "give me", "wanna": "want to"},
}
_DOES = re.compile(r"(?<!\ba )(?<!\bthe )(?<!\bmy )(?<!\bper )\bdose(?= (?:it|the|this|that|they|he|she|any)\b)")
_ENDINGS = ("s", "es", "d", "ed", "ing", "er", "ers", "ly")

# Words that carry no topic of their own: what is left of a question without them says whether it stands alone.
EMPTY = frozenset(
    """a an the and but or so then also ok okay well hm hmm please pls what which who whose where when why how
    whats is are was were be been am do does did done can could would should will may might it its that this
    these those they them he she of in on at to for from by with about as if not no yes really actually exactly
    just even still any some much many more most big large long far strong vs versus compared than tell me us i
    you we my your show explain say mean means there here else one thing way come definition define defined
    meaning term terms name called stand stands word know same similar happen going go get got let want need
    think believe""".split()
)
# Words that ask for a facet, or name whom a study measured: they never make a question stand alone either.
ASKING = frozenset(
    """evidence proven proof prove study studies data source sources measured tested shown true sure human
    humans people patients person persons rats rat mice animals rodents rodent humans species animal caveat
    catch mechanism reason cause work works happen happens percent number numbers figure size amount region
    regions brain area areas compare comparison compared different difference simpler simple simply detail
    details effect effects""".split()
)

REMEMBERED = 2_000  # mended words: people share their slips, and some words are long
SHORTEST = 4  # letters of a word that may be mended; shorter ones are too much alike
MAX_QUESTION = 4096  # characters; Telegram's longest message


def words(text: str) -> list[str]:
    """The words of a text, folded: NFKC, no case, no accents, no punctuation, no mentions or links."""
    folded = fold(text)
    found = _WORD.findall(_DOES.sub("does", folded) if "dose" in folded else folded)
    return [part for word in found for part in (_HURRIED[word].split() if word in _HURRIED else (word,))]


def fold(text: str) -> str:
    """The text without case, accents, apostrophes, mentions and links, its punctuation kept."""
    text = text[:MAX_QUESTION].casefold()
    if "@" in text or "/" in text or "www" in text:
        text = _NOISE.sub(" ", text)
    if not text.isascii():
        text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
        text = "".join(c for c in text if not unicodedata.combining(c))
    return text.translate(_APOSTROPHES)


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The word without its inflection: 'measured', 'measuring' and 'measures' share a stem."""
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 3:
            word = word[: -len(suffix)]
            break
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] else word


def sound(word: str) -> str:
    """The word as it sounds, roughly: spellings that are often confused fold to one."""
    for heard, kept in _SOUNDS:
        word = word.replace(heard, kept)
    return _DOUBLE.sub(r"\1", word.translate(_LETTERS))


def tolerance(length: int) -> int:
    """How many slips a word of this many letters may hold and still be recognised."""
    return 0 if length < 4 else 1 if length < 6 else 2 if length < 10 else 3 if length < 14 else length // 4


class Mender:
    """Replaces unknown words by the course's nearest word, and leaves known English alone."""

    def __init__(self, course: Mapping[str, int], english: Container[str]) -> None:
        """`course` counts the course's words (more frequent wins a tie); `english` words are never mended."""
        self._counts, self._english = course, english
        self._nearest = lru_cache(maxsize=REMEMBERED)(self._find_nearest)  # people share their slips
        self._choices = [word for word in course if len(word) >= SHORTEST and not word.isdigit()]

    @cached_property
    def _spelled(self) -> "_ByLength":
        return _ByLength((word, word) for word in self._choices)

    @cached_property
    def _sounding(self) -> "_ByLength":
        return _ByLength((sound(word), word) for word in self._choices)

    def mend(self, word: str) -> Sequence[str]:
        """The word itself if known, else the nearest one, else its two halves if both are known, else itself."""
        if len(word) < SHORTEST or self._knows(word) or self._inflected(word):
            return [word]
        return self._nearest(word) or self._halves(word) or [word]

    def _inflected(self, word: str) -> bool:
        """Whether it is a known word with an ending: truckers, slimming, nourished."""
        bases = (word[: -len(ending)] for ending in _ENDINGS if word.endswith(ending) and len(word) - len(ending) > 3)
        return any(
            self._knows(base) or self._knows(base + "e") or self._knows(base[:-1] * (base[-1] == base[-2]))
            for base in bases
        )

    def _knows(self, word: str) -> bool:
        return word in self._counts or (len(word) >= SHORTEST and word in self._english)

    def _find_nearest(self, word: str) -> Sequence[str]:
        """The closest course word in spelling or in sound; in a tie the one spelled closer, then the more frequent."""
        limit = tolerance(len(word))
        near: dict[str, float] = {}
        for typed, forms in ((word, self._spelled), (sound(word), self._sounding)):
            spellings, meant = forms.between(len(typed) - limit, len(typed) + limit)
            for _, slips, row in process.extract(typed, spellings, scorer=OSA.distance, score_cutoff=limit, limit=8):
                near[meant[row]] = min(slips, near.get(meant[row], limit))
        ranked = [
            (slips + OSA.distance(word, choice) / 4 + (word[0] != choice[0]) / 2, -self._counts[choice], choice)
            for choice, slips in near.items()
            if _digits(choice) == _digits(word)
        ]
        return (min(ranked)[2],) if ranked else ()

    def _halves(self, word: str) -> list[str]:
        cuts = (i for i in range(3, len(word) - 2) if word[:i] in self._counts and word[i:] in self._counts)
        return next(([word[:i], word[i:]] for i in cuts), [])


class _ByLength:
    """Spellings and the words they stand for, by length: a typo changes a word's length by its slips at most."""

    def __init__(self, forms: Iterable[tuple[str, str]]) -> None:
        ordered = sorted(forms, key=lambda form: len(form[0]))
        self._spellings = [spelling for spelling, _ in ordered]
        self._words = [word for _, word in ordered]
        self._lengths = [len(spelling) for spelling in self._spellings]

    def between(self, shortest: int, longest: int) -> tuple[list[str], list[str]]:
        """The spellings of these lengths, and their words."""
        part = slice(bisect_left(self._lengths, shortest), bisect_right(self._lengths, longest))
        return self._spellings[part], self._words[part]


def _digits(word: str) -> str:
    return "".join(filter(str.isdigit, word))
