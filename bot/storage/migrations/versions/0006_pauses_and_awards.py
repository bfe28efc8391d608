"""Pauses, the badges that members were awarded, and the day on which each of them began."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def _id(name: str) -> "sa.Column[int]":
    return sa.Column(name, sa.BigInteger, primary_key=True, autoincrement=False)


def upgrade() -> None:
    """Add tables and column; who is there began with the first completion there is of them."""
    op.create_table(
        "pauses",
        _id("club_id"),
        _id("member_id"),
        sa.Column("first_day", sa.Date, primary_key=True),
        sa.Column("last_day", sa.Date),
        sa.Column("reason", sa.String, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "awards",
        _id("club_id"),
        _id("member_id"),
        sa.Column("badge", sa.String, primary_key=True),
        sa.Column("day", sa.Date, nullable=False),
        sqlite_with_rowid=False,
    )
    op.add_column("members", sa.Column("joined_on", sa.Date))
    op.execute(
        "UPDATE members SET joined_on = (SELECT min(day) FROM completions "
        "WHERE completions.club_id = members.club_id "
        "AND completions.member_id = members.member_id)"
    )
