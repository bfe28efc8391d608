from dataclasses import replace
from datetime import UTC, date, timedelta

import pytest

from bot.domain.streaks import Target
from tests.storage.samples import BIG, IN_TOKYO, MONDAY, NOON, club


@pytest.fixture
async def stores(database):
    async with database.write() as stores:
        yield stores


async def test_a_server_that_was_never_set_up_is_no_club(stores):
    assert await stores.clubs.get(BIG) is None


async def saved(stores, club):
    await stores.clubs.save(club)
    for target in club.targets:
        await stores.clubs.save_target(club.id, target)
    return await stores.clubs.get(club.id)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"role_id": None, "paused_at": NOON, "locale": None},
        {"long_runs": frozenset(), "races": ()},
        {"long_runs": frozenset(range(7))},
    ],
)
async def test_a_club_comes_back_as_it_was_saved(stores, changes):
    assert await saved(stores, club(**changes)) == club(**changes)


async def test_saving_again_replaces_every_setting(stores):
    await saved(stores, club())
    other = club(
        channel_id=1,
        zone="UTC",
        role_id=None,
        day_end_hour=0,
        credit_days=0,
        catch_up=timedelta(hours=6),
        paused_at=NOON,
        set_up_by=2,
        set_up_at=NOON + timedelta(days=1),
        next_due=NOON + timedelta(days=2),
        long_runs=frozenset({0}),
        races=(),
    )
    assert await saved(stores, other) == other


async def test_training_is_replaced_and_nothing_else(stores):
    await saved(stores, club())
    await stores.clubs.set_training(BIG, {2}, [date(2027, 1, 2), date(2026, 12, 31)])
    changed = club(long_runs=frozenset({2}), races=(date(2026, 12, 31), date(2027, 1, 2)))
    assert await stores.clubs.get(BIG) == changed


async def test_instants_come_back_aware_and_in_utc(stores):
    in_tokyo = dict.fromkeys(("set_up_at", "paused_at", "next_due"), IN_TOKYO)
    found = await saved(stores, club(**in_tokyo))
    for instant in (found.set_up_at, found.paused_at, found.next_due):
        assert instant == NOON
        assert instant.tzinfo is UTC


async def test_a_target_is_replaced_in_its_week_and_kept_in_the_others(stores):
    await saved(stores, club(targets=()))
    for week, days in ((1, 5), (0, 3), (1, 2)):
        await stores.clubs.save_target(BIG, Target(MONDAY + timedelta(weeks=week), days))
    await stores.clubs.save_target(1, Target(MONDAY, 7))
    found = await stores.clubs.get(BIG)
    assert found.targets == (Target(MONDAY, 3), Target(MONDAY + timedelta(weeks=1), 2))


async def test_the_clubs_that_are_due_come_in_the_order_of_their_waiting(stores):
    for club_id, minutes in ((1, 0), (2, -5), (3, 1), (4, -1), (5, -9)):
        paused_at = NOON if club_id == 5 else None
        due = (NOON + timedelta(minutes=minutes)).astimezone(IN_TOKYO.tzinfo)
        await stores.clubs.save(replace(club(), id=club_id, paused_at=paused_at, next_due=due))
    assert await stores.clubs.due(IN_TOKYO) == [2, 4, 1]
    await stores.clubs.set_next_due(2, NOON + timedelta(days=1))
    assert await stores.clubs.due(NOON) == [4, 1]


async def test_the_language_of_a_server_is_learnt(stores):
    await saved(stores, club())
    await saved(stores, club(id=7, locale=None))
    await stores.clubs.set_locales({7: "nl", 8: "fr"})
    assert await stores.clubs.locales() == {BIG: "de", 7: "nl"}
