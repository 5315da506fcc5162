"""What people merged and split, as rulings over the articles and reports that are there now."""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from typing import Any

from sqlalchemy import Connection, Row, select

from tracker.store import tables
from tracker.types import EventType, Part, Place, Ruling, Witness


def story_rulings(connection: Connection, article_ids: Collection[int]) -> list[Ruling]:
    """List the rulings over articles of which one is among these, in the order in which they were given."""
    return _rulings(connection, article_ids, lambda place: [place.article_id], is_of_reports=False)


def report_rulings(
    connection: Connection, article_ids: Collection[int], witnesses: Sequence[Witness]
) -> list[Ruling]:  # fmt: skip
    """List the rulings over reports of these articles, in the order in which they were given."""
    by_article: defaultdict[int, list[Witness]] = defaultdict(list)
    for witness in witnesses:
        by_article[witness.article_id].append(witness)

    def found(place: Place) -> list[int]:
        return [one.report_id for one in by_article[place.article_id] if place.is_of(one)]

    return _rulings(connection, article_ids, found, is_of_reports=True)


def _rulings(
    connection: Connection, article_ids: Collection[int], found: Callable[[Place], list[int]], *, is_of_reports: bool
) -> list[Ruling]:
    places, regroupings = tables.regrouping_places.c, tables.regroupings.c
    touching = select(places.regrouping_id).where(places.article_id.in_(article_ids))
    rows = connection.execute(
        select(tables.regrouping_places, regroupings.together)
        .join(tables.regroupings, regroupings.id == places.regrouping_id)
        .where(places.regrouping_id.in_(touching), places.type.is_not(None) == is_of_reports)
        .order_by(places.regrouping_id, places.position)
    )
    sides: dict[int, tuple[bool, set[int], set[int]]] = {}
    for row in rows:
        _, left, right = sides.setdefault(row.regrouping_id, (row.together, set(), set()))
        (left if row.is_left else right).update(found(as_place(row)))
    return [
        Ruling(together=together, left=frozenset(left), right=frozenset(right))
        for together, left, right in sides.values()
    ]


def as_place(row: Row[Any]) -> Place:
    """Read a place."""
    if row.type is None:
        return Place(article_id=row.article_id)
    part, start, end = row.sentence
    return Place(article_id=row.article_id, type=EventType(row.type), sentence=(Part(part), start, end))
