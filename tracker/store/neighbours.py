"""Which articles another one may be like: an inverted index, so that nothing is held against everything."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection, Select, delete, literal, select, union_all

from tracker.store import tables
from tracker.store.database import insert
from tracker.store.values import PROFILE
from tracker.types import Neighbour, Strand

Order = tuple[datetime, str, int]

# Of a key that thousands share, those that stand closest in time are looked at, on either side.
_CLOSEST = 200
# So many that share most are held against the article.
_NEIGHBOURS = 60


def find_neighbours(
    connection: Connection, keys: Mapping[str, float], order: Order, window: timedelta
) -> list[Neighbour]:
    """Return the articles within `window` that share most by `keys`, each worth what sharing it says."""
    shared: defaultdict[int, float] = defaultdict(float)
    if keys:
        for row in connection.execute(
            union_all(*(_near(key, order[0], window, is_late) for key in keys for is_late in (False, True)))
        ):
            shared[row.article_id] += keys[row.term]
    ranked = sorted(shared, key=lambda article_id: (-shared[article_id], article_id))
    return load_neighbours(connection, ranked[:_NEIGHBOURS])


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


def _near(key: str, moment: datetime, window: timedelta, is_late: bool) -> Select[tuple[int, str]]:
    table = tables.article_terms.c
    first, last = (moment, moment + window) if is_late else (moment - window, moment)
    within = table.reported_at >= first, (table.reported_at <= last) if is_late else (table.reported_at < last)
    near = (
        select(table.article_id)
        .where(table.term == key, *within)
        .order_by(table.reported_at if is_late else table.reported_at.desc())
        .limit(_CLOSEST)
        .subquery()
    )
    return select(near.c.article_id, literal(key).label("term"))
