"""A club's long runs and races, which the plan of its challenges goes by."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; a club that is there has neither yet."""
    op.add_column(
        "clubs", sa.Column("long_runs", sa.Integer, nullable=False, server_default=sa.text("0"))
    )
    op.add_column(
        "clubs", sa.Column("races", sa.String, nullable=False, server_default=sa.text("''"))
    )
