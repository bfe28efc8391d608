"""Done over real sockets, durable: the bot beside bare discord.py that answers a constant.

Whoever presses shares the CPUs with the bot, which of two takes more from a bot with two threads
than from the bare one, which has one. What it is with a CPU for Discord alone is measured, too.
"""

import asyncio
import gc
import itertools
import os
import sqlite3
import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks import installation
from benchmarks.figures import Figure
from benchmarks.slow_disk import SYNC
from tests.wire.conftest import TOKEN
from tests.wire.discord_stand_in import DiscordStandIn
from tests.wire.model import Guild, User

BARE, DURABLE, OURS, SLOW = (
    "benchmarks.bare_bot",
    "benchmarks.bare_durable",
    "bot",
    "benchmarks.slow_disk",
)
CLUBS, MEMBERS = 100, 40  # each member presses once a round, for the first time
AT_ONCE = 64
ALONE = 300  # presses one after the other
ROUNDS = 3  # of each program in turn, so that all have the same neighbours
REPOSITORY = Path(__file__).parents[1]
PATIENCE = 120  # seconds for a start


@dataclass
class Measured:
    """Seconds that one press took alone, and presses a second with many at once."""

    alone: list[float]
    a_second: list[float]


async def measure(rounds: int = ROUNDS) -> list[Figure]:
    """Return the figures; every process has a Discord of its own and a new file."""
    measured = {program: Measured([], []) for program in (BARE, DURABLE, OURS, SLOW)}
    apart = {program: Measured([], []) for program in (BARE, OURS)}
    for _ in range(rounds):
        for program, found in measured.items():
            await _round(program, found)
        for program, found in apart.items():
            with _cpu_of_its_own() as others:
                await _round(program, found, others)
    bare, durable, ours, slow = measured.values()
    return [
        _rate("Done, durable", ours, bare, 0.75),
        _rate(f"the same, each commit {SYNC * 1e3:.1f} ms longer", slow, bare, 0.5),
        _rate("Done, durable, whoever presses on a CPU apart", apart[OURS], apart[BARE]),
        _rate("discord.py with an INSERT each and nothing else", durable, bare),
        _single("one Done alone", ours, bare, 2e-3, "2 ms"),
        _single(
            f"the same, each commit {SYNC * 1e3:.1f} ms longer", slow, bare, 1.5 * SYNC, "1.5 syncs"
        ),
    ]


def _rate(what: str, ours: Measured, bare: Measured, goal: float | None = None) -> Figure:
    mine, floor = median(ours.a_second), median(bare.a_second)
    what = f"{what}, {AT_ONCE} at once"
    found = f"{mine:,.0f} a second, {mine / floor:.2f} × bare discord.py ({floor:,.0f})"
    if goal is None:
        return Figure(what, found)
    return Figure(what, found, f"≥ {goal} ×", mine >= goal * floor)


def _single(what: str, ours: Measured, bare: Measured, more: float, words: str) -> Figure:
    mine, floor = median(ours.alone), median(bare.alone)
    return Figure(
        f"{what}, median",
        f"{mine * 1e3:.2f} ms, bare {floor * 1e3:.2f} ms",
        f"≤ bare + {words}",
        mine <= floor + more,
    )


@contextmanager
def _cpu_of_its_own() -> Iterator[set[int]]:
    """Keep this process to one CPU, and yield those for the bot: the others, if there are any."""
    every = os.sched_getaffinity(0)
    one, *others = sorted(every)
    os.sched_setaffinity(0, {one})
    try:
        yield set(others) or every
    finally:
        os.sched_setaffinity(0, every)


async def _round(program: str, measured: Measured, cpus: set[int] | None = None) -> None:
    gc.disable()  # pauses of the stand-in are not the bot's
    async with DiscordStandIn(TOKEN) as discord:
        discord.latency = 0
        guilds = [discord.add_guild(f"Club {n}", channels=["hips"]) for n in range(CLUBS)]
        users = [discord.add_user(f"runner {n}") for n in range(MEMBERS)]
        now = datetime.now(UTC)
        with TemporaryDirectory() as name:
            file = Path(name, "clubs.db")
            tomorrow = now + timedelta(hours=20)
            await installation.make(
                file, (installation.club(g.id, g.channels[0].id, tomorrow) for g in guilds)
            )
            async with _running(program, discord, file, cpus):
                day = (now - timedelta(hours=3)).date().isoformat()
                pairs = list(itertools.product(guilds, users))
                people = Members(discord, guilds, f"done:monster-steps:{day}:standard")
                first, rest = pairs[:ALONE], pairs[ALONE:]
                measured.alone += [await people.press(*pair) for pair in first]
                begin = time.perf_counter()
                await people.press_all(rest)
                measured.a_second.append(len(rest) / (time.perf_counter() - begin))
            if program != BARE:
                _check(file, len(pairs))
    gc.enable()
    gc.collect()


def _check(file: Path, expected: int) -> None:
    with closing(sqlite3.connect(file)) as connection:
        [count] = connection.execute("SELECT count(*) FROM completions").fetchone()
    if count != expected:
        raise AssertionError(f"{expected} were told that it counts, {count} are in the database")


class Members:
    """People who press Done on a card of today."""

    def __init__(self, discord: DiscordStandIn, guilds: list[Guild], custom_id: str) -> None:
        button = {"type": 2, "id": 2, "style": 3, "label": "Done", "custom_id": custom_id}
        card = {"components": [{"type": 1, "id": 1, "components": [button]}]}
        self._discord = discord
        self._cards = {g.id: discord.create_message(g.channels[0], card, []) for g in guilds}

    async def press_all(self, pairs: Sequence[tuple[Guild, User]]) -> None:
        """Press for each pair once, so many at a time."""
        waiting = iter(pairs)
        await asyncio.gather(*(self._press_next(waiting) for _ in range(AT_ONCE)))

    async def _press_next(self, waiting: Iterator[tuple[Guild, User]]) -> None:
        for guild, user in waiting:
            await self.press(guild, user)

    async def press(self, guild: Guild, user: User) -> float:
        """Return how many seconds the answer took."""
        begin = time.perf_counter()
        reply = await self._discord.click(self._cards[guild.id], user=user)
        if "Monster" not in reply.text:
            raise AssertionError(f"Done was answered with: {reply.text}")
        return time.perf_counter() - begin


@asynccontextmanager
async def _running(
    program: str, discord: DiscordStandIn, file: Path, cpus: set[int] | None
) -> AsyncIterator[None]:
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(REPOSITORY),
        "DISCORD_TOKEN": TOKEN,
        "DISCORD_API_BASE": discord.api_base,
        "DATABASE_URL": installation.url(file),
        "LOG_LEVEL": "WARNING",
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", program),
        cwd=file.parent,
        env=environment,
        stdin=asyncio.subprocess.DEVNULL,
    )
    if cpus is not None:  # before it has begun any thread
        os.sched_setaffinity(process.pid, cpus)
    try:
        async with asyncio.timeout(PATIENCE):
            await discord.gateway.arrival()
        await asyncio.sleep(3)  # discord.py gets ready
        yield
    finally:
        process.terminate()
        await process.wait()


if __name__ == "__main__":
    for figure in asyncio.run(measure()):
        print(figure.what, figure.measured, figure.goal, sep=": ")
