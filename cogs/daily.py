"""Posts what is due and keeps the tallies fresh, on every tick of the metronome."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from itertools import takewhile
from typing import TYPE_CHECKING

from discord.ext import commands

from bot.clock import Metronome
from bot.domain.challenge import FIRST_DELAY
from bot.errors import StorageUnavailable, ZoneGone
from bot.services.daily import Challenge
from bot.ui.permissions import NO_ANSWER
from bot.ui.posting import (
    leave_alone,
    refresh_challenge,
    resend_challenge,
    send_challenge,
)

if TYPE_CHECKING:
    from bot.client import Bot

log = logging.getLogger(__name__)

EVERY = timedelta(seconds=5)  # also the least time between two edits of one club's card
AHEAD = 8  # jobs at most that wait for the database or their turn: members want both, too
DRAIN = 5  # seconds that a stop waits for what is being sent
ATTEMPT = 50  # seconds that one may take to be sent; it ends before the next is made


@dataclass(frozen=True, slots=True)
class Job:
    """What to do for a club: ask for a challenge, and if there is one, show it."""

    club_id: int
    ask: Callable[[], Awaitable[Challenge | None]]
    show: Callable[[Bot, Challenge], Awaitable[object]]


class DailyCog(commands.Cog):
    """The daily challenge, without anybody asking."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self.daily = bot.app.daily
        self._metronome = Metronome(self.begin, EVERY)
        self._jobs: set[asyncio.Task[None]] = set()
        self._ahead = asyncio.Semaphore(AHEAD)
        self._ticking = asyncio.Lock()
        self._baffled_by: dict[int, str] = {}  # by club, of its last try
        self._is_stopping = False

    async def cog_load(self) -> None:
        """Start ticking, unless somebody else plays the clock."""
        if self.bot.is_ticking:
            self._metronome.start()

    async def cog_unload(self) -> None:
        """Stop ticking, let finish what is being sent, and show the tallies not shown yet."""
        self._is_stopping = True
        if self.bot.is_ticking:
            self._metronome.stop()
        with suppress(TimeoutError):
            async with asyncio.timeout(DRAIN):
                async with self._ticking:
                    await self._refresh_tallies()
                await self._finish()

    async def tick(self) -> None:
        """Do what is due, and wait until it is done."""
        await self.begin()
        await self._finish()

    async def begin(self) -> None:
        """Begin what is due; no club's trouble stops or delays the others or the next tick."""
        async with self._ticking:
            try:
                if await self.daily.leads():
                    await self._post()
                await self._refresh_tallies()  # of the clubs whose buttons this process answers
            except StorageUnavailable:
                pass  # logged already; the next tick tries again
            except Exception:
                log.exception("a tick failed; the next one tries again")

    async def _post(self) -> None:
        """Send what is due, and again what has no outcome yet."""
        due = await self.daily.due()
        await self._paced(
            Job(club_id, partial(self.daily.claim, club_id), send_challenge)
            for club_id in takewhile(self._goes_on, due)
        )
        unfinished = await self.daily.unfinished()
        await self._paced(
            Job(club_id, partial(self.daily.retry, club_id, day), resend_challenge)
            for club_id, day in takewhile(self._goes_on, unfinished)
        )

    def _goes_on(self, _: object) -> bool:
        return not self._is_stopping

    async def _refresh_tallies(self) -> None:
        await self._paced(
            Job(club_id, partial(self._posted, club_id, day), self._refresh)
            for club_id, day in self.daily.take_outdated()
        )

    async def _posted(self, club_id: int, day: date) -> Challenge | None:
        with self._or_later(club_id, day):
            return await self.daily.posted(club_id, day)

    async def _refresh(self, bot: Bot, challenge: Challenge) -> None:
        with self._or_later(challenge.post.club_id, challenge.post.day):
            await refresh_challenge(bot, challenge)

    @contextmanager
    def _or_later(self, club_id: int, day: date) -> Iterator[None]:
        """Write a tally anew later that could not be written now, or took too long."""
        try:
            yield
        except (Exception, asyncio.CancelledError):
            self.daily.outdate(club_id, day, FIRST_DELAY)
            raise

    async def _paced(self, jobs: Iterable[Job]) -> None:
        """Begin the jobs; their requests follow at Discord's pace."""
        for job in jobs:
            await self._ahead.acquire()
            task = asyncio.create_task(self._do(job))
            self._jobs.add(task)
            task.add_done_callback(self._jobs.discard)

    async def _finish(self) -> None:
        """Wait until all that was begun is done."""
        while self._jobs:
            await asyncio.wait(self._jobs)

    async def _do(self, job: Job) -> None:
        with self._reported(job.club_id):
            try:
                challenge = await self._in_turn(job)
            except ZoneGone:
                async with asyncio.timeout(ATTEMPT):
                    await leave_alone(self.bot, job.club_id)
                return
            if challenge is not None:
                async with asyncio.timeout(ATTEMPT):
                    await job.show(self.bot, challenge)

    @contextmanager
    def _reported(self, club_id: int) -> Iterator[None]:
        """Keep one club's trouble its own: log it, the same only once, and go on."""
        try:
            yield
        except StorageUnavailable:
            pass  # logged once for all clubs; what is due stays so
        except NO_ANSWER as error:
            log.warning(
                "club %s: Discord did not take it, a later try may go well: %r", club_id, error
            )
        except Exception as error:
            if self._baffled_by.get(club_id) != repr(error):
                log.exception(
                    "club %s: the daily challenge failed; every tick tries again, and `hipstride "
                    "doctor` looks at the club",
                    club_id,
                )
            self._baffled_by[club_id] = repr(error)
        else:
            self._baffled_by.pop(club_id, None)

    async def _in_turn(self, job: Job) -> Challenge | None:
        """Return the job's challenge when it is its turn; the next job need not wait longer."""
        try:
            await self.bot.pace.give_way()
            challenge = await job.ask()
            if challenge is not None:
                await self.bot.pace.turn()
            return challenge
        finally:
            self._ahead.release()


async def setup(bot: Bot) -> None:
    """Load the cog."""
    await bot.add_cog(DailyCog(bot))
