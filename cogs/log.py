"""/log: count a move that was done today or a few days ago."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord import app_commands
from discord.ext import commands

from bot.domain.exercise import Level
from bot.errors import NotSetUp
from bot.services.diary import Log
from bot.ui.days import MOST_CHOICES, day_choices
from bot.ui.done import done_line
from bot.ui.safe import club_id

if TYPE_CHECKING:
    from bot.client import Bot, Interaction


class LogCog(commands.Cog):
    """Counting what was done without a card."""

    def __init__(self, bot: Bot) -> None:
        self.app = bot.app

    @app_commands.command()
    @app_commands.guild_only()
    async def log(
        self,
        interaction: Interaction,
        exercise: str,
        when: str = "today",
        level: Level = Level.STANDARD,
    ) -> None:
        """Count any move you did, today or as far back as your club allows.

        Args:
            exercise: Which move: its name, or another name for it
            when: Today, yesterday or a date; pick from the list
            level: Which version; they all count the same
        """
        completion = await self.app.diary.log(
            Log(
                club_id=club_id(interaction),
                member_id=interaction.user.id,
                name=interaction.user.display_name,
                exercise=exercise,
                when=when,
                level=level,
                joined_at=getattr(interaction.user, "joined_at", None),
            )
        )
        t = self.app.texts.speaking(interaction.locale)
        await interaction.response.send_message(done_line(completion, t), ephemeral=True)

    @log.autocomplete("exercise")
    async def suggest(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Offer the exercises that match what was typed."""
        offered = await self.app.moves.offered(interaction.guild_id)
        found = offered.search(typed)[:MOST_CHOICES]
        return [app_commands.Choice(name=e.name, value=e.slug) for e in found]

    @log.autocomplete("when")
    async def suggest_day(
        self, interaction: Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        """Offer the days that count now."""
        try:
            days = await self.app.diary.days_to_log(club_id(interaction))
        except NotSetUp:  # the command itself will say so
            return []
        t = self.app.texts.speaking(interaction.locale)
        return day_choices(typed, days, days[0], t)


async def setup(bot: Bot) -> None:
    """Load the cog."""
    t = bot.app.texts.speaking(None)
    levels = [app_commands.Choice(name=t(f"level.{level.value}"), value=level) for level in Level]
    app_commands.choices(level=levels)(LogCog.log)
    await bot.add_cog(LogCog(bot))
