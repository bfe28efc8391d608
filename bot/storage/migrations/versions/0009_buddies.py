"""Members who look after each other, two and two."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "buddies",
        sa.Column("club_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("member_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("pair_id", sa.BigInteger, nullable=False),
        sa.Column("since", sa.Date, nullable=False),
        sa.Column("takes_nudges", sa.Boolean, nullable=False),
        sa.Column("nudged_on", sa.Date),
    )
    op.create_index("ix_buddies_pair_id", "buddies", ["pair_id"])
