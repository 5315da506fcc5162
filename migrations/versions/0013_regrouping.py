"""Stories as articles that follow each other, and what people merge and split."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_ARTICLES = """
    SELECT s.article_id, s.story_id, COALESCE(a.published_at, a.fetched_at) AS reported_at, stories.profile
    FROM story_articles s JOIN articles a ON a.id = s.article_id JOIN stories ON stories.id = s.story_id
    ORDER BY s.story_id, COALESCE(a.published_at, a.fetched_at), a.url
"""
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    connection = op.get_bind()
    profile = {"reported_at": _MOMENT, "profile": sa.JSON}
    rows = connection.execute(sa.text(_ARTICLES).columns(article_id=sa.Integer, story_id=sa.Integer, **profile)).all()
    terms = connection.execute(sa.text("SELECT term, story_id FROM story_terms")).all()
    for table in ("story_terms", "story_articles"):
        op.drop_table(table)
    _create()
    for table in ("stories", "events"):
        op.add_column(table, sa.Column("is_gone", sa.Boolean, nullable=False, server_default="0"))
        op.add_column(table, sa.Column("merged_into", sa.Integer))
    op.drop_column("stories", "profile")
    _carry(connection, rows, terms)


def downgrade() -> None:
    connection = op.get_bind()
    for table in ("events", "stories"):
        connection.execute(sa.text(f"DELETE FROM {table} WHERE is_gone"))  # noqa: S608 (two names of ours)
    joined = _table("story_articles", article_id=sa.Integer, story_id=sa.Integer, reported_at=_MOMENT, profile=sa.JSON)
    rows = connection.execute(sa.select(joined).order_by(joined.c.story_id, joined.c.reported_at)).all()
    keys = (
        "SELECT DISTINCT t.term, s.story_id FROM article_terms t JOIN story_articles s ON s.article_id = t.article_id"
    )
    terms = connection.execute(sa.text(keys)).all()
    for name in ("regrouping_places", "regroupings", "article_terms", "story_articles"):
        op.drop_table(name)
    for name in ("stories", "events"):
        op.drop_column(name, "merged_into")
        op.drop_column(name, "is_gone")
    _create_older()
    _carry_back(connection, rows, terms)


def _carry(connection: sa.Connection, rows: list[Any], terms: list[Any]) -> None:
    """Chain the articles of each story; new ones find it by what it looked like as a whole, at its last article."""
    last = {row.story_id: row for row in rows}
    before: dict[int, int] = {}
    made = []
    for row in rows:
        at = _as_utc(row.reported_at)
        whole = row.profile if last[row.story_id] is row else {"terms": {}, "entities": {}}
        follows = before.get(row.story_id)
        made.append(
            {
                "article_id": row.article_id,
                "story_id": row.story_id,
                "reported_at": row.reported_at,
                "follows": follows,
                "likeness": 0.0 if follows is None else 1.0,
                "profile": {"terms": whole["terms"], "entities": whole["entities"], "at": at.isoformat()},
            }
        )
        before[row.story_id] = row.article_id
    columns = {"article_id": sa.Integer, "story_id": sa.Integer, "reported_at": _MOMENT, "follows": sa.Integer}
    _fill(connection, _table("story_articles", **columns, likeness=sa.Float, profile=sa.JSON), made)
    keys = [
        {"term": term, "reported_at": last[story].reported_at, "article_id": last[story].article_id}
        for term, story in terms
        if story in last
    ]
    _fill(connection, _table("article_terms", term=sa.Text, reported_at=_MOMENT, article_id=sa.Integer), keys)


def _carry_back(connection: sa.Connection, rows: list[Any], terms: list[Any]) -> None:
    times: dict[int, list[datetime]] = {}
    for row in rows:
        times.setdefault(row.story_id, []).append(_as_utc(row.reported_at))
    stories = _table("stories", id=sa.Integer, profile=sa.JSON)
    for row in rows:  # the last article of a story is the last to be written
        at = times[row.story_id]
        spans = {"first_at": at[0].isoformat(), "last_at": at[-1].isoformat(), "articles": len(at)}
        whole = {"terms": row.profile["terms"], "entities": row.profile["entities"]} | spans
        connection.execute(stories.update().where(stories.c.id == row.story_id).values(profile=whole))
    joined = [{"article_id": row.article_id, "story_id": row.story_id} for row in rows]
    _fill(connection, _table("story_articles", article_id=sa.Integer, story_id=sa.Integer), joined)
    found = [{"term": term, "story_id": story} for term, story in terms]
    _fill(connection, _table("story_terms", term=sa.Text, story_id=sa.Integer), found)


def _create() -> None:
    op.create_table(
        "story_articles",
        sa.Column("article_id", sa.Integer, nullable=False),
        sa.Column("story_id", sa.Integer, nullable=False),
        sa.Column("reported_at", _MOMENT, nullable=False),
        sa.Column("follows", sa.Integer),
        sa.Column("likeness", sa.Float, nullable=False),
        sa.Column("profile", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("article_id", name="pk_story_articles"),
        _link("story_articles", "article_id", "articles"),
        _link("story_articles", "story_id", "stories"),
    )
    op.create_index("ix_story_articles_story_id", "story_articles", ["story_id"])
    op.create_table(
        "article_terms",
        sa.Column("term", sa.String(200), nullable=False),
        sa.Column("reported_at", _MOMENT, nullable=False),
        sa.Column("article_id", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("term", "reported_at", "article_id", name="pk_article_terms"),
        _link("article_terms", "article_id", "articles"),
    )
    op.create_index("ix_article_terms_article_id", "article_terms", ["article_id"])
    op.create_table(
        "regroupings",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("together", sa.Boolean, nullable=False),
        sa.Column("made_by", sa.String(200), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("why", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_regroupings"),
    )
    op.create_table(
        "regrouping_places",
        sa.Column("regrouping_id", sa.Integer, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("is_left", sa.Boolean, nullable=False),
        sa.Column("article_id", sa.Integer, nullable=False),
        sa.Column("type", sa.String(20)),
        sa.Column("sentence", sa.JSON),
        sa.PrimaryKeyConstraint("regrouping_id", "position", name="pk_regrouping_places"),
        _link("regrouping_places", "regrouping_id", "regroupings"),
        _link("regrouping_places", "article_id", "articles"),
    )
    op.create_index("ix_regrouping_places_article_id", "regrouping_places", ["article_id"])


def _create_older() -> None:
    op.add_column("stories", sa.Column("profile", sa.JSON, nullable=False, server_default="{}"))
    op.create_table(
        "story_articles",
        sa.Column("article_id", sa.Integer, nullable=False),
        sa.Column("story_id", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("article_id", name="pk_story_articles"),
        _link("story_articles", "article_id", "articles"),
        _link("story_articles", "story_id", "stories"),
    )
    op.create_index("ix_story_articles_story_id", "story_articles", ["story_id"])
    op.create_table(
        "story_terms",
        sa.Column("term", sa.String(200), nullable=False),
        sa.Column("story_id", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("term", "story_id", name="pk_story_terms"),
        _link("story_terms", "story_id", "stories"),
    )


def _link(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=f"fk_{table}_{column}_{target}", ondelete="CASCADE")


def _table(name: str, **columns: Any) -> sa.TableClause:
    return sa.table(name, *(sa.column(column, kind) for column, kind in columns.items()))


def _fill(connection: sa.Connection, table: sa.TableClause, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(sa.insert(table), rows)


def _as_utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
