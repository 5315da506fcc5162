"""Which articles another one may be like: an inverted index, so that nothing is held against everything."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import Connection, TextClause, bindparam, delete, select, text

from tracker.store import tables
from tracker.store.database import insert
from tracker.store.values import PROFILE
from tracker.types import Neighbour, Strand

Order = tuple[datetime, str, int]

# Of a key that thousands share, those that stand closest in time are looked at, on either side.
_CLOSEST = 200
# What keys are worth is added up in whole numbers, which come to the same in any order.
_WHOLE = 1_000_000
# So many that share most are held against the article.
_NEIGHBOURS = 60


def find_neighbours(
    connection: Connection, keys: Mapping[str, float], order: Order, window: timedelta
) -> list[Neighbour]:
    """Return the articles within `window` that share most by `keys`, each worth what sharing it says."""
    if not keys:
        return []
    terms = {f"term{number}": key for number, key in enumerate(keys)}
    worth = {f"worth{number}": round(weight * _WHOLE) for number, weight in enumerate(keys.values())}
    times = {"first": order[0] - window, "moment": order[0], "last": order[0] + window}
    return load_neighbours(connection, list(connection.scalars(_near(len(keys)), terms | worth | times)))


def load_neighbours(connection: Connection, article_ids: list[int]) -> list[Neighbour]:
    """Load articles as they stand in their stories."""
    joined, articles = tables.story_articles, tables.articles
    rows = connection.execute(
        select(joined, articles.c.url)
        .join(articles, articles.c.id == joined.c.article_id)
        .where(joined.c.article_id.in_(article_ids))
    )
    return [
        Neighbour(
            strand=Strand(
                article_id=row.article_id,
                story_id=row.story_id,
                order=(row.reported_at, row.url, row.article_id),
                follows=row.follows,
                likeness=row.likeness,
            ),
            profile=PROFILE.validate_python(row.profile),
        )
        for row in rows
    ]


def write_keys(connection: Connection, article_id: int, keys: Mapping[str, float], reported_at: datetime) -> None:
    """Have an article looked up under these keys and no others."""
    table = tables.article_terms
    connection.execute(delete(table).where(table.c.article_id == article_id))
    if rows := [{"term": key, "reported_at": reported_at, "article_id": article_id} for key in keys]:
        connection.execute(insert(connection, table), rows)


@cache
def _near(count: int) -> TextClause:
    """Select what shares most of `count` keys among what stands closest under each, before and after a moment.

    Each half reads the index in order.
    """
    halves = (
        ("reported_at >= :first AND reported_at < :moment", "DESC"),
        ("reported_at >= :moment AND reported_at <= :last", "ASC"),
    )
    parts = [
        f"SELECT * FROM (SELECT article_id, CAST(:worth{number} AS INTEGER) AS worth FROM article_terms"  # noqa: S608 (nothing from outside)
        f" WHERE term = :term{number} AND {within} ORDER BY reported_at {closest} LIMIT {_CLOSEST})"
        f" AS near_{number}_{closest}"
        for number in range(count)
        for within, closest in halves
    ]
    most = f"GROUP BY article_id ORDER BY SUM(worth) DESC, article_id LIMIT {_NEIGHBOURS}"
    times = [bindparam(name, type_=tables.Moment) for name in ("first", "moment", "last")]
    return text(f"SELECT article_id FROM ({' UNION ALL '.join(parts)}) AS near {most}").bindparams(*times)  # noqa: S608 (likewise)
