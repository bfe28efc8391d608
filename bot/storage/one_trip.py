"""Takes each SQLite statement to its thread and back once: by itself SQLAlchemy goes four times.

Each way costs a member about as much as the statement itself, and more while the bot is busy. For
what has nothing to tell (BEGIN, an INSERT without RETURNING, a rollback) nobody waits at all: the
thread does what it is sent in its order. If one of them fails, nothing after it is done, the commit
neither, and whoever waits next hears why.
"""

import sqlite3
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

import aiosqlite

AHEAD = 100  # rows
MOST_SENT = 20  # statements that nobody waits for: a large copy would fill the memory


async def connect(file: Path) -> aiosqlite.Connection:
    """Return an open connection to the file."""
    # What SQLAlchemy does too: a cursor may be made outside the thread, and a connection that
    # nobody closed does not keep the process from ending.
    connection = _Connection(lambda: sqlite3.connect(file, check_same_thread=False), AHEAD)
    connection._thread.daemon = True
    return await connection


class _Connection(aiosqlite.Connection):
    _failure: Exception | None = None  # of something sent, since the last rollback
    _is_clean = True  # nothing was sent or asked for since the last commit or rollback

    def cursor(self) -> Any:
        """Return a cursor at once, for SQLAlchemy to enter."""
        return _Cursor(self, self._conn.cursor())

    async def do(self, sql: str, work: Callable[..., Any], *args: Any) -> Any:
        """Return what the thread makes of it, after all before; of what tells nothing, at once.

        Raises:
            sqlite3.Error: this failed, or something before it that nobody waited for.
        """
        self._is_clean = False
        if _tells_nothing(sql) and self._tx.qsize() < MOST_SENT:
            self._tx.put_nowait((None, partial(self._try, work, *args)))
            return None
        return await self._execute(self._go_on, work, *args)  # type: ignore[no-untyped-call]

    def _try(self, work: Callable[..., Any], *args: Any) -> None:
        try:
            self._go_on(work, *args)
        except Exception as error:
            self._failure = error

    def _go_on(self, work: Callable[..., Any], *args: Any) -> Any:
        if self._failure is not None:
            raise self._failure
        return work(*args)

    async def commit(self) -> None:
        """Commit, if nothing failed."""
        await self.do("COMMIT", self._conn.commit)
        self._is_clean = True

    async def rollback(self) -> None:
        """Undo what is not committed."""
        if not self._is_clean:
            self._tx.put_nowait((None, self._undo))
            self._is_clean = True

    def _undo(self) -> None:
        self._conn.rollback()
        self._failure = None


class _Cursor(aiosqlite.Cursor):
    """Brings the first rows along with its statement: mostly that is all there are."""

    _conn: _Connection

    def __init__(self, connection: _Connection, cursor: sqlite3.Cursor) -> None:
        super().__init__(connection, cursor)
        self._ahead: list[Any] = []
        self._has_more = False

    async def execute(self, sql: str, parameters: Iterable[Any] | None = None) -> aiosqlite.Cursor:
        """Run the statement."""
        self._ahead = await self._conn.do(sql, self._run, sql, parameters or ()) or []
        self._has_more = len(self._ahead) == AHEAD
        return self

    async def executemany(self, sql: str, parameters: Iterable[Any]) -> aiosqlite.Cursor:
        """Run the statement with each of the parameters."""
        await self._conn.do(sql, self._cursor.executemany, sql, parameters)
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


def _tells_nothing(sql: str) -> bool:
    # BEGIN IMMEDIATE takes the lock: what follows may rely on that it has it.
    return sql == "BEGIN" or (sql.startswith("INSERT") and "RETURNING" not in sql)
