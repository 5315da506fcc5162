"""Events and stories as people ask for them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Engine, Row, and_, func, or_, select

from tracker.store import tables
from tracker.store.articles import article_select
from tracker.store.database import reading
from tracker.store.sources import COLUMNS
from tracker.store.values import REPORT, as_article, as_date, as_source
from tracker.types import (
    Article,
    EntityKind,
    Event,
    EventType,
    Modality,
    Named,
    Story,
    Witness,
)

K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True, slots=True, kw_only=True)
class EventQuery:
    """What to look for; empty means any.

    Values of one field are alternatives, fields all have to hold.  Entities are given by id, or by name without
    regard to case; `since` and `until` (both included) against the event's date, else the
    day it was first reported.  `before` is the cursor of the page before (see `cursor`).
    """

    types: tuple[EventType, ...] = ()
    modalities: tuple[Modality, ...] = ()
    countries: tuple[str, ...] = ()
    companies: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    text: str | None = None
    limit: int = 50
    before: tuple[datetime, int] | None = None


@dataclass(frozen=True, slots=True)
class Queries:
    """The read side of the database of `engine`."""

    engine: Engine

    def events(self, query: EventQuery) -> list[Event]:
        """List matching events with their witnesses, last reported first."""
        table = tables.events
        with reading(self.engine) as connection:
            ids = connection.scalars(
                select(table.c.id)
                .where(*_conditions(query), *_before(table, query.before))
                .order_by(table.c.last_reported_at.desc(), table.c.id.desc())
                .limit(query.limit)
            ).all()
            return load_events(connection, table.c.id.in_(ids), witnesses=True)

    def stories(self, query: EventQuery) -> list[Story]:
        """List stories that hold a matching event, last reported first, each with all its events."""
        table = tables.stories
        matching = select(tables.events.c.story_id).where(*_conditions(query))
        with reading(self.engine) as connection:
            ids = connection.scalars(
                select(table.c.id)
                .where(table.c.id.in_(matching), *_before(table, query.before))
                .order_by(table.c.last_reported_at.desc(), table.c.id.desc())
                .limit(query.limit)
            ).all()
            return load_stories(connection, ids)

    def stories_between(self, start: datetime, end: datetime) -> list[Story]:
        """List the stories that an article of [start, end) reports on, newest first."""
        reported = func.coalesce(tables.articles.c.published_at, tables.articles.c.fetched_at)
        with reading(self.engine) as connection:
            ids = connection.scalars(
                select(tables.story_articles.c.story_id)
                .join(tables.articles, tables.articles.c.id == tables.story_articles.c.article_id)
                .where(reported >= start, reported < end)
                .distinct()
            ).all()
            return load_stories(connection, ids)

    def story(self, story_id: int) -> Story | None:
        """Return one story with everything in it."""
        with reading(self.engine) as connection:
            return next(iter(load_stories(connection, [story_id])), None)

    def event(self, event_id: int) -> Event | None:
        """Return one event with its witnesses."""
        with reading(self.engine) as connection:
            return next(iter(load_events(connection, tables.events.c.id == event_id, witnesses=True)), None)

    def article(self, article_id: int) -> Article | None:
        """Return one article."""
        with reading(self.engine) as connection:
            return next((as_article(row) for row in connection.execute(article_select([article_id]))), None)

    def story_articles(self, story_id: int) -> list[Article]:
        """List the articles of a story, copies included, earliest first."""
        with reading(self.engine) as connection:
            ids = connection.scalars(select(tables.articles.c.id).where(_in_stories([story_id]))).all()
            articles = [as_article(row) for row in connection.execute(article_select(ids))]
        return sorted(articles, key=lambda a: (a.published_at or a.fetched_at, a.id))

    def entities(self, *, kind: EntityKind | None = None, name: str | None = None, limit: int = 50) -> list[Row[Any]]:
        """List the entities that articles name, most named first: entity_id, kind, name, known, articles."""
        table = tables.mentions
        articles = func.count(table.c.article_id.distinct()).label("articles")
        statement = select(
            table.c.entity_id, table.c.kind, func.min(table.c.name).label("name"), table.c.known, articles
        )
        if kind:
            statement = statement.where(table.c.kind == kind)
        if name:
            statement = statement.where(func.lower(table.c.name).contains(name.lower(), autoescape=True))
        grouped = statement.group_by(table.c.entity_id, table.c.kind, table.c.known)
        with reading(self.engine) as connection:
            return list(connection.execute(grouped.order_by(articles.desc(), table.c.entity_id).limit(limit)))


def cursor(value: Event | Story) -> tuple[datetime, int]:
    """Return the cursor that asks for what comes after `value` in a list."""
    return value.last_reported_at, value.id


def load_events(connection: Connection, where: ColumnElement[bool], *, witnesses: bool) -> list[Event]:
    """Load events, last reported first."""
    rows = connection.execute(
        select(tables.events).where(where).order_by(tables.events.c.last_reported_at.desc(), tables.events.c.id.desc())
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
            tables.reports.c.body,
            articles.id.label("article_id"),
            articles.title,
            articles.url,
            articles.published_at,
            articles.fetched_at,
            articles.family,
            *COLUMNS,
        )
        .join(tables.articles, articles.id == tables.reports.c.article_id)
        .join(tables.sources, tables.sources.c.id == articles.source_id)
        .where(where)
        .order_by(func.coalesce(articles.published_at, articles.fetched_at), tables.reports.c.id)
    )
    return [(row.event_id, _as_witness(row)) for row in rows]


def load_stories(connection: Connection, ids: Sequence[int]) -> list[Story]:
    """Load stories with their events and witnesses, last reported first."""
    rows = connection.execute(
        select(tables.stories)
        .where(tables.stories.c.id.in_(ids))
        .order_by(tables.stories.c.last_reported_at.desc(), tables.stories.c.id.desc())
    ).all()
    events = _group((e.story_id, e) for e in load_events(connection, tables.events.c.story_id.in_(ids), witnesses=True))
    voices = _group((row.story_id, row) for row in _voices(connection, ids))
    return [_as_story(row, events.get(row.id, ()), voices.get(row.id, ())) for row in rows]


def _voices(connection: Connection, ids: Sequence[int]) -> Iterable[Any]:
    """List the articles of stories, copies included: who published them, and in which language."""
    articles, originals = tables.articles.c, tables.story_articles.c
    return connection.execute(
        select(
            originals.story_id,
            articles.copy_of,
            articles.language,
            func.coalesce(articles.family, tables.sources.c.family).label("family"),
            tables.sources.c.tier,
        )
        .join(tables.story_articles, originals.article_id == func.coalesce(articles.copy_of, articles.id))
        .join(tables.sources, tables.sources.c.id == articles.source_id)
        .where(_in_stories(ids))
        .order_by(articles.id)
    ).all()


def _in_stories(ids: Sequence[int]) -> ColumnElement[bool]:
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


def _as_witness(row: Row[Any]) -> Witness:
    source = as_source(row)
    return Witness(
        report_id=row.report_id,
        article_id=row.article_id,
        title=row.title,
        url=row.url,
        source=source.name,
        family=row.family or source.family,
        tier=source.tier,
        published_at=row.published_at,
        fetched_at=row.fetched_at,
        report=REPORT.validate_python(row.body),
    )


def _as_story(row: Row[Any], events: Iterable[Event], voices: Sequence[Any]) -> Story:
    # A copy is no voice of its own: it counts as an article, never as a publisher.
    originals = [voice for voice in voices if voice.copy_of is None]
    return Story(
        id=row.id,
        title=row.title,
        first_reported_at=row.first_reported_at,
        last_reported_at=row.last_reported_at,
        articles=len(voices),
        families=tuple(dict.fromkeys(voice.family for voice in originals)),
        has_primary=any(voice.tier == "primary" for voice in originals),
        languages=tuple(dict.fromkeys(voice.language for voice in originals)),
        events=tuple(sorted(events, key=_by_date)),
    )


def _by_date(event: Event) -> tuple[date, int]:
    return (event.date.first if event.date else event.first_reported_at.date(), event.id)


def _group(pairs: Iterable[tuple[K, V]]) -> dict[K, list[V]]:
    groups: dict[K, list[V]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return groups


def _before(table: Any, before: tuple[datetime, int] | None) -> list[ColumnElement[bool]]:
    if before is None:
        return []
    moment, last = before
    earlier = table.c.last_reported_at < moment
    return [or_(earlier, and_(table.c.last_reported_at == moment, table.c.id < last))]


def _conditions(query: EventQuery) -> list[ColumnElement[bool]]:
    events = tables.events.c
    conditions: list[ColumnElement[bool]] = []
    if query.types:
        conditions.append(events.type.in_(query.types))
    if query.modalities:
        conditions.append(events.modality.in_(query.modalities))
    for kind, names in (
        (EntityKind.COUNTRY, query.countries),
        (EntityKind.COMPANY, query.companies),
        (EntityKind.MODEL, query.models),
        (EntityKind.AGENCY, query.agencies),
    ):
        if names:
            conditions.append(events.id.in_(_naming(kind, names)))
    return conditions + _dated(query) + ([_saying(query.text)] if query.text else [])


def _naming(kind: EntityKind, names: Sequence[str]) -> Any:
    table = tables.event_entities.c
    folded = [name.casefold() for name in names]
    return select(table.event_id).where(
        table.kind == kind, or_(table.entity_id.in_(names), func.lower(table.name).in_(folded))
    )


def _dated(query: EventQuery) -> list[ColumnElement[bool]]:
    events = tables.events.c
    conditions: list[ColumnElement[bool]] = []
    if query.since:
        start = datetime.combine(query.since, time.min, UTC)
        conditions.append(
            or_(events.date_last >= query.since, and_(events.date_last.is_(None), events.first_reported_at >= start))
        )
    if query.until:
        end = datetime.combine(query.until, time.max, UTC)
        conditions.append(
            or_(events.date_first <= query.until, and_(events.date_first.is_(None), events.first_reported_at <= end))
        )
    return conditions


def _saying(text: str) -> ColumnElement[bool]:
    """Match events whose headline or one of whose articles holds every word of `text`."""
    articles = tables.articles.c
    said = []
    for word in text.split():
        where = [c.icontains(word, autoescape=True) for c in (tables.events.c.headline, articles.title, articles.text)]
        said.append(or_(*where))
    return tables.events.c.id.in_(
        select(tables.reports.c.event_id)
        .join(tables.articles, articles.id == tables.reports.c.article_id)
        .where(tables.reports.c.event_id == tables.events.c.id, *said)
        .correlate(tables.events)
    )
