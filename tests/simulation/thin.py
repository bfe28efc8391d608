"""SQLAlchemy's async connections, as far as the bot uses them, in half of their time.

SQLAlchemy still compiles every statement and keeps the pool; what it does between that and the
driver is left out, for a year of a club runs thousands of statements. That nothing else changes is
tested: the same seed gives the same world with SQLAlchemy's own connections.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy.engine.result import IteratorResult, SimpleResultMetaData
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.util import greenlet_spawn

from bot.storage.database import Database
from tests.simulation.life import Crash

Rows = IteratorResult[Any]


def thin_out(database: Database) -> None:
    """Give the open database connections of ours."""
    engine = database._engine
    database._reader = ThinEngine(engine, "BEGIN")  # type: ignore[assignment]
    database._writer = ThinEngine(engine, "BEGIN IMMEDIATE")  # type: ignore[assignment]


class ThinEngine:
    """Readers or writers, by how they begin."""

    def __init__(self, engine: AsyncEngine, begin: str) -> None:
        self.dialect = engine.dialect
        self.begin_with = begin
        self.compiled: dict[Any, Any] = {}
        self.readers: dict[Any, Any] = {}
        self._engine = engine.sync_engine

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[ThinConnection]:
        pooled = await greenlet_spawn(self._engine.raw_connection)
        connection = ThinConnection(self, pooled)
        try:
            yield connection
        finally:
            # As SQLAlchemy does it: the loop goes round meanwhile.
            await asyncio.shield(asyncio.create_task(connection.close()))

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[ThinConnection]:
        async with self.connect() as connection:
            await connection.begin()
            try:
                yield connection
            except BaseException:
                await connection.end("rollback")
                raise
            await connection.end("commit")


class ThinConnection:
    """A connection in a transaction, from the first statement on."""

    def __init__(self, engine: ThinEngine, pooled: Any) -> None:
        self.dialect = engine.dialect
        self._pooled = pooled
        self._driver = pooled.dbapi_connection
        self._life = self._driver.life
        self._begin = engine.begin_with
        self._compiled, self._readers = engine.compiled, engine.readers
        self._has_begun = False

    async def begin(self) -> None:
        self._has_begun = True
        await self._run(self._begin, [()])

    async def end(self, how: str) -> None:
        """Commit or roll back."""
        self._has_begun = False
        if not self._life.is_up or not self._driver.in_transaction:
            return
        await self._pause("before", how)
        try:
            getattr(sqlite3.Connection, how)(self._driver)
        finally:
            self._life.turns.give(self._driver)
        if not self._life.is_quiet:
            await self._pause("after", how)

    async def close(self) -> None:
        if self._has_begun:
            await self.end("rollback")
        if self._life.is_up:
            await greenlet_spawn(self._pooled.close)
        elif self._pooled.is_valid:
            self._pooled.invalidate()

    async def execute(self, statement: Any, values: Any = None) -> Rows:
        if not self._has_begun:
            await self.begin()
        many = values if isinstance(values, Sequence) else [values or {}]
        compiled, extracted, collected, _ = statement._compile_w_cache(
            self.dialect,
            compiled_cache=self._compiled,
            column_keys=sorted(many[0]),
            for_executemany=len(many) > 1,
        )
        bound = [
            self._bound(compiled, each, n, extracted, collected) for n, each in enumerate(many)
        ]
        ran = await self._run(bound[0][0], [values for _, values in bound])
        return self._result(compiled, *ran)

    async def scalar(self, statement: Any, values: Any = None) -> Any:
        return (await self.execute(statement, values)).scalar()

    async def scalars(self, statement: Any, values: Any = None) -> Any:
        return (await self.execute(statement, values)).scalars()

    @staticmethod
    def _bound(
        compiled: Any, values: Any, group: int, extracted: Any, collected: Any
    ) -> tuple[str, list[Any]]:
        """Return the statement with its lists written out, and its values in their order."""
        named = compiled.construct_params(
            values,
            escape_names=False,
            _group_number=group,
            extracted_parameters=extracted,
            _collected_params=collected,
        )
        sql, processors, names = compiled.string, compiled._bind_processors, compiled.positiontup
        if compiled.post_compile_params:
            expanded = compiled._process_parameters_for_postcompile(named)
            sql, names = expanded.statement, expanded.positiontup
            processors = {**processors, **expanded.processors}
        return sql, [
            processors[name](named[name]) if name in processors else named[name] for name in names
        ]

    def _result(self, compiled: Any, cursor: sqlite3.Cursor, rows: list[Any]) -> Rows:
        if compiled not in self._readers:
            self._readers[compiled] = self._reader(compiled, cursor)
        metadata, processors = self._readers[compiled]
        if processors:
            rows = [self._read(row, processors) for row in rows]
        result = IteratorResult(metadata, iter(rows))
        result.rowcount = cursor.rowcount  # type: ignore[attr-defined]
        return result

    def _reader(self, compiled: Any, cursor: sqlite3.Cursor) -> Any:
        """Return what to call the columns of a statement's rows, and how to read them."""
        columns = compiled._result_columns if cursor.description else []
        processors = [
            (n, processor)
            for n, column in enumerate(columns)
            if (processor := column.type._cached_result_processor(self.dialect, None))
        ]
        return SimpleResultMetaData([column.keyname for column in columns]), processors

    @staticmethod
    def _read(row: tuple[Any, ...], processors: list[tuple[int, Any]]) -> tuple[Any, ...]:
        values = list(row)
        for n, process in processors:
            values[n] = process(values[n])
        return tuple(values)

    async def _run(self, sql: str, many: Sequence[Any]) -> tuple[sqlite3.Cursor, list[Any]]:
        """Run one statement and return its rows, or crash before or after it."""
        life, driver = self._life, self._driver
        try:
            await self._pause("before", sql)
            if sql == "BEGIN IMMEDIATE":
                await life.turns.take(driver)
                if not life.is_up:  # the process ended meanwhile
                    life.turns.give(driver)
                    raise Crash
            cursor = sqlite3.Connection.cursor(driver, sqlite3.Cursor)
            rows = [row for values in many for row in cursor.execute(sql, values)]
        except sqlite3.OperationalError as error:
            raise OperationalError(sql, None, error) from error
        if not life.is_quiet:
            await self._pause("after", sql)
        return cursor, rows

    async def _pause(self, when: str, what: str) -> None:
        """As `database.pause`, without a greenlet."""
        if self._life.is_quiet:
            self._life.steps += 1
            return
        try:
            await self._life.point(when, what)
        except Crash:
            self._pooled.invalidate()  # nobody else may get round to it
            raise
