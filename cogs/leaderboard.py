"""/leaderboard: what the club did together, and who leads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from discord import app_commands
from discord.ext import commands

from bot.domain.standings import Period
from bot.ui.illustration import show
from bot.ui.leaderboard import Leaderboard
from bot.ui.safe import club_id

if TYPE_CHECKING:
    from bot.client import Bot, Interaction

PERIODS = {"week": Period.WEEK, "month": Period.MONTH, "all time": Period.ALL}


class LeaderboardCog(commands.Cog):
    """The board."""

    def __init__(self, bot: Bot) -> None:
        self.app = bot.app

    @app_commands.command()
    @app_commands.guild_only()
    async def leaderboard(
        self,
        interaction: Interaction,
        period: Literal["week", "month", "all time"] = "week",
        share: bool = False,
    ) -> None:
        """See what your club did together, and who did most.

        Args:
            period: This week, this month, or since the beginning
            share: Show it to the whole channel instead of only to you
        """
        board = await self.app.standings.board(
            club_id(interaction), interaction.user.id, PERIODS[period]
        )
        t = self.app.texts.speaking(interaction.locale)
        await show(interaction, Leaderboard(board, t), ephemeral=not share)


async def setup(bot: Bot) -> None:
    """Load the cog."""
    await bot.add_cog(LeaderboardCog(bot))
