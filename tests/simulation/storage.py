"""SQLite without threads: every statement is an await point where a process can stop or crash."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import Any, Protocol
from unittest.mock import patch

import aiosqlite


class Owner(Protocol):
    """The process that a connection belongs to."""

    connections: list[Connection]
    is_up: bool

    async def point(self, name: str) -> None:
        """Let others run, or crash."""


RUNNING: ContextVar[Owner] = ContextVar("RUNNING")


class _Inline:
    """Stands in for aiosqlite's thread and its queue: what is put in is done at once."""

    daemon = True

    def start(self) -> None:
        pass

    def put_nowait(self, item: tuple[asyncio.Future[Any] | None, Callable[[], Any]]) -> None:
        future, function = item
        result = function()
        if future is not None:
            future.set_result(result)


class _File(sqlite3.Connection):
    def close(self) -> None:
        with suppress(sqlite3.ProgrammingError):  # closed already
            self.rollback()  # an open cursor would keep the lock beyond the end
        super().close()


class Connection(aiosqlite.Connection):
    """A connection whose statements run in the event loop, in an order that the seed decides."""

    writer: Connection | None = None  # who holds SQLite's one write lock; a world has one file

    def __init__(self, connector: Callable[[], sqlite3.Connection]) -> None:
        super().__init__(connector, 64)
        self._tx = self._thread = _Inline()
        self.owner = RUNNING.get()
        self.owner.connections.append(self)

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if not self._connection:
            raise ValueError("Connection closed")
        if fn == self._connection.close:
            self._release()
            return fn()
        name = args[0] if args else fn.__name__
        await self.owner.point(f"before {name}")
        if name == "BEGIN IMMEDIATE":
            await self._lock()
        try:
            result = fn(*args, **kwargs)
        finally:
            if not self._connection.in_transaction:
                self._release()
        await self.owner.point(f"after {name}")
        return result

    async def _lock(self) -> None:
        # SQLite itself would wait too, but with the whole loop standing still.
        while Connection.writer not in (None, self):  # noqa: ASYNC110 - the seed decides who is next
            await asyncio.sleep(0)
        if self._connection is None:  # the process crashed meanwhile
            raise ValueError("Connection closed")
        Connection.writer = self

    def _release(self) -> None:
        if Connection.writer is self:
            Connection.writer = None

    def kill(self) -> None:
        """Close as the end of a process does: what is not committed is gone."""
        self._release()
        if self._connection:
            self._connection.close()
            self._connection = None


@contextmanager
def without_threads() -> Iterator[None]:
    """Let every aiosqlite connection opened meanwhile run without a thread."""

    def connect(database: Any, **kwargs: Any) -> Connection:
        return Connection(lambda: sqlite3.connect(database, factory=_File, **kwargs))

    with patch.object(aiosqlite, "connect", connect):
        yield
