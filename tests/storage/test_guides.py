from datetime import timedelta

import pytest

from tests.storage.samples import BIG, IN_TOKYO, NOON, club, guide

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    "changes", [{}, {"left_s": 30, "phase": 3, "message_id": BIG}, {"club_id": None, "day": None}]
)
async def test_a_set_comes_back_as_it_was_put(database, changes):
    async with database.write() as stores:
        await stores.guides.put(guide(**changes))
    async with database.read() as stores:
        assert await stores.guides.get(BIG - 4) == guide(**changes)
        assert await stores.guides.get(BIG) is None


async def test_a_member_has_one_set_the_newest(database):
    async with database.write() as stores:
        await stores.guides.put(guide(id=1, left_s=4))
        await stores.guides.put(guide(id=2))
        assert await stores.guides.get(BIG - 4) == guide(id=2)


async def test_a_set_that_is_no_longer_the_members_is_neither_written_nor_removed(database):
    async with database.write() as stores:
        await stores.guides.put(guide(id=2))
        await stores.guides.update(guide(id=1, phase=5))
        await stores.guides.remove(guide(id=1))
        assert await stores.guides.get(BIG - 4) == guide(id=2)


async def test_a_set_is_written_and_removed_alone(database):
    async with database.write() as stores:
        for member in (1, 2):
            await stores.guides.put(guide(member_id=member))
        moved = guide(member_id=1, phase=2, due_at=NOON + SECOND, left_s=9, token="new")
        await stores.guides.update(moved)
        assert await stores.guides.get(1) == moved
        assert await stores.guides.get(2) == guide(member_id=2)
        await stores.guides.remove(moved)
        assert await stores.guides.get(1) is None
        assert await stores.guides.get(2) == guide(member_id=2)


async def test_due_are_those_whose_time_is_over_the_longest_over_first(database):
    async with database.write() as stores:
        for member, wait in ((1, -1), (2, 1), (3, -2), (4, 0)):
            await stores.guides.put(guide(member_id=member, due_at=NOON + wait * SECOND))
        assert [each.member_id for each in await stores.guides.due(IN_TOKYO)] == [3, 1, 4]


async def test_the_sets_of_others_are_counted(database):
    async with database.write() as stores:
        assert await stores.guides.count_others(1) == 0
        for member in (1, 2, 3):
            await stores.guides.put(guide(member_id=member))
        assert await stores.guides.count_others(1) == 2
        assert await stores.guides.count_others(9) == 3


async def test_a_club_that_is_deleted_takes_its_sets_along(database):
    async with database.write() as stores:
        await stores.clubs.save(club())
        await stores.guides.put(guide(member_id=1, club_id=BIG))
        await stores.guides.put(guide(member_id=2, club_id=None))
        await stores.clubs.delete(BIG)
        assert await stores.guides.get(1) is None
        assert await stores.guides.get(2) is not None
