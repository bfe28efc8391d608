"""Completions that a coach took out of the count."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "voids",
        sa.Column("club_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("member_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("slug", sa.String, primary_key=True),
        sa.Column("level", sa.String, nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sqlite_with_rowid=False,
    )
