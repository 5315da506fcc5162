"""What a source remembers between polls, whether it is well, and what an entry states beside its text."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def _columns() -> dict[str, list[sa.Column[object]]]:
    return {
        "sources": [
            sa.Column("options", sa.JSON, nullable=False, server_default="{}"),
            sa.Column("memory", sa.LargeBinary),
            sa.Column("moved_to", sa.Text),
            sa.Column("moved_seen", sa.Integer, nullable=False, server_default="0"),
            sa.Column("retired_at", sa.DateTime(timezone=True)),
            sa.Column("pause_seconds", sa.Integer),
            sa.Column("listed", sa.Integer),
            sa.Column("seen", sa.Float, nullable=False, server_default="0"),
            sa.Column("on_topic", sa.Float, nullable=False, server_default="0"),
            sa.Column("unwell", sa.Text),
            sa.Column("told", sa.Text),
        ],
        "articles": [
            sa.Column("family", sa.String(200)),
            sa.Column("dates", sa.JSON, nullable=False, server_default="[]"),
        ],
    }


def upgrade() -> None:
    for table, columns in _columns().items():
        for column in columns:
            op.add_column(table, column)


def downgrade() -> None:
    # Not by a batch: on SQLite that drops the old table, and what refers to it goes with it.
    for table, columns in _columns().items():
        for column in reversed(columns):
            op.drop_column(table, column.name)
