"""/remind: a private message with the day's move, at your own time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord import app_commands
from discord.ext import commands

from bot.services.reminders import Wanted
from bot.ui.reminder import ReminderCard, day_set_choices
from bot.ui.safe import club_id
from bot.ui.zones import zone_choices

if TYPE_CHECKING:
    from bot.client import Bot, Interaction


class RemindCog(commands.Cog):
    """Being reminded."""

    def __init__(self, bot: Bot) -> None:
        self.app = bot.app

    @app_commands.command()
    @app_commands.guild_only()
    async def remind(
        self,
        interaction: Interaction,
        at: str | None = None,
        days: str | None = None,
        timezone: str | None = None,
    ) -> None:
        """Get a private message on days you have not done your move; see it or turn it off.

        Args:
            at: When, such as 19:30 or 7pm
            days: On which days, such as Mon-Fri or Tue, Thu; every day to begin with
            timezone: Your city or country; the club’s to begin with
        """
        reminder = await self.app.reminders.set(
            Wanted(
                club_id=club_id(interaction),
                member_id=interaction.user.id,
                locale=str(interaction.locale),
                at=at,
                days=days,
                timezone=timezone,
            )
        )
        card = ReminderCard(reminder, self.app.texts.speaking(interaction.locale))
        await interaction.response.send_message(view=card, ephemeral=True)

    @remind.autocomplete("days")
    async def suggest_days(
        self, interaction: Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        """Offer every day, the working days, the weekend, and what was typed."""
        return day_set_choices(typed, self.app.texts.speaking(interaction.locale))

    @remind.autocomplete("timezone")
    async def suggest_zone(
        self, interaction: Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        """Offer the time zones of the city or country typed."""
        return zone_choices(typed, self.app.zones, self.app.clock())


async def setup(bot: Bot) -> None:
    """Load the cog."""
    await bot.add_cog(RemindCog(bot))
