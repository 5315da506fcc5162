"""What reprocessing did, revision by revision."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "revisions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("since", sa.Date, nullable=False),
        sa.Column("program", sa.String(40), nullable=False),
        sa.Column("rules", sa.String(64), nullable=False),
        sa.Column("knowledge", sa.String(64), nullable=False),
        sa.Column("edits", sa.Integer, nullable=False),
        sa.Column("started_at", _MOMENT, nullable=False),
        sa.Column("finished_at", _MOMENT),
        sa.Column("articles", sa.Integer, nullable=False),
        sa.Column("reread", sa.Integer, nullable=False),
    )
    op.create_table(
        "revision_changes",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("revision_id", sa.Integer, sa.ForeignKey("revisions.id", ondelete="CASCADE"), nullable=False),
        sa.Column("of", sa.String(20), nullable=False),
        sa.Column("what", sa.String(20), nullable=False),
        sa.Column("was", sa.Text),
        sa.Column("is_now", sa.Text),
        sa.Column("into", sa.String(20)),
    )
    op.create_index("ix_revision_changes_revision_id", "revision_changes", ["revision_id"])


def downgrade() -> None:
    op.drop_table("revision_changes")
    op.drop_table("revisions")
