"""discord.py as its documentation starts a bot: what the memory of ours is compared with."""

import asyncio
import os

import discord
import yarl
from discord.ext import commands
from discord.gateway import DiscordWebSocket
from discord.http import Route


async def run() -> None:
    """Run until the process is ended; where Discord is says the environment, as for our bot."""
    Route.BASE = os.environ["DISCORD_API_BASE"]
    bot = commands.AutoShardedBot(command_prefix="!", intents=discord.Intents.default())
    async with bot:
        await bot.login(os.environ["DISCORD_TOKEN"])
        _, url, _ = await bot.http.get_bot_gateway()
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(url)
        await bot.connect()


if __name__ == "__main__":
    asyncio.run(run())
