"""Fit the weights of relevance: python -m tracker.understand.training.fit_relevance

Logistic regression with an L2 penalty by Newton's method over relevance.tsv; writes words/relevance_weights.toml,
rounded to two decimals, the same on every machine.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from tracker import knowledge
from tracker.understand.entities import EntityFinder
from tracker.understand.language import detect_language
from tracker.understand.relevance import Relevance
from tracker.understand.text import sentences

_HERE = Path(__file__).parent
TARGET = _HERE.parent / "words" / "relevance_weights.toml"
_PENALTY = 0.6
_STEPS = 25


def main(target: Path = TARGET) -> None:
    rows = list(_rows())
    names = sorted({name for _, features in rows for name in features})
    x = np.array([[1.0, *(features.get(name, 0.0) for name in names)] for _, features in rows])
    y = np.array([float(label) for label, _ in rows])
    weights = fit(x, y)
    lines = [f'"{name}" = {weight:.2f}' for name, weight in zip(["bias", *names], weights, strict=True)]
    target.write_text("\n".join(["# Written by training/fit_relevance.py from training/relevance.tsv.", *lines, ""]))


def fit(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the weights that maximise the penalised likelihood; the first column is the bias, not penalised."""
    penalty = np.diag([0.0, *[_PENALTY] * (x.shape[1] - 1)])
    weights = np.zeros(x.shape[1])
    for _ in range(_STEPS):
        p = 1 / (1 + np.exp(-x @ weights))
        gradient = x.T @ (y - p) - penalty @ weights
        hessian = (x * (p * (1 - p))[:, None]).T @ x + penalty
        weights = weights + np.linalg.solve(hessian, gradient)
    return weights


def _rows() -> Iterator[tuple[bool, dict[str, float]]]:
    kb = knowledge.load()
    finder, relevance = EntityFinder(kb), Relevance(kb, weights={})
    for line in (_HERE / "relevance.tsv").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        label, title, text = line.split("\t")
        language = detect_language(title, text, stated=None)
        mentions = finder.find(title, text, language=language)
        yield label == "1", relevance.features(sentences(title, text, language=language), mentions)


if __name__ == "__main__":
    main()
