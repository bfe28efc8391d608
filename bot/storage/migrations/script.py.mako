"""${message}."""

import sqlalchemy as sa
from alembic import op

from bot.storage.tables import Instant

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Migrate one version up."""
    ${upgrades if upgrades else "pass"}
