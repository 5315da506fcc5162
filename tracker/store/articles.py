"""Articles on their way through collect, read and understand."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, Select, and_, delete, exists, func, or_, select, update

from tracker.store import tables, threads
from tracker.store.database import insert
from tracker.store.sources import COLUMNS, add_entry
from tracker.store.values import DISPUTES, QUOTE, REPORT, as_article, as_mention, as_source, page_row
from tracker.types import Article, ArticleStage, Collected, Entry, Incoming, Page, ReadText, Understanding

# An article in work is taken again after this long: its worker is dead by then.
LEASE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """An article that was read before and shares an address, a hash or a band with the one at hand."""

    id: int
    url: str
    content_hash: str
    signature: bytes


@dataclass(frozen=True, slots=True)
class Articles:
    """The articles in the database of `engine`."""

    engine: Engine

    def add(self, source_id: int, entry: Entry, page: Page | None, *, now: datetime) -> bool:
        """Store one local article with the page it came as; False where it is known already."""
        with self.engine.begin() as connection:
            return add_entry(connection, source_id, entry, wants_page=False, now=now, page=page)

    def claim_pages(self, *, now: datetime, limit: int) -> list[Collected]:
        """Take collected articles whose own page is still to be fetched."""
        return self._claim_collected(now=now, limit=limit, wants_page=True)

    def save_page(self, article_id: int, page: Page | None, *, note: str | None = None) -> None:
        """Keep the page of an article; without one, `note` says why, and read takes what the source gave."""
        with self.engine.begin() as connection:
            if page is None:
                _update_body(connection, article_id, wants_page=False)
            else:
                _update_body(connection, article_id, wants_page=False, **page_row(page))
            connection.execute(
                update(tables.articles).where(tables.articles.c.id == article_id).values(note=note, lease_until=None)
            )

    def release(self, article_ids: Sequence[int]) -> None:
        """Give back articles that were taken and not worked on."""
        with self.engine.begin() as connection:
            connection.execute(
                update(tables.articles).where(tables.articles.c.id.in_(article_ids)).values(lease_until=None)
            )

    def claim_unread(self, *, now: datetime, limit: int) -> list[Collected]:
        """Take collected articles that have all the text they will get."""
        return self._claim_collected(now=now, limit=limit, wants_page=False)

    def save_read(
        self, article_id: int, text: ReadText, *, first_of: Callable[[Sequence[Earlier]], int | None]
    ) -> bool:
        """Keep what was read; return True where `first_of` recognises an earlier article that this one copies.

        A copy is joined to the first and needs no further stage, unless all the others are history: it is news.
        """
        with self.engine.begin() as connection:
            first = first_of(_earlier(connection, article_id, text))
            stage = ArticleStage.READ if first is None else _stage_of_copy(connection, article_id, first)
            connection.execute(
                update(tables.articles)
                .where(tables.articles.c.id == article_id)
                .values(
                    url=text.url,
                    title=text.title,
                    text=text.text,
                    language=text.language,
                    published_at=text.published_at,
                    content_hash=text.content_hash,
                    signature=text.signature,
                    note=text.note,
                    credit=text.credit,
                    copy_of=first,
                    stage=stage,
                    lease_until=None,
                )
            )
            connection.execute(delete(tables.bodies).where(tables.bodies.c.article_id == article_id))
            if first is None and text.bands:
                rows = [{"band": band, "article_id": article_id} for band in dict.fromkeys(text.bands)]
                connection.execute(insert(connection, tables.article_bands).on_conflict_do_nothing(), rows)
            if first is not None:
                threads.recount(connection, first)
            return first is not None

    def claim_read(self, *, now: datetime, limit: int) -> list[Article]:
        """Take articles that wait to be understood."""
        with self.engine.begin() as connection:
            ids = _claim(connection, tables.articles.c.stage == ArticleStage.READ, now=now, limit=limit)
            return [as_article(row) for row in connection.execute(article_select(ids))]

    def save_understood(self, article_id: int, understanding: Understanding) -> None:
        """Keep mentions and reports; an article that is not relevant is done with this."""
        stage = ArticleStage.UNDERSTOOD if understanding.relevant else ArticleStage.RELATED
        with self.engine.begin() as connection:
            write_found(connection, article_id, understanding)
            connection.execute(
                update(tables.articles).where(tables.articles.c.id == article_id).values(stage=stage, lease_until=None)
            )

    def claim_understood(self, *, now: datetime, limit: int) -> list[Incoming]:
        """Take relevant articles, and new copies of history, that wait to be related, oldest publication first."""
        with self.engine.begin() as connection:
            ids = _claim(connection, tables.articles.c.stage == ArticleStage.UNDERSTOOD, now=now, limit=limit)
            incoming = [load_incoming(connection, as_article(row)) for row in connection.execute(article_select(ids))]
        return sorted(incoming, key=lambda i: (i.reported_at, i.article.id))

    def fail(self, article_id: int, error: str) -> None:
        """Take an article out of the flow with what went wrong on its row."""
        with self.engine.begin() as connection:
            connection.execute(
                update(tables.articles)
                .where(tables.articles.c.id == article_id)
                .values(stage=ArticleStage.FAILED, error=error, lease_until=None)
            )

    def count_by_stage(self) -> dict[ArticleStage, int]:
        """Count the articles that each stage has left."""
        with self.engine.begin() as connection:
            rows = connection.execute(select(tables.articles.c.stage, func.count()).group_by(tables.articles.c.stage))
            return {ArticleStage(stage): count for stage, count in rows}

    def _claim_collected(self, *, now: datetime, limit: int, wants_page: bool) -> list[Collected]:
        body = tables.bodies.c.article_id == tables.articles.c.id
        wanted = exists().where(body, tables.bodies.c.wants_page == wants_page)
        waiting = and_(tables.articles.c.stage == ArticleStage.COLLECTED, wanted)
        with self.engine.begin() as connection:
            ids = _claim(connection, waiting, now=now, limit=limit)
            statement = article_select(ids).add_columns(
                tables.bodies.c.summary, tables.bodies.c.content, tables.bodies.c.page_url, tables.bodies.c.page_type,
                tables.bodies.c.page,
            ).join(tables.bodies, tables.bodies.c.article_id == tables.articles.c.id)  # fmt: skip
            return [_as_collected(row) for row in connection.execute(statement)]


def article_select(ids: Sequence[int]) -> Select[tuple[object, ...]]:
    """Select articles with their source's columns, by id."""
    return (
        select(tables.articles, *COLUMNS)
        .join(tables.sources, tables.sources.c.id == tables.articles.c.source_id)
        .where(tables.articles.c.id.in_(ids))
        .order_by(tables.articles.c.id)
    )


