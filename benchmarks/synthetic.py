"""A course of any size, made in memory from the real one: copies of its entries under made-up names."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import count, cycle
from random import Random

from semax_bot.course.load import Course
from semax_bot.course.model import Entry

SYLLABLES = "ba cor dex fen gli hal ibo jun kel lor mep nax ole pra quin rus sto tav umi vel wex xan yor zil".split()
ASKS = 3  # of the original's, each with a made-up word


def grown(course: Course, size: int) -> Course:
    """The course with copies of its entries until it has `size`; the same ones on every run.

    A copy keeps its original's sentences, so the common words of the real course stay as common as they are.
    """
    words = _made_up(Random(6))
    originals = list(course.entries.values())
    copies = (_copy(entry, number, words) for number, entry in zip(count(), cycle(originals), strict=False))
    more = [next(copies) for _ in range(size - len(originals))]
    return replace(course, entries={entry.id: entry for entry in (*originals, *more)})


def _copy(entry: Entry, number: int, words: Iterator[str]) -> Entry:
    names = {
        "id": f"06/made/{number}",
        "title": f"{next(words)} {next(words)}".capitalize(),
        "aliases": (next(words),),
        "asks": tuple(f"{ask} {next(words)}" for ask in entry.asks[:ASKS]),
        "short": f"{entry.short} {next(words)}",
        "row": {},  # the comparison is one table of a few drugs, whatever the size of the course
    }
    return entry.model_copy(update=names)


def _made_up(random: Random) -> Iterator[str]:
    while True:
        yield "".join(random.choices(SYLLABLES, k=random.randint(2, 5)))
