"""/me: how you stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord import app_commands
from discord.ext import commands

from bot.ui.profile import ProfileCard
from bot.ui.safe import club_id

if TYPE_CHECKING:
    from bot.client import Bot, Interaction


class MeCog(commands.Cog):
    """A member's own numbers."""

    def __init__(self, bot: Bot) -> None:
        self.app = bot.app

    @app_commands.command()
    @app_commands.guild_only()
    async def me(self, interaction: Interaction) -> None:
        """See your week, your streak and your totals, for your eyes only."""
        progress = await self.app.practice.progress(club_id(interaction), interaction.user.id)
        t = self.app.texts.speaking(interaction.locale)
        await interaction.response.send_message(view=ProfileCard(progress, t), ephemeral=True)


async def setup(bot: Bot) -> None:
    """Load the cog."""
    await bot.add_cog(MeCog(bot))
