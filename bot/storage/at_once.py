"""Does a whole SQLite transaction in a thread, so that the way there and back is made only once."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import Connection, CursorResult, Engine, Executable, ScalarResult

Outcome = TypeVar("Outcome")
Work: TypeAlias = Callable[["InThread"], Coroutine[Any, Any, Outcome]]
Parameters: TypeAlias = Any  # a row's, or a list of them


class AtOnce:
    """Runs transactions on an engine that blocks; the event loop goes on meanwhile."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writer = engine.execution_options(is_write=True)

    async def read(self, work: Work[Outcome]) -> Outcome:
        """Return what `work` makes of the connection, over one state."""
        return await asyncio.to_thread(_run, self._engine, work)

    async def write(self, work: Work[Outcome]) -> Outcome:
        """Return what `work` makes of the connection, in a transaction that an exception undoes.

        What was begun is brought to its end, even if whoever asked for it is cancelled.
        """
        loop = asyncio.get_running_loop()
        running = loop.run_in_executor(None, _run, self._writer, work)
        try:
            return await asyncio.shield(running)
        except asyncio.CancelledError:
            await asyncio.gather(running, return_exceptions=True)
            raise

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()


class InThread:
    """What the stores use of an AsyncConnection, over one that answers before it returns."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.dialect = connection.dialect

    async def execute(
        self, statement: Executable, parameters: Parameters = None
    ) -> CursorResult[Any]:
        """Return the result of the statement."""
        return self._connection.execute(statement, parameters)

    async def scalar(self, statement: Executable, parameters: Parameters = None) -> Any:
        """Return the first column of the first row, or None."""
        return self._connection.scalar(statement, parameters)

    async def scalars(
        self, statement: Executable, parameters: Parameters = None
    ) -> ScalarResult[Any]:
        """Return the first column of all rows."""
        return self._connection.scalars(statement, parameters)


def _run(engine: Engine, work: Work[Outcome]) -> Outcome:
    with engine.begin() as connection:
        return _result(work(InThread(connection)))


def _result(coroutine: Coroutine[Any, Any, Outcome]) -> Outcome:
    """Return what the coroutine returns, which has nothing to wait for in a thread."""
    try:
        coroutine.send(None)
    except StopIteration as end:
        outcome: Outcome = end.value
        return outcome
    coroutine.close()
    raise RuntimeError(f"{coroutine} waits for something else than its connection")
