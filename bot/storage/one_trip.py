"""Takes each SQLite statement to its thread and back once: by itself SQLAlchemy goes four times.

Each way costs a member about as much as the statement itself, and more while the bot is busy.
"""

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import aiosqlite

AHEAD = 100  # rows


async def connect(file: Path) -> aiosqlite.Connection:
    """Return an open connection to the file."""
    # What SQLAlchemy does too: a cursor may be made outside the thread, and a connection that
    # nobody closed does not keep the process from ending.
    connection = _Connection(lambda: sqlite3.connect(file, check_same_thread=False), AHEAD)
    connection._thread.daemon = True
    return await connection


class _Connection(aiosqlite.Connection):
    def cursor(self) -> Any:
        """Return a cursor at once, for SQLAlchemy to enter."""
        return _Cursor(self, self._conn.cursor())


class _Cursor(aiosqlite.Cursor):
    """Brings the first rows along with its statement: mostly that is all there are."""

    def __init__(self, connection: aiosqlite.Connection, cursor: sqlite3.Cursor) -> None:
        super().__init__(connection, cursor)
        self._ahead: list[Any] = []
        self._has_more = False

    async def execute(self, sql: str, parameters: Iterable[Any] | None = None) -> aiosqlite.Cursor:
        """Run the statement."""
        self._ahead = await self._execute(self._run, sql, parameters or ())  # type: ignore[no-untyped-call]
        self._has_more = len(self._ahead) == AHEAD
        return self

    def _run(self, sql: str, parameters: Any) -> list[Any]:
        return self._cursor.execute(sql, parameters).fetchmany(AHEAD)

    async def fetchall(self) -> list[Any]:
        """Return all rows that are left."""
        rows, self._ahead = self._ahead, []
        return [*rows, *await super().fetchall()] if self._has_more else rows

    async def fetchmany(self, size: int | None = None) -> Iterable[Any]:
        """Return the next rows, about as many as asked for, or none at the end."""
        rows, self._ahead = self._ahead, []
        return rows or await super().fetchmany(size)

    async def fetchone(self) -> Any:
        """Return the next row, or None at the end."""
        return self._ahead.pop(0) if self._ahead else await super().fetchone()

    async def close(self) -> None:
        """Close what may still be open: a statement whose rows are all fetched is not."""
        if self._has_more:
            await super().close()
