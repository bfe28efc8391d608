"""/exercise: how a move is done, at your own level."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord import app_commands
from discord.ext import commands

from bot.ui.exercise_card import ExerciseCard
from bot.ui.pictures import show

if TYPE_CHECKING:
    from bot.client import Bot, Interaction

MOST_CHOICES = 25  # Discord's limit


class ExerciseCog(commands.Cog):
    """Looking an exercise up."""

    def __init__(self, bot: Bot) -> None:
        self.app = bot.app

    @app_commands.command()
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def exercise(self, interaction: Interaction, name: str, share: bool = False) -> None:
        """See how a hip move is done, step by step, and tap Done.

        Args:
            name: Which move: its name, another name for it, or a muscle
            share: Show it to the whole channel instead of only to you
        """
        assignment = await self.app.practice.assign(interaction.guild_id, name)
        t = self.app.texts.speaking(interaction.locale)
        card = ExerciseCard(assignment.exercise, assignment.day, t)
        await show(interaction, card, ephemeral=not share)

    @exercise.autocomplete("name")
    async def suggest(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Offer the exercises that match what was typed."""
        offered = await self.app.moves.offered(interaction.guild_id)
        found = offered.search(typed)[:MOST_CHOICES]
        return [app_commands.Choice(name=e.name, value=e.slug) for e in found]


async def setup(bot: Bot) -> None:
    """Load the cog."""
    await bot.add_cog(ExerciseCog(bot))
