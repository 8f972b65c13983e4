"""Fit the fusion weights of the answering index to files of questions, and print them.

    python tools/fit.py tests/questions/learners.yaml [MORE.yaml ...]

Prints the WEIGHTS of `src/semax_bot/answering/find.py`. There are about twenty numbers for hundreds of questions; files
that are not named here stay unseen and measure the gain.
"""

import sys
from pathlib import Path

import numpy as np

from semax_bot.answering.find import COLUMNS, Finder
from semax_bot.answering.vectors import Vectors
from semax_bot.course.load import load
from semax_bot.evaluate import Question, read

STEPS = 300
RATE = 0.1
SHRINK = 0.001  # pulls every weight towards its start, so that rare columns stay sensible
START = {"nothing": 14.0, "boundary sentence": 0.0}  # boundaries have no sentences
CHANNEL_START, BIAS_START = 5.0, 2.0


def start(column: str) -> float:
    """Where the search for a weight begins."""
    return START.get(column, CHANNEL_START if column.startswith(("entry", "boundary")) else BIAS_START)


def wanted(finder: Finder, question: Question) -> np.ndarray:
    """Which outcomes (every owner, and 'nothing fits' last) are right for a question."""
    if question.expect == "answer":
        right = [home in question.entries for home in finder.homes]
    else:
        right = [kind == question.expect for kind in finder.kinds]
    return np.array([*right, question.expect == "out_of_scope"], np.float32)


def main(paths: list[str]) -> None:
    """Maximise the log-probability of a right outcome by Adam (Kingma and Ba 2015)."""
    finder = Finder(load(Path("content")), Vectors.shipped())
    questions = [question for path in paths for question in read(Path(path))[0] if not question.after]
    features = np.stack([finder.features(finder.index.understand(q.question)) for q in questions])
    right = np.stack([wanted(finder, question) for question in questions])
    flat = features.reshape(-1, len(COLUMNS))  # questions x outcomes, by column
    origin = np.array([start(column) for column in COLUMNS], np.float32)
    weights = origin.copy()
    mean, square = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, STEPS + 1):
        logits = (flat @ weights).reshape(right.shape)
        p = np.exp(logits - logits.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        hit = p * right
        total = hit.sum(axis=1, keepdims=True) + 1e-12
        slope = flat.T @ (p - hit / total).ravel() / len(questions) + SHRINK * (weights - origin)
        mean = 0.9 * mean + 0.1 * slope
        square = 0.999 * square + 0.001 * slope**2
        weights -= RATE * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
    print(f"# loss {-np.log(total).mean():.4f} on {len(questions)} questions")
    for column, weight in zip(COLUMNS, weights, strict=True):
        print(f'    "{column}": {weight:.2f},')


if __name__ == "__main__":
    main(sys.argv[1:])
