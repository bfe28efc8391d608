import asyncio

from bot.pace import Pace


async def moments(pace, turns):
    """When each of so many turns came, in the event loop's seconds."""
    loop = asyncio.get_running_loop()
    begun = []
    for _ in range(turns):
        await pace.turn()
        begun.append(loop.time())
    return begun


async def test_no_second_sees_more_turns_than_discord_takes():
    pace = Pace(per_second=200)  # a tenth of a second stands for what is a second at 20
    begun = await moments(pace, 60)
    window = 0.1
    busiest = max(sum(1 for b in begun if a <= b < a + window) for a in begun)
    assert busiest <= 20 + 4  # both ends of the tenth, and two that make up for late ones


async def test_after_a_quiet_time_it_is_at_most_two_turns_ahead():
    pace = Pace(per_second=50)
    await pace.turn()
    await asyncio.sleep(0.2)
    begun = await moments(pace, 5)
    assert begun[4] - begun[0] >= 0.035  # three at once, then one each 20 ms


async def test_turns_asked_for_together_come_one_after_the_other():
    pace = Pace(per_second=100)
    begun = [turn for [turn] in await asyncio.gather(*(moments(pace, 1) for _ in range(6)))]
    assert begun == sorted(begun)
    assert begun[-1] - begun[0] >= 0.025
