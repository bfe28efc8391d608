"""Clubs, completions and posts: the first tables."""

import sqlalchemy as sa
from alembic import op

from bot.storage.tables import Instant

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _id(name: str) -> "sa.Column[int]":
    return sa.Column(name, sa.BigInteger, primary_key=True, autoincrement=False)


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "clubs",
        _id("id"),
        sa.Column("channel_id", sa.BigInteger, nullable=False),
        sa.Column("zone", sa.String, nullable=False),
        sa.Column("post_time", sa.Time, nullable=False),
        sa.Column("role_id", sa.BigInteger),
        sa.Column("day_end_hour", sa.Integer, nullable=False),
        sa.Column("credit_days", sa.Integer, nullable=False),
        sa.Column("catch_up_s", sa.Integer, nullable=False),
        sa.Column("paused_at", Instant),
        sa.Column("trouble", sa.String),
        sa.Column("left_at", Instant),
        sa.Column("next_due_at", Instant, nullable=False),
        sa.Column("set_up_by", sa.BigInteger, nullable=False),
        sa.Column("set_up_at", Instant, nullable=False),
    )
    op.create_index("ix_clubs_next_due_at", "clubs", ["next_due_at"])
    op.create_table(
        "targets",
        _id("club_id"),
        sa.Column("from_week", sa.Date, primary_key=True),
        sa.Column("days", sa.Integer, nullable=False),
    )
    op.create_table(
        "members", _id("club_id"), _id("member_id"), sa.Column("name", sa.String, nullable=False)
    )
    op.create_table(
        "completions",
        _id("club_id"),
        _id("member_id"),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("slug", sa.String, primary_key=True),
        sa.Column("level", sa.String, nullable=False),
        sa.Column("done_at", Instant, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "posts",
        _id("club_id"),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("slug", sa.String, nullable=False),
        sa.Column("channel_id", sa.BigInteger, nullable=False),
        sa.Column("due_at", Instant, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("reason", sa.String),
        sa.Column("message_id", sa.BigInteger),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("attempted_at", Instant, nullable=False),
        sa.Column("retry_at", Instant, nullable=False),
        sqlite_with_rowid=False,
    )
    unfinished = sa.text("state = 'claimed'")
    op.create_index(
        "ix_posts_unfinished",
        "posts",
        ["retry_at"],
        sqlite_where=unfinished,
        postgresql_where=unfinished,
    )
    op.create_table(
        "notes",
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("value", sa.String, nullable=False),
    )
