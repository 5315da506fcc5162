"""What people teach the knowledge base, how sure unseen names are, and what reviewers say of reports."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "entity_edits",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("action", sa.String(10), nullable=False),
        sa.Column("entity_id", sa.String(200), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("body", sa.JSON, nullable=False),
        sa.Column("made_by", sa.String(200), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("why", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_entity_edits"),
    )
    op.create_index("ix_entity_edits_action_entity_id", "entity_edits", ["action", "entity_id"])
    op.create_table(
        "reviews",
        sa.Column("article_id", sa.Integer, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("body", sa.JSON, nullable=False),
        sa.Column("made_by", sa.String(200), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("article_id", "position", name="pk_reviews"),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="fk_reviews_article_id_articles", ondelete="CASCADE"
        ),
    )
    op.add_column("mentions", sa.Column("confidence", sa.Float, nullable=False, server_default="1"))
    op.create_index("ix_mentions_known_entity_id", "mentions", ["known", "entity_id"])


def downgrade() -> None:
    op.drop_index("ix_mentions_known_entity_id", "mentions")
    op.drop_column("mentions", "confidence")
    op.drop_table("reviews")
    op.drop_table("entity_edits")
