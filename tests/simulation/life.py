"""One life of a process, from a start to a stop or a crash."""

from __future__ import annotations

import asyncio
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.simulation.database import Connection, Turns

STALLS = (0, 0, 0, 0, 0.02, 0.3)  # seconds that the other process has, in a race


class Crash(BaseException):
    """The process ends here; nothing in it may catch this."""


class Life:
    """What a process has that a crash takes away. Nothing of it acts once it is over."""

    def __init__(self, turns: Turns, rng: Random) -> None:
        self.turns = turns
        self.connections: list[Connection] = []
        self.is_up = True
        self.is_quiet = True
        self.steps = 0
        self.crashed_at = ""
        self._rng = rng
        self._crash_in: int | None = None
        self._is_racing = False

    def arm(self, points: int) -> None:
        """Let it crash after so many points."""
        self._crash_in = points
        self._settle()

    def race(self, is_racing: bool) -> None:
        """Let another process go first, here and there, from now on or no more."""
        self._is_racing = is_racing
        self._settle()

    async def point(self, when: str, what: str) -> None:
        """Crash here if it was time to; in a race, perhaps let the other process go first."""
        if not self.is_up:
            raise Crash
        self.steps += 1
        if self._is_racing and self._rng.random() < 0.2:
            await asyncio.sleep(self._rng.choice(STALLS))
            if not self.is_up:
                raise Crash
        if self._crash_in is not None:
            self._crash_in -= 1
            if self._crash_in <= 0:
                self.crashed_at = f"{when} {what.split(' (', maxsplit=1)[0][:60]!r}"
                self.end()
                raise Crash

    def end(self) -> None:
        """Be over: what is not committed is gone, and what still unwinds reaches nothing."""
        self.is_up = False
        self._crash_in = None
        self._is_racing = False
        self._settle()
        for connection in self.connections:
            connection.kill()
        self.connections.clear()

    def _settle(self) -> None:
        self.is_quiet = self.is_up and self._crash_in is None and not self._is_racing
