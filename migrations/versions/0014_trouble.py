"""Why a subscription had to be paused, and when."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("subscriptions", sa.Column("trouble", sa.Text))
    op.add_column("subscriptions", sa.Column("trouble_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.drop_column("subscriptions", "trouble_at")
    op.drop_column("subscriptions", "trouble")
