"""Who may correct on the pages, and every review that was given, not the last alone."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "editors",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(200), nullable=False, unique=True),
        sa.Column("key_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "review_log",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("article_id", sa.Integer, sa.ForeignKey("articles.id", ondelete="CASCADE"), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("body", sa.JSON, nullable=False),
        sa.Column("made_by", sa.String(200), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_review_log_article_id", "review_log", ["article_id"])
    columns = "article_id, position, body, made_by, made_at"
    op.execute(
        f"INSERT INTO review_log ({columns}) SELECT {columns} FROM reviews WHERE position >= 0 "  # noqa: S608 (our own columns)
        "ORDER BY made_at, article_id, position"
    )


def downgrade() -> None:
    op.drop_table("review_log")
    op.drop_table("editors")