def _claim(connection: Connection, waiting: ColumnElement[bool], *, now: datetime, limit: int) -> list[int]:
    table = tables.articles
    free = (
        select(table.c.id)
        .where(waiting, or_(table.c.lease_until.is_(None), table.c.lease_until <= now))
        .order_by(table.c.is_history, table.c.id)  # no alert waits for an archive
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    claim = update(table).where(table.c.id.in_(free.scalar_subquery())).values(lease_until=now + LEASE)
    return list(connection.scalars(claim.returning(table.c.id)))


def _as_collected(row: Row[Any]) -> Collected:
    page = None
    if row.page is not None:
        page = Page(url=row.page_url, content_type=row.page_type, body=row.page)
    entry = Entry(
        key=row.key,
        address=row.address,
        title=row.title,
        author=row.author,
        summary=row.summary,
        content=row.content,
        language=row.language,
        published_at=row.published_at,
        updated_at=row.updated_at,
    )
    return Collected(
        id=row.id, source=as_source(row), entry=entry, page=page, fetched_at=row.fetched_at, note=row.note
    )  # fmt: skip


def _update_body(connection: Connection, article_id: int, **values: object) -> None:
    connection.execute(update(tables.bodies).where(tables.bodies.c.article_id == article_id).values(**values))


def _stage_of_copy(connection: Connection, article_id: int, first: int) -> ArticleStage:
    """Leave a copy to relate where it is new and what it copies is history: the story is owed now."""
    table = tables.articles
    history = connection.scalars(select(table.c.id).where(table.c.id.in_([article_id, first]), table.c.is_history))
    return ArticleStage.UNDERSTOOD if set(history) == {first} else ArticleStage.RELATED


def _earlier(connection: Connection, article_id: int, text: ReadText) -> list[Earlier]:
    table = tables.articles
    banded = select(tables.article_bands.c.article_id).where(tables.article_bands.c.band.in_(text.bands))
    rows = connection.execute(
        select(table.c.id, table.c.url, table.c.content_hash, table.c.signature)
        .where(
            table.c.id != article_id,
            table.c.copy_of.is_(None),
            table.c.content_hash.is_not(None),
            or_(table.c.url == text.url, table.c.content_hash == text.content_hash, table.c.id.in_(banded)),
        )
        .order_by(table.c.id)
        .limit(200)
    )
    return [Earlier(id=r.id, url=r.url, content_hash=r.content_hash, signature=r.signature or b"") for r in rows]


def write_found(connection: Connection, article_id: int, understanding: Understanding) -> None:
    """Write what was found in an article, in place of what was found before."""
    for table in (tables.mentions, tables.reports):
        connection.execute(delete(table).where(table.c.article_id == article_id))
    connection.execute(
        update(tables.articles)
        .where(tables.articles.c.id == article_id)
        .values(
            relevance=understanding.relevance,
            relevant=understanding.relevant,
            disputes=DISPUTES.dump_python(understanding.disputes, mode="json"),
        )
    )
    mentions = [
        {
            "article_id": article_id,
            "position": position,
            "entity_id": mention.entity_id,
            "kind": mention.kind,
            "name": mention.name,
            "known": mention.known,
            "confidence": mention.confidence,
            "quote": QUOTE.dump_python(mention.quote, mode="json"),
        }
        for position, mention in enumerate(understanding.mentions)
    ]
    reports = [
        {
            "article_id": article_id,
            "position": position,
            "type": report.type,
            "modality": report.modality,
            "body": REPORT.dump_python(report, mode="json"),
        }
        for position, report in enumerate(understanding.reports)
    ]
    for table, rows in ((tables.mentions, mentions), (tables.reports, reports)):
        if rows:
            connection.execute(insert(connection, table), rows)


def load_incoming(connection: Connection, article: Article) -> Incoming:
    """Return an understood article with all that was found in it."""
    mentions = connection.execute(
        select(tables.mentions).where(tables.mentions.c.article_id == article.id).order_by(tables.mentions.c.position)
    )
    reports = connection.execute(
        select(tables.reports.c.id, tables.reports.c.body)
        .where(tables.reports.c.article_id == article.id)
        .order_by(tables.reports.c.position)
    )
    return Incoming(
        article=article,
        mentions=tuple(as_mention(row) for row in mentions),
        reports=tuple((row.id, REPORT.validate_python(row.body)) for row in reports),
    )
