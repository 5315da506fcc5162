"""Rows into events and stories, with everything that speaks for them."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Row, Table, and_, func, or_, select

from tracker.knowledge import publishers
from tracker.store import tables
from tracker.store.sources import COLUMNS
from tracker.store.values import REPORT, REVIEW_COLUMNS, as_date, as_review, as_source
from tracker.types import EntityKind, Event, EventType, Modality, Named, Story, Tier, Voice, Witness
from tracker.weighing.corroboration import corroborate
from tracker.weighing.reviewing import displayed, holds

K = TypeVar("K")
V = TypeVar("V")


def load_events(connection: Connection, where: ColumnElement[bool], *, witnesses: bool) -> list[Event]:
    """Load events, last reported first."""
    rows = connection.execute(
        select(tables.events)
        .where(where, ~tables.events.c.is_gone)
        .order_by(tables.events.c.last_reported_at.desc(), tables.events.c.id.desc())
    ).all()
    ids = [row.id for row in rows]
    named = _group(
        (row.event_id, Named(entity_id=row.entity_id, kind=EntityKind(row.kind), name=row.name, role=row.role))
        for row in connection.execute(
            select(tables.event_entities)
            .where(tables.event_entities.c.event_id.in_(ids))
            .order_by(tables.event_entities.c.role, tables.event_entities.c.name, tables.event_entities.c.entity_id)
        )
    )
    seen = _group(load_witnesses(connection, tables.reports.c.event_id.in_(ids))) if witnesses else {}
    return [_as_event(row, named.get(row.id, ()), seen.get(row.id, ())) for row in rows]


def load_witnesses(connection: Connection, where: ColumnElement[bool]) -> list[tuple[int | None, Witness]]:
    """Load reports as witnesses, each with the id of its event, earliest article first."""
    articles = tables.articles.c
    rows = connection.execute(
        select(
            tables.reports.c.id.label("report_id"),
            tables.reports.c.event_id,
            tables.reports.c.position,
            tables.reports.c.body,
            *REVIEW_COLUMNS,
            articles.id.label("article_id"),
            articles.title,
            articles.url,
            articles.published_at,
            articles.fetched_at,
            articles.family,
            articles.credit,
            articles.language,
            *COLUMNS,
        )
        .join(tables.articles, articles.id == tables.reports.c.article_id)
        .join(tables.sources, tables.sources.c.id == articles.source_id)
        .outerjoin(tables.reviews, is_review_of(tables.reports))
        .where(where)
        .order_by(func.coalesce(articles.published_at, articles.fetched_at), tables.reports.c.id)
    ).all()
    copied = tables.articles.c.copy_of.in_({row.article_id for row in rows})
    copies = _group((voice.copy_of, voice) for voice in _voices(connection, copied))
    return [(row.event_id, _as_witness(row, copies.get(row.article_id, ()))) for row in rows]


def is_review_of(reports: Table) -> ColumnElement[bool]:
    """Join a report's review."""
    reviews = tables.reviews.c
    return and_(reviews.article_id == reports.c.article_id, reviews.position == reports.c.position)


def load_stories(connection: Connection, ids: Sequence[int]) -> list[Story]:
    """Load stories with their events and witnesses, last reported first."""
    rows = connection.execute(
        select(tables.stories)
        .where(tables.stories.c.id.in_(ids), ~tables.stories.c.is_gone)
        .order_by(tables.stories.c.last_reported_at.desc(), tables.stories.c.id.desc())
    ).all()
    events = _group((e.story_id, e) for e in load_events(connection, tables.events.c.story_id.in_(ids), witnesses=True))
    homes = _story_of(connection, ids)
    voices = _group((homes.get(v.copy_of or v.article_id), v) for v in _voices(connection, in_stories(ids)))
    return [_as_story(row, events.get(row.id, ()), voices.get(row.id, ())) for row in rows]


def _story_of(connection: Connection, ids: Sequence[int]) -> dict[int, int]:
    """Map the articles of stories, without copies, to their story."""
    table = tables.story_articles.c
    rows = connection.execute(select(table.article_id, table.story_id).where(table.story_id.in_(ids)))
    return {row.article_id: row.story_id for row in rows}


def _voices(connection: Connection, where: ColumnElement[bool]) -> list[Voice]:
    """List articles as voices, in the order in which they came."""
    articles = tables.articles.c
    rows = connection.execute(
        select(articles.id, articles.copy_of, articles.language, articles.family, articles.credit, *COLUMNS)
        .join(tables.sources, tables.sources.c.id == articles.source_id)
        .where(where)
        .order_by(articles.id)
    )
    return [_as_voice(row) for row in rows]


def in_stories(ids: Sequence[int]) -> ColumnElement[bool]:
    """Choose the articles of stories, copies included."""
    inside = select(tables.story_articles.c.article_id).where(tables.story_articles.c.story_id.in_(ids))
    return or_(tables.articles.c.id.in_(inside), tables.articles.c.copy_of.in_(inside))


def _as_event(row: Row[Any], named: Iterable[Named], witnesses: Iterable[Witness]) -> Event:
    return Event(
        id=row.id,
        story_id=row.story_id,
        type=EventType(row.type),
        modality=Modality(row.modality),
        headline=row.headline,
        date=as_date(row),
        entities=tuple(named),
        first_reported_at=row.first_reported_at,
        last_reported_at=row.last_reported_at,
        witnesses=tuple(witnesses),
    )


def _as_witness(row: Any, copies: Iterable[Voice]) -> Witness:
    family, tier = _publisher(row)
    report, review = REPORT.validate_python(row.body), as_review(row)
    return Witness(
        report_id=row.report_id,
        article_id=row.article_id,
        title=row.title,
        url=row.url,
        # What a search, an aggregator or an archive found is its publisher's word.
        source=row.family or as_source(row).name,
        family=family,
        tier=tier,
        published_at=row.published_at,
        fetched_at=row.fetched_at,
        report=displayed(report, review),
        language=row.language or "und",
        copies=tuple(copies),
        position=row.position,
        review=review if review and holds(review, report) else None,
    )


def _as_voice(row: Row[Any]) -> Voice:
    family, tier = _publisher(row)
    return Voice(
        article_id=row.id,
        family=family,
        tier=tier,
        language=row.language or "und",
        copy_of=row.copy_of,
    )


def _publisher(row: Row[Any]) -> tuple[str, Tier]:
    """Return who speaks through an article, and how close to the facts.

    A search finds what others publish, and many print or translate what a wire service reports.
    """
    source = as_source(row)
    own = publishers.load().of(row.family or source.family)
    speaking = publishers.load().of(row.credit) if row.credit else own
    if row.family is None and speaking == own:
        return own.family, source.tier
    return speaking.family, speaking.tier or source.tier


def _as_story(row: Row[Any], events: Iterable[Event], voices: Iterable[Voice]) -> Story:
    return Story(
        id=row.id,
        title=row.title,
        first_reported_at=row.first_reported_at,
        last_reported_at=row.last_reported_at,
        corroboration=corroborate(voices),
        events=tuple(sorted(events, key=_by_date)),
    )


def _by_date(event: Event) -> tuple[date, int]:
    return (event.date.first if event.date else event.first_reported_at.date(), event.id)


def _group(pairs: Iterable[tuple[K, V]]) -> dict[K, list[V]]:
    groups: dict[K, list[V]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return groups
