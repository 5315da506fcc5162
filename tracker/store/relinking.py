"""Earlier mentions of an entity, linked to what it turned out to be."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, func, or_, select, update

from tracker.store import tables
from tracker.store.neighbours import write_keys
from tracker.store.settling import Rules, settle
from tracker.store.values import PROFILE
from tracker.types import EntityKind, Profile

_AT_ONCE = 500
_NAMED_IN = ("actors", "targets", "named")


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What an entity is called from now on, and by which ids and names it went while it was not known."""

    entity_id: str
    kind: EntityKind
    name: str
    ids: frozenset[str]
    names: frozenset[str] = frozenset()


def relink(connection: Connection, link: Link, rules: Rules) -> int:
    """Link mentions, reports, events and stories; return in how many articles the entity is named.

    An event's entities are told anew from its witnesses, by the same rule as when it was made.
    """
    table = tables.mentions
    ids = sorted(link.ids | _unknown_ids(connection, link))
    is_meant = table.c.entity_id.in_(ids)
    articles = connection.scalars(
        select(table.c.article_id).where(is_meant).distinct().order_by(table.c.article_id)
    ).all()
    values = {"entity_id": link.entity_id, "kind": link.kind, "name": link.name, "known": True}
    connection.execute(update(table).where(is_meant).values(values))
    for some in _chunks(articles):
        _relink_reports(connection, some, ids, values)
        _relink_profiles(connection, some, ids, link.entity_id, rules)
    for some in _chunks(articles):
        _tell_events_anew(connection, some, rules)
    return len(articles)


def _unknown_ids(connection: Connection, link: Link) -> set[str]:
    """Return the ids under which names that were not known stand: an id may follow from more than the name."""
    table = tables.mentions.c
    lowered = func.lower(table.name).in_([name.lower() for name in link.names])
    is_so_called = or_(table.name.in_(link.names), lowered)  # SQLite lowers ASCII only
    found = select(table.entity_id).where(~table.known, table.kind == link.kind, is_so_called).distinct()
    return set(connection.scalars(found)) if link.names else set()


def _relink_reports(
    connection: Connection, articles: Sequence[int], ids: Collection[str], values: dict[str, Any]
) -> None:
    table = tables.reports
    rows = connection.execute(select(table.c.id, table.c.body).where(table.c.article_id.in_(articles))).all()
    for row in rows:
        body = row.body | {
            role: [mention | values if mention["entity_id"] in ids else mention for mention in row.body[role]]
            for role in _NAMED_IN
        }
        if body != row.body:
            connection.execute(update(table).where(table.c.id == row.id).values(body=body))


def _relink_profiles(
    connection: Connection, articles: Sequence[int], ids: Collection[str], entity_id: str, rules: Rules
) -> None:
    table = tables.story_articles
    rows = connection.execute(select(table).where(table.c.article_id.in_(articles))).all()
    for row in rows:
        profile = PROFILE.validate_python(row.profile)
        relinked = _relinked(profile, ids, entity_id)
        if relinked != profile:
            written = PROFILE.dump_python(relinked, mode="json")
            connection.execute(update(table).where(table.c.article_id == row.article_id).values(profile=written))
            write_keys(connection, row.article_id, rules.keys(relinked), row.reported_at)


def _relinked(profile: Profile, ids: Collection[str], entity_id: str) -> Profile:
    entities, titled = (_moved(weights, ids, entity_id) for weights in (profile.entities, profile.titled))
    return replace(profile, entities=entities, titled=titled)


def _moved(weights: dict[str, float], ids: Collection[str], entity_id: str) -> dict[str, float]:
    kept = {one: weight for one, weight in weights.items() if one not in ids or one == entity_id}
    moved = sum(weight for one, weight in weights.items() if one in ids and one != entity_id)
    return kept | {entity_id: kept.get(entity_id, 0.0) + moved} if moved else weights


def _tell_events_anew(connection: Connection, articles: Sequence[int], rules: Rules) -> None:
    table = tables.story_articles.c
    for story_id in connection.scalars(select(table.story_id).where(table.article_id.in_(articles)).distinct()).all():
        settle(connection, {story_id}, rules, afresh=True)


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    yield from (ids[at : at + _AT_ONCE] for at in range(0, len(ids), _AT_ONCE))
