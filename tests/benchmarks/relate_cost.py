"""Whether relating an article costs more, the more are stored: `python -m tests.benchmarks.relate_cost [STORED ...]`.

For each number of stored articles (10 000, 100 000 and 1 000 000 by default) a SQLite file is filled with made-up news
of one year, so that more are stored means that more stand close in time.  Then 300 articles of the year's last days
go through the relate stage, half of them in stories that are stored; so many are related in a CPU second, the
database's work included.  Beside it a naive scan holds each of 20 against all that is stored, by scikit-learn's TF-IDF
and the cosine.
"""

import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from tests.benchmarks.newsflow import SOURCE, START, Newsflow, Tale
from tracker.config import load_settings
from tracker.pipeline.articles import relate
from tracker.pipeline.job import Advance, Job
from tracker.relate import lookup_keys, profile_article
from tracker.store import Store
from tracker.store.values import PROFILE, REPORT
from tracker.types import Entry, Incoming, ReadText, Understanding

SIZES = (10_000, 100_000, 1_000_000)
YEAR = timedelta(days=365)
MEASURED = 300
WARMING = 50
SCANNED = 20
BATCH = 20_000
NOW = START + YEAR + timedelta(days=1)
Rows = dict[str, list[tuple[Any, ...]]]
INSERTS = {
    "articles": "INSERT INTO articles (id, source_id, address, key, url, title, text, language, published_at, fetched_at,"
    " relevance, relevant, stage) VALUES (?, 1, ?, ?, ?, ?, ?, 'en', ?, ?, 0.9, 1, 'related')",
    "stories": "INSERT INTO stories (id, title, first_reported_at, last_reported_at) VALUES (?, ?, ?, ?)",
    "events": "INSERT INTO events (id, story_id, type, modality, headline, first_reported_at, last_reported_at)"
    " VALUES (?, ?, ?, 'act', ?, ?, ?)",
    "story_articles": "INSERT INTO story_articles (article_id, story_id, reported_at, follows, likeness, profile)"
    " VALUES (?, ?, ?, ?, 0.9, ?)",
    "article_terms": "INSERT INTO article_terms (term, reported_at, article_id) VALUES (?, ?, ?)",
    "reports": "INSERT INTO reports (article_id, position, type, modality, body, event_id) VALUES (?, 0, ?, 'act', ?, ?)",
}


def main(sizes: Sequence[int]) -> None:
    print("stored       articles per CPU second   naive scan")
    speeds = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            store = Store.open(f"sqlite:///{folder}/cost.db")
            texts, recent = fill(store, Path(folder) / "cost.db", size)
            arriving = list(_arriving(recent))
            speeds.append(_relate(store, arriving))
            naive = _scan(texts, [f"{one.article.title} {one.article.text}" for one in arriving[:SCANNED]])
            print(
                f"{size:<12,} {speeds[-1]:>23,.1f}   {f'{naive:,.1f}' if naive else 'scikit-learn is not installed':>10}"
            )
            store.close()
    print(f"the fastest is {max(speeds) / min(speeds):.2f} times as fast as the slowest")


def fill(store: Store, path: Path, size: int) -> tuple[list[str], list[Tale]]:
    """Store so many articles; return their texts, and the last stories that were told."""
    store.sources.ensure(SOURCE)
    flow, texts, number = Newsflow(seed=1, span=YEAR), [], 0
    latest: list[tuple[datetime, Tale]] = []
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        rows: Rows = {name: [] for name in INSERTS}
        for tale in flow.tales(size):
            told = list(flow.write(tale))
            _note(rows, tale, told, number)
            number += len(told)
            texts += [f"{one.article.title} {one.article.text}" for one in told]
            latest.append((tale.times[-1], tale))
            if len(rows["articles"]) >= BATCH:
                _flush(connection, rows)
                latest = sorted(latest, key=lambda pair: pair[0])[-MEASURED:]
        _flush(connection, rows)
    return texts, [tale for _, tale in sorted(latest, key=lambda pair: pair[0])[-MEASURED:]]


