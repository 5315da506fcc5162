"""Which wire service an article is credited to."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("articles", sa.Column("credit", sa.String(200)))


def downgrade() -> None:
    op.drop_column("articles", "credit")
