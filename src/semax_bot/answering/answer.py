"""Decide what to say: answer, offer near entries, or name the boundary that a question crosses."""

import re
from dataclasses import replace

from semax_bot.answering import compose
from semax_bot.answering.compare import Comparer
from semax_bot.answering.facets import facets
from semax_bot.answering.find import Finder, Ranking
from semax_bot.answering.follow import Follow
from semax_bot.answering.index import Query
from semax_bot.answering.text import EMPTY, fold
from semax_bot.answering.vectors import Vectors
from semax_bot.course.load import Course
from semax_bot.course.model import Facet
from semax_bot.reply import Button, Kind, Reply, Text

# How sure is sure enough; set with `semax-bot eval` on tests/questions/learners.yaml.
MEDICAL = 0.25  # a missed personal question does harm, a refused course question only costs a second try
OUTSIDE = 0.4  # answerable questions stay below 0.3, others above 0.7, with few between
SURE = 0.2  # of the best entry among the entries; below, the learner chooses
PART = 0.6  # each half of a two-part question must be this sure of its own entry
RANKED = 5  # entries named in a reply
OFFERED = 4

NOT_COVERED = "That is not in this unit, so there is no honest card for it."
UNSURE = "Which of these do you mean?"
NOTHING_SAID = "Ask anything about the unit, in your own words."
_PARTS = re.compile(r"[?;]+|\b(?:and|also|plus)\b(?=\s+(?:what|where|how|why|who|which|when|is|does|do|are|can)\b)")


class Answerer:
    """Answers questions about one course; built once, pure afterwards."""

    def __init__(self, course: Course, vectors: Vectors) -> None:
        self._course = course
        self._finder = Finder(course, vectors)
        self._follow = Follow(course)
        self._compare = Comparer(course, vectors)
        self._boundaries = {boundary.id: boundary for boundary in course.boundaries}

    def ask(self, question: str, after: str | None = None) -> Reply:
        """The reply to a question; `after` is the entry that a follow-up such as 'why?' refers to."""
        query = self._finder.index.understand(question)
        if not query.words:
            return Reply("smalltalk", (Text(NOTHING_SAID, lead=True),))
        ranking = self._finder.rank(query)
        if after and (entry := self._follow.entry(after, query, ranking)):
            return replace(self._card(entry, query, ranking, after), confidence=1.0)  # a rule decided, not a ranking
        kind = _kind(ranking)
        if kind == "answer" and EMPTY.issuperset(query.words):  # 'why?' with nothing before it
            kind = "suggest"
        if kind == "suggest":
            ids = [entry for entry, _ in ranking.entries[:RANKED]]
            return compose.offer(self._course, ids, UNSURE, ranking.entries[0][1])
        if kind != "answer":
            return self._boundary(kind, ranking)
        return self._two_part(question) or self._card(ranking.entries[0][0], query, ranking, after)

    def follows(self, question: str) -> bool:
        """Whether the reply to a question depends on what came before."""
        query = self._finder.index.understand(question)
        return self._follow.is_one(query) or Facet.COMPARISON in facets(query.words)

    def topic(self, words: str) -> tuple[str, ...]:
        """The entries about what a learner names, nearest first; none if it is nothing of the course."""
        query = self._finder.index.understand(words)
        if not query.words:
            return ()
        ranking = self._finder.rank(query)
        named = {term[1:] for term in query.terms if term[0] == "@"}
        ranked = [entry for entry, _ in ranking.entries]
        for fits in (named.issubset, lambda topics: not named.isdisjoint(topics)):
            if named and (about := tuple(one for one in ranked if fits(self._course.entries[one].topics))):
                return about
        return tuple(ranked[:1]) if _kind(ranking) == "answer" else ()

    def _two_part(self, question: str) -> Reply | None:
        """The card for the first half of a question, with a button for the second; None if it has but one part."""
        halves = [half for half in _PARTS.split(fold(question)) if len(half.split()) > 1]
        if len(halves) != 2:
            return None
        queries = [self._finder.index.understand(half) for half in halves]
        rankings = [self._finder.rank(query) for query in queries]
        (first, sure), (second, as_sure) = (ranking.entries[0] for ranking in rankings)
        if min(sure, as_sure) < PART or first == second:
            return None
        card = self._card(first, queries[0], rankings[0], None)
        also = Button(f"Also: {self._course.entries[second].title}", f"card:{second}")
        return replace(card, buttons=((also,), *card.buttons))

    def _card(self, entry_id: str, query: Query, ranking: Ranking, after: str | None) -> Reply:
        """The card that answers, with its way on and its way out."""
        entries = self._course.entries
        entry = entries[entry_id]
        asked = facets(query.words)
        term = entries.get(ranking.passing.get(entry_id, ""))
        if table := self._compare.table(entry, query, asked, after):
            blocks = compose.compared(self._course, entry, table)
        elif term and entry_id != after:
            blocks = compose.passing(self._course, term, entry)
        else:
            blocks = compose.card(self._course, entry, next((facet for facet in asked if facet in entry.answers), None))
        others = [other for other, _ in ranking.entries[:RANKED] if other != entry_id][: RANKED - 1]
        buttons = compose.buttons(self._course, entry, others=others)
        sure = min(dict(ranking.entries).get(entry_id, 0.0), 1.0)
        return Reply("answer", blocks, buttons, entry_id, (entry_id, *others), sure)

    def _boundary(self, kind: Kind, ranking: Ranking) -> Reply:
        """What to say where no card answers, with the nearest entries as buttons."""
        if kind == "out_of_scope" and ranking.kinds["nothing"] > ranking.kinds["out_of_scope"]:
            text, near = NOT_COVERED, tuple(entry for entry, _ in ranking.entries[:2])
        else:
            boundary = self._boundaries[ranking.boundaries[kind]]
            text, near = boundary.text, boundary.near
        rows = tuple((button,) for button in compose.to_entries(self._course, near))
        sure = ranking.kinds[kind] + (ranking.kinds["nothing"] if kind == "out_of_scope" else 0.0)
        return Reply(kind, (Text(text, lead=True),), rows, entries=near, confidence=min(sure, 1.0))


def _kind(ranking: Ranking) -> Kind:
    """What sort of reply the probabilities call for."""
    kinds = ranking.kinds
    inside = kinds["entry"] + kinds["passing"]
    outside = kinds["out_of_scope"] + kinds["nothing"]
    if kinds["medical"] >= MEDICAL:
        return "medical"
    if kinds["smalltalk"] > max(inside, outside):
        return "smalltalk"
    if outside >= OUTSIDE:
        return "out_of_scope"
    return "answer" if ranking.entries[0][1] >= SURE * inside else "suggest"
