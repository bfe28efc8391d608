"""The statements that are not the same for SQLite and PostgreSQL."""

from typing import Any

from sqlalchemy import Table, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection


def insert(connection: AsyncConnection, table: Table) -> Any:
    """Return an INSERT that knows `on_conflict_do_nothing` and `on_conflict_do_update`."""
    dialect = {"sqlite": sqlite, "postgresql": postgresql}[connection.dialect.name]
    return dialect.insert(table)


async def take_turn(connection: AsyncConnection, club_id: int) -> None:
    """Wait until no other transaction has its turn with this club; ours lasts until its end.

    The services read a club, decide, and write. SQLite has one writer at a time. PostgreSQL has
    many, so those of one club queue here, and READ COMMITTED shows each what the one before it
    committed. A lock and not a row: two coaches may set up a club that has no row yet.
    """
    if connection.dialect.name == "postgresql":
        await connection.execute(select(func.pg_advisory_xact_lock(club_id)))
