"""Reports into events and stories, with the deliveries they cause, in one transaction."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, Engine, delete, func, select, update

from tracker.store import tables
from tracker.store.database import insert, one_writer
from tracker.store.loading import load_events, load_stories, load_witnesses
from tracker.store.outbox import active_subscriptions, owe
from tracker.store.values import date_row
from tracker.types import (
    Article,
    ArticleStage,
    Candidate,
    EventFields,
    Incoming,
    Named,
    Placement,
    Story,
    StoryProfile,
    Subscription,
    Witness,
)

PROFILE = TypeAdapter(StoryProfile)
Owed = Callable[[Story, Sequence[Subscription]], Sequence[tuple[int, str]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The pure decisions that relating an article needs.

    `terms` are the keys under which candidate stories are looked up; `place` chooses among the candidates;
    `fold` makes an event's fields from its witnesses; `owed` says which subscriptions a story is owed to, each
    with the delivery's key.
    """

    terms: Callable[[StoryProfile], Sequence[str]]
    place: Callable[[Incoming, Sequence[Candidate]], Placement]
    fold: Callable[[Sequence[Witness]], EventFields]
    owed: Owed


@dataclass(frozen=True, slots=True)
class Relations:
    """The events and stories in the database of `engine`, as the relate stage writes them."""

    engine: Engine

    def relate(
        self, incoming: Incoming, keys: Sequence[str], rules: Rules, *, window: timedelta, now: datetime
    ) -> Placement:
        """Place one article; all that it changes and every delivery it causes is committed together or not at all."""
        with self.engine.begin() as connection:
            one_writer(connection)
            placement = rules.place(incoming, _candidates(connection, keys, incoming.reported_at, window))
            story_id = _save_story(connection, incoming, placement, rules.terms(placement.profile))
            for event_id, report_ids in placement.events:
                _save_event(connection, story_id, event_id, report_ids, rules.fold)
            if not _finish(connection, incoming.article.id):
                _owe_story(connection, story_id, rules.owed, now=now)
            return placement

    def tell(self, copy: Article, owed: Owed, *, now: datetime) -> None:
        """Owe the story of what a new article copies: until now all that told it was history.

        Where that article is still to be related it is no longer history, and is alerted to in its turn.
        """
        first = tables.articles.c.id == copy.copy_of
        with self.engine.begin() as connection:
            _finish(connection, copy.id)
            connection.execute(update(tables.articles).where(first).values(is_history=False))
            joined = tables.story_articles.c.article_id == copy.copy_of
            for story_id in connection.scalars(select(tables.story_articles.c.story_id).where(joined)).all():
                _owe_story(connection, story_id, owed, now=now)


def _finish(connection: Connection, article_id: int) -> bool:
    """Take an article out of the flow; return whether it is history, which nobody is told of."""
    is_history: bool = connection.scalars(
        update(tables.articles)
        .where(tables.articles.c.id == article_id)
        .values(stage=ArticleStage.RELATED, lease_until=None)
        .returning(tables.articles.c.is_history)
    ).one()
    return is_history


def _owe_story(connection: Connection, story_id: int, owed: Owed, *, now: datetime) -> None:
    (story,) = load_stories(connection, [story_id])
    for subscription_id, key in owed(story, active_subscriptions(connection)):
        owe(connection, subscription_id, key, now=now)


def _candidates(
    connection: Connection, keys: Sequence[str], reported_at: datetime, window: timedelta, limit: int = 20
) -> list[Candidate]:
    shared = func.count().label("shared")
    rows = connection.execute(
        select(tables.stories.c.id, tables.stories.c.profile)
        .join(tables.story_terms, tables.story_terms.c.story_id == tables.stories.c.id)
        .where(
            tables.story_terms.c.term.in_(keys),
            tables.stories.c.last_reported_at >= reported_at - window,
            tables.stories.c.first_reported_at <= reported_at + window,
        )
        .group_by(tables.stories.c.id)
        .order_by(shared.desc(), tables.stories.c.id)
        .limit(limit)
    ).all()
    events = load_events(connection, tables.events.c.story_id.in_([row.id for row in rows]), witnesses=False)
    return [
        Candidate(
            story_id=row.id,
            profile=PROFILE.validate_python(row.profile),
            events=tuple(event for event in events if event.story_id == row.id),
        )
        for row in rows
    ]


def _save_story(connection: Connection, incoming: Incoming, placement: Placement, terms: Sequence[str]) -> int:
    profile = placement.profile
    values: dict[str, Any] = {
        "first_reported_at": profile.first_at,
        "last_reported_at": profile.last_at,
        "profile": PROFILE.dump_python(profile, mode="json"),
    }
    story_id = placement.story_id
    if story_id is None:
        values["title"] = incoming.article.title
        story_id = connection.execute(
            insert(connection, tables.stories).values(values).returning(tables.stories.c.id)
        ).scalar_one()
    else:
        connection.execute(update(tables.stories).where(tables.stories.c.id == story_id).values(values))
    write_terms(connection, story_id, terms)
    joined = {"article_id": incoming.article.id, "story_id": story_id}
    connection.execute(insert(connection, tables.story_articles).values(joined))
    return int(story_id)


def write_terms(connection: Connection, story_id: int, terms: Sequence[str]) -> None:
    """Have a story looked up under these terms and no others."""
    connection.execute(delete(tables.story_terms).where(tables.story_terms.c.story_id == story_id))
    if rows := [{"term": term, "story_id": story_id} for term in dict.fromkeys(terms)]:
        connection.execute(insert(connection, tables.story_terms), rows)


def _save_event(
    connection: Connection,
    story_id: int,
    event_id: int | None,
    report_ids: Iterable[int],
    fold: Callable[[Sequence[Witness]], EventFields],
) -> None:
    old = [] if event_id is None else load_witnesses(connection, tables.reports.c.event_id.in_([event_id]))
    new = load_witnesses(connection, tables.reports.c.id.in_(list(report_ids)))
    fields = fold([witness for _, witness in (*old, *new)])
    values = _event_row(fields) | {"story_id": story_id}
    if event_id is None:
        event_id = connection.execute(
            insert(connection, tables.events).values(values).returning(tables.events.c.id)
        ).scalar_one()
    else:
        connection.execute(update(tables.events).where(tables.events.c.id == event_id).values(values))
    write_named(connection, event_id, fields.entities)
    connection.execute(
        update(tables.reports).where(tables.reports.c.id.in_(list(report_ids))).values(event_id=event_id)
    )


def fold_anew(connection: Connection, event_id: int, fold: Callable[[Sequence[Witness]], EventFields]) -> None:
    """Have an event say what its witnesses say now."""
    told = load_witnesses(connection, tables.reports.c.event_id == event_id)
    fields = fold([witness for _, witness in told])
    connection.execute(update(tables.events).where(tables.events.c.id == event_id).values(_event_row(fields)))
    write_named(connection, event_id, fields.entities)


def write_named(connection: Connection, event_id: int, entities: Iterable[Named]) -> None:
    """Have an event name these entities and no others."""
    connection.execute(delete(tables.event_entities).where(tables.event_entities.c.event_id == event_id))
    named = [
        {"event_id": event_id, "entity_id": n.entity_id, "role": n.role, "kind": n.kind, "name": n.name}
        for n in entities
    ]
    if named:
        connection.execute(insert(connection, tables.event_entities), named)


def _event_row(fields: EventFields) -> dict[str, Any]:
    return {
        "type": fields.type,
        "modality": fields.modality,
        "headline": fields.headline,
        "first_reported_at": fields.first_reported_at,
        "last_reported_at": fields.last_reported_at,
    } | date_row(fields.date)
