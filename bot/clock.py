"""The metronome: calls one job every few seconds. What is due, only the database knows."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger


def utc_now() -> datetime:
    """Return the time, aware, in UTC."""
    return datetime.now(UTC)


class Metronome:
    """Ticks while it is started; a tick that takes longer swallows those that fall into it."""

    def __init__(self, job: Callable[[], Awaitable[None]], every: timedelta) -> None:
        self._job = job
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._scheduler.add_job(
            self._tick,
            IntervalTrigger(seconds=int(every.total_seconds()), timezone=UTC),
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )

    def start(self) -> None:
        """Tick from now on."""
        self._scheduler.start()

    def stop(self) -> None:
        """Tick no more; a tick that is going on is cancelled."""
        self._scheduler.shutdown(wait=False)

    async def _tick(self) -> None:
        with suppress(asyncio.CancelledError):  # by `stop`, which is nothing to log
            await self._job()
