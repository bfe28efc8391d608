"""/streak: how your streak stands, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord import app_commands
from discord.ext import commands

from bot.services.diary import Standing
from bot.ui.illustration import show
from bot.ui.safe import club_id
from bot.ui.streak import StreakCard, StreakWhyCard

if TYPE_CHECKING:
    from bot.client import Bot, Interaction


@app_commands.guild_only()
class StreakCog(commands.GroupCog, group_name="streak", group_description="Your weeks in a row."):
    """A member's own streak."""

    def __init__(self, bot: Bot) -> None:
        self.app = bot.app

    @app_commands.command()
    async def show(self, interaction: Interaction) -> None:
        """See your streak, your freezes and your consistency, for your eyes only."""
        t = self.app.texts.speaking(interaction.locale)
        card = StreakCard(await self._standing(interaction), t)
        await interaction.response.send_message(view=card, ephemeral=True)

    @app_commands.command()
    async def why(self, interaction: Interaction) -> None:
        """See day by day why your streak is as it is, and count a day you forgot."""
        t = self.app.texts.speaking(interaction.locale)
        card = StreakWhyCard(await self._standing(interaction), t)
        await show(interaction, card, ephemeral=True)

    async def _standing(self, interaction: Interaction) -> Standing:
        joined_at = getattr(interaction.user, "joined_at", None)
        return await self.app.diary.standing(club_id(interaction), interaction.user.id, joined_at)


async def setup(bot: Bot) -> None:
    """Load the cog."""
    await bot.add_cog(StreakCog(bot))
