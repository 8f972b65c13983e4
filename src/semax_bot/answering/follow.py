"""Follow-ups: what 'why?', 'and serotonin?' or 'vs modafinil?' means after an entry."""

from collections.abc import Sequence

from semax_bot.answering.facets import facets
from semax_bot.answering.find import Ranking
from semax_bot.answering.index import Query
from semax_bot.answering.text import ASKING, EMPTY
from semax_bot.course.load import Course
from semax_bot.course.model import Entry, Facet

OWN_WORDS = 2  # that a follow-up may have besides; more make it a question in its own right


class Follow:
    """Finds the entry that a follow-up is about."""

    def __init__(self, course: Course) -> None:
        self._entries = course.entries
        self._topics = {topic for entry in course.entries.values() for topic in entry.topics}

    def is_one(self, query: Query) -> bool:
        """Whether a question can only be understood by what came before: it names nothing, or nothing but a topic."""
        own = _own(query)
        return len(own) <= OWN_WORDS and set(own) <= set(self._named(query))

    def entry(self, after: str, query: Query, ranking: Ranking) -> str | None:
        """The entry meant by a follow-up to `after`, or None if the question stands on its own."""
        last = self._entries.get(after)
        if last is None or not self.is_one(query):
            return None
        if not _own(query):
            return self._same_topic(last, facets(query.words), ranking)
        return self._other_topic(last, self._named(query)[-1], ranking)

    def _named(self, query: Query) -> list[str]:
        return [term[1:] for term in query.terms if term[0] == "@" and term[1:] in self._topics]

    def _same_topic(self, last: Entry, asked: Sequence[Facet], ranking: Ranking) -> str:
        """The last entry if it has a word on the facet asked for, else the nearest relative that has."""
        if not asked or any(facet in last.answers for facet in asked):
            return last.id
        near = [
            entry for entry, _ in ranking.entries if entry in last.related and asked[0] in self._entries[entry].answers
        ]
        return near[0] if near else last.id

    def _other_topic(self, last: Entry, topic: str, ranking: Ranking) -> str | None:
        """The counterpart of the last entry for another topic: of the same kind where there is one."""
        about = [entry for entry, _ in ranking.entries if topic in self._entries[entry].topics]
        kind = last.id.split("/")[1]
        first = [entry for entry in about if entry.split("/")[1] == kind and self._entries[entry].topics[0] == topic]
        return next(iter(first or about), None)


def _own(query: Query) -> list[str]:
    """The words that say what a question is about."""
    return [word for word in query.words if word not in EMPTY | ASKING]
