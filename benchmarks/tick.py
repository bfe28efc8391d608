"""What a tick of the clock costs the database, by the number of clubs of which ten are due."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks import installation
from benchmarks.figures import Figure
from bot.app import App, load_library, open_app
from bot.settings import SHIPPED_DATA, Settings

SIZES = (1_000, 10_000, 100_000)
DUE = 10  # clubs, at every tick
TICKS = 100
BEGIN = datetime(2026, 7, 3, 7, tzinfo=UTC)
EVERY = timedelta(seconds=5)
GOAL = 1.2


@dataclass
class Installation:
    """An app over so many clubs, the clock it is told, and how many seconds its ticks took."""

    size: int
    now: datetime = BEGIN
    due: list[float] = field(default_factory=list)
    idle: list[float] = field(default_factory=list)

    def clock(self) -> datetime:
        """Return the time that this installation is told."""
        return self.now

    async def tick(self, app: App) -> None:
        """Do what the clock does, but for Discord: claim what is due, record it as sent."""
        begin = time.perf_counter()
        due = await app.daily.due()
        for club_id in due:
            challenge = await app.daily.claim(club_id)
            if challenge is not None:
                await app.daily.sent(challenge, club_id)
        await app.daily.unfinished()
        middle = time.perf_counter()
        nothing = [*await app.daily.due(), *await app.daily.unfinished()]
        self.idle.append(time.perf_counter() - middle)
        self.due.append(middle - begin)
        if len(due) != DUE or nothing:
            raise AssertionError(f"{len(due)} clubs were due, then {nothing}")

    def clubs(self) -> Iterator[dict[str, Any]]:
        """Return the clubs: ten due at each tick, the others spread over the next twelve hours."""
        for n in range(self.size):
            is_early = n < DUE * TICKS
            due = BEGIN + (
                n // DUE * EVERY if is_early else timedelta(hours=6 + 12 * n / self.size)
            )
            yield installation.club(n + 1, n + 1, due) | {"post_time": BEGIN.time()}


async def measure() -> list[Figure]:
    """Return the figures; the sizes take turns, so that the machine's moods hit all alike."""
    library = load_library(SHIPPED_DATA)
    sizes = [Installation(size) for size in SIZES]
    with TemporaryDirectory() as folder:
        async with AsyncExitStack() as stack:
            apps = []
            for one in sizes:
                file = Path(folder, f"{one.size}.db")
                await installation.make(file, one.clubs())
                settings = Settings(_env_file=None, database_url=installation.url(file))
                apps.append(await stack.enter_async_context(open_app(settings, one.clock, library)))
            for number in range(TICKS):
                for one, app in zip(sizes, apps, strict=True):
                    one.now = BEGIN + number * EVERY
                    await one.tick(app)
    return [_figure(one, sizes[0]) for one in sizes]


def _figure(one: Installation, floor: Installation) -> Figure:
    due, idle = median(one.due), median(one.idle)
    ratio = due / median(floor.due)
    has_goal = one.size == max(SIZES)
    return Figure(
        f"a tick, {one.size:,} clubs of which {DUE} are due",
        f"{due * 1e3:.1f} ms, {ratio:.2f} × that of {floor.size:,}; with none due "
        f"{idle * 1e3:.1f} ms, {idle / median(floor.idle):.2f} ×",
        f"≤ {GOAL} ×" if has_goal else "",
        ratio <= GOAL if has_goal else None,
    )


if __name__ == "__main__":
    for figure in asyncio.run(measure()):
        print(figure.what, figure.measured, sep=": ")
