"""Boards: the derived scores, who is named on none, and what a coach decides about them."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def _key(name: str, kind: Any = sa.BigInteger) -> "sa.Column[Any]":
    return sa.Column(name, kind, primary_key=True, autoincrement=False)


def upgrade() -> None:
    """Add tables and columns; the next start counts the scores of every club."""
    op.create_table(
        "scores",
        _key("club_id"),
        _key("member_id"),
        _key("board", sa.String),
        sa.Column("points", sa.Integer, nullable=False),
        sa.Column("until", sa.Date),
        sqlite_with_rowid=False,
    )
    rank: list[Any] = ["club_id", "board", sa.text("points DESC"), "member_id", "until"]
    op.create_index("ix_scores_rank", "scores", rank)
    op.create_table(
        "score_counts",
        _key("club_id"),
        _key("board", sa.String),
        _key("points", sa.Integer),
        sa.Column("members", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    for column in (
        sa.Column("has_ranking", sa.Boolean, nullable=False, server_default=sa.true()),
        sa.Column("goal", sa.Integer),
        sa.Column("season_first", sa.Date),
        sa.Column("season_last", sa.Date),
        sa.Column("counted_by", sa.Integer),
    ):
        op.add_column("clubs", column)
    hidden = sa.Column("is_hidden", sa.Boolean, nullable=False, server_default=sa.false())
    op.add_column("members", hidden)
    op.add_column("members", sa.Column("left_at", sa.DateTime(timezone=True)))
    op.create_index("ix_members_joined", "members", ["club_id", "joined_on"])
    op.create_index(
        "ix_members_unlisted",
        "members",
        ["club_id"],
        sqlite_where=sa.text("is_hidden = 1 OR left_at IS NOT NULL"),
        postgresql_where=sa.text("is_hidden OR left_at IS NOT NULL"),
    )
