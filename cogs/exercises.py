"""/exercises: browse the library."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord import app_commands
from discord.ext import commands

from bot.domain.exercise import Category, Difficulty, Equipment, Muscle
from bot.ui.browse import ExerciseList, Filters, choices
from bot.ui.pictures import show

if TYPE_CHECKING:
    from bot.client import Bot, Interaction


class ExercisesCog(commands.Cog):
    """Browsing the library."""

    def __init__(self, bot: Bot) -> None:
        self.app = bot.app

    @app_commands.command()
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def exercises(
        self,
        interaction: Interaction,
        kind: Category | None = None,
        muscle: Muscle | None = None,
        equipment: Equipment | None = None,
        level: Difficulty | None = None,
    ) -> None:
        """Browse all hip moves, by what you need today.

        Args:
            kind: Strength, activation, core …
            muscle: A muscle that works in it
            equipment: What it takes
            level: For whom its standard version is
        """
        filters = Filters(category=kind, muscle=muscle, equipment=equipment, difficulty=level)
        t = self.app.texts.speaking(interaction.locale)
        offered = await self.app.moves.offered(interaction.guild_id)
        listed = ExerciseList(offered, filters, 0, t)
        await show(interaction, listed)


async def setup(bot: Bot) -> None:
    """Load the cog."""
    # discord.py would offer an enum's names; members read words.
    t = bot.app.texts.speaking(None)
    app_commands.choices(
        kind=choices(Category, "category", t),
        muscle=choices(Muscle, "muscle", t),
        equipment=choices(Equipment, "equipment", t),
        level=choices(Difficulty, "difficulty", t),
    )(ExercisesCog.exercises)
    await bot.add_cog(ExercisesCog(bot))
