"""A Discord with one club, for every test that talks to it over sockets."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from .discord_stand_in import DiscordStandIn
from .model import Guild, Permission, User
from .openapi import OpenApi

TOKEN = "MTAwMDAwMDAwMDAwMDAwMDAwMA.Gabcde.not-a-real-token-only-for-the-stand-in"


@pytest.fixture(scope="session")
def openapi() -> OpenApi | None:
    """Discord's own description of its API, where DISCORD_OPENAPI names a copy."""
    path = os.environ.get("DISCORD_OPENAPI")
    return OpenApi(Path(path)) if path else None


@pytest.fixture
async def discord(openapi: OpenApi | None) -> AsyncIterator[DiscordStandIn]:
    async with DiscordStandIn(TOKEN, openapi) as discord:
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
