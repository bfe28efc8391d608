"""Runs statements that SQLAlchemy compiled before: it takes longer over each than SQLite does."""

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias
from weakref import WeakKeyDictionary

from sqlalchemy import Dialect, Executable, Select
from sqlalchemy.engine.result import IteratorResult, SimpleResultMetaData
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.sql.selectable import CompoundSelect

Names: TypeAlias = tuple[str, ...]
Values: TypeAlias = Mapping[str, Any]

READING = Select, CompoundSelect


class Prepared:
    """A statement as SQL, and what its values and those of its rows are turned into."""

    def __init__(self, compiled: SQLCompiler) -> None:
        statement, dialect = compiled.statement, compiled.dialect
        self._sql = str(compiled)
        self._constants = {
            name: value
            for name, value in compiled.params.items()
            if not compiled.binds[name].required
        }
        self._bind = [
            (name, compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect))
            for name in compiled.positiontup or ()
        ]
        self._columns = None
        if isinstance(statement, READING):
            columns = statement.selected_columns
            self._columns = SimpleResultMetaData(columns.keys())
            self._read = [
                column.type.dialect_impl(dialect).result_processor(dialect, None)
                for column in columns
            ]

    def run(self, connection: sqlite3.Connection, parameters: Any) -> Any:
        """Return the result: rows, or of a statement that has none a cursor with its `rowcount`."""
        if isinstance(parameters, list):
            return connection.executemany(self._sql, map(self._bound, parameters))
        cursor = connection.execute(self._sql, self._bound(parameters or {}))
        if self._columns is None:
            return cursor
        return IteratorResult(self._columns, iter([self._row(row) for row in cursor.fetchall()]))

    def _bound(self, given: Values) -> Sequence[Any]:
        values = {**self._constants, **given} if self._constants else given
        return [turn(values[name]) if turn else values[name] for name, turn in self._bind]

    def _row(self, row: Sequence[Any]) -> Any:
        return tuple(
            [turn(value) if turn else value for value, turn in zip(row, self._read, strict=True)]
        )


class Preparer:
    """Prepares the statements that it meets a second time: those are built once, and kept."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._met: WeakKeyDictionary[Executable, dict[Names, Prepared | None]]
        self._met = WeakKeyDictionary()

    def find(self, statement: Executable, parameters: Any) -> Prepared | None:
        """Return the statement prepared for parameters of these names; None: leave it to others."""
        met = self._met.get(statement)
        if met is None:
            self._met[statement] = {}
            return None
        row = parameters[0] if isinstance(parameters, list) else parameters
        names = tuple(row or ())
        if names not in met:
            met[names] = self._prepare(statement, names)
        return met[names]

    def _prepare(self, statement: Executable, names: Names) -> Prepared | None:
        if isinstance(statement, UpdateBase):
            compiled: Any = statement.compile(dialect=self._dialect, column_keys=list(names))
            is_plain = not (compiled.effective_returning or compiled.prefetch)
        elif isinstance(statement, READING):
            compiled, is_plain = statement.compile(dialect=self._dialect), True
        else:
            return None
        # The SQL of a list in it depends on its length.
        is_plain &= not (compiled.post_compile_params or compiled.literal_execute_params)
        return Prepared(compiled) if is_plain else None
