"""Stories and events as they follow from their articles: an id stays where most of it stays, and says where it went."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Table, delete, select, update

from tracker.store import tables
from tracker.store.database import insert
from tracker.store.loading import load_witnesses
from tracker.store.outbox import move_deliveries
from tracker.store.rulings import report_rulings, story_rulings
from tracker.store.values import date_row
from tracker.types import (
    EventFields,
    Group,
    Incoming,
    Named,
    Neighbour,
    Profile,
    Ruling,
    Sequel,
    Story,
    Strand,
    Subscription,
    Witness,
)

Told = tuple[int | None, Witness]
Owed = Callable[[Story, Sequence[Subscription]], Sequence[tuple[int, str]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The pure decisions that relating articles needs.

    `profile` says what an article is about, `keys` what it is looked up under, `follow` which of its neighbours
    within `window` it follows.  `gather` groups articles into stories, `tell` the reports of a story into events,
    `fold` makes an event's fields from its witnesses; `owed` says which subscriptions a story is owed to, each with
    the delivery's key.
    """

    profile: Callable[[Incoming], Profile]
    keys: Callable[[Profile], Mapping[str, float]]
    window: timedelta
    follow: Callable[[Profile, tuple[datetime, str, int], Sequence[Neighbour]], Sequel]
    gather: Callable[[Sequence[Strand], Sequence[Ruling]], Sequence[Group]]
    tell: Callable[[Sequence[Told], Sequence[Ruling]], Sequence[Group]]
    fold: Callable[[Sequence[Witness]], EventFields]
    owed: Owed


def settle(connection: Connection, story_ids: Collection[int], rules: Rules, *, afresh: bool = False) -> int:
    """Bring stories and their events up to date with what follows what; return how many events are new.

    Events with the reports that they had are left as they are, unless all are to be told `afresh`.
    """
    titles: dict[int, str] = {}
    strands = []
    for row in _articles_of(connection, story_ids):
        titles[row.article_id] = row.title
        strands.append(_as_strand(row))
    members = _settle_stories(connection, strands, titles, rules)
    for empty in set(story_ids) - members.keys() - {strand.story_id for strand in strands}:
        _retire(connection, tables.stories, empty, None)
    return _settle_events(connection, story_ids, members, rules, afresh=afresh)


def as_found(connection: Connection, incoming: Incoming) -> int:
    """Found a story on an article."""
    at = incoming.reported_at
    row = {"title": incoming.article.title, "first_reported_at": at, "last_reported_at": at}
    return _new(connection, tables.stories, row)


def _articles_of(connection: Connection, story_ids: Collection[int]) -> Iterable[Row[Any]]:
    joined, articles = tables.story_articles.c, tables.articles.c
    return connection.execute(
        select(
            joined.article_id, joined.story_id, joined.reported_at, joined.follows, joined.likeness,
            articles.url, articles.title,
        )
        .join(tables.articles, articles.id == joined.article_id)
        .where(joined.story_id.in_(story_ids))
    )  # fmt: skip


def _as_strand(row: Row[Any]) -> Strand:
    return Strand(
        article_id=row.article_id,
        story_id=row.story_id,
        order=(row.reported_at, row.url, row.article_id),
        follows=row.follows,
        likeness=row.likeness,
    )


def _settle_stories(
    connection: Connection, strands: Sequence[Strand], titles: Mapping[int, str], rules: Rules
) -> dict[int, tuple[int, ...]]:
    """Write the stories that articles make, each named after its first; return the articles by story."""
    found: dict[int, tuple[int, ...]] = {}
    by_id = {strand.article_id: strand for strand in strands}
    for group in rules.gather(strands, story_rulings(connection, list(by_id))):
        inside = [by_id[article_id] for article_id in group.members]
        first, last = min(inside, key=lambda s: s.order), max(inside, key=lambda s: s.order)
        row = {
            "title": titles[first.article_id],
            "first_reported_at": first.order[0],
            "last_reported_at": last.order[0],
        }
        story_id = _write(connection, tables.stories, group.id, row)
        moved = [strand.article_id for strand in inside if strand.story_id != story_id]
        table = tables.story_articles
        connection.execute(update(table).where(table.c.article_id.in_(moved)).values(story_id=story_id))
        for gone in group.absorbed:
            _retire(connection, tables.stories, gone, story_id)
            move_deliveries(connection, gone, story_id)
        found[story_id] = group.members
    return found


