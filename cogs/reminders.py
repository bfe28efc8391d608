"""Sends the reminders that are due, on every tick of the metronome."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from discord.ext import commands

from bot.clock import Metronome
from bot.errors import StorageUnavailable
from bot.ui.permissions import NO_ANSWER
from bot.ui.reminder import send_reminder

if TYPE_CHECKING:
    from bot.client import Bot

log = logging.getLogger(__name__)

EVERY = timedelta(seconds=10)
AT_ONCE = 4  # on their way at most: the daily challenges want database and turns, too
ATTEMPT = 50  # seconds that one may take; it ends before the next is made
DRAIN = 5  # seconds that a stop waits for what is being sent

Key = tuple[int, int]


class RemindersCog(commands.Cog):
    """Reminders, at the time of each member."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self.reminders = bot.app.reminders
        self._metronome = Metronome(self.begin, EVERY)
        self._sending: dict[Key, asyncio.Task[None]] = {}
        self._at_once = asyncio.Semaphore(AT_ONCE)
        self._is_stopping = False

    async def cog_load(self) -> None:
        """Start ticking, unless somebody else plays the clock."""
        if self.bot.is_ticking:
            self._metronome.start()

    async def cog_unload(self) -> None:
        """Stop ticking, and let finish what is being sent; the next start does the rest."""
        self._is_stopping = True
        if self.bot.is_ticking:
            self._metronome.stop()
        with suppress(TimeoutError):
            async with asyncio.timeout(DRAIN):
                await self._finish()

    async def tick(self) -> None:
        """Send what is due, and wait until it is done."""
        await self.begin()
        await self._finish()

    async def begin(self) -> None:
        """Begin to send what is due; nobody's trouble stops the others or the next tick."""
        try:
            due = await self.reminders.due() if await self.reminders.leads() else []
        except StorageUnavailable:
            return  # logged already; the next tick tries again
        except Exception:
            log.exception("a tick of the reminders failed; the next one tries again")
            return
        for key in due:
            await self._at_once.acquire()
            if self._is_stopping:
                self._at_once.release()
                break
            self._begin(key)

    def _begin(self, key: Key) -> None:
        if key in self._sending:
            self._at_once.release()
            return
        task = asyncio.create_task(self._remind(*key))
        self._sending[key] = task

        def ended(_: asyncio.Task[None]) -> None:
            del self._sending[key]
            self._at_once.release()

        task.add_done_callback(ended)

    async def _finish(self) -> None:
        while self._sending:
            await asyncio.wait(set(self._sending.values()))

    async def _remind(self, club_id: int, member_id: int) -> None:
        """Send one; whatever goes wrong, the others and its next try go on."""
        try:
            nudge = await self.reminders.claim(club_id, member_id)
            if nudge is not None:
                async with asyncio.timeout(ATTEMPT):
                    await self.bot.pace.turn()
                    await send_reminder(self.bot, nudge)
        except StorageUnavailable:
            pass  # logged once for all; what is due stays so
        except NO_ANSWER as error:
            log.warning("club %s: Discord did not take a reminder: %r", club_id, error)
        except Exception:
            log.exception("club %s: a reminder failed", club_id)


async def setup(bot: Bot) -> None:
    """Load the cog."""
    await bot.add_cog(RemindersCog(bot))
