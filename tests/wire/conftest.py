"""A Discord with one club, for every test that talks to it over sockets."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from .discord_stand_in import DiscordStandIn
from .model import Guild, Permission, User

TOKEN = "MTAwMDAwMDAwMDAwMDAwMDAwMA.Gabcde.not-a-real-token-only-for-the-stand-in"


@pytest.fixture
async def discord() -> AsyncIterator[DiscordStandIn]:
    async with DiscordStandIn(TOKEN) as discord:
        yield discord


@pytest.fixture
def club(discord: DiscordStandIn) -> Guild:
    return discord.add_guild("Harriers", channels=["general", "challenge"], roles=["Runners"])


@pytest.fixture
def runner(discord: DiscordStandIn) -> User:
    return discord.add_user("ada")


@pytest.fixture
def coach(discord: DiscordStandIn) -> User:
    return discord.add_user("coach", Permission.COACH)
