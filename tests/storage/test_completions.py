from datetime import date, timedelta

import pytest

from bot.domain.exercise import Level
from bot.domain.standings import Total
from tests.storage.samples import BIG, NOON, TODAY

CLUB = 1
YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
async def completions(database):
    async with database.write() as stores:
        yield stores.completions


async def add(completions, member=2, day=TODAY, slug="a-march", level=Level.STANDARD, club=CLUB):
    return await completions.add(club, member, day, slug, level, NOON)


async def test_the_same_completion_twice_is_one_at_any_level(completions):
    assert await add(completions) is True
    assert await add(completions) is False
    assert await add(completions, level=Level.HARDER) is False
    assert await completions.count_on(CLUB, TODAY, "a-march") == 1


@pytest.mark.parametrize(
    "other", [{"member": 3}, {"day": YESTERDAY}, {"slug": "monster-steps"}, {"club": BIG}]
)
async def test_another_member_day_move_or_club_is_another_completion(completions, other):
    await add(completions)
    assert await add(completions, **other) is True
    assert await completions.count_on(CLUB, TODAY, "a-march") == (2 if "member" in other else 1)


async def test_a_total_counts_days_not_moves_and_only_from_the_first_day_on(completions):
    await completions.save_name(CLUB, 2, "Ann", TODAY)
    await completions.save_name(9, 3, "Ben elsewhere", TODAY)
    for day in (TODAY, YESTERDAY, TODAY - timedelta(days=2)):
        await add(completions, day=day)
    await add(completions, slug="monster-steps")
    await add(completions, member=3)
    await add(completions, member=4, day=TODAY - timedelta(days=2))
    await add(completions, member=4, club=9)
    totals = await completions.totals(CLUB, YESTERDAY)
    assert sorted(totals, key=lambda t: t.member_id) == [Total(2, "Ann", 2), Total(3, "", 1)]
    assert len(await completions.totals(CLUB, date.min)) == 3


async def test_a_member_is_called_by_their_latest_name_in_each_club(completions):
    for name in ("Ann", "Ann", "Änn 🏃", "Robert'); DROP TABLE members;--"):
        await completions.save_name(CLUB, 2, name, TODAY)
    await completions.save_name(9, 2, "Ann of nine", TODAY)
    await add(completions)
    await add(completions, club=9)
    assert (await completions.totals(CLUB, date.min))[0].name == "Robert'); DROP TABLE members;--"
    assert (await completions.totals(9, date.min))[0].name == "Ann of nine"
