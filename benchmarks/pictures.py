"""What a picture costs, and how long drawing it holds up everything else."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import median
from typing import Any

import resvg_py

from benchmarks.figures import Figure
from bot.pictures.lettering import Lettering
from bot.pictures.studio import Picture, Studio
from bot.settings import SHIPPED_DATA
from tests.pictures.samples import PICTURES

FONTS = SHIPPED_DATA / "fonts"
SHOWN = ("profile", "board", "strip", "goal")
ROUNDS = 30
STEP = 0.001  # seconds between two looks at the loop
GOAL = 0.020


class Probe:
    """Looks again and again how late the event loop comes to what is due."""

    def __init__(self) -> None:
        self.late: list[float] = []

    async def during(self, work: Awaitable[Any]) -> float:
        """Return the longest time, in seconds, that the loop was held until the work was done."""
        task, begun = asyncio.ensure_future(work), len(self.late)
        while not task.done():
            before = time.perf_counter()
            await asyncio.sleep(STEP)
            self.late.append(time.perf_counter() - before - STEP)
        await task
        return max(self.late[begun:])


async def measure() -> list[Figure]:
    """Return the figures; what the loop is held by is compared with a thread and with nothing."""
    studio, letters, probe = Studio(FONTS), Lettering.read(FONTS), Probe()
    figures = [await _cost(studio, name) for name in SHOWN]
    profile = PICTURES["profile"]
    idle = await probe.during(asyncio.sleep(2))
    thread = await probe.during(_repeated(lambda: asyncio.to_thread(_draw, profile, letters)))
    alone = await probe.during(_repeated(lambda: studio.draw(profile)))
    held = [await probe.during(_many(studio)) for _ in range(ROUNDS)]
    megabytes = _memory(studio)
    studio.close()
    return [
        *figures,
        Figure(
            f"longest hold of the event loop, {ROUNDS} × {len(SHOWN)} pictures at once",
            f"{max(held) * 1e3:.1f} ms (median round {median(held) * 1e3:.1f}); one at a time "
            f"{alone * 1e3:.1f}, in a thread {thread * 1e3:.0f}, with none {idle * 1e3:.1f}",
            f"≤ {GOAL * 1e3:.0f} ms",
            max(held) <= GOAL,
        ),
        Figure(
            "memory of the process that draws, while it does",
            f"{megabytes:.0f} MB at most, fonts too",
        ),
    ]


def _memory(studio: Studio) -> float:
    """Return the most megabytes that the process that draws has held, by Linux's own count."""
    assert studio._worker is not None, "nothing was drawn"
    status = Path(f"/proc/{studio._worker.pid}/status").read_text()
    [peak] = re.findall(r"^VmHWM:\s+(\d+) kB$", status, re.MULTILINE)
    return int(peak) * 1024 / 1e6


async def _cost(studio: Studio, name: str) -> Figure:
    taken, png = [], b""
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        png = await studio.draw(PICTURES[name]) or b""
        taken.append(time.perf_counter() - begin)
        assert png, name
    middle, slowest = median(taken) * 1e3, max(taken) * 1e3
    size = len(png) / 1e3
    return Figure(
        f"a picture: {name}", f"{middle:.0f} ms, the slowest {slowest:.0f}; {size:.0f} kB"
    )


async def _repeated(draw: Callable[[], Awaitable[object]]) -> None:
    for _ in range(ROUNDS // 3):
        await draw()


async def _many(studio: Studio) -> None:
    await asyncio.gather(*(studio.draw(PICTURES[name]) for name in SHOWN))


def _draw(picture: Picture, letters: Lettering) -> bytes:
    files = sorted(str(file) for file in FONTS.glob("*tf"))
    return resvg_py.svg_to_bytes(
        svg_string=picture.svg(letters), skip_system_fonts=True, font_files=files
    )


if __name__ == "__main__":
    for figure in asyncio.run(measure()):
        print(figure.what, figure.measured, sep=": ")
