from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.exercise import Level
from bot.storage.completions import Done
from tests.storage.samples import BIG, NOON, TODAY

CLUB = 1
YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
async def completions(database):
    async with database.write() as stores:
        yield stores.completions


async def add(completions, member=2, day=TODAY, slug="a-march", level=Level.STANDARD, club=CLUB):
    done = Done(club, member, day, slug, level)
    return await completions.add([done], NOON) == {done.key}


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


async def test_of_many_at_once_those_are_new_that_were_not_there(completions):
    await add(completions)
    there, other, twice = (
        Done(CLUB, 2, TODAY, slug, Level.STANDARD) for slug in ("a-march", "b", "c")
    )
    easier = replace(twice, level=Level.EASIER)
    new = await completions.add([there, other, twice, easier, twice], NOON)
    assert new == {other.key, twice.key}
    assert await completions.count_on(CLUB, TODAY, "c") == 1
