"""How many Dones a second one SQLite file takes durably, and how many clubs that serves."""

import asyncio
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.figures import Figure
from bot.app import App, load_library, open_app
from bot.domain.exercise import Level
from bot.services.clubs import SetUp
from bot.settings import SHIPPED_DATA, Settings

CLUBS, MEMBERS = 100, 20  # each member does the move once
AT_ONCE = 16
NOW = datetime(2026, 7, 3, 12, tzinfo=UTC)
# A lively club: twenty Dones in its busiest hour, and all clubs have the same one.
DONES_AN_HOUR = 20
SPARE = 2  # plan with half of what was measured


async def measure() -> list[Figure]:
    """Return Dones a second, beside bare durable inserts, and the clubs that they make."""
    with TemporaryDirectory() as folder:
        floor = _inserts_a_second(Path(folder, "floor.db"))
        url = f"sqlite+aiosqlite:///{folder}/club.db"
        settings = Settings(_env_file=None, database_url=url)
        async with open_app(settings, lambda: NOW, load_library(SHIPPED_DATA)) as app:
            dones = await _dones_a_second(app)
    clubs = int(dones / SPARE * 3600 / DONES_AN_HOUR / 1000) * 1000
    return [
        Figure(
            "Done on SQLite, 16 at once",
            f"{dones:,.0f} a second, {dones / floor:.2f} × a bare durable insert ({floor:,.0f})",
        ),
        Figure(
            f"clubs one file serves, at {DONES_AN_HOUR} Dones in the same hour and half the load",
            f"about {clubs:,}",
        ),
    ]


def _inserts_a_second(file: Path) -> float:
    """Return how many rows a second the standard library commits one by one, as durably."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("CREATE TABLE done (id INTEGER PRIMARY KEY)")
        begin = time.perf_counter()
        for _ in range(CLUBS * MEMBERS):
            connection.execute("INSERT INTO done DEFAULT VALUES")
        return CLUBS * MEMBERS / (time.perf_counter() - begin)


async def _dones_a_second(app: App) -> float:
    for club in range(1, CLUBS + 1):
        wanted = SetUp(
            club_id=club,
            channel_id=1,
            time="07:00",
            timezone="Europe/London",
            role_id=None,
            target=None,
            coach_id=1,
        )
        await app.clubs.set_up(wanted)
    waiting = iter([(club, m) for m in range(MEMBERS) for club in range(1, CLUBS + 1)])
    begin = time.perf_counter()
    await asyncio.gather(*(_do(app, waiting, NOW.date()) for _ in range(AT_ONCE)))
    return CLUBS * MEMBERS / (time.perf_counter() - begin)


async def _do(app: App, waiting: Iterator[tuple[int, int]], day: date) -> None:
    for club, member in waiting:
        await app.practice.mark_done(club, member, "ann", "a-march", day, Level.STANDARD)


if __name__ == "__main__":
    for figure in asyncio.run(measure()):
        print(figure.what, figure.measured, sep=": ")
