"""Events and stories as people ask for them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, Table, and_, func, or_, select

from tracker.store import tables
from tracker.store.articles import article_select
from tracker.store.database import reading
from tracker.store.loading import in_stories, load_events, load_stories
from tracker.store.values import as_article
from tracker.types import (
    Article,
    EntityKind,
    Event,
    EventType,
    Modality,
    Story,
)

# A statement takes so many values at least, on either database.
_BATCH = 5_000


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Ids of entities that belong together; `head` is what the ids of further members start with."""

    ids: tuple[str, ...]
    head: str


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

    def controls(self, types: Collection[EventType], lines: Collection[Line] = ()) -> list[Event]:
        """List the events of these types that name a model or chip, or hit a company, with their witnesses.

        With `lines` only those that name what bears on one of them.
        """
        table, named = tables.events.c, tables.event_entities.c
        wanted = select(named.event_id).where(_is_controlled())
        with reading(self.engine) as connection:
            if lines:
                wanted = wanted.where(named.entity_id.in_(_members(connection, lines)))
            ids = connection.scalars(select(table.id).where(table.type.in_(types), table.id.in_(wanted))).all()
            batches = [ids[start : start + _BATCH] for start in range(0, len(ids), _BATCH)]
            return [
                event for batch in batches for event in load_events(connection, table.id.in_(batch), witnesses=True)
            ]

    def controlled(self, types: Collection[EventType], *, until: datetime, limit: int) -> dict[str, str]:
        """Map the ids of the models, chips and companies that the latest events of these types hit to their names.

        The latest is first; events that were first reported after `until` do not count.
        """
        table, named = tables.events.c, tables.event_entities.c
        latest = (
            select(table.id, table.last_reported_at)
            .where(table.type.in_(types), table.first_reported_at < until, ~table.is_gone)
            .order_by(table.last_reported_at.desc(), table.id.desc())
            .limit(_BATCH)
            .subquery()
        )
        moment = func.max(latest.c.last_reported_at)
        statement = (
            select(named.entity_id, func.min(named.name).label("name"))
            .join(latest, latest.c.id == named.event_id)
            .where(_is_controlled())
            .group_by(named.entity_id)
            .order_by(moment.desc(), named.entity_id)
            .limit(limit)
        )
        with reading(self.engine) as connection:
            return {row.entity_id: row.name for row in connection.execute(statement)}

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
        """Return one story with everything in it, or the one that it went into."""
        with reading(self.engine) as connection:
            there = _where_to(connection, tables.stories, story_id)
            return next(iter(load_stories(connection, [there])), None)

    def first_reported_at(self, story_id: int) -> datetime | None:
        """Return when a story was first reported, None where there is no such story."""
        table = tables.stories.c
        with reading(self.engine) as connection:
            found: datetime | None = connection.scalar(select(table.first_reported_at).where(table.id == story_id))
            return found

    def story_of(self, article_id: int) -> Story:
        """Return the story that a related article tells."""
        joined = tables.story_articles.c
        with reading(self.engine) as connection:
            ids = connection.scalars(select(joined.story_id).where(joined.article_id == article_id)).all()
            (story,) = load_stories(connection, ids)
            return story

    def event(self, event_id: int) -> Event | None:
        """Return one event with its witnesses, or the one that it went into."""
        with reading(self.engine) as connection:
            there = tables.events.c.id == _where_to(connection, tables.events, event_id)
            return next(iter(load_events(connection, there, witnesses=True)), None)

    def article(self, article_id: int) -> Article | None:
        """Return one article."""
        with reading(self.engine) as connection:
            return next((as_article(row) for row in connection.execute(article_select([article_id]))), None)

    def articles_of_kind(self, kind: str, *, since: date) -> list[Article]:
        """List the articles that sources of a kind published since a day, copies included, earliest first."""
        table, start = tables.articles.c, datetime.combine(since, time.min, UTC)
        wanted = (
            select(table.id)
            .join(tables.sources, tables.sources.c.id == table.source_id)
            .where(tables.sources.c.kind == kind, table.published_at >= start, table.text != "")
        )
        with reading(self.engine) as connection:
            ids = connection.scalars(wanted).all()
            return [as_article(row) for row in connection.execute(article_select(ids))]

    def story_articles(self, story_id: int) -> list[Article]:
        """List the articles of a story, copies included, earliest first."""
        with reading(self.engine) as connection:
            ids = connection.scalars(select(tables.articles.c.id).where(in_stories([story_id]))).all()
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


def _where_to(connection: Connection, table: Table, row_id: int) -> int:
    """Follow a story or event to where it went, as often as it was merged."""
    went = select(table.c.merged_into).where(table.c.is_gone)
    while (into := connection.scalar(went.where(table.c.id == row_id))) is not None:
        row_id = into
    return row_id


def _is_controlled() -> ColumnElement[bool]:
    named = tables.event_entities.c
    is_hit = and_(named.kind == EntityKind.COMPANY, named.role == "target")
    return or_(named.kind.in_((EntityKind.MODEL, EntityKind.CHIP)), is_hit)


def _members(connection: Connection, lines: Iterable[Line]) -> set[str]:
    """Return the ids of lines, with those of members that the knowledge base does not hold yet."""
    table = tables.mentions.c
    heads = [table.entity_id.startswith(f"{line.head}-", autoescape=True) for line in lines]
    unseen = connection.scalars(select(table.entity_id).where(~table.known, or_(*heads)).distinct())
    return {one for line in lines for one in line.ids}.union(unseen)


def cursor(value: Event | Story) -> tuple[datetime, int]:
    """Return the cursor that asks for what comes after `value` in a list."""
    return value.last_reported_at, value.id


def _before(table: Any, before: tuple[datetime, int] | None) -> list[ColumnElement[bool]]:
    if before is None:
        return []
    moment, last = before
    earlier = table.c.last_reported_at < moment
    return [or_(earlier, and_(table.c.last_reported_at == moment, table.c.id < last))]


def _conditions(query: EventQuery) -> list[ColumnElement[bool]]:
    events = tables.events.c
    conditions: list[ColumnElement[bool]] = [~events.is_gone]
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
