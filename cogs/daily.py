"""Posts what is due and keeps the tallies fresh, on every tick of the metronome."""

from __future__ import annotations

import logging
from collections.abc import Awaitable
from datetime import date, timedelta
from typing import TYPE_CHECKING

from discord.ext import commands

from bot.clock import Metronome
from bot.services.daily import Challenge
from bot.ui.posting import refresh_challenge, send_challenge

if TYPE_CHECKING:
    from bot.client import Bot

log = logging.getLogger(__name__)

EVERY = timedelta(seconds=5)  # also the least time between two edits of one club's card


class DailyCog(commands.Cog):
    """The daily challenge, without anybody asking."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self.daily = bot.app.daily
        self._metronome = Metronome(self.tick, EVERY)

    async def cog_load(self) -> None:
        """Start ticking, unless somebody else plays the clock."""
        if self.bot.is_ticking:
            self._metronome.start()

    async def cog_unload(self) -> None:
        """Stop ticking, and show the tallies that are not shown yet."""
        if self.bot.is_ticking:
            self._metronome.stop()
        await self._refresh_tallies()

    async def tick(self) -> None:
        """Do what is due; one club's trouble stops neither the others nor the next tick."""
        try:
            for club_id in await self.daily.due():
                await self._guard(club_id, self._send(self.daily.claim(club_id)))
            for club_id, day in await self.daily.unfinished():
                await self._guard(club_id, self._send(self.daily.retry(club_id, day)))
            await self._refresh_tallies()
        except Exception:
            log.exception("a tick failed; the next one tries again")

    async def _refresh_tallies(self) -> None:
        for club_id, day in self.daily.take_outdated():
            await self._guard(club_id, self._refresh(club_id, day))

    async def _guard(self, club_id: int, work: Awaitable[None]) -> None:
        try:
            await work
        except Exception:
            log.exception("club %s: the daily challenge failed", club_id)

    async def _send(self, claim: Awaitable[Challenge | None]) -> None:
        challenge = await claim
        if challenge is not None:
            await send_challenge(self.bot, challenge)

    async def _refresh(self, club_id: int, day: date) -> None:
        try:
            challenge = await self.daily.posted(club_id, day)
            if challenge is not None:
                await refresh_challenge(self.bot, challenge)
        except Exception:
            self.daily.outdate(club_id, day)  # the next tick tries again
            raise


async def setup(bot: Bot) -> None:
    """Load the cog."""
    await bot.add_cog(DailyCog(bot))
