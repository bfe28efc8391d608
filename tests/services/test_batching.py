"""What many ask for at the same moment is done together, and nobody's wish is lost to another's."""

import asyncio
from collections.abc import Sequence

import pytest

from bot.errors import StorageUnavailable
from bot.services.batching import MOST, Batch


class Desk:
    """Doubles numbers, when it is let; a negative one it refuses, and zero spoils all."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.is_asked = asyncio.Event()
        self.is_free = asyncio.Event()
        self.is_free.set()
        self.trouble: Exception | None = None
        self.batch = Batch(self.double)

    async def double(self, numbers: Sequence[int]) -> list[int | Exception]:
        self.batches.append(list(numbers))
        self.is_asked.set()
        await self.is_free.wait()
        if self.trouble is not None:
            raise self.trouble
        if 0 in numbers:
            raise ZeroDivisionError
        return [n * 2 if n > 0 else ValueError(n) for n in numbers]

    def ask(self, *numbers: int) -> list[asyncio.Task[int]]:
        return [asyncio.create_task(self.batch.ask(n)) for n in numbers]


@pytest.fixture
async def desk() -> Desk:
    return Desk()


async def test_who_asks_alone_is_answered_alone(desk):
    assert await desk.batch.ask(4) == 8
    assert await desk.batch.ask(5) == 10
    assert desk.batches == [[4], [5]]


async def test_what_is_asked_while_others_are_served_is_done_together_next(desk):
    desk.is_free.clear()
    first = desk.ask(1)
    await desk.is_asked.wait()
    rest = desk.ask(2, 3, 4)
    await asyncio.sleep(0)
    desk.is_free.set()
    assert await asyncio.gather(*first, *rest) == [2, 4, 6, 8]
    assert desk.batches == [[1], [2, 3, 4]]


async def test_who_asks_again_on_the_answer_is_served_with_those_who_waited(desk):
    async def twice(number: int) -> None:
        await desk.batch.ask(await desk.batch.ask(number))

    desk.is_free.clear()
    eager = [asyncio.create_task(twice(n)) for n in (1, 2, 3)]
    await desk.is_asked.wait()
    patient = desk.ask(7)
    await asyncio.sleep(0)
    desk.is_free.set()
    await asyncio.gather(*eager, *patient)
    assert [sorted(batch) for batch in desk.batches] == [[1, 2, 3], [2, 4, 6, 7]]


async def test_a_crowd_is_served_in_several_batches_in_the_order_they_came(desk):
    numbers = range(1, 2 * MOST + 2)
    assert await asyncio.gather(*desk.ask(*numbers)) == [n * 2 for n in numbers]
    assert [len(batch) for batch in desk.batches] == [MOST, MOST, 1]
    assert [n for batch in desk.batches for n in batch] == list(numbers)


async def test_only_who_is_refused_hears_so(desk):
    answers = await asyncio.gather(*desk.ask(1, -2, 3), return_exceptions=True)
    assert [str(answer) for answer in answers] == ["2", "-2", "6"]
    assert len(desk.batches) == 1


async def test_whose_wish_spoils_the_batch_hears_so_and_the_others_are_served(desk):
    *served, spoiled = await asyncio.gather(*desk.ask(1, 2, 0), return_exceptions=True)
    assert served == [2, 4]
    assert isinstance(spoiled, ZeroDivisionError)
    assert desk.batches == [[1, 2, 0], [1], [2], [0]]


async def test_trouble_with_the_database_is_told_to_all_without_trying_each(desk):
    desk.trouble = StorageUnavailable()
    answers = await asyncio.gather(*desk.ask(1, 2, 3), return_exceptions=True)
    assert answers == [desk.trouble] * 3
    assert desk.batches == [[1, 2, 3]]
    desk.trouble = None
    assert await desk.batch.ask(5) == 10


async def test_who_no_longer_waits_keeps_nobody_from_being_served(desk):
    desk.is_free.clear()
    gone, stays = desk.ask(1, 2)
    await desk.is_asked.wait()
    gone.cancel()
    desk.is_free.set()
    assert await stays == 4
    assert gone.cancelled()
