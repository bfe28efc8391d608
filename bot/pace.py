"""Keeps to Discord's limit of requests a second: who wants to send one takes a turn first."""

import asyncio
from collections import deque
from collections.abc import Callable
from time import monotonic
from types import SimpleNamespace

import aiohttp

LIMIT = 48  # a second; Discord refuses more than 50, and answers to interactions do not count
SECOND = 1.0
HURRY = 2  # how many times faster turns follow each other that were held up by ourselves
# After a refusal discord.py sends all that waited at once, so the next second is theirs.
AFTERWARDS = 1.0
ASIDE = 0.02  # seconds that it takes to answer nearly everybody, and about as long as an interval


class Pace:
    """Turns at even distances, in the order in which they are asked for.

    Never more than the limit in any second, whatever held the event loop up. `clock` is in seconds.
    """

    def __init__(self, per_second: float = LIMIT, clock: Callable[[], float] = monotonic) -> None:
        self._interval = SECOND / per_second
        self._clock = clock
        self._next = 0.0
        self._held_until = 0.0
        self._aside_until = 0.0
        self._latest: deque[float] = deque([-SECOND], maxlen=int(per_second))
        self._queue = asyncio.Lock()

    async def turn(self) -> None:
        """Wait for the next turn."""
        asked = self._clock()
        async with self._queue:
            self._next = max(self._next, asked)  # a quiet time is not made up for
            while (wait := self._earliest() - self._clock()) > 0:  # noqa: ASYNC110 - a clock
                await asyncio.sleep(wait)
            self._next += self._interval
            self._latest.append(self._clock())

    def hold(self, seconds: float) -> None:
        """Give no turn for so long, and until what waited for that has been sent."""
        self._held_until = max(self._held_until, self._clock() + seconds + AFTERWARDS)

    def step_aside(self) -> None:
        """Give no turn while somebody who has just asked is answered.

        None is lost by it, and none put off by more than that, however many ask.
        """
        self._aside_until = self._clock() + ASIDE

    async def give_way(self) -> None:
        """Wait while somebody who has just asked is answered, and not longer, however many ask."""
        latest = self._clock() + ASIDE
        while (wait := min(self._aside_until, latest) - self._clock()) > 0:  # noqa: ASYNC110
            await asyncio.sleep(wait)

    def _earliest(self) -> float:
        is_full = len(self._latest) == self._latest.maxlen
        return max(
            self._next,
            self._latest[-1] + self._interval / HURRY,
            self._latest[0] + SECOND if is_full else 0.0,
            self._held_until,
            min(self._aside_until, self._next + ASIDE),
        )

    def trace(self) -> aiohttp.TraceConfig:
        """Return what notices, in every answer of Discord, that it refuses all for a while."""

        async def note(
            _session: aiohttp.ClientSession,
            _context: SimpleNamespace,
            params: aiohttp.TraceRequestEndParams,
        ) -> None:
            headers = params.response.headers
            if params.response.status == 429 and "X-RateLimit-Global" in headers:
                self.hold(float(headers.get("Retry-After", SECOND)))

        trace = aiohttp.TraceConfig()
        trace.on_request_end.append(note)
        return trace
