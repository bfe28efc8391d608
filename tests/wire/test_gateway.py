"""A bot that loses its gateway comes back by itself, and answers what it was asked meanwhile."""

from __future__ import annotations

import pytest

from .conftest import Start
from .discord_stand_in import DiscordStandIn
from .model import Guild, User
from .process import BotProcess

pytestmark = pytest.mark.slow


async def answers(discord: DiscordStandIn, runner: User, club: Guild) -> None:
    reply = await discord.slash("exercise", {"name": "monster-steps"}, user=runner, guild=club)
    assert "Monster steps" in reply.text


async def is_back(discord: DiscordStandIn, bot: BotProcess, runner: User, club: Guild) -> None:
    """The bot answers what it was asked while away, has resumed, and answers on."""
    await answers(discord, runner, club)
    await bot.until(discord.resumed())
    await answers(discord, runner, club)


async def test_a_connection_that_ends_is_resumed_and_what_was_missed_is_answered(
    discord: DiscordStandIn, club: Guild, runner: User, start: Start
) -> None:
    async with start() as bot:
        await bot.until(discord.connected())
        await discord.gateway.drop()
        await is_back(discord, bot, runner, club)
        await discord.gateway.ask_to_reconnect()  # opcode 7
        await is_back(discord, bot, runner, club)
        await discord.gateway.invalidate(resumable=True)  # opcode 9
        await is_back(discord, bot, runner, club)
    assert len(discord.gateway.shards) == 1  # it identified once


async def test_a_session_that_is_gone_is_followed_by_another(
    discord: DiscordStandIn, club: Guild, runner: User, start: Start
) -> None:
    async with start() as bot:
        await bot.until(discord.connected())
        await discord.gateway.invalidate(resumable=False)  # opcode 9
        await bot.until(discord.connected())
        await answers(discord, runner, club)
    assert len(discord.gateway.shards) == 2


async def test_a_connection_without_heartbeats_is_left_for_another(
    discord: DiscordStandIn, club: Guild, runner: User, start: Start
) -> None:
    discord.gateway.heartbeat_interval = 1
    async with start() as bot:
        await bot.until(discord.connected())
        discord.gateway.freeze()
        await bot.until(discord.gateway.resumption(), 75)  # the library allows a minute's silence
        await answers(discord, runner, club)
    assert len(discord.gateway.shards) == 1
