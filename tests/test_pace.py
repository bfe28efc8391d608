import asyncio
import itertools

import pytest

from bot.pace import ASIDE, Pace

sleep = asyncio.sleep


class Loop:
    """A clock whose sleeps end at once, or too late by what the test says."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 100.0
        self.late = iter(())
        monkeypatch.setattr("bot.pace.asyncio.sleep", self.sleep)

    async def sleep(self, seconds: float) -> None:
        await sleep(0)
        self.now += seconds + next(self.late, 0.0)


@pytest.fixture
def loop(monkeypatch: pytest.MonkeyPatch) -> Loop:
    return Loop(monkeypatch)


async def moments(pace: Pace, loop: Loop, turns: int) -> list[float]:
    """When each of so many turns came."""
    begun = []
    for _ in range(turns):
        await pace.turn()
        begun.append(loop.now)
    return begun


def most_in_a_second(begun: list[float]) -> int:
    return max(sum(1 for b in begun if a <= b < a + 0.9999) for a in begun)


async def test_turns_come_at_even_distances(loop):
    begun = await moments(Pace(48, lambda: loop.now), loop, 200)
    gaps = [b - a for a, b in itertools.pairwise(begun)]
    assert max(gaps) == pytest.approx(1 / 48) == min(gaps)


@pytest.mark.parametrize("late", [0.001, 0.02, 0.1, 0.4, 3.0])
async def test_no_second_sees_more_turns_than_the_limit_whatever_holds_the_loop_up(loop, late):
    loop.late = iter([late if n % 7 == 0 else 0.0 for n in range(500)])
    assert most_in_a_second(await moments(Pace(48, lambda: loop.now), loop, 300)) <= 48


async def test_who_waited_while_the_loop_was_held_up_loses_nothing(loop):
    pace = Pace(48, lambda: loop.now)
    begun: list[float] = []

    async def take():
        await pace.turn()
        begun.append(loop.now)

    loop.late = iter([0.0] * 3 + [0.04])
    await asyncio.gather(*(take() for _ in range(20)))
    assert begun[-1] - begun[0] == pytest.approx(19 / 48)


async def test_who_asks_is_answered_first_and_no_turn_is_lost_by_it(loop):
    pace = Pace(48, lambda: loop.now)
    begun: list[float] = []
    for n in range(200):
        if is_asked := n % 4 == 3:
            loop.now += 0.015
            asked = loop.now
            pace.step_aside()
        await pace.turn()
        begun.append(loop.now)
        assert not is_asked or loop.now - asked == pytest.approx(ASIDE)
    assert most_in_a_second(begun) <= 48
    assert begun[-3] - begun[0] == pytest.approx(197 / 48)


async def test_turns_go_on_where_somebody_asks_all_the_time(loop, monkeypatch):
    pace = Pace(48, lambda: loop.now)

    async def sleep_and_be_asked(seconds):
        await loop.sleep(seconds)
        pace.step_aside()

    monkeypatch.setattr("bot.pace.asyncio.sleep", sleep_and_be_asked)
    async with asyncio.timeout(5):
        begun = await moments(pace, loop, 100)
    assert begun[-1] - begun[0] == pytest.approx(99 / 48, abs=2 * ASIDE)


async def test_what_needs_no_turn_gives_way_while_somebody_is_answered(loop):
    pace = Pace(48, lambda: loop.now)
    before = loop.now
    await pace.give_way()
    assert loop.now == before
    pace.step_aside()
    await pace.give_way()
    assert loop.now - before == pytest.approx(ASIDE)


async def test_what_gives_way_goes_on_where_somebody_asks_all_the_time(loop, monkeypatch):
    pace = Pace(48, lambda: loop.now)

    async def sleep_and_be_asked(seconds):
        await loop.sleep(min(seconds, 0.001))
        pace.step_aside()

    monkeypatch.setattr("bot.pace.asyncio.sleep", sleep_and_be_asked)
    before = loop.now
    pace.step_aside()
    async with asyncio.timeout(5):
        await pace.give_way()
    assert loop.now - before == pytest.approx(ASIDE)


async def test_a_refusal_of_discords_is_waited_for_and_the_second_after_it(loop):
    pace = Pace(48, lambda: loop.now)
    await pace.turn()
    pace.hold(0.5)
    before = loop.now
    await pace.turn()
    assert loop.now - before == pytest.approx(1.5)


async def test_turns_asked_for_together_come_in_the_order_of_asking():
    pace = Pace(per_second=1000)
    came: list[int] = []

    async def take(number: int) -> None:
        await pace.turn()
        came.append(number)

    await asyncio.gather(*(take(number) for number in range(6)))
    assert came == [0, 1, 2, 3, 4, 5]
