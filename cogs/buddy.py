"""/buddy: two members who look after each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.ui.buddy import request_card, send_privately, server_name, standing_card
from bot.ui.safe import club_id

if TYPE_CHECKING:
    from bot.client import Bot, Interaction


class BuddyCog(commands.Cog):
    """Having a buddy."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self.app = bot.app

    @app_commands.command()
    @app_commands.guild_only()
    async def buddy(self, interaction: Interaction, member: discord.Member | None = None) -> None:
        """Ask somebody to be your buddy, or see how you two stand; only the two of you see it.

        Args:
            member: Whom to ask; leave it out to see how you stand
        """
        if member is not None:
            await self._ask(interaction, member)
            return
        standing = await self.app.buddies.standing(club_id(interaction), interaction.user.id)
        card = standing_card(standing, self.app.texts.speaking(interaction.locale))
        await interaction.response.send_message(view=card, ephemeral=True)

    async def _ask(self, interaction: Interaction, member: discord.Member) -> None:
        """Ask privately; who takes no direct messages is asked where the command was used."""
        club = club_id(interaction)
        request = await self.app.buddies.ask(
            club, interaction.user.id, member.id, is_bot=member.bot
        )
        await interaction.response.defer(ephemeral=True, thinking=True)  # Discord may be slow
        t = self.app.texts.speaking(interaction.locale)
        name = interaction.user.display_name
        card = request_card(request, name, server_name(self.bot, club), t)
        if await send_privately(self.bot, member.id, card):
            await interaction.followup.send(t("buddy.asked", member=member.id), ephemeral=True)
            return
        await interaction.followup.send(t("buddy.asked_here", member=member.id), ephemeral=True)
        only = discord.AllowedMentions(everyone=False, roles=False, users=[member])
        await interaction.followup.send(view=card, allowed_mentions=only)


async def setup(bot: Bot) -> None:
    """Load the cog."""
    await bot.add_cog(BuddyCog(bot))
