"""A Discord with one club, for every test that talks to it over sockets."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from bot.storage.database import open_database

from .discord_stand_in import DiscordStandIn
from .model import Guild, Permission, User
from .openapi import OpenApi
from .process import BotProcess
from .records import Records

Start = Callable[..., BotProcess]

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


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the bot's data will be."""
    return tmp_path / "hipstride.db"


@pytest.fixture
def start(discord: DiscordStandIn, tmp_path: Path, file: Path) -> Start:
    """A process that is set up well, but for what the test changes (None: not set)."""

    def start(**changes: str | None) -> BotProcess:
        environment = {
            "DISCORD_TOKEN": TOKEN,
            "DISCORD_API_BASE": discord.api_base,
            "DATABASE_URL": f"sqlite+aiosqlite:///{file}",
            **changes,
        }
        return BotProcess(tmp_path, **{n: v for n, v in environment.items() if v is not None})

    return start


@pytest.fixture
async def records(file: Path, migrated: Path) -> AsyncIterator[Records]:
    shutil.copy(migrated, file)
    database = await open_database(f"sqlite+aiosqlite:///{file}")
    yield Records(database)
    await database.close()
