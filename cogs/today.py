"""/today: the club's challenge, for you alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord import app_commands
from discord.ext import commands

from bot.ui.pictures import show
from bot.ui.safe import club_id
from bot.ui.today import TodayCard

if TYPE_CHECKING:
    from bot.client import Bot, Interaction


class TodayCog(commands.Cog):
    """Today's challenge."""

    def __init__(self, bot: Bot) -> None:
        self.app = bot.app

    @app_commands.command()
    @app_commands.guild_only()
    async def today(self, interaction: Interaction) -> None:
        """See your club's hip move of today, privately, and tap Done."""
        today = await self.app.diary.today(club_id(interaction), interaction.user.id)
        card = TodayCard(today, self.app.texts.speaking(interaction.locale))
        await show(interaction, card)


async def setup(bot: Bot) -> None:
    """Load the cog."""
    await bot.add_cog(TodayCog(bot))
