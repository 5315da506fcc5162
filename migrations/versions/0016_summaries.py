"""What a delivery is held back for, and the summary that tells it."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("deliveries", sa.Column("held_for", sa.String(10)))
    op.add_column("deliveries", sa.Column("summary_id", sa.Integer))
    op.create_index(op.f("ix_deliveries_summary_id"), "deliveries", ["summary_id"])
    op.create_index(op.f("ix_deliveries_subscription_id_sent_at"), "deliveries", ["subscription_id", "sent_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_deliveries_subscription_id_sent_at"), "deliveries")
    op.drop_index(op.f("ix_deliveries_summary_id"), "deliveries")
    op.drop_column("deliveries", "summary_id")
    op.drop_column("deliveries", "held_for")
