from datetime import timedelta

import pytest

from bot.domain.exercise import Level
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
