"""Following a set along, on both kinds of database and in two processes at once."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.catalogue import Catalogue
from bot.domain.exercise import Rest
from bot.domain.guide import PAUSE_HOLDS, READY_S, TOKEN_HOLDS
from bot.errors import TooManyGuides, UnknownExercise
from bot.services.guides import Guides, Start, Tap
from tests.services.helpers import ANN, BEN, CLUB, TODAY, rows, with_only

MOVE = "clamshell"


def start(member=ANN, **changes) -> Start:
    usual = {
        "id": member * 100,
        "token": "first",
        "member_id": member,
        "club_id": CLUB,
        "locale": "en-US",
        "slug": MOVE,
        "rung": 1,
        "day": TODAY,
        "message_id": 55,
    }
    return Start(**{**usual, **changes})


def tap(member=ANN, **changes) -> Tap:
    usual = {
        "guide_id": member * 100,
        "phase": 0,
        "member_id": member,
        "club_id": CLUB,
        "token": "second",
    }
    return Tap(**{**usual, **changes})


async def begin(app, member=ANN, **changes):
    found, _ = await app.guides.begin(start(member, **changes))
    return found


async def stored(app, member=ANN):
    async with app.database.read() as stores:
        return await stores.guides.get(member)


async def move_on(app) -> list[tuple[int, int]]:
    """Do what the clock does; return member and phase of what would be shown."""
    shown = []
    for guide in await app.guides.due():
        found = await app.guides.moved(guide)
        await app.guides.record(guide, found and found.guide)
        if found:
            shown.append((guide.member_id, found.guide.phase))
    return shown


async def test_another_process_moves_on_what_one_began(app, other_process, clock):
    found = await begin(app)
    clock.advance(seconds=READY_S)
    assert await move_on(other_process) == [(ANN, 1)]
    assert await move_on(app) == []
    clock.advance(seconds=found.phases[1].seconds)
    await app.guides.skip(tap(phase=2))
    assert await move_on(other_process) == []


async def test_two_processes_that_both_lead_for_a_moment_record_it_once(app, other_process, clock):
    await begin(app)
    clock.advance(seconds=READY_S)
    [guide] = await app.guides.due()
    once, twice = await app.guides.moved(guide), await other_process.guides.moved(guide)
    assert once.guide == twice.guide
    assert await app.guides.record(guide, once.guide) is None
    again = await other_process.guides.record(guide, twice.guide)
    assert again.guide == once.guide == await stored(app)


@pytest.mark.parametrize("others", [2, 5])
async def test_never_do_more_run_than_there_are_places(app, other_process, others):
    for each in (app, other_process):
        each.guides._most = 2
    results = await asyncio.gather(
        *(begin(each, n + 10) for n, each in enumerate([app, other_process] * others)),
        return_exceptions=True,
    )
    assert sum(isinstance(result, TooManyGuides) for result in results) == 2 * others - 2
    async with app.database.read() as stores:
        assert await stores.guides.count_others(0) == 2


async def test_whoever_ends_or_finishes_makes_room(app):
    app.guides._most = 1
    await begin(app)
    with pytest.raises(TooManyGuides):
        await begin(app, BEN)
    await app.guides.end(tap())
    await begin(app, BEN)
    for phase in range(8):
        found = await app.guides.skip(tap(BEN, phase=phase))
    assert found.is_finished
    assert await stored(app, BEN) is None
    await begin(app)


async def test_a_tap_brings_its_token_and_the_time_that_comes_with_it(app, clock):
    found = await begin(app)
    clock.advance(seconds=5)
    paused = await app.guides.pause(tap())
    assert (paused.guide.token, paused.guide.left_s) == ("second", READY_S - 5)
    assert paused.guide.token_ends_at == found.guide.token_ends_at + timedelta(seconds=5)
    assert await stored(app) == paused.guide


async def test_a_tap_on_an_earlier_set_is_over_and_changes_nothing(app):
    await begin(app)
    newer, earlier = await app.guides.begin(start(id=7))
    assert earlier.guide.id == ANN * 100
    for ask in (app.guides.pause, app.guides.go, app.guides.skip, app.guides.end):
        assert await ask(tap()) is None
    assert await stored(app) == newer.guide


async def test_an_earlier_set_whose_token_is_over_cannot_be_told(app, clock):
    await begin(app)
    clock.advance(seconds=TOKEN_HOLDS.total_seconds())
    assert (await app.guides.begin(start(id=7)))[1] is None


async def test_next_of_a_phase_that_is_over_or_stands_still_changes_nothing(app, clock):
    await begin(app)
    clock.advance(seconds=READY_S)
    assert (await app.guides.skip(tap())).guide.phase == 1
    await app.guides.pause(tap())
    found = await app.guides.skip(tap(phase=1))
    assert (found.guide.phase, found.guide.is_paused) == (1, True)


async def test_a_tap_after_the_end_finds_it_finished_even_to_end_it(app, clock):
    await begin(app)
    clock.advance(seconds=600)
    found = await app.guides.end(tap())
    assert found.is_finished
    assert await stored(app) is None


async def test_a_pause_that_is_over_is_forgotten(app, clock):
    await begin(app)
    await app.guides.pause(tap())
    clock.advance(seconds=PAUSE_HOLDS.total_seconds() - 1)
    assert await app.guides.due() == []
    clock.advance(seconds=1)
    assert await app.guides.go(tap()) is None
    assert await move_on(app) == []
    assert await stored(app) is None


async def test_a_set_longer_than_a_token_waits_for_a_tap_and_then_goes_on(app, library, clock):
    move = app.catalogue.get(MOVE)
    long = replace(move, rest=Rest(min_s=590, max_s=600))
    moves = with_only(app, library, Catalogue([long]))
    guides = Guides(app.database, moves, clock, most=5)
    begun, _ = await guides.begin(start())
    clock.advance(seconds=sum(phase.seconds for phase in begun.phases[:4]))
    [guide] = await guides.due()
    await guides.record(guide, (await guides.moved(guide)).guide)
    waiting = await stored(app)
    assert waiting.needs_tap
    assert (waiting.phase, waiting.left_s) == (4, 590)
    clock.advance(seconds=600)  # the token is over by now
    assert await guides.due() == []
    going = await guides.go(tap(phase=4))
    assert (going.guide.phase, going.guide.is_paused) == (4, False)


@pytest.mark.parametrize("change", [{"slug": "gone"}, {"rung": 99}])
async def test_a_set_that_the_library_has_lost_is_dropped(app, clock, change):
    found = await begin(app)
    async with app.database.write() as stores:
        await stores.guides.put(replace(found.guide, **change))
    assert await app.guides.pause(tap()) is None
    clock.advance(seconds=READY_S)
    assert await move_on(app) == []
    assert await stored(app) is None


async def test_an_exercise_that_there_is_not_cannot_be_begun(app):
    with pytest.raises(UnknownExercise):
        await begin(app, slug="gone")
    assert (await begin(app, rung=99)).guide.rung == 3


async def test_a_club_that_is_deleted_takes_its_sets_along(app, settings):
    await begin(app)
    await begin(app, BEN, club_id=None)
    async with app.database.write(CLUB) as stores:
        await stores.clubs.delete(CLUB)
    assert rows(settings, "SELECT member_id FROM guides") == [(BEN,)]
