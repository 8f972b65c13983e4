"""Score the tutor on a file of questions, beside plain baselines in the same run.

A file is a YAML list of `{id, question, expect, entries, must}`, with `after: ENTRY` for a follow-up. `expect` is
answer, out_of_scope, medical or smalltalk; `entries` are the acceptable ids, best first; `must` are regular expressions
that the card's text must contain. `# typo` and `# paraphrase` on the id line put a question into that group.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from rapidfuzz import fuzz, process

from semax_bot.course.load import Course
from semax_bot.errors import ContentError
from semax_bot.reply import Reply, plain
from semax_bot.tutor import Tutor

TURNED_AWAY = ("out_of_scope", "medical", "smalltalk")
_GROUP = re.compile(r"^- id: *['\"]?(?P<id>[\w-]+)['\"]? *# *(?P<group>\w+)", re.MULTILINE)


class Question(BaseModel):
    """One question, and what a careful reader would accept."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    question: str
    expect: Literal["answer", "out_of_scope", "medical", "smalltalk"]
    entries: tuple[str, ...] = ()
    must: tuple[str, ...] = ()
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Miss:
    """A question that was not answered as expected."""

    question: Question
    got: str
    why: str


@dataclass(frozen=True, slots=True)
class Report:
    """Shares by name ('top-1', 'medical recall' ...) with their counts, by group, and the misses."""

    scores: Mapping[str, tuple[int, int]]
    baselines: Mapping[str, tuple[int, int]]
    misses: tuple[Miss, ...]

    def table(self) -> str:
        """The report for people."""
        rows = [*self.scores.items(), *((f"{name} (baseline)", score) for name, score in self.baselines.items())]
        lines = [f"{name:<48} {hits:>4}/{of:<4} {hits / of:6.1%}" for name, (hits, of) in rows if of]
        lines += [f"  {m.question.id}  {m.question.question!r}: {m.why}; got {m.got}" for m in self.misses]
        return "\n".join(lines)

    def as_json(self) -> dict[str, Any]:
        """The report as plain values."""
        return {
            "scores": {name: {"hits": hits, "of": of} for name, (hits, of) in self.scores.items()},
            "baselines": {name: {"hits": hits, "of": of} for name, (hits, of) in self.baselines.items()},
            "misses": [
                {"id": m.question.id, "question": m.question.question, "why": m.why, "got": m.got} for m in self.misses
            ],
        }


def read(path: Path) -> tuple[list[Question], Mapping[str, str]]:
    """The questions of a file, and the group of each that has one. Raises ContentError if it is not of this form."""
    try:
        text = path.read_text("utf-8")
        questions = TypeAdapter(list[Question]).validate_python(yaml.load(text, yaml.CSafeLoader))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ContentError([f"{path}: cannot be read as a list of questions: {error}"]) from error
    except ValidationError as error:
        faults = [f"{path}: question {'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
        raise ContentError(faults) from error
    return questions, {match["id"]: match["group"] for match in _GROUP.finditer(text)}


def evaluate(tutor: Tutor, path: Path) -> Report:
    """Ask every question of a file and count."""
    questions, groups = read(path)
    replies = [tutor.ask(question.question, question.after) for question in questions]
    misses = [
        Miss(q, _got(reply), why) for q, reply in zip(questions, replies, strict=True) if (why := _fault(q, reply))
    ]
    return Report(
        _scores(list(zip(questions, replies, strict=True)), groups), _baselines(tutor.course, questions), tuple(misses)
    )


def _got(reply: Reply) -> str:
    return reply.entry or f"{reply.kind} {' '.join(reply.entries[:3])}".strip()


def _fault(question: Question, reply: Reply) -> str:
    """What is wrong with a reply, or nothing."""
    if question.expect != "answer":
        return "" if reply.kind == question.expect else f"expected {question.expect}"
    if reply.entry not in question.entries:
        return f"expected {' or '.join(question.entries)}"
    missing = [pattern for pattern in question.must if not re.search(pattern, plain(reply), re.IGNORECASE)]
    return f"the card lacks {' and '.join(missing)}" if missing else ""


def _scores(asked: Sequence[tuple[Question, Reply]], groups: Mapping[str, str]) -> dict[str, tuple[int, int]]:
    answerable = [(q, reply) for q, reply in asked if q.expect == "answer"]
    scores = {
        "top-1": _count(answerable, lambda q, r: r.entry in q.entries),
        "top-3": _count(
            answerable, lambda q, r: r.kind in ("answer", "suggest") and bool({*r.entries[:3]} & {*q.entries})
        ),
        "top-1 and the card says it": _count(answerable, lambda q, r: not _fault(q, r)),
        "answerable, not turned away": _count(answerable, lambda q, r: r.kind not in TURNED_AWAY),
    }
    for kind in TURNED_AWAY:
        scores[f"{kind} recall"] = _count(
            [(q, r) for q, r in asked if q.expect == kind], lambda q, r: r.kind == q.expect
        )
    for group in sorted({*groups.values()}):
        inside = [(q, r) for q, r in answerable if groups.get(q.id) == group]
        scores[f"top-1, {group}"] = _count(inside, lambda q, r: r.entry in q.entries)
    plainly = [(q, r) for q, r in answerable if q.id not in groups]
    scores["top-1, other"] = _count(plainly, lambda q, r: r.entry in q.entries)
    return scores


def _count(asked: Sequence[tuple[Question, Reply]], good: Callable[[Question, Reply], bool]) -> tuple[int, int]:
    return sum(good(question, reply) for question, reply in asked), len(asked)


def _baselines(course: Course, questions: Sequence[Question]) -> dict[str, tuple[int, int]]:
    """Top-1 of plain RapidFuzz searches over the same entries; a passing term counts for its home."""
    entries = list(course.entries.values())
    names = [(name, e.home or e.id) for e in entries for name in (e.title, *e.aliases)]
    told = [(text, e.home or e.id) for e in entries for text in (e.short, e.text, e.simple, e.advanced) if text]
    answerable = [question for question in questions if question.expect == "answer"]
    return {
        "top-1, WRatio on titles and aliases": _plain_search(answerable, names, fuzz.WRatio),
        "top-1, token_set_ratio on sentences": _plain_search(answerable, told, fuzz.token_set_ratio),
    }


def _plain_search(questions: Sequence[Question], lines: Sequence[tuple[str, str]], scorer: Any) -> tuple[int, int]:
    choices = [text.casefold() for text, _ in lines]
    hits = 0
    for question in questions:
        found = process.extractOne(question.question.casefold(), choices, scorer=scorer)
        hits += bool(found) and lines[found[2]][1] in question.entries
    return hits, len(questions)
