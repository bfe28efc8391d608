"""The language of a club's server: the bot that posts need not be connected to that server."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; of clubs that are there it is learnt when the bot next starts."""
    op.add_column("clubs", sa.Column("locale", sa.String))
