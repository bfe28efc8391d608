"""Does a whole SQLite transaction in a thread, so that the way there and back is made only once."""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import Connection, Engine, Executable, ScalarResult

from bot.storage.prepared import Preparer

Outcome = TypeVar("Outcome")
Work: TypeAlias = Callable[["InThread"], Coroutine[Any, Any, Outcome]]
Parameters: TypeAlias = Any  # a row's, or a list of them


class AtOnce:
    """Runs transactions on an engine that blocks; the event loop goes on meanwhile.

    Readers take turns in one thread, writers in another: two that take them by turns wake each
    other up, which costs a Done a tenth of its time.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reading = _Thread(engine, "BEGIN")
        # A writer takes the lock at once: upgrading a read lock later can fail half-way.
        self._writing = _Thread(engine, "BEGIN IMMEDIATE")

    async def read(self, work: Work[Outcome]) -> Outcome:
        """Return what `work` makes of the connection, over one state."""
        return await self._reading.run(work)

    async def write(self, work: Work[Outcome]) -> Outcome:
        """Return what `work` makes of the connection, in a transaction that an exception undoes.

        What was begun is brought to its end, even if whoever asked for it is cancelled.
        """
        running = self._writing.run(work)
        try:
            return await asyncio.shield(running)
        except asyncio.CancelledError:
            await asyncio.gather(running, return_exceptions=True)
            raise

    def close(self) -> None:
        """Close every connection, once what was begun is at its end."""
        self._reading.close()
        self._writing.close()
        self._engine.dispose()


class _Thread:
    """Does one transaction after the other, on one connection as long as none fails."""

    def __init__(self, engine: Engine, begin: str) -> None:
        self._engine = engine
        self._begin = begin
        self._preparer = Preparer(engine.dialect)
        self._executor = ThreadPoolExecutor(1, "sqlite")
        self._connection: Connection | None = None

    def run(self, work: Work[Outcome]) -> asyncio.Future[Outcome]:
        loop = asyncio.get_running_loop()
        return loop.run_in_executor(self._executor, self._run, work)

    def _run(self, work: Work[Outcome]) -> Outcome:
        connection = self._connection = self._connection or self._engine.connect()
        try:
            with connection.begin():
                in_thread = InThread(connection, self._preparer)
                # Not by a listener of the engine: for one, SQLAlchemy looks for seven each time.
                in_thread.raw.execute(self._begin)
                return _result(work(in_thread))
        except BaseException:
            self._disconnect()
            raise

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def close(self) -> None:
        self._executor.shutdown()
        self._disconnect()


class InThread:
    """What the stores use of an AsyncConnection, over one that answers before it returns."""

    def __init__(self, connection: Connection, preparer: Preparer) -> None:
        self._connection = connection
        self._preparer = preparer
        self.raw: Any = connection.connection.dbapi_connection
        self.dialect = connection.dialect

    async def execute(self, statement: Executable, parameters: Parameters = None) -> Any:
        """Return the result of the statement."""
        return self._execute(statement, parameters)

    async def scalar(self, statement: Executable, parameters: Parameters = None) -> Any:
        """Return the first column of the first row, or None."""
        return self._execute(statement, parameters).scalar()

    async def scalars(
        self, statement: Executable, parameters: Parameters = None
    ) -> ScalarResult[Any]:
        """Return the first column of all rows."""
        scalars: ScalarResult[Any] = self._execute(statement, parameters).scalars()
        return scalars

    def _execute(self, statement: Executable, parameters: Parameters) -> Any:
        prepared = self._preparer.find(statement, parameters)
        if prepared is None:
            return self._connection.execute(statement, parameters)
        return prepared.run(self.raw, parameters)


def _result(coroutine: Coroutine[Any, Any, Outcome]) -> Outcome:
    """Return what the coroutine returns, which has nothing to wait for in a thread."""
    try:
        coroutine.send(None)
    except StopIteration as end:
        outcome: Outcome = end.value
        return outcome
    coroutine.close()
    raise RuntimeError(f"{coroutine} waits for something else than its connection")
