"""Where sources push from (WebSub), and until when."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hubs",
        sa.Column("source_id", sa.Integer, nullable=False),
        sa.Column("hub", sa.Text, nullable=False),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("token", sa.String(64), nullable=False),
        sa.Column("secret", sa.String(64), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True)),
        sa.Column("lease_until", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("source_id", name="pk_hubs"),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name="fk_hubs_source_id_sources", ondelete="CASCADE"),
        sa.UniqueConstraint("token", name="uq_hubs_token"),
    )


def downgrade() -> None:
    op.drop_table("hubs")
