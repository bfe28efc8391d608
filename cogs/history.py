"""/history: what you did, a page at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord import app_commands
from discord.ext import commands

from bot.ui.history import HistoryCard
from bot.ui.safe import club_id

if TYPE_CHECKING:
    from bot.client import Bot, Interaction


class HistoryCog(commands.Cog):
    """A member's own history."""

    def __init__(self, bot: Bot) -> None:
        self.app = bot.app

    @app_commands.command()
    @app_commands.guild_only()
    async def history(self, interaction: Interaction) -> None:
        """See every move you did, the latest first, for your eyes only."""
        page = await self.app.diary.history(club_id(interaction), interaction.user.id, 0)
        card = HistoryCard(page, self.app.texts.speaking(interaction.locale))
        await interaction.response.send_message(view=card, ephemeral=True)


async def setup(bot: Bot) -> None:
    """Load the cog."""
    await bot.add_cog(HistoryCog(bot))
