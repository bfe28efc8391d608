"""Runs one world, and says what it went through."""

from __future__ import annotations

import asyncio
import gc
import shutil
import sqlite3
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.app import Library, load_library
from bot.settings import SHIPPED_DATA
from bot.storage.database import open_database
from tests.simulation.loop import SimulatedTime
from tests.simulation.rules import OBSERVE
from tests.simulation.world import World, listening

DAYS, CLUBS = 10, 40  # as in the tests; a seed means the same world only in the same size
MEMORY = Path("/dev/shm")  # the commits are SQLite's own, but no disk makes them wait


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a world without a broken rule went through; `digest` stands for all of it."""

    seed: int
    club_years: float
    posts: int
    completions: int
    ticks: int
    troubles: tuple[tuple[str, int], ...]
    digest: str

    def __str__(self) -> str:
        troubles = ", ".join(f"{count} {name}" for name, count in self.troubles)
        return (
            f"seed {self.seed}: {self.club_years:.1f} club-years, {self.posts} posts, "
            f"{self.completions} completions, {self.ticks} ticks, {troubles}; {self.digest}"
        )


def simulate(seed: int, *, days: int = DAYS, clubs: int = CLUBS, is_thin: bool = False) -> Outcome:
    """Let one world turn for some days; raises RuleBroken with how to see it again.

    `is_thin` leaves out what `thin` does: the same world in two thirds of the time.
    """
    folder = MEMORY if MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(dir=folder) as where, _without_collecting(), _quietly():
        file = Path(shutil.copy(_prepared(), Path(where) / "club.db"))
        with asyncio.Runner(loop_factory=SimulatedTime) as runner:
            return runner.run(_simulate(seed, file, days, clubs, is_thin))


async def _simulate(seed: int, file: Path, days: int, clubs: int, is_thin: bool) -> Outcome:
    world = World(seed, file, _library(), days, clubs, is_thin)
    with listening(lambda: world.rules):
        await world.run()
    world.counts["excused doubles"] += world.rules.excused
    return Outcome(
        seed=seed,
        club_years=world.club_days / 365,
        posts=len(world.rules.messages),
        completions=len(world.rules.told),
        ticks=world.ticks,
        troubles=tuple(sorted(world.counts.items())),
        digest=world.digest,
    )


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Keep the garbage collector, which may unwind things, from choosing the moment."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@contextmanager
def _quietly() -> Iterator[None]:
    """Say nothing of what a crashed process left unawaited."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "coroutine .* was never awaited", RuntimeWarning)
        yield


@cache
def _library() -> Library:
    return load_library(SHIPPED_DATA)


@cache
def _prepared() -> Path:
    """A database file with all tables, no rows, and the triggers that observe it."""

    async def make() -> None:
        await (await open_database(f"sqlite+aiosqlite:///{file}")).close()

    file = Path(tempfile.mkdtemp()) / "club.db"
    asyncio.run(make())
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(OBSERVE)
    return file
