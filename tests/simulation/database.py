"""SQLite without threads: every statement is done at once, or is a point where a process crashes.

An async driver of SQLAlchemy over the standard library's sqlite3, in place of aiosqlite. The SQL,
the file, its locks and its commits are real.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from contextvars import ContextVar
from types import ModuleType
from typing import Any

from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.pool import AsyncAdaptedQueuePool
from sqlalchemy.util import await_only

from tests.simulation.life import Crash, Life

RUNNING: ContextVar[Life] = ContextVar("RUNNING")
PATIENCE = 2  # seconds that a writer waits for another, as bot.storage.sqlite asks for


class _Nothing:
    def __await__(self) -> Iterator[None]:
        return iter(())


NOTHING = _Nothing()


class Turns:
    """SQLite's one write lock. SQLite itself would wait for it too, with the whole loop."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._holder: Connection | None = None

    async def take(self, connection: Connection) -> None:
        if self._lock.locked():
            try:
                async with asyncio.timeout(PATIENCE):
                    await self._lock.acquire()
            except TimeoutError:
                busy = sqlite3.OperationalError("database is locked")
                busy.sqlite_errorcode = sqlite3.SQLITE_BUSY
                raise busy from None
        else:
            await self._lock.acquire()
        self._holder = connection

    def give(self, connection: Connection) -> None:
        if self._holder is connection:
            self._holder = None
            self._lock.release()


class Connection(sqlite3.Connection):
    """A connection of one life of a process; it ends with it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.life = RUNNING.get()
        self.life.connections.append(self)

    def cursor(self, *_: Any) -> Cursor:  # type: ignore[override]
        return super().cursor(Cursor)

    def commit(self) -> None:
        if self.in_transaction:
            self._ending(super().commit, "commit")

    def rollback(self) -> None:
        if self.in_transaction:
            self._ending(super().rollback, "rollback")

    def _ending(self, end: Any, name: str) -> None:
        pause(self.life, "before", name)
        try:
            end()
        finally:
            self.life.turns.give(self)
        if not self.life.is_quiet:
            pause(self.life, "after", name)

    def kill(self) -> None:
        """Close as the end of a process does: what is not committed is gone."""
        with suppress(sqlite3.ProgrammingError):  # closed already
            super().rollback()  # an open cursor would keep the lock beyond the end
        super().close()
        self.life.turns.give(self)


class Cursor(sqlite3.Cursor):
    """Runs each statement in the event loop."""

    async def _async_soft_close(self) -> None:
        """Do nothing: SQLAlchemy asks this of an async driver's cursors."""

    def execute(self, statement: str, values: Any = ()) -> Any:
        life = self.connection.life  # type: ignore[attr-defined]
        pause(life, "before", statement)
        if statement == "BEGIN IMMEDIATE":
            await_only(life.turns.take(self.connection))  # type: ignore[arg-type]
            if not life.is_up:  # the process ended meanwhile
                life.turns.give(self.connection)  # type: ignore[arg-type]
                raise Crash
        result = super().execute(statement, values)
        if not life.is_quiet:
            pause(life, "after", statement)
        return result

    def executemany(self, statement: str, values: Any) -> Any:
        life = self.connection.life  # type: ignore[attr-defined]
        pause(life, "before", statement)
        result = super().executemany(statement, values)
        if not life.is_quiet:
            pause(life, "after", statement)
        return result


def pause(life: Life, when: str, statement: str) -> None:
    """Let others run, or crash; most of the time do neither."""
    if life.is_quiet:
        life.steps += 1
        await_only(NOTHING)  # SQLAlchemy wants an async driver to wait for something
        return
    await_only(life.point(when, statement))


class Driver(ModuleType):
    """The standard library's, with connections of its own."""

    def __getattr__(self, name: str) -> Any:
        return getattr(sqlite3, name)

    def connect(self, async_creator_fn: Any) -> Connection:
        [file] = async_creator_fn.args
        return sqlite3.connect(file, factory=Connection)


class Dialect(SQLiteDialect_pysqlite):
    """What `sqlite+simulated://` stands for."""

    driver = "simulated"
    is_async = True
    supports_statement_cache = True

    @classmethod
    def import_dbapi(cls) -> Any:
        return Driver("simulated")

    @classmethod
    def get_pool_class(cls, _url: Any) -> Any:
        return AsyncAdaptedQueuePool  # as with aiosqlite

    def get_driver_connection(self, connection: Any) -> Any:
        return connection


registry.register("sqlite.simulated", __name__, "Dialect")
