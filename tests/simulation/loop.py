"""An event loop without real time: when everybody waits, the clock jumps to the next to wake."""

import asyncio
import selectors
from typing import Any


class SimulatedTime(asyncio.SelectorEventLoop):
    """Time passes only by waiting; nothing outside the process can wake anybody."""

    def __init__(self) -> None:
        self.elapsed = 0.0
        super().__init__(_NoSockets(self))

    def time(self) -> float:
        """Return the simulated seconds since the loop began."""
        return self.elapsed

    def run_in_executor(self, *_: Any) -> Any:
        """Refuse: a thread's moment does not come from the seed."""
        raise RuntimeError("a simulated world has no threads")


class _NoSockets(selectors.SelectSelector):
    def __init__(self, loop: SimulatedTime) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[Any]:
        if timeout is None:
            raise RuntimeError("everybody waits, and for nothing")
        self._loop.elapsed += max(timeout, 0)
        return []
