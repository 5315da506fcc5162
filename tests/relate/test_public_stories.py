"""The benchmark on public data, with a few articles written in that format."""

import json
from pathlib import Path

import pytest

from tests.benchmarks.grouping import b_cubed, pairwise
from tests.benchmarks.news_clustering import measure

ARTICLES = [
    ("1", "2015-03-01 08:00:00", "eng", "quake", "Earthquake shakes Lorvania", "An earthquake of 6.1 shook Lorvania's coast near Dunmarsh; roofs fell."),
    ("2", "2015-03-01 11:30:00", "eng", "quake", "Dunmarsh digs out after Lorvania earthquake", "Rescuers in Dunmarsh pulled ten people from fallen roofs after the earthquake."),
    ("3", "2015-03-01 09:00:00", "eng", "cup", "Castle Rovers win the Harvest Cup", "Castle Rovers beat Harbour United by three goals in the Harvest Cup."),
    ("4", "2015-03-01 10:00:00", "deu", "quake", "Erdbeben in Lorvania", "Ein Erdbeben erschütterte die Küste bei Dunmarsh."),
]  # fmt: skip
NAMES = {"1": ["Lorvania", "Dunmarsh"], "2": ["Lorvania", "Dunmarsh"], "3": ["Castle Rovers"]}


def test_english_articles_are_joined_and_scored(tmp_path: Path) -> None:
    fields = ("id", "date", "lang", "cluster", "title", "text")
    rows = [dict(zip(fields, article, strict=True)) for article in ARTICLES]
    tmp_path.joinpath("dataset.test.json").write_text(json.dumps(rows), encoding="utf-8")
    lines = [
        json.dumps(
            {"id": id_, "features": {"Entities_title": {names[0]: 1.0}, "Entities_body": dict.fromkeys(names, 0.5)}}
        )
        for id_, names in NAMES.items()
    ]
    tmp_path.joinpath("clustering.test.json").write_text("\n".join(lines) + "\n", encoding="utf-8")
    outcome = measure(tmp_path)
    assert (outcome.articles, outcome.true_stories, outcome.found_stories) == (3, 2, 2)
    assert outcome.pairs.f1 == outcome.b_cubed.f1 == 1


def test_pairs_and_b_cubed_are_counted_as_defined() -> None:
    true = {"a": "x", "b": "x", "c": "x", "d": "y"}
    found = {"a": "1", "b": "1", "c": "2", "d": "2"}
    assert (pairwise(true, found).precision, pairwise(true, found).recall) == (1 / 2, 1 / 3)
    assert b_cubed(true, found).precision == pytest.approx((1 + 1 + 1 / 2 + 1 / 2) / 4)
    assert b_cubed(true, found).recall == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1) / 4)
