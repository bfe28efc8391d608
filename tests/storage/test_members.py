from datetime import date, timedelta

import pytest

from bot.domain.exercise import Level
from bot.domain.history import Entry, History
from bot.domain.pauses import Pause, PauseReason
from bot.storage.completions import Done
from bot.storage.members import Award, Named
from tests.storage.samples import BIG, NOON, TODAY

CLUB, ANN = 1, 2
YESTERDAY = TODAY - timedelta(days=1)
HOLIDAY = Pause(YESTERDAY, None, PauseReason.HOLIDAY)
RACE = Pause(date(2024, 2, 29), date(2024, 2, 29), PauseReason.RACE)


@pytest.fixture
async def stores(database):
    async with database.write() as stores:
        yield stores


async def add(stores, day=TODAY, slug="a-march", member=ANN, club=CLUB, level=Level.STANDARD):
    await stores.completions.add([Done(club, member, day, slug, level)], NOON)


async def test_of_somebody_unknown_nothing_is_known(stores):
    assert await stores.members.history(CLUB, BIG) == History()


async def test_all_that_is_known_of_a_member_in_one_club_comes_back_as_it_went_in(stores):
    await add(stores)
    await add(stores, YESTERDAY, "monster-steps", level=Level.EASIER)
    await stores.members.save_names([Named(CLUB, ANN, "Ann", TODAY)])
    for pause in (HOLIDAY, RACE):
        await stores.members.replace_pauses(CLUB, ANN, [], pause)
    await stores.members.award([Award(CLUB, ANN, badge, TODAY) for badge in ("first", "second")])
    for other in ({"member": 3}, {"club": 9}):
        await add(stores, date(2020, 1, 1), **other)
    await stores.members.replace_pauses(9, ANN, [], HOLIDAY)
    await stores.members.award([Award(CLUB, 3, "third", TODAY)])
    await stores.members.save_names([Named(9, ANN, "Ann", date(2020, 1, 1))])

    history = await stores.members.history(CLUB, ANN)

    assert set(history.entries) == {
        Entry(TODAY, "a-march", Level.STANDARD),
        Entry(YESTERDAY, "monster-steps", Level.EASIER),
    }
    assert history.days == {TODAY, YESTERDAY}
    assert history.pauses == (RACE, HOLIDAY)
    assert history.badges == {"first", "second"}
    assert history.joined == TODAY


async def test_a_member_began_when_their_name_was_first_recorded(stores):
    for day in (TODAY, YESTERDAY, TODAY + timedelta(days=9)):
        await stores.members.save_names([Named(CLUB, ANN, "Ann", day)])
    assert (await stores.members.history(CLUB, ANN)).joined == TODAY


async def test_a_pause_takes_the_place_of_those_it_was_made_of(stores):
    for pause in (HOLIDAY, RACE):
        await stores.members.replace_pauses(CLUB, ANN, [], pause)
    ended = Pause(HOLIDAY.first, TODAY, HOLIDAY.reason)
    await stores.members.replace_pauses(CLUB, ANN, [HOLIDAY], ended)
    assert (await stores.members.history(CLUB, ANN)).pauses == (RACE, ended)
    await stores.members.replace_pauses(CLUB, ANN, [RACE, ended], None)
    assert (await stores.members.history(CLUB, ANN)).pauses == ()


async def test_a_badge_is_awarded_once(stores):
    for day in (YESTERDAY, TODAY):
        await stores.members.award([Award(CLUB, ANN, "first", day)])
    assert (await stores.members.history(CLUB, ANN)).badges == {"first"}


async def test_what_was_recorded_last_is_found_and_removed(stores):
    later = NOON + timedelta(minutes=1)
    await add(stores)
    hers = Done(CLUB, ANN, YESTERDAY, "dead-bug", Level.HARDER)
    his = Done(CLUB, 3, TODAY, "dead-bug", Level.HARDER)
    await stores.completions.add([hers, his], later)
    last = Entry(YESTERDAY, "dead-bug", Level.HARDER)
    first = Entry(TODAY, "a-march", Level.STANDARD)

    async def last_recorded(since):
        return await stores.completions.last_recorded(CLUB, ANN, since)

    assert await last_recorded(YESTERDAY) == last
    assert await last_recorded(TODAY) == first
    assert await stores.completions.remove(CLUB, ANN, last)
    assert not await stores.completions.remove(CLUB, ANN, last)
    assert await last_recorded(YESTERDAY) == first
    assert await stores.completions.remove(CLUB, ANN, first)
    assert await last_recorded(YESTERDAY) is None
    assert (await stores.members.history(CLUB, 3)).days == {TODAY}
