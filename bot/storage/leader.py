"""Which of the processes that share a database runs the clock."""

import asyncio
import logging

from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.storage.postgresql import CLOCK

log = logging.getLogger(__name__)

ANSWER_WITHIN = 10  # seconds; a server that is silent for longer counts as gone


class Leader:
    """This process's claim to the clock: a lock that lives as long as its session in PostgreSQL.

    It ends with the process, however that ends, and with the connection. Between the loss and
    its notice two processes may lead; each post is still claimed once, by its row.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._session: AsyncConnection | None = None
        self._asking = asyncio.Lock()  # the session answers one question at a time

    async def lead(self) -> bool:
        """Return whether this process leads, as before or because nobody else does."""
        async with self._asking:
            return await self._lead()

    async def _lead(self) -> bool:
        if self._session is not None and await self._is_alive(self._session):
            return True
        session = await self._engine.connect()
        try:
            if not await session.scalar(select(func.pg_try_advisory_lock(*CLOCK))):
                return False
            self._session = session
        finally:
            if self._session is not session:
                await session.close()
        log.info("this process runs the clock now, for all that share the database")
        return True

    async def _is_alive(self, session: AsyncConnection) -> bool:
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                await session.scalar(select(1))
        except (DBAPIError, OSError, TimeoutError):
            log.warning("the session that runs the clock is lost")
            await self.step_down()
            return False
        return True

    async def step_down(self) -> None:
        """Leave the clock to another process."""
        session, self._session = self._session, None
        if session is not None:
            await session.invalidate()  # closed, not handed back: the lock ends with the session
            await session.close()
