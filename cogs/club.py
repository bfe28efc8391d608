"""/club: what coaches decide."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.services.clubs import Saved, SetUp
from bot.ui.club import (
    SavedCard,
    StatusCard,
    find_problems,
    managed_server,
    role_problems,
)
from bot.ui.permissions import missing_permissions
from bot.ui.posting import mend_club
from bot.ui.wording import when

if TYPE_CHECKING:
    from bot.client import Bot, Interaction

log = logging.getLogger(__name__)

MOST_CHOICES = 25  # Discord's limit


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class ClubCog(commands.GroupCog, group_name="club", group_description="Set your club up"):
    """Setting the club up."""

    def __init__(self, bot: Bot) -> None:
        self.app = bot.app
        self._last: dict[int, Interaction] = {}

    @app_commands.command()
    async def setup(
        self,
        interaction: Interaction,
        channel: discord.TextChannel,
        time: str,
        timezone: str,
        role: discord.Role | None = None,
        target: app_commands.Range[int, 1, 7] | None = None,
    ) -> None:
        """Choose where and when the daily hip move is posted.

        Args:
            channel: Where it is posted
            time: When, such as 07:00 or 7am
            timezone: Your city or country; pick from the list
            role: A role to ping with it; nobody if left out
            target: Days a week that keep a streak; 3 to begin with
        """
        guild = managed_server(interaction)
        saved = await self.app.clubs.set_up(
            SetUp(
                club_id=guild.id,
                channel_id=channel.id,
                time=time,
                timezone=timezone,
                role_id=role.id if role else None,
                target=target,
                coach_id=interaction.user.id,
                missing=missing_permissions(channel),
            )
        )
        t = self.app.texts.speaking(interaction.locale)
        today = saved.club.calendar.day(self.app.clock())
        problems = role_problems(saved.club, guild, t)
        card = SavedCard(saved, today, problems, t)
        await interaction.response.send_message(view=card, ephemeral=True)
        await self._tell_the_other(interaction, saved)

    async def _tell_the_other(self, interaction: Interaction, saved: Saved) -> None:
        """Tell the coach whose settings were just replaced, while Discord still lets us."""
        other = self._last.get(saved.club.id)
        self._last[saved.club.id] = interaction
        if other is None or other.user == interaction.user or other.is_expired():
            return
        t = self.app.texts.speaking(other.locale)
        try:
            await other.followup.send(
                t("club.was_replaced", coach=interaction.user.id), ephemeral=True
            )
        except discord.HTTPException:
            log.warning("club %s: the other coach was not told", saved.club.id, exc_info=True)

    @setup.autocomplete("timezone")
    async def suggest_zone(
        self, interaction: Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        """Offer the time zones of the city or country typed."""
        now = self.app.clock()
        return [
            app_commands.Choice(name=zone.label(now)[:100], value=zone.name)
            for zone in self.app.zones.search(typed)[:MOST_CHOICES]
        ]

    @app_commands.command()
    async def status(self, interaction: Interaction) -> None:
        """See the settings, the last and the next challenge, and anything that is wrong."""
        guild = managed_server(interaction)
        await mend_club(interaction.client, guild)
        status = await self.app.clubs.status(guild.id)
        t = self.app.texts.speaking(interaction.locale)
        today = status.club.calendar.day(self.app.clock())
        card = StatusCard(status, today, find_problems(status, guild, t), t)
        await interaction.response.send_message(view=card, ephemeral=True)

    @app_commands.command()
    async def pause(self, interaction: Interaction) -> None:
        """Stop the daily challenge until you resume it."""
        guild = managed_server(interaction)
        await self.app.clubs.pause(guild.id)
        t = self.app.texts.speaking(interaction.locale)
        await interaction.response.send_message(t("club.paused_now"), ephemeral=True)

    @app_commands.command()
    async def resume(self, interaction: Interaction) -> None:
        """Start the daily challenge again."""
        guild = managed_server(interaction)
        next_due = await self.app.clubs.resume(guild.id)
        t = self.app.texts.speaking(interaction.locale)
        text = t("club.resumed_now", when=when(next_due))
        await interaction.response.send_message(text, ephemeral=True)


async def setup(bot: Bot) -> None:
    """Load the cog."""
    await bot.add_cog(ClubCog(bot))
