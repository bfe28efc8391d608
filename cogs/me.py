"""/me: how you stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.ui.illustration import IllustratedCard, show
from bot.ui.profile import Person, ProfileCard, SessionsCard
from bot.ui.safe import club_id

if TYPE_CHECKING:
    from bot.client import Bot, Interaction


class MeCog(commands.Cog):
    """What a member did."""

    def __init__(self, bot: Bot) -> None:
        self.app = bot.app

    @app_commands.command()
    @app_commands.guild_only()
    async def me(self, interaction: Interaction, member: discord.Member | None = None) -> None:
        """See your week, your streak and your totals, for your eyes only.

        Args:
            member: Somebody else, of whom you see what the leaderboard shows
        """
        t = self.app.texts.speaking(interaction.locale)
        club, shown = club_id(interaction), member or interaction.user
        person = Person(shown.display_name, interaction.guild.name if interaction.guild else "")
        card: IllustratedCard
        if shown.id == interaction.user.id:
            card = ProfileCard(await self.app.practice.progress(club, shown.id), person, t)
        else:
            card = SessionsCard(await self.app.standings.sessions(club, shown.id), person, t)
        await show(interaction, card, ephemeral=True)


async def setup(bot: Bot) -> None:
    """Load the cog."""
    await bot.add_cog(MeCog(bot))
