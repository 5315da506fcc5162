"""What people merge and split: kept for good, and obeyed at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, select

from tracker.store import tables
from tracker.store.database import insert, one_writer, reading
from tracker.store.rulings import as_place
from tracker.store.settling import Rules, settle
from tracker.store.threads import recount
from tracker.types import Place, Regrouping


@dataclass(frozen=True, slots=True)
class Regroupings:
    """The regroupings in the database of `engine`."""

    engine: Engine

    def keep(self, regrouping: Regrouping, rules: Rules) -> None:
        """Keep a regrouping and settle the stories that it is about, both or neither; what was sent of them is mended.

        Nobody is alerted to a story that a split makes.
        """
        articles = {place.article_id for place in (*regrouping.left, *regrouping.right)}
        joined = tables.story_articles.c
        with self.engine.begin() as connection:
            one_writer(connection)
            _write(connection, regrouping)
            stories = connection.scalars(select(joined.story_id).where(joined.article_id.in_(articles)).distinct())
            settle(connection, set(stories), rules)
            for article_id in sorted(articles):
                recount(connection, article_id)

    def of_articles(self, article_ids: Sequence[int]) -> list[Regrouping]:
        """List the regroupings that are about any of these articles or their reports, in the order of giving."""
        places = tables.regrouping_places
        touching = select(places.c.regrouping_id).where(places.c.article_id.in_(article_ids))
        with reading(self.engine) as connection:
            given = connection.execute(
                select(tables.regroupings)
                .where(tables.regroupings.c.id.in_(touching))
                .order_by(tables.regroupings.c.id)
            ).all()
            return [_as_regrouping(row, _places(connection, row.id)) for row in given]


def _write(connection: Connection, regrouping: Regrouping) -> None:
    row = {
        "together": regrouping.together,
        "made_by": regrouping.by,
        "made_at": regrouping.at,
        "why": regrouping.why,
    }
    table = tables.regroupings
    number = connection.execute(insert(connection, table).values(row).returning(table.c.id)).scalar_one()
    sides = [(True, place) for place in regrouping.left] + [(False, place) for place in regrouping.right]
    rows = [
        {"regrouping_id": number, "position": position, "is_left": is_left, **_place_row(place)}
        for position, (is_left, place) in enumerate(sides)
    ]
    connection.execute(insert(connection, tables.regrouping_places), rows)


def _places(connection: Connection, number: int) -> list[Any]:
    table = tables.regrouping_places
    return list(
        connection.execute(select(table).where(table.c.regrouping_id == number).order_by(table.c.position)).all()
    )


def _place_row(place: Place) -> dict[str, Any]:
    return {"article_id": place.article_id, "type": place.type, "sentence": place.sentence and list(place.sentence)}


def _as_regrouping(row: Any, places: Sequence[Any]) -> Regrouping:
    return Regrouping(
        together=row.together,
        left=tuple(as_place(place) for place in places if place.is_left),
        right=tuple(as_place(place) for place in places if not place.is_left),
        by=row.made_by,
        at=row.made_at,
        why=row.why,
    )
