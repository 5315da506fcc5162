"""How far archives have been read, and which articles are history."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("articles", sa.Column("is_history", sa.Boolean, nullable=False, server_default="0"))
    op.drop_index("ix_articles_stage_lease_until_id", "articles")
    op.create_index("ix_articles_stage_is_history_id", "articles", ["stage", "is_history", "id"])
    op.create_table(
        "backfills",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("wanted", sa.Text, nullable=False),
        sa.Column("state", sa.String(80), nullable=False),
        sa.Column("record", sa.Integer, nullable=False),
        sa.Column("offset", sa.BigInteger, nullable=False),
        sa.Column("looked_at", sa.Integer, nullable=False),
        sa.Column("passed", sa.Integer, nullable=False),
        sa.Column("new", sa.Integer, nullable=False),
        sa.Column("bad", sa.Integer, nullable=False),
        sa.Column("problems", sa.JSON, nullable=False),
        sa.Column("is_finished", sa.Boolean, nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_backfills"),
        sa.UniqueConstraint("path", "wanted", name="uq_backfills_path_wanted"),
    )


def downgrade() -> None:
    op.drop_table("backfills")
    op.drop_index("ix_articles_stage_is_history_id", "articles")
    op.create_index("ix_articles_stage_lease_until_id", "articles", ["stage", "lease_until", "id"])
    # Not by a batch: on SQLite that drops the old table, and what refers to it goes with it.
    op.drop_column("articles", "is_history")
