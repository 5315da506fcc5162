"""Stories that are muted, and alerts that readers found not relevant."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mutes",
        sa.Column("subscription_id", sa.Integer, nullable=False),
        sa.Column("story_id", sa.Integer, nullable=False),
        sa.Column("made_by", sa.String(200), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("subscription_id", "story_id", name="pk_mutes"),
        _link("mutes", "subscription_id", "subscriptions"),
        _link("mutes", "story_id", "stories"),
    )
    op.create_table(
        "feedback",
        sa.Column("subscription_id", sa.Integer, nullable=False),
        sa.Column("story_id", sa.Integer, nullable=False),
        sa.Column("made_by", sa.String(200), nullable=False),
        sa.Column("filter", sa.Text, nullable=False),
        sa.Column("why", sa.JSON, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("subscription_id", "story_id", "made_by", name="pk_feedback"),
        _link("feedback", "subscription_id", "subscriptions"),
        _link("feedback", "story_id", "stories"),
    )


def downgrade() -> None:
    op.drop_table("feedback")
    op.drop_table("mutes")


def _link(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=f"fk_{table}_{column}_{target}", ondelete="CASCADE")
