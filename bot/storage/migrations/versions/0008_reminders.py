"""When members are reminded of the day's move."""

import sqlalchemy as sa
from alembic import op

from bot.storage.tables import Instant

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "reminders",
        sa.Column("club_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("member_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("at", sa.Time, nullable=False),
        sa.Column("weekdays", sa.Integer, nullable=False),
        sa.Column("zone", sa.String, nullable=False),
        sa.Column("locale", sa.String, nullable=False),
        sa.Column("next_due_at", Instant),
        sa.Column("claimed_at", Instant),
        sa.Column("channel_id", sa.BigInteger),
    )
    op.create_index("ix_reminders_next_due_at", "reminders", ["next_due_at"])
