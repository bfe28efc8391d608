"""discord.py as its documentation starts a bot, with one button: what ours is compared with."""

import asyncio
import os
from typing import Any, Self

import discord
import yarl
from discord.ext import commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

TEMPLATE = r"done:(?P<slug>[a-z0-9-]+):(?P<day>[0-9-]+):(?P<level>[a-z]+)"


class ConstantDone(discord.ui.DynamicItem[discord.ui.Button[Any]], template=TEMPLATE):
    """Says the same to everybody, and stores nothing."""

    @classmethod
    async def from_custom_id(cls, _: Any, item: Any, __: Any, /) -> Self:
        """Return the button."""
        return cls(item)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Answer."""
        await interaction.response.send_message("Noted: Monster steps. Well done!", ephemeral=True)


async def run(button: type[ConstantDone] = ConstantDone) -> None:
    """Run until the process is ended; where Discord is says the environment, as for our bot."""
    Route.BASE = os.environ["DISCORD_API_BASE"]
    bot = commands.AutoShardedBot(command_prefix="!", intents=discord.Intents.default())
    bot.add_dynamic_items(button)
    async with bot:
        await bot.login(os.environ["DISCORD_TOKEN"])
        _, url, _ = await bot.http.get_bot_gateway()
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(url)
        await bot.connect()


if __name__ == "__main__":
    asyncio.run(run())
