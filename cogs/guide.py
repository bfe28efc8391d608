"""Moves on the sets that members follow along, on every tick of the metronome."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from discord.ext import commands

from bot.clock import Metronome
from bot.domain.guide import Guide
from bot.errors import StorageUnavailable
from bot.ui.guide import show_guide
from bot.ui.permissions import NO_ANSWER

if TYPE_CHECKING:
    from bot.client import Bot

log = logging.getLogger(__name__)

EVERY = timedelta(seconds=1)  # the least that Discord's countdown shows
AT_ONCE = 16  # messages at most that are changed at the same time
ATTEMPT = 20  # seconds that one may take; the next tick tries again
DRAIN = 2  # seconds that a stop waits for what is being changed


class GuideCog(commands.Cog):
    """Sets to follow along, from phase to phase."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self.guides = bot.app.guides
        self._metronome = Metronome(self.begin, EVERY)
        self._moving: dict[int, asyncio.Task[None]] = {}
        self._at_once = asyncio.Semaphore(AT_ONCE)

    async def cog_load(self) -> None:
        """Start ticking, unless somebody else plays the clock."""
        if self.bot.is_ticking:
            self._metronome.start()

    async def cog_unload(self) -> None:
        """Stop ticking, and let finish what is being changed; the next start does the rest."""
        if self.bot.is_ticking:
            self._metronome.stop()
        if self._moving:
            await asyncio.wait(set(self._moving.values()), timeout=DRAIN)

    async def tick(self) -> None:
        """Move on what is due, and wait until it is done."""
        await self.begin()
        if self._moving:
            await asyncio.wait(set(self._moving.values()))

    async def begin(self) -> None:
        """Begin to move on what is due; nobody's trouble stops the others or the next tick."""
        try:
            due = await self.guides.due() if await self.guides.leads() else []
        except StorageUnavailable:
            return  # logged already; the next tick tries again
        except Exception:
            log.exception("a tick of the guided sets failed; the next one tries again")
            return
        for guide in due:
            member = guide.member_id
            if member not in self._moving:
                self._moving[member] = asyncio.create_task(self._move(guide))
                self._moving[member].add_done_callback(partial(self._moved, member))

    def _moved(self, member_id: int, _: asyncio.Task[None]) -> None:
        del self._moving[member_id]

    async def _move(self, guide: Guide) -> None:
        """Move one on; whatever goes wrong, the others and its next try go on."""
        try:
            async with self._at_once, asyncio.timeout(ATTEMPT):
                await self._show(guide)
        except StorageUnavailable:
            pass  # logged once for all; what is due stays so
        except NO_ANSWER as error:
            # Only its kind: its text may hold the address, and that the token.
            log.warning("a guided set waits, Discord did not take it: %s", type(error).__name__)
        except Exception:
            log.exception("a guided set could not be moved on")

    async def _show(self, guide: Guide) -> None:
        """Show the phase of this moment, then record it: after a crash it is shown again."""
        found = await self.guides.moved(guide)
        if found is not None and not await show_guide(self.bot, found):
            found = None
        tapped = await self.guides.record(guide, found.guide if found else None)
        if tapped is not None:
            await show_guide(self.bot, tapped)


async def setup(bot: Bot) -> None:
    """Load the cog."""
    await bot.add_cog(GuideCog(bot))
