"""The sets that members are following along, so that a restart loses none."""

import sqlalchemy as sa
from alembic import op

from bot.storage.tables import Instant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "guides",
        sa.Column("member_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("id", sa.BigInteger, nullable=False),
        sa.Column("club_id", sa.BigInteger),
        sa.Column("slug", sa.String, nullable=False),
        sa.Column("rung", sa.Integer, nullable=False),
        sa.Column("day", sa.Date),
        sa.Column("locale", sa.String, nullable=False),
        sa.Column("token", sa.String, nullable=False),
        sa.Column("token_ends_at", Instant, nullable=False),
        sa.Column("due_at", Instant, nullable=False),
        sa.Column("phase", sa.Integer, nullable=False),
        sa.Column("left_s", sa.Integer),
        sa.Column("message_id", sa.BigInteger),
    )
    op.create_index("ix_guides_due_at", "guides", ["due_at"])
