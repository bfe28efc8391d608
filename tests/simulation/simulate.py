"""Runs one world, or worlds until so many club-years have passed."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from unittest.mock import patch

from bot.app import Library, load_library
from bot.settings import SHIPPED_DATA
from bot.storage.database import open_database
from tests.simulation.profile import DEFAULT, Profile
from tests.simulation.storage import Connection, without_threads
from tests.simulation.world import World, listening

MEMORY = Path("/dev/shm")  # the commits are SQLite's own, but no disk makes them wait


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a world without a broken rule went through."""

    seed: int
    club_years: float
    posts: int
    completions: int
    ticks: int

    def __str__(self) -> str:
        return (
            f"seed {self.seed}: {self.club_years:.1f} club-years, {self.posts} posts, "
            f"{self.completions} completions, {self.ticks} ticks"
        )


def simulate(seed: int, *, days: int, profile: Profile = DEFAULT) -> Outcome:
    """Let one world turn for some days; raises RuleBroken with the seed and the last events."""
    folder = MEMORY if MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(dir=folder) as where:
        file = Path(shutil.copy(_migrated(), Path(where) / "club.db"))
        world = World(seed, file, _library(), profile)
        Connection.writer = None
        paceless = patch("cogs.daily.PACE", 0)  # nobody waits for real
        with without_threads(), paceless, listening(lambda: world.rules):
            asyncio.run(world.run(days))
    return Outcome(
        seed=seed,
        club_years=world.club_days / 365,
        posts=len(world.rules.messages),
        completions=len(world.rules.told),
        ticks=world.ticks,
    )


@cache
def _library() -> Library:
    return load_library(SHIPPED_DATA)


@cache
def _migrated() -> Path:
    """A database file with all tables and no rows; each world begins with a copy."""

    async def make() -> None:
        await (await open_database(f"sqlite+aiosqlite:///{file}")).close()

    file = Path(tempfile.mkdtemp()) / "club.db"
    asyncio.run(make())
    return file