def _settle_events(
    connection: Connection,
    story_ids: Collection[int],
    members: Mapping[int, Sequence[int]],
    rules: Rules,
    *,
    afresh: bool,
) -> int:
    articles = [article_id for group in members.values() for article_id in group]
    told = load_witnesses(connection, tables.reports.c.article_id.in_(articles))
    rulings = report_rulings(connection, articles, [witness for _, witness in told])
    by_article: defaultdict[int, list[Told]] = defaultdict(list)
    for home, witness in told:
        by_article[witness.article_id].append((home, witness))
    events = tables.events.c
    standing = select(events.id, events.story_id).where(events.story_id.in_({*story_ids, *members}), ~events.is_gone)
    before = {row.id: row.story_id for row in connection.execute(standing)}
    desk = _Desk(connection, rules, before, afresh=afresh)
    for story_id in sorted(members, key=lambda one: (-len(members[one]), one)):
        inside = [(home, one) for article in members[story_id] for home, one in by_article[article]]
        desk.write(story_id, inside, rulings)
    desk.clear()
    return desk.new


class _Desk:
    """Where the events of stories are written, one story after the other; an id is given once."""

    def __init__(self, connection: Connection, rules: Rules, before: Mapping[int, int], *, afresh: bool) -> None:
        self._connection, self._rules, self._afresh = connection, rules, afresh
        self._before = before
        self._kept: set[int] = set()
        self._went: dict[int, int] = {}
        self.new = 0

    def write(self, story_id: int, told: Sequence[Told], rulings: Sequence[Ruling]) -> None:
        homes = {one.report_id: home for home, one in told}
        witnesses = {one.report_id: one for _, one in told}
        open_to = [(None if home in self._kept else home, one) for home, one in told]
        groups = self._rules.tell(open_to, rulings)
        for group in groups:
            self.new += group.id is None
            event_id = self._write(story_id, group, homes, [witnesses[one] for one in group.members])
            self._kept.add(event_id)
            self._went |= dict.fromkeys(group.absorbed, event_id)
        inside = {report_id for group in groups for report_id in group.members}
        self._move([one for one, home in homes.items() if home is not None and one not in inside], None)

    def clear(self) -> None:
        """Retire the events that no report tells any more."""
        for event_id in self._before.keys() - self._kept:
            _retire(self._connection, tables.events, event_id, self._went.get(event_id))

    def _write(self, story_id: int, group: Group, homes: Mapping[int, int | None], witnesses: Sequence[Witness]) -> int:
        had = {report_id for report_id, home in homes.items() if home is not None and home == group.id}
        is_same = group.id is not None and had == set(group.members) and self._before.get(group.id) == story_id
        if group.id is not None and is_same and not self._afresh:
            return group.id
        fields = self._rules.fold(witnesses)
        event_id = _write(self._connection, tables.events, group.id, _event_row(fields) | {"story_id": story_id})
        write_named(self._connection, event_id, fields.entities)
        self._move([one for one in group.members if homes[one] != event_id], event_id)
        return event_id

    def _move(self, report_ids: Sequence[int], event_id: int | None) -> None:
        table = tables.reports
        if report_ids:
            self._connection.execute(update(table).where(table.c.id.in_(report_ids)).values(event_id=event_id))


def write_named(connection: Connection, event_id: int, entities: Iterable[Named]) -> None:
    """Have an event name these entities and no others."""
    connection.execute(delete(tables.event_entities).where(tables.event_entities.c.event_id == event_id))
    named = [
        {"event_id": event_id, "entity_id": n.entity_id, "role": n.role, "kind": n.kind, "name": n.name}
        for n in entities
    ]
    if named:
        connection.execute(insert(connection, tables.event_entities), named)


def _write(connection: Connection, table: Table, row_id: int | None, values: Mapping[str, Any]) -> int:
    if row_id is None:
        return _new(connection, table, values)
    back = {"is_gone": False, "merged_into": None}  # what was merged may be taken apart again
    connection.execute(update(table).where(table.c.id == row_id).values({**values, **back}))
    return row_id


def _new(connection: Connection, table: Table, values: Mapping[str, Any]) -> int:
    return int(connection.execute(insert(connection, table).values(values).returning(table.c.id)).scalar_one())


def _retire(connection: Connection, table: Table, row_id: int, into: int | None) -> None:
    connection.execute(update(table).where(table.c.id == row_id).values(is_gone=True, merged_into=into))


def _event_row(fields: EventFields) -> dict[str, Any]:
    return {
        "type": fields.type,
        "modality": fields.modality,
        "headline": fields.headline,
        "first_reported_at": fields.first_reported_at,
        "last_reported_at": fields.last_reported_at,
    } | date_row(fields.date)
