"""Keeps to Discord's limit of requests a second: who wants to send one takes a turn first."""

import asyncio
from collections.abc import Callable
from time import monotonic

LIMIT = 48  # a second; Discord refuses more than 50, and answers to interactions do not count
SLACK = 2  # turns that may be made up for after a late one, so that no second sees more than 50


class Pace:
    """Turns at even distances, in the order in which they are asked for."""

    def __init__(self, per_second: float = LIMIT, clock: Callable[[], float] = monotonic) -> None:
        self._interval = 1 / per_second
        self._clock = clock  # in seconds
        self._next = 0.0

    async def turn(self) -> None:
        """Wait for the next turn."""
        now = self._clock()
        # Counted from the turn before, not from now: a sleep that lasts too long costs nothing.
        mine = max(self._next, now - SLACK * self._interval)
        self._next = mine + self._interval
        await asyncio.sleep(mine - now)
