"""/undo: take back what was counted last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord import app_commands
from discord.ext import commands

from bot.ui.safe import club_id
from bot.ui.undo import UndoneCard

if TYPE_CHECKING:
    from bot.client import Bot, Interaction


class UndoCog(commands.Cog):
    """Taking a completion back."""

    def __init__(self, bot: Bot) -> None:
        self.app = bot.app

    @app_commands.command()
    @app_commands.guild_only()
    async def undo(self, interaction: Interaction) -> None:
        """Take back the move you counted last; one tap puts it back."""
        undone = await self.app.diary.undo(club_id(interaction), interaction.user.id)
        card = UndoneCard(undone, self.app.texts.speaking(interaction.locale))
        await interaction.response.send_message(view=card, ephemeral=True)


async def setup(bot: Bot) -> None:
    """Load the cog."""
    await bot.add_cog(UndoCog(bot))
