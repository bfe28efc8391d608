"""What hits all clubs at once: Discord's bad days, crashes, outages, and clocks that jump."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.simulation.world import World

JUMPS = (2,) * 8 + (61,) * 8 + (600,) * 2 + (5000,)  # minutes
SOON = timedelta(minutes=2)


class Fate:
    """The world's misfortune; `next` is when it next strikes or relents."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._rng = world.rng
        self.next = world.now

    async def strike(self) -> None:
        """Let something go wrong, or be right again."""
        blows: list[tuple[int, Callable[[], Awaitable[None]]]] = [
            (30, self._change_weather),
            (30, self._arm_crash),
            (10, self._restart),
            (40 if self._world.rules.unsettled else 10, self._set_clock),
        ]
        self.next = self._world.now + self._world.temper.between_blows * self._rng.expovariate(1)
        if self._world.discord.trouble:
            await self._change_weather()
            return
        if self._world.skew:
            await self._set_clock()
            return
        [blow] = self._rng.choices([b for _, b in blows], [weight for weight, _ in blows])
        await blow()

    def hurry(self) -> None:
        """Strike within minutes."""
        self.next = min(self.next, self._world.now + SOON * self._rng.expovariate(1))

    def down_for(self) -> timedelta:
        """Return how long a process that ended stays away."""
        unit, most = self._rng.choices(
            (("seconds", 60), ("minutes", 30), ("hours", 12), ("days", 10)), (600, 300, 60, 5)
        )[0]
        return timedelta(**{unit: self._rng.randint(1, most)})

    async def _change_weather(self) -> None:
        """Let requests fail for some minutes, about any of them."""
        weather = self._world.discord
        weather.trouble = 0 if weather.trouble else self._rng.choice((0.05, 0.2, 0.9))
        if weather.trouble:
            self._world.counts["storms"] += 1
            # Short, for every club pays for it; often when there is something to do.
            self.next = self._world.now + timedelta(minutes=self._rng.expovariate(1 / 15))
            if self._rng.random() < 0.7:
                self.next += max(self._world.soon - self._world.now, timedelta())
        self._world.note(f"Discord fails {weather.trouble:.0%}")

    async def _arm_crash(self) -> None:
        if process := self._world.some_process():
            process.life.arm(self._rng.randint(1, self._rng.choice((30, 300, 1500))))

    async def _restart(self) -> None:
        if process := self._world.some_process():
            self._world.note(f"{process.name} stops")
            await process.stop()
            self._world.rules.disturb()
            self._world.restarts[process.name] = self._world.now + self.down_for()

    async def _set_clock(self) -> None:
        """The machine's clock is set: forward, backward, or right again."""
        world = self._world
        minutes = 0 if world.skew else self._rng.choice(JUMPS) * self._rng.choice((-1, 1))
        world.skew = timedelta(minutes=minutes)
        world.counts["clock jumps"] += 1
        world.note(f"the clock is {world.skew} off")
        if minutes:  # somebody notices
            self.next = world.now + timedelta(hours=self._rng.expovariate(1 / 4))
        world.rules.clock_was_set()
