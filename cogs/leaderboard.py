"""/leaderboard: what the club did together, and who leads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from discord import app_commands
from discord.ext import commands

from bot.domain.standings import Kind, Period
from bot.services.standings import Wanted
from bot.ui.illustration import show
from bot.ui.leaderboard import Leaderboard, find_board

if TYPE_CHECKING:
    from bot.client import Bot, Interaction

BOARDS = {
    "sessions": Kind.SESSIONS,
    "streak": Kind.STREAK,
    "consistency": Kind.CONSISTENCY,
    "club goal": Kind.GOAL,
}
PERIODS = {
    "week": Period.WEEK,
    "month": Period.MONTH,
    "season": Period.SEASON,
    "all time": Period.ALL,
}


class LeaderboardCog(commands.Cog):
    """The boards."""

    def __init__(self, bot: Bot) -> None:
        self.app = bot.app

    @app_commands.command()
    @app_commands.guild_only()
    async def leaderboard(
        self,
        interaction: Interaction,
        period: Literal["week", "month", "season", "all time"] = "week",
        board: Literal["sessions", "streak", "consistency", "club goal"] = "sessions",
        share: bool = False,
    ) -> None:
        """See what your club did together, and who did most.

        Args:
            period: For sessions: this week, this month, the club’s season, or since the beginning
            board: What is counted
            share: Show it to the whole channel instead of only to you
        """
        viewer_id = None if share else interaction.user.id
        wanted = Wanted(kind=BOARDS[board], period=PERIODS[period], viewer_id=viewer_id)
        found = await find_board(interaction, wanted)
        t = self.app.texts.speaking(interaction.locale)
        await show(interaction, Leaderboard(found, t), ephemeral=not share)


async def setup(bot: Bot) -> None:
    """Load the cog."""
    await bot.add_cog(LeaderboardCog(bot))
