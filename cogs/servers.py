"""Notices which servers the bot leaves and comes back to, and forgets a club in time."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

import discord
from discord.ext import commands

from bot.clock import Metronome

if TYPE_CHECKING:
    from bot.client import Bot

log = logging.getLogger(__name__)

EVERY = timedelta(hours=6)  # how late a club may be forgotten


class ServersCog(commands.Cog):
    """Coming and going."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self.clubs = bot.app.clubs
        self._metronome = Metronome(self.forget, EVERY)

    async def cog_load(self) -> None:
        """Forget from time to time, unless somebody else plays the clock."""
        if self.bot.is_ticking:
            self._metronome.start()

    async def cog_unload(self) -> None:
        """Forget no more."""
        if self.bot.is_ticking:
            self._metronome.stop()

    async def forget(self) -> None:
        """Delete the data of the clubs that are gone for longer than it is kept."""
        for club_id in await self.clubs.forget():
            log.info("club %s: gone long enough, its data is deleted", club_id)

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Begin the time that the club's data is kept."""
        await self.clubs.left(guild.id)

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Go on if this server is a club."""
        await self.clubs.returned(guild.id)

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Notice who removed the bot, or took it back, while it was away."""
        await self.clubs.reconcile({guild.id for guild in self.bot.guilds}, self._is_ours)

    def _is_ours(self, club_id: int) -> bool:
        """Whether one of this process's shards would know the server (Discord's formula)."""
        return (club_id >> 22) % (self.bot.shard_count or 1) in self.bot.shards


async def setup(bot: Bot) -> None:
    """Load the cog."""
    await bot.add_cog(ServersCog(bot))
