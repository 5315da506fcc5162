"""New entries into articles and their bodies, many at a time."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from tracker.store import tables
from tracker.store.database import insert
from tracker.store.values import STATED_DATES, page_row
from tracker.types import ArticleStage, Entry, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEntry:
    """An entry as its source listed it, with its page where that came along."""

    source_id: int
    entry: Entry
    wants_page: bool
    fetched_at: datetime
    page: Page | None = None
    is_history: bool = False


def add_entries(connection: Connection, entries: Sequence[NewEntry]) -> int:
    """Store entries as collected articles; return how many their sources had not listed before.

    Of entries that share source and address the first is kept.
    """
    by_address: dict[tuple[int, str], NewEntry] = {}
    for new in entries:
        by_address.setdefault((new.source_id, new.entry.address), new)
    if not by_address:
        return 0
    articles = tables.articles.c
    statement = (
        insert(connection, tables.articles)
        .on_conflict_do_nothing(index_elements=["source_id", "address"])
        .returning(articles.id, articles.source_id, articles.address)
    )
    kept = connection.execute(statement, _article_rows(by_address.values())).all()
    if kept:
        bodies = [_body_row(row.id, by_address[row.source_id, row.address]) for row in kept]
        connection.execute(insert(connection, tables.bodies), bodies)
    return len(kept)


def _article_rows(entries: Collection[NewEntry]) -> list[dict[str, Any]]:
    """Return the columns of articles; those that are the database's default in all of them are left out."""
    rows = [_article_row(new) for new in entries]
    if any(new.entry.family or new.entry.dates or new.is_history for new in entries):
        for row, new in zip(rows, entries, strict=True):
            dates = STATED_DATES.dump_python(new.entry.dates, mode="json")
            row |= {"family": new.entry.family, "dates": dates, "is_history": new.is_history}
    return rows


def _article_row(new: NewEntry) -> dict[str, Any]:
    entry = new.entry
    return {
        "source_id": new.source_id,
        "address": entry.address,
        "key": entry.key,
        "url": entry.address,
        "title": entry.title,
        "author": entry.author,
        "language": entry.language,
        "published_at": entry.published_at,
        "updated_at": entry.updated_at,
        "fetched_at": new.fetched_at,
        "stage": ArticleStage.COLLECTED,
    }


def _body_row(article_id: int, new: NewEntry) -> dict[str, Any]:
    page = page_row(new.page) if new.page else {"page_url": None, "page_type": None, "page": None}
    body = {"summary": new.entry.summary, "content": new.entry.content, "wants_page": new.wants_page}
    return {"article_id": article_id} | body | page
