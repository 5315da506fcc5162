"""Learn how alike two articles have to be: `python -m tests.benchmarks.train_likeness [--write]`.

The articles are our own: the stories in `tests/data/stories`, and `tests/data/gold`, where each is a story of its own.
Each is held against every earlier one, and a logistic regression learns which of them tell one story.  An article
follows one article of a story, so of each story only the most alike counts: who that is, the weights of the round
before say.  The threshold is the one at which as much is joined wrongly as is left apart wrongly, when each sixth of
the stories is left out in turn.  `--write` puts the weights where the tracker reads them.
"""

import json
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import numpy as np

from tests.benchmarks.grouping import Figures, b_cubed
from tracker.relate import WINDOW, Web, profile_article
from tracker.relate.likeness import Weighing, compare
from tracker.types import Article, Incoming, Source
from tracker.understand import load_understander

DATA = Path(__file__).parents[1] / "data"
STORIES = sorted(DATA.joinpath("stories").glob("*.jsonl"))
ALONE = sorted(DATA.joinpath("gold").glob("*.jsonl"))
WEIGHTS = Path(__file__).parents[2] / "tracker" / "relate" / "likeness.toml"
FOLDS = 6
STEPS = 30
ROUNDS = 3
# Articles that share less are no candidates in practice.
SHARED = 0.02
THRESHOLDS = [n / 100 for n in range(20, 46, 5)]
HEAD = """\
# Written by `python -m tests.benchmarks.train_likeness --write`; docs/decisions/0008 says from what.
# `threshold` is a probability, the rest are logits: what each feature of tracker/relate/likeness.py adds."""
SOURCE = Source(name="stories", kind="file", url="", family="stories")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An article, and the story that it belongs to."""

    id: str
    story: str
    incoming: Incoming


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """An article held against an earlier one; `stories` are theirs, one or two."""

    later: str
    story: str
    features: dict[str, float]
    stories: frozenset[str]


def main(*, write: bool) -> None:
    articles = read_articles()
    weighing, left_out = learn(articles)
    for threshold, figures in left_out.items():
        print(f"threshold {threshold:.2f}, stories left out: {_in_words(figures)}")
    print(f"{len(articles)} articles, stories seen: {_in_words(score(articles, weighing))}\n\n{_as_toml(weighing)}")
    if write:
        WEIGHTS.write_text(_as_toml(weighing), encoding="utf-8")


def learn(articles: Sequence[Told]) -> tuple[Weighing, dict[float, Figures]]:
    """Return the weights, and by threshold how well stories are told apart that were left out."""
    pairs = list(_hold_against_earlier(articles))
    stories = sorted({one.story for one in articles})
    folds = [frozenset(stories[n::FOLDS]) for n in range(FOLDS)]
    blind = {fold: _fit([pair for pair in pairs if not pair.stories & fold]) for fold in folds}
    scored = {threshold: _score_blind(articles, blind, threshold) for threshold in THRESHOLDS}
    threshold = min(scored, key=lambda t: abs(scored[t].precision - scored[t].recall))
    return _fit(pairs).model_copy(update={"threshold": threshold}), scored


def score(articles: Sequence[Told], weighing: Weighing, *, of: Collection[str] | None = None) -> Figures:
    """Group articles as they come, and score those in `of`, or all."""
    web = Web(weighing=weighing)
    for one in articles:
        web.add(one.incoming)
    story_of = {article_id: str(group.members[0]) for group in web.stories() for article_id in group.members}
    found = {one.id: story_of[one.incoming.article.id] for one in articles}
    return b_cubed({one.id: one.story for one in articles}, found, of=of)


def read_articles() -> list[Told]:
    """Return our own articles, understood, in the order of publication."""
    rows = [(row, row["story"]) for path in STORIES for row in _rows(path)]
    rows += [(row, f"alone {row['id']}") for path in ALONE for row in _rows(path) if row["relevant"]]
    told = [Told(id=row["id"], story=story, incoming=_understand(n, row)) for n, (row, story) in enumerate(rows)]
    return sorted(told, key=lambda one: (one.incoming.reported_at, one.id))


def _rows(path: Path) -> Iterator[dict[str, str]]:
    return (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line)


def _understand(number: int, row: dict[str, str]) -> Incoming:
    published = datetime.fromisoformat(row["published"]).replace(tzinfo=UTC)
    found = load_understander().understand(
        title=row["title"], text=row["text"], language=row["lang"], published_at=published
    )
    article = Article(
        id=number,
        source=SOURCE,
        address=f"urn:{row['id']}",
        url=f"urn:{row['id']}",
        title=row["title"],
        text=row["text"],
        language=row["lang"],
        published_at=published,
        fetched_at=published,
    )
    return Incoming(article=article, mentions=found.mentions, reports=tuple(enumerate(found.reports)))


def _hold_against_earlier(articles: Sequence[Told]) -> Iterator[Pair]:
    """Hold each article against every earlier one that is near in time and shares anything with it."""
    profiles = [profile_article(one.incoming) for one in articles]
    for at, (one, profile) in enumerate(zip(articles, profiles, strict=True)):
        for other, earlier in zip(articles[:at], profiles, strict=False):
            features = compare(profile, earlier)
            if abs(profile.at - earlier.at) <= WINDOW and max(features["text"], features["entities"]) >= SHARED:
                yield Pair(
                    later=one.id, story=other.story, features=features, stories=frozenset({one.story, other.story})
                )


def _score_blind(articles: Sequence[Told], blind: Mapping[frozenset[str], Weighing], threshold: float) -> Figures:
    """Group all articles with weights learnt from other stories; score those whose stories were left out."""
    precision = recall = 0.0
    for left_out, learnt in blind.items():
        scored = [one.id for one in articles if one.story in left_out]
        figures = score(articles, learnt.model_copy(update={"threshold": threshold}), of=scored)
        precision, recall = precision + figures.precision * len(scored), recall + figures.recall * len(scored)
    return Figures(precision / len(articles), recall / len(articles))


def _fit(pairs: Sequence[Pair]) -> Weighing:
    weighing = _regress(pairs)
    for _ in range(ROUNDS):
        most_alike: dict[tuple[str, str], Pair] = {}
        for pair in sorted(pairs, key=partial(_evidence, weighing=weighing)):
            most_alike[pair.later, pair.story] = pair
        weighing = _regress(list(most_alike.values()))
    return weighing


def _evidence(pair: Pair, *, weighing: Weighing) -> float:
    return sum(weight * pair.features[name] for name, weight in weighing.weights.items())


def _regress(pairs: Sequence[Pair]) -> Weighing:
    """Fit a logistic regression with a ridge of 1 by Newton's method; the bias is not held back."""
    names = list(pairs[0].features)
    seen = np.array([[*(pair.features[name] for name in names), 1.0] for pair in pairs])
    belongs = np.array([len(pair.stories) == 1 for pair in pairs], dtype=float)
    ridge = np.diag([1.0] * len(names) + [0.0])
    weights = np.zeros(len(names) + 1)
    for _ in range(STEPS):
        likely = 1 / (1 + np.exp(-seen @ weights))
        slope = seen.T @ (belongs - likely) - ridge @ weights
        curve = (seen * (likely * (1 - likely))[:, None]).T @ seen + ridge
        weights = weights + np.linalg.solve(curve, slope)
    *learnt, bias = (round(float(weight), 2) for weight in weights)
    return Weighing(threshold=0.5, bias=bias, weights=dict(zip(names, learnt, strict=True)))


def _as_toml(weighing: Weighing) -> str:
    lines = [f"{name} = {weight}" for name, weight in weighing.weights.items()]
    return "\n".join(
        (HEAD, f"threshold = {weighing.threshold}", f"bias = {weighing.bias}", "", "[weights]", *lines, "")
    )


def _in_words(figures: Figures) -> str:
    return f"B-cubed F1 {figures.f1:.3f} (precision {figures.precision:.3f}, recall {figures.recall:.3f})"


if __name__ == "__main__":
    main(write="--write" in sys.argv[1:])
