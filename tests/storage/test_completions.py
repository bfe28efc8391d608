from datetime import timedelta

import pytest

from bot.domain.exercise import Level
from bot.domain.history import Entry
from bot.storage.completions import Done
from tests.storage.samples import BIG, NOON, TODAY

CLUB = 1
YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
async def completions(database):
    async with database.write() as stores:
        yield stores.completions


async def add(completions, member=2, day=TODAY, slug="a-march", level=Level.STANDARD, club=CLUB):
    await completions.add([Done(club, member, day, slug, level)], NOON)


async def test_the_same_completion_twice_is_one_at_the_first_level(completions):
    await add(completions)
    await add(completions)
    await add(completions, level=Level.HARDER)
    assert await completions.count_on(CLUB, TODAY, "a-march") == 1
    last = await completions.last_recorded(CLUB, 2, TODAY)
    assert last == Entry(TODAY, "a-march", Level.STANDARD)


@pytest.mark.parametrize(
    "other", [{"member": 3}, {"day": YESTERDAY}, {"slug": "monster-steps"}, {"club": BIG}]
)
async def test_another_member_day_move_or_club_is_another_completion(completions, other):
    await add(completions)
    await add(completions, **other)
    club, day, slug = (
        other.get(key, same) for key, same in (("club", CLUB), ("day", TODAY), ("slug", "a-march"))
    )
    assert await completions.count_on(club, day, slug) == (2 if "member" in other else 1)
    assert await completions.count_on(CLUB, TODAY, "a-march") == (2 if "member" in other else 1)


async def test_of_many_at_once_each_is_there_once(completions):
    await add(completions)
    there, other, twice = (
        Done(CLUB, 2, TODAY, slug, Level.STANDARD) for slug in ("a-march", "b", "c")
    )
    easier = twice._replace(level=Level.EASIER)
    await completions.add([there, other, twice, easier, twice], NOON)
    assert [await completions.count_on(CLUB, TODAY, slug) for slug in ("a-march", "b", "c")] == [
        1
    ] * 3
