"""The one statement that SQLite and PostgreSQL spell alike but SQLAlchemy keeps apart."""

from functools import cache
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

_DIALECTS: dict[str, Any] = {"sqlite": sqlite, "postgresql": postgresql}


def insert(connection: AsyncConnection, table: Table) -> Any:
    """Return an INSERT that knows `on_conflict_do_nothing` and `on_conflict_do_update`."""
    return insert_by(connection.dialect.name, table)


def insert_by(dialect: str, table: Table) -> Any:
    """Return the same by the name of the database's dialect, for statements that are kept."""
    return _DIALECTS[dialect].insert(table)


def insert_new(connection: AsyncConnection, table: Table) -> Any:
    """Return an INSERT of the row given as parameters that does nothing if there is such a row."""
    return _insert_new(connection.dialect.name, table)


@cache
def _insert_new(dialect: str, table: Table) -> Any:
    return insert_by(dialect, table).on_conflict_do_nothing()
