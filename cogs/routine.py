"""/routine: moves that fit your minutes and what you have, in one go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord import app_commands
from discord.ext import commands

from bot.domain.focus import Focus
from bot.domain.routine import LEAST_MINUTES, MOST_MINUTES, Wish
from bot.ui.equipment import parse_equipment, suggest_equipment
from bot.ui.pictures import show
from bot.ui.routine import RoutineCard, focus_choices

if TYPE_CHECKING:
    from bot.client import Bot, Interaction


class RoutineCog(commands.Cog):
    """Putting a routine together."""

    def __init__(self, bot: Bot) -> None:
        self.app = bot.app

    @app_commands.command()
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def routine(
        self,
        interaction: Interaction,
        minutes: app_commands.Range[int, LEAST_MINUTES, MOST_MINUTES],
        equipment: str = "",
        focus: Focus | None = None,
        share: bool = False,
    ) -> None:
        """Get a routine that fits your minutes: warm up, work, stretch, one Done.

        Args:
            minutes: How long you have, from 5 to 60
            equipment: What you have, with commas between; left out, it is what every home has
            focus: Which part to work on; left out, all around the hips
            share: Show it to the whole channel instead of only to you
        """
        t = self.app.texts.speaking(interaction.locale)
        wish = Wish(minutes=minutes, equipment=parse_equipment(equipment, t), focus=focus)
        offer = await self.app.routines.build(interaction.guild_id, interaction.user.id, wish)
        card = RoutineCard(offer, self.app.knowledge.safety.lights[-1], t)
        await show(interaction, card, ephemeral=not share)

    @routine.autocomplete("equipment")
    async def suggest(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Complete the last of the things typed."""
        return suggest_equipment(typed, self.app.texts.speaking(interaction.locale))


async def setup(bot: Bot) -> None:
    """Load the cog."""
    # discord.py would offer an enum's names; members read words.
    app_commands.choices(focus=focus_choices(bot.app.texts.speaking(None)))(RoutineCog.routine)
    await bot.add_cog(RoutineCog(bot))
