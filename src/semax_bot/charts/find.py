"""Which chart somebody means."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from statistics import mean

from rapidfuzz import fuzz

from semax_bot.course.chart_model import Changes, ChartBase, Comparison, Curve
from semax_bot.course.load import Course

NEAR = 80.0  # likeness, 0 to 100, from which a chart is meant: 'norepinefrine' is 89 from norepinephrine
SHORTEST = 4  # letters of a word that may hold a slip; shorter ones are too much alike
LONGER = 2.0  # likeness lost for each word of a name that was not asked for
BY_PART = 5.0  # likeness lost where something in the chart has the name, and not the chart itself
_ASIDE = frozenset(
    """a an and the of for on about how it v vs versus with show me please chart charts picture pictures graph plot
    diagram""".split()
)
_WORD = re.compile(r"[^\W_]+")


def match(course: Course, words: str) -> list[str]:
    """The charts meant by a few words, the likeliest first: by their names, or those of what they show."""
    concepts = {_joined(form): _folded(word.name) for word in course.words for form in word.variants}
    asked = _spelled_out([word for word in _folded(words) if word not in _ASIDE], concepts)
    if not asked:
        return []
    likeness = {
        chart.id: max(_likeness(asked, _folded(name)) - lost for name, lost in _names(course, chart))
        for chart in course.charts.values()
    }
    near = [chart_id for chart_id, score in likeness.items() if score >= NEAR]
    return sorted(near, key=lambda chart_id: -likeness[chart_id])


def _names(course: Course, chart: ChartBase) -> Iterator[tuple[str, float]]:
    yield from ((name, 0.0) for name in (chart.title, *chart.aliases))
    yield from ((name, BY_PART) for name in _parts(course, chart))


def _parts(course: Course, chart: ChartBase) -> Iterator[str]:
    """The names of a chart's entries, and of its regions, zones or aspects."""
    for entry in map(course.entries.__getitem__, chart.named):
        yield from (entry.title, *entry.aliases)
    match chart:
        case Changes():
            shown = {row.region for group in chart.groups for row in group.rows}
            yield from (word.name for word in course.words if word.id in shown)
        case Curve():
            yield from (name for zone in chart.zones for name in (zone.title, zone.text))
        case Comparison():
            yield from course.units[int(chart.id[:2])].aspects.values()


def _likeness(asked: Sequence[str], name: Sequence[str]) -> float:
    """As a whole, or word by word: every word asked for is in the name, in any order."""
    whole = fuzz.ratio("".join(asked), "".join(name)) if len("".join(asked)) >= SHORTEST else 100.0 * (asked == name)
    by_word = mean(max((_like(word, other) for other in name), default=0.0) for word in asked)
    return max(whole, by_word - LONGER * max(0, len(name) - len(asked)))


def _like(word: str, other: str) -> float:
    if min(len(word), len(other)) < SHORTEST:
        return 100.0 * (word == other)
    return fuzz.ratio(word, other, score_cutoff=NEAR)


def _spelled_out(asked: Sequence[str], concepts: Mapping[str, list[str]]) -> list[str]:
    """Words that the course knows by another name: 'noradrenaline' is norepinephrine."""
    return [part for word in asked for part in concepts.get(word, [word])]


def _joined(text: str) -> str:
    return "".join(_folded(text))


def _folded(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", text[:200]).casefold())
