"""Thousands of challenges due at once: how fast they go out, and slash commands meanwhile."""

import asyncio
import gc
import itertools
import random
import time
from collections.abc import Awaitable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks import installation
from benchmarks.figures import Figure, percentile
from tests.wire.conftest import TOKEN
from tests.wire.discord_stand_in import DiscordStandIn
from tests.wire.model import Guild
from tests.wire.process import BotProcess

CLUBS = 5_000
LIMIT = 50  # requests a second that Discord takes
LATENCY = 0.1  # seconds that Discord takes to answer a request
SLASHES = 12  # a second
SETTLING, IDLE = 10, 90  # seconds after the start, and then in which nothing is due
COMMANDS: Sequence[tuple[str, dict[str, str]]] = (
    ("exercise", {"name": "monster-steps"}),
    ("today", {}),
)
SHARE_GOAL, SLASH_GOAL = 0.95, 1.5


async def measure(clubs: int = CLUBS, idle: float = IDLE) -> list[Figure]:
    """Return the figures: the real process, at a Discord that refuses what is too much."""
    gc.disable()  # pauses of the stand-in are not the bot's, and bunch what it counts
    async with DiscordStandIn(TOKEN) as discord:
        discord.latency = LATENCY
        guilds = [discord.add_guild(f"Club {n}", channels=["hips"]) for n in range(clubs)]
        due = (datetime.now(UTC) + timedelta(seconds=idle + 120)).replace(second=0, microsecond=0)
        with TemporaryDirectory() as name:
            file = Path(name, "clubs.db")
            rows = (installation.club(g.id, g.channels[0].id, due) for g in guilds)
            await installation.make(file, rows)
            runners = Runners(discord, guilds)
            async with _bot(discord, Path(name), installation.url(file)) as bot:
                await bot.until(discord.connected(), 120)
                await bot.until(asyncio.sleep(SETTLING), SETTLING + 1)
                quiet = await bot.until(runners.slash(asyncio.sleep(idle)), idle + 60)
                await asyncio.sleep((due - datetime.now(UTC)).total_seconds())
                posting = asyncio.create_task(_posting(discord, clubs))
                busy = await bot.until(runners.slash(posting), clubs)
    gc.enable()
    refused = sum(discord.limits.refused.values())
    return _figures(clubs, posting.result(), refused, quiet, busy)


def _bot(discord: DiscordStandIn, folder: Path, url: str) -> BotProcess:
    environment = {"DISCORD_TOKEN": TOKEN, "DISCORD_API_BASE": discord.api_base}
    return BotProcess(folder, **environment, DATABASE_URL=url)


class Runners:
    """People who use slash commands at a steady rate, whether they are answered or not."""

    def __init__(self, discord: DiscordStandIn, guilds: list[Guild]) -> None:
        self._discord, self._guilds = discord, guilds
        self._user = discord.add_user("ada")
        self._commands = itertools.cycle(COMMANDS)

    async def slash(self, meanwhile: Awaitable[object]) -> list[float]:
        """Return how many seconds each answer took, of the commands sent in the meantime."""
        ending = asyncio.ensure_future(meanwhile)
        asked: list[asyncio.Task[float]] = []
        while not ending.done():
            asked.append(asyncio.create_task(self._ask()))
            await asyncio.sleep(1 / SLASHES)
        await ending
        return await asyncio.gather(*asked)

    async def _ask(self) -> float:
        name, options = next(self._commands)
        guild = random.choice(self._guilds)
        begin = time.perf_counter()
        await self._discord.slash(name, options, user=self._user, guild=guild)
        return time.perf_counter() - begin


async def _posting(discord: DiscordStandIn, clubs: int) -> float:
    """Return how many seconds lie between the first challenge in a channel and the last."""
    sent = _challenges(discord)
    while not next(sent):
        await asyncio.sleep(0.001)
    begin = time.perf_counter()
    while next(sent) < clubs:
        await asyncio.sleep(0.01)
    return time.perf_counter() - begin


def _challenges(discord: DiscordStandIn) -> Iterator[int]:
    """Return, each time it is asked, how many challenges were accepted so far."""
    seen = sent = 0
    while True:
        for request in discord.requests[seen:]:
            if request.status is None:
                break  # not answered yet
            seen += 1
            is_post = request.method == "POST" and request.route.endswith("/messages")
            sent += is_post and request.status == HTTPStatus.OK
        yield sent


def _figures(
    clubs: int, seconds: float, refused: int, quiet: list[float], busy: list[float]
) -> list[Figure]:
    share = (clubs - 1) / seconds / LIMIT
    ratio = percentile(busy, 99) / percentile(quiet, 99)
    return [
        Figure(
            f"{clubs:,} challenges due at once",
            f"{seconds:.0f} s, {share:.3f} of Discord's {LIMIT} a second",
            f"≥ {SHARE_GOAL}",
            share >= SHARE_GOAL,
        ),
        Figure("answers 429 in that time", str(refused), "0", refused == 0),
        Figure(
            "99th percentile of a slash command in that time",
            f"{percentile(busy, 99) * 1e3:.1f} ms of {len(busy):,}, {ratio:.2f} × idle "
            f"({percentile(quiet, 99) * 1e3:.1f} ms of {len(quiet):,}); "
            f"median {median(busy) * 1e3:.1f} and {median(quiet) * 1e3:.1f} ms",
            f"≤ {SLASH_GOAL} × idle",
            ratio <= SLASH_GOAL,
        ),
    ]


if __name__ == "__main__":
    for figure in asyncio.run(measure()):
        print(figure.what, figure.measured, sep=": ")
