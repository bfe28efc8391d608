"""Notices what happens to servers: left, back, changed or mended; forgets a club in time."""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

import discord
from discord.ext import commands

from bot.clock import Metronome
from bot.errors import StorageUnavailable, ZoneGone
from bot.ui.permissions import NO_ANSWER, look_up
from bot.ui.posting import mend_club

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
        self._changed: set[int] = set()
        self._looking: set[int] = set()

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
        with suppress(StorageUnavailable):  # logged already; the next time does it
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
        """Notice what changed while the bot was away: who removed it, or took it back."""
        servers = self.bot.guilds  # with those that an outage of Discord hides
        await self.clubs.reconcile({server.id for server in servers}, self._is_ours)
        shown = [server for server in servers if not server.unavailable]
        await self.clubs.learn_locales({s.id: str(s.preferred_locale) for s in shown})

    @commands.Cog.listener()
    async def on_guild_update(self, before: discord.Guild, after: discord.Guild) -> None:
        """Speak a server's new language."""
        if after.preferred_locale != before.preferred_locale:
            await self.clubs.learn_locales({after.id: str(after.preferred_locale)})

    @commands.Cog.listener()
    async def on_server_change(self, club_id: int) -> None:
        """Look whether a club can be posted to again; what happens meanwhile is looked at once."""
        self._changed.add(club_id)
        if club_id in self._looking:
            return
        self._looking.add(club_id)
        try:
            while club_id in self._changed:
                self._changed.remove(club_id)
                await self._mend(club_id)
        finally:
            self._looking.remove(club_id)

    async def _mend(self, club_id: int) -> None:
        try:
            channel_id = await self.clubs.troubled_channel(club_id)
            if channel_id is not None:
                await mend_club(self.bot, club_id, await look_up(self.bot, club_id, channel_id))
        except (StorageUnavailable, ZoneGone):
            pass  # logged already; the next change, or `/club status`, looks again
        except NO_ANSWER as error:
            log.warning("club %s: Discord does not say if it is mended: %r", club_id, error)

    def _is_ours(self, club_id: int) -> bool:
        """Whether one of this process's shards would know the server (Discord's formula)."""
        return (club_id >> 22) % (self.bot.shard_count or 1) in self.bot.shards


async def setup(bot: Bot) -> None:
    """Load the cog."""
    await bot.add_cog(ServersCog(bot))