def _note(rows: Rows, tale: Tale, told: Sequence[Incoming], number: int) -> None:
    """Add the rows of a story whose first article is the one after `number`; each article follows the one before."""
    story_id = tale.number + 1
    title, first, last = told[0].article.title, _stored(tale.times[0]), _stored(tale.times[-1])
    rows["stories"].append((story_id, title, first, last))
    rows["events"].append((story_id, story_id, tale.type, title, first, last))
    for place, one in enumerate(told):
        article_id, at, profile = number + place + 1, _stored(one.reported_at), profile_article(one)
        article = one.article
        rows["articles"].append(
            (
                article_id,
                f"urn:{article_id}",
                f"urn:{article_id}",
                f"urn:{article_id}",
                article.title,
                article.text,
                at,
                at,
            )
        )
        follows = article_id - 1 if place else None
        rows["story_articles"].append((article_id, story_id, at, follows, PROFILE.dump_json(profile).decode()))
        rows["article_terms"] += [(key, at, article_id) for key in lookup_keys(profile)]
        rows["reports"].append((article_id, tale.type, REPORT.dump_json(one.reports[0][1]).decode(), story_id))


def _stored(moment: datetime) -> str:
    """Write a time as SQLAlchemy does for SQLite."""
    return f"{moment:%Y-%m-%d %H:%M:%S.%f}"


def _flush(connection: sqlite3.Connection, rows: Rows) -> None:
    for name, statement in INSERTS.items():
        connection.executemany(statement, sorted(rows[name]) if name == "article_terms" else rows[name])
        rows[name].clear()
    connection.commit()


def _arriving(recent: Sequence[Tale]) -> Iterator[Incoming]:
    """Yield new articles, one in two of a recent story."""
    flow = Newsflow(seed=2, span=timedelta(0))
    count = WARMING + MEASURED
    for number, tale in enumerate(islice(flow.tales(12 * count), count)):
        told = recent[number % len(recent)] if number % 2 else tale
        yield from flow.write(replace(told, times=(NOW - timedelta(minutes=count - number),)))


def _relate(store: Store, arriving: Sequence[Incoming]) -> float:
    """Return how many articles are related in a CPU second."""
    job = Job(store=store, settings=load_settings(), clock=lambda: NOW, track=_untracked, console=print)
    for number, one in enumerate(arriving[:WARMING]):
        _arrive(store, number, one)
    relate(job)
    for number, one in enumerate(arriving[WARMING:], WARMING):
        _arrive(store, number, one)
    start = time.process_time()
    counts = relate(job)
    seconds = time.process_time() - start
    assert counts["articles"] == MEASURED
    assert not counts["failed"]
    return MEASURED / seconds


def _arrive(store: Store, number: int, one: Incoming) -> None:
    """Have an article wait to be related."""
    address, article = f"urn:new:{number}", one.article
    entry = Entry(
        key=address, address=address, title=article.title, content=article.text, published_at=article.published_at
    )
    store.articles.add(1, entry, None, now=NOW)
    for collected in store.articles.claim_unread(now=NOW, limit=1):
        read = ReadText(
            url=address, title=article.title, text=article.text, language="en", published_at=article.published_at,
            content_hash=address, signature=b"", bands=(),
        )  # fmt: skip
        store.articles.save_read(collected.id, read, first_of=lambda _: None)
        found = Understanding(relevant=True, relevance=0.9, mentions=one.mentions, reports=(one.reports[0][1],))
        store.articles.save_understood(collected.id, found)


def _scan(stored: Sequence[str], arriving: Sequence[str]) -> float | None:
    """Return how many articles a CPU second a scan of everything takes, None where scikit-learn is not installed."""
    try:
        from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415 (only this needs it)
    except ImportError:
        return None
    vectorizer = TfidfVectorizer(sublinear_tf=True)
    matrix = vectorizer.fit_transform(stored)
    start = time.process_time()
    for text in arriving:
        (matrix @ vectorizer.transform([text]).T).toarray().argmax()
    return len(arriving) / (time.process_time() - start)


@contextmanager
def _untracked(_stage: str, _total: int) -> Iterator[Advance]:
    yield lambda: None


if __name__ == "__main__":
    main([int(argument) for argument in sys.argv[1:]] or SIZES)
