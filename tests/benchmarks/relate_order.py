"""Whether the order of arrival changes events and stories: `python -m tests.benchmarks.relate_order [DOCS.jsonl]`.

200 relevant articles (the file's first, filled up from the made-up news agency; by default the project's own gold)
go through the relate stage one by one, first in the order of publication and then shuffled, 50 times, each time into
an empty database.  The share is of pairs of articles or reports that are together in the first order or in this
one: in how many of them they are together in both.
"""

import json
import random
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path

from sqlalchemy import text

from tests.benchmarks.newswire import tell
from tracker.config import load_settings
from tracker.pipeline.articles import relate
from tracker.pipeline.job import Advance, Job
from tracker.store import Store
from tracker.types import Entry, ReadText, Source, Understanding
from tracker.understand import load_understander

OWN = sorted(Path(__file__).parents[1].joinpath("data").glob("*/*.jsonl"))
ARTICLES = 200
SHUFFLES = 50
NOW = datetime(2027, 12, 1, tzinfo=UTC)
SOURCE = Source(name="order", kind="file", url="", family="order")
Pairs = frozenset[frozenset[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """An article, understood."""

    entry: Entry
    understanding: Understanding


def main(paths: Sequence[Path], shuffles: int = SHUFFLES) -> None:
    texts = _understand(_documents(paths))
    first = _pairs(texts)
    kept: dict[str, list[float]] = {"stories": [], "events": []}
    chosen, start = random.Random(1), time.process_time()
    for _ in range(shuffles):
        found = _pairs(chosen.sample(texts, k=len(texts)))
        for name, shares in kept.items():
            together, either = first[name] & found[name], first[name] | found[name]
            shares.append(len(together) / len(either) if either else 1.0)
    seconds = (time.process_time() - start) / shuffles / len(texts)
    print(f"{len(texts)} articles in {shuffles} orders, one by one; {1000 * seconds:.1f} CPU ms an article")
    for name, shares in kept.items():
        print(f"{name:<8} {len(first[name]):>5} pairs together at first; the same in {100 * sum(shares) / shuffles:.2f} % "
              f"(worst order {100 * min(shares):.2f} %)")  # fmt: skip


def _documents(paths: Sequence[Path]) -> list[Entry]:
    rows = [json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines() if line]
    given = [
        Entry(
            key=row["id"],
            address=f"urn:{row['id']}",
            title=row["title"],
            content=row["text"],
            language=row.get("lang"),
            published_at=datetime.fromisoformat(row["published"]).replace(tzinfo=UTC),
        )
        for row in rows
    ]
    filling = [
        Entry(key=one.key, address=f"urn:{one.key}", title=one.title, content=one.text, published_at=one.published_at)
        for one in tell(2 * ARTICLES)
    ]
    return [*given, *filling]


def _understand(documents: Sequence[Entry]) -> list[Text]:
    understander = load_understander()
    texts = [
        Text(
            entry=one,
            understanding=understander.understand(
                title=one.title, text=one.content, language=one.language, published_at=one.published_at
            ),
        )
        for one in documents
    ]
    relevant = [one for one in texts if one.understanding.relevant][:ARTICLES]
    return sorted(relevant, key=lambda one: (one.entry.published_at or NOW, one.entry.key))


def _pairs(texts: Sequence[Text]) -> dict[str, Pairs]:
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(f"sqlite:///{folder}/order.db")
        job = Job(store=store, settings=load_settings(), clock=lambda: NOW, track=_untracked, console=print)
        source_id = store.sources.ensure(SOURCE)
        for one in texts:
            _arrive(store, source_id, one)
            relate(job)
        found = {"stories": _together(store, _STORIES), "events": _together(store, _EVENTS)}
        store.close()
        return found


_STORIES = "SELECT story_id, key FROM story_articles JOIN articles ON articles.id = article_id"
_EVENTS = (
    "SELECT event_id, key || '#' || position FROM reports JOIN articles ON articles.id = article_id "
    "WHERE event_id IS NOT NULL"
)


def _arrive(store: Store, source_id: int, one: Text) -> None:
    store.articles.add(source_id, one.entry, None, now=NOW)
    for collected in store.articles.claim_unread(now=NOW, limit=1):
        entry = one.entry
        read = ReadText(
            url=entry.address, title=entry.title, text=entry.content, language=entry.language or "en",
            published_at=entry.published_at, content_hash=entry.key, signature=b"", bands=(),
        )  # fmt: skip
        store.articles.save_read(collected.id, read, first_of=lambda _: None)
        store.articles.save_understood(collected.id, one.understanding)


def _together(store: Store, query: str) -> Pairs:
    groups: defaultdict[int, list[str]] = defaultdict(list)
    with store.engine.begin() as connection:
        for group, key in connection.execute(text(query)):
            groups[group].append(key)
    return frozenset(frozenset(pair) for keys in groups.values() for pair in combinations(keys, 2))


@contextmanager
def _untracked(_stage: str, _total: int) -> Iterator[Advance]:
    yield lambda: None


if __name__ == "__main__":
    main([Path(argument) for argument in sys.argv[1:]] or OWN)
