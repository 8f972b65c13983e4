"""The score: what it counts, and that the tutor has not got worse on any of our question files."""

from pathlib import Path

import pytest

from semax_bot.errors import ContentError
from semax_bot.evaluate import evaluate
from semax_bot.tutor import Tutor

QUESTIONS = Path(__file__).parent / "questions"


@pytest.mark.parametrize("name", ["learners", "second", "fresh", "followups"])
def test_the_goals_are_met(tutor: Tutor, name: str) -> None:
    """Top-1 0.93, top-3 0.97, out-of-scope 0.9, medical 1.0, at most 3% of answers refused."""
    report = evaluate(tutor, QUESTIONS / f"{name}.yaml")
    scores = {key: hits / of for key, (hits, of) in report.scores.items()}
    assert scores["top-1"] >= 0.93
    assert scores["top-3"] >= 0.97
    assert scores["answerable, not turned away"] >= 0.97
    assert scores["out_of_scope recall"] >= 0.9
    assert scores["medical recall"] == 1.0


def test_the_gain_over_plain_search_is_seen(tutor: Tutor) -> None:
    """The baselines run beside it, over the same entries."""
    report = evaluate(tutor, QUESTIONS / "learners.yaml")
    best = max(hits / of for hits, of in report.baselines.values())
    hits, of = report.scores["top-1"]
    assert hits / of > best + 0.3


def test_misses_are_named(tutor: Tutor, tmp_path: Path) -> None:
    """A wrong kind, a wrong entry and a card that lacks a fact are each a miss, with the reason."""
    file = tmp_path / "q.yaml"
    file.write_text(
        "- {id: x1, question: dopac, expect: answer, entries: [06/term/vta]}\n"
        "- {id: x2, question: dopac, expect: medical}\n"
        "- {id: x3, question: dopac, expect: answer, entries: [06/term/dopac], must: [no such words]}\n"
        "- {id: x4, question: dopac, expect: answer, entries: [06/term/dopac], must: [METABOLITE]}\n"
    )
    report = evaluate(tutor, file)
    assert [miss.question.id for miss in report.misses] == ["x1", "x2", "x3"]
    assert report.scores["top-1"] == (2, 3)
    assert report.scores["top-1 and the card says it"] == (1, 3)
    assert "no such words" in report.table()


@pytest.mark.parametrize("text", ["[", "a: 1", "- {id: x}", "- {id: x, question: q, expect: maybe}"])
def test_a_broken_question_file_is_explained(tutor: Tutor, tmp_path: Path, text: str) -> None:
    """A file of another form ends in a message that names it, not in a traceback."""
    file = tmp_path / "q.yaml"
    file.write_text(text)
    with pytest.raises(ContentError, match=r"q\.yaml"):
        evaluate(tutor, file)
