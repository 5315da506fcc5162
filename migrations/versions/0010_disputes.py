"""When a second reader may be asked again, and what it reads in an article of which no report tells."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("second_readings", sa.Column("retry_at", sa.DateTime(timezone=True)))
    op.add_column("articles", sa.Column("disputes", sa.JSON, nullable=False, server_default="[]"))


def downgrade() -> None:
    op.drop_column("articles", "disputes")
    op.drop_column("second_readings", "retry_at")
