"""Does in one transaction what many people ask for at the same moment.

A commit is durable when the disk says so, which takes it as long for one as for a hundred.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from bot.errors import StorageUnavailable

MOST = 32  # in one transaction: those who come meanwhile are heard, and written next
TURNS = 2  # of the event loop: in one who is answered goes on, in the other who asks is heard

Wish = TypeVar("Wish")
Outcome = TypeVar("Outcome")
Waiting = tuple[Wish, asyncio.Future[Outcome]]


class Batch(Generic[Wish, Outcome]):
    """Gathers wishes while the ones before are being fulfilled; who asks alone is not kept waiting.

    `fulfil` returns an outcome for each wish, in their order: an exception is raised to whom it
    is about. What `fulfil` raises itself undoes all, so each is then tried alone: nobody's wish
    is lost to another's trouble.
    """

    def __init__(
        self, fulfil: Callable[[Sequence[Wish]], Awaitable[Sequence[Outcome | Exception]]]
    ) -> None:
        self._fulfil = fulfil
        self._waiting: list[Waiting[Wish, Outcome]] = []
        self._working: asyncio.Task[None] | None = None

    async def ask(self, wish: Wish) -> Outcome:
        """Return the outcome as soon as it is durable, or raise what stands in its way."""
        future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiting.append((wish, future))
        if self._working is None:
            self._working = asyncio.create_task(self._work())
        return await future

    async def _work(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
                await self._settle(batch)
                for _ in range(TURNS):  # fewer transactions, of more wishes
                    await asyncio.sleep(0)
        finally:
            self._working = None

    async def _settle(self, batch: Sequence[Waiting[Wish, Outcome]]) -> None:
        outcomes: Sequence[Outcome | BaseException]
        try:
            outcomes = await self._fulfil([wish for wish, _ in batch])
        except Exception as error:
            if len(batch) > 1 and not isinstance(error, StorageUnavailable):
                for each in batch:
                    await self._settle([each])
                return
            outcomes = [error for _ in batch]
        except BaseException as end:  # of the process: nobody is left waiting for it
            outcomes = [end for _ in batch]
        for (_, future), outcome in zip(batch, outcomes, strict=True):
            if future.done():  # who asked no longer waits
                continue
            if isinstance(outcome, BaseException):
                future.set_exception(outcome)
            else:
                future.set_result(outcome)
