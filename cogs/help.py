"""/help and /about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord import app_commands
from discord.ext import commands

from bot import __version__
from bot.ui.help import AboutCard, HelpCard

if TYPE_CHECKING:
    from bot.client import Bot, Interaction


class HelpCog(commands.Cog):
    """What this bot is and can do."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self.app = bot.app

    @app_commands.command()
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def help(self, interaction: Interaction) -> None:
        """See all commands, a line each."""
        commands = [
            command
            for command in self.bot.tree.walk_commands()
            if isinstance(command, app_commands.Command)
        ]
        is_coach = interaction.guild is not None and interaction.permissions.manage_guild
        t = self.app.texts.speaking(interaction.locale)
        card = HelpCard(commands, is_coach, t)
        await interaction.response.send_message(view=card, ephemeral=True)

    @app_commands.command()
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def about(self, interaction: Interaction) -> None:
        """See the version, the licence, and what is stored about you."""
        t = self.app.texts.speaking(interaction.locale)
        card = AboutCard(__version__, t)
        await interaction.response.send_message(view=card, ephemeral=True)


async def setup(bot: Bot) -> None:
    """Load the cog."""
    await bot.add_cog(HelpCog(bot))
