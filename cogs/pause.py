"""/pause: days that cost no streak."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from discord import app_commands
from discord.ext import commands

from bot.domain.pauses import PauseReason
from bot.ui.days import day_choices
from bot.ui.pause import PauseCard
from bot.ui.safe import club_id

if TYPE_CHECKING:
    from bot.client import Bot, Interaction

# The days that are offered unasked; others can be typed.
BACK, AHEAD = 7, 14


class PauseCog(commands.Cog):
    """Pausing, before or after the fact."""

    def __init__(self, bot: Bot) -> None:
        self.app = bot.app

    @app_commands.command()
    @app_commands.guild_only()
    @app_commands.rename(first="from", last="to")
    async def pause(
        self,
        interaction: Interaction,
        reason: PauseReason,
        first: str = "today",
        last: str | None = None,
    ) -> None:
        """Pause for a holiday, an injury or a race, before or after it; only you see it.

        Args:
            reason: Why you pause; nobody else is told
            first: The first day; today if left out, up to four weeks back
            last: The last day; until you end it if left out
        """
        paused = await self.app.diary.pause(
            club_id(interaction), interaction.user.id, first, last, reason
        )
        card = PauseCard(paused, self.app.texts.speaking(interaction.locale))
        await interaction.response.send_message(view=card, ephemeral=True)

    @pause.autocomplete("first")
    @pause.autocomplete("last")
    async def suggest(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Offer the days around today, the nearest first, and what was typed as a date."""
        today = await self.app.practice.day(interaction.guild_id)
        if today is None:
            return []
        ahead = [today + timedelta(days=n) for n in range(AHEAD)]
        back = [today - timedelta(days=n) for n in range(1, BACK + 1)]
        t = self.app.texts.speaking(interaction.locale)
        return day_choices(typed, ahead + back, today, t, is_ahead=True)


async def setup(bot: Bot) -> None:
    """Load the cog."""
    t = bot.app.texts.speaking(None)
    reasons = [
        app_commands.Choice(name=t(f"pause_reason.{reason.value}"), value=reason)
        for reason in PauseReason
    ]
    app_commands.choices(reason=reasons)(PauseCog.pause)
    await bot.add_cog(PauseCog(bot))
