"""The memory that each server costs: the bot's process beside bare discord.py, in like servers."""

import asyncio
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.figures import Figure
from tests.wire.conftest import TOKEN
from tests.wire.discord_stand_in import DiscordStandIn

SIZES = (0, 1_000, 5_000)  # servers
CHANNELS = [f"channel-{n}" for n in range(20)]
ROLES = [f"Role {n}" for n in range(10)]
BARE, OURS = "benchmarks.bare_bot", "bot"
REPOSITORY = Path(__file__).parents[1]
EVERY, STEADY = 0.5, 6  # seconds between two looks, and how many of them must agree
NOISE = 0.1  # MB that are no difference
PATIENCE = 120  # seconds for a start
GOAL = 0.2


async def measure(sizes: Sequence[int] = SIZES) -> list[Figure]:
    """Return the figures; every process sees a Discord of its own, with nothing else in it."""
    used = {
        (program, size): await _memory(program, size) for size in sizes for program in (BARE, OURS)
    }
    first, last = min(sizes), max(sizes)
    ours, bare = (
        (used[program, last] - used[program, first]) / (last - first) * 1e3
        for program in (OURS, BARE)
    )
    totals = [
        Figure(
            f"memory in {size:,} servers",
            f"{used[OURS, size]:.0f} MB; bare discord.py {used[BARE, size]:.0f} MB",
        )
        for size in sizes
    ]
    each = Figure(
        f"memory a server of {len(CHANNELS)} channels and {len(ROLES)} roles",
        f"{ours:.1f} kB, {ours / bare:.3f} × bare discord.py's {bare:.1f} kB",
        f"≤ {GOAL} ×",
        ours <= GOAL * bare,
    )
    return [*totals, each]


async def _memory(program: str, servers: int) -> float:
    """Return the resident memory of the program, in MB, once it is in so many servers."""
    async with DiscordStandIn(TOKEN) as discord:
        for n in range(servers):
            discord.add_guild(f"Club {n}", CHANNELS, ROLES)
        with TemporaryDirectory() as folder:
            process = await _start(program, Path(folder), discord.api_base)
            try:
                async with asyncio.timeout(PATIENCE):
                    await discord.gateway.arrival()
                    return await _steady(process.pid)
            finally:
                process.kill()
                await process.wait()


async def _start(program: str, folder: Path, api_base: str) -> asyncio.subprocess.Process:
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(REPOSITORY),
        "DISCORD_TOKEN": TOKEN,
        "DISCORD_API_BASE": api_base,
        "DATABASE_URL": f"sqlite+aiosqlite:///{folder / 'clubs.db'}",
        "LOG_LEVEL": "WARNING",
    }
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", program),
        cwd=folder,
        env=environment,
        stdin=asyncio.subprocess.DEVNULL,
    )


async def _steady(pid: int) -> float:
    """Return the resident memory, in MB, as soon as it does not change any more."""
    seen: list[float] = []
    while len(seen) < STEADY or max(seen[-STEADY:]) - min(seen[-STEADY:]) > NOISE:
        await asyncio.sleep(EVERY)
        seen.append(_resident(pid))
    return seen[-1]


def _resident(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"^VmRSS:\s+(\d+) kB$", status, re.MULTILINE)
    if found is None:
        raise AssertionError(f"the process {pid} has ended")
    return int(found[1]) * 1024 / 1e6


if __name__ == "__main__":
    for figure in asyncio.run(measure()):
        print(figure.what, figure.measured, sep=": ")
