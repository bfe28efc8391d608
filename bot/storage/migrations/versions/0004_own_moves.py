"""Clubs' own moves, what a coach looks at before saving one, and a mark of their last change."""

import sqlalchemy as sa
from alembic import op

from bot.storage.tables import Instant

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def _id(name: str) -> "sa.Column[int]":
    return sa.Column(name, sa.BigInteger, primary_key=True, autoincrement=False)


def upgrade() -> None:
    """Create the tables and the column."""
    op.create_table(
        "exercises",
        _id("club_id"),
        sa.Column("slug", sa.String, primary_key=True),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("definition", sa.String, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("member_id", sa.BigInteger),
        sa.Column("added_at", Instant, nullable=False),
        sa.Column("changed_at", Instant, nullable=False),
    )
    op.create_table(
        "drafts",
        _id("club_id"),
        _id("member_id"),
        sa.Column("token", sa.String, nullable=False),
        sa.Column("content", sa.String, nullable=False),
        sa.Column("made_at", Instant, nullable=False),
    )
    op.add_column("clubs", sa.Column("moves_version", sa.String))
