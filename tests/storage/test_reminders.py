from datetime import timedelta

import pytest

from tests.storage.samples import BIG, IN_TOKYO, NOON, club, reminder

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    "changes", [{}, {"claimed_at": NOON, "channel_id": BIG}, {"next_due": None, "weekdays": {5}}]
)
async def test_a_reminder_comes_back_as_it_was_put(database, changes):
    async with database.write() as stores:
        await stores.reminders.put(reminder())
        await stores.reminders.put(reminder(**changes))
    async with database.read() as stores:
        assert await stores.reminders.get(BIG - 5, BIG - 4) == reminder(**changes)
        assert await stores.reminders.get(BIG - 4, BIG - 5) is None


async def test_due_are_those_whose_time_has_come_the_longest_due_first(database):
    async with database.write() as stores:
        for member, wait in ((1, -1), (2, 1), (3, -2), (4, 0)):
            due = NOON + wait * SECOND
            await stores.reminders.put(reminder(member_id=member, next_due=due))
        await stores.reminders.put(reminder(member_id=5, next_due=None))
        found = await stores.reminders.due(IN_TOKYO)
    assert found == [(BIG - 5, 3), (BIG - 5, 1), (BIG - 5, 4)]


async def test_one_is_removed_alone_and_once(database):
    async with database.write() as stores:
        for member in (1, 2):
            await stores.reminders.put(reminder(member_id=member))
        assert await stores.reminders.remove(BIG - 5, 1)
        assert not await stores.reminders.remove(BIG - 5, 1)
        assert await stores.reminders.get(BIG - 5, 2) == reminder(member_id=2)


async def test_a_closed_one_is_part_of_the_members_history_and_of_nobody_elses(database):
    async with database.write() as stores:
        await stores.reminders.put(reminder(member_id=1, next_due=None))
        await stores.reminders.put(reminder(member_id=2))
        told = [(await stores.members.history(BIG - 5, m)).is_reminder_closed for m in (1, 2, 3)]
    assert told == [True, False, False]


async def test_a_club_that_is_deleted_takes_its_reminders_along(database):
    async with database.write() as stores:
        await stores.clubs.save(club())
        await stores.reminders.put(reminder(club_id=BIG))
        await stores.reminders.put(reminder())
        await stores.clubs.delete(BIG)
        assert await stores.reminders.get(BIG, BIG - 4) is None
        assert await stores.reminders.get(BIG - 5, BIG - 4) is not None
