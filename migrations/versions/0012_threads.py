"""The story that a delivery is about."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("deliveries", sa.Column("story_id", sa.Integer))
    # Until now a story's only key was "story:" and its number.
    op.execute("UPDATE deliveries SET story_id = CAST(substr(key, 7) AS INTEGER) WHERE key LIKE 'story:%'")
    op.create_index("ix_deliveries_story_id_subscription_id", "deliveries", ["story_id", "subscription_id"])


def downgrade() -> None:
    # Older versions know no other messages about stories than the first.
    op.execute("DELETE FROM deliveries WHERE key LIKE 'story:%:%'")
    op.drop_index("ix_deliveries_story_id_subscription_id", "deliveries")
    op.drop_column("deliveries", "story_id")
