"""Buddies, on both kinds of database and in two processes at once."""

import asyncio
from datetime import timedelta

import pytest

from bot.domain.pauses import PauseReason
from bot.errors import (
    BuddyIsBot,
    BuddyIsSelf,
    BuddyNotAsked,
    BuddyNotFree,
    BuddyTaken,
    BuddyTooLate,
    NoBuddy,
    NotSetUp,
)
from bot.services.buddies import HOLDS, Nudged
from tests.services.helpers import ANN, BEN, CLUB, TODAY, done, rows

pytestmark = pytest.mark.slow

DANA = 4


async def ask(app, asker=ANN, asked=BEN, **changes):
    return await app.buddies.ask(CLUB, asker, asked, **{"is_bot": False, **changes})


async def pair(app, asker=ANN, asked=BEN, pair_id=1):
    return await app.buddies.accept(await ask(app, asker, asked), asked, pair_id)


async def nudge(app, member=ANN):
    return (await app.buddies.nudge(CLUB, member)).outcome


@pytest.fixture
async def buddies(app, london):
    await pair(app)
    return app


async def test_both_see_each_other_once_both_agreed(app, london):
    request = await ask(app)
    assert await app.buddies.standing(CLUB, ANN) is None
    await app.buddies.accept(request, BEN, 1)
    mine, theirs = [await app.buddies.standing(CLUB, member) for member in (ANN, BEN)]
    assert (mine.pair.buddy_id, theirs.pair.buddy_id) == (BEN, ANN)
    assert (mine.weeks, mine.pair.since) == (0, TODAY)
    assert await app.buddies.standing(CLUB, DANA) is None


async def test_bots_oneself_and_servers_that_are_no_club_are_refused(app, london):
    for changes, error in (({"is_bot": True}, BuddyIsBot), ({"asked": ANN}, BuddyIsSelf)):
        with pytest.raises(error):
            await ask(app, **changes)
    with pytest.raises(NotSetUp):
        await app.buddies.ask(9, ANN, BEN, is_bot=False)


async def test_who_hides_is_refused_as_who_has_a_buddy_is(buddies, settings):
    with pytest.raises(BuddyTaken):
        await ask(buddies, ANN, DANA)
    with pytest.raises(BuddyNotFree):
        await ask(buddies, DANA, ANN)
    await done(buddies, member=7)
    rows(settings, "UPDATE members SET is_hidden = true WHERE member_id = 7 RETURNING 1")
    with pytest.raises(BuddyNotFree):
        await ask(buddies, DANA, 7)


async def test_only_who_was_asked_can_answer_and_only_within_a_week(app, london, clock):
    request = await ask(app)
    for answer in (app.buddies.accept(request, DANA, 1), app.buddies.accept(request, ANN, 1)):
        with pytest.raises(BuddyNotAsked):
            await answer
    with pytest.raises(BuddyNotAsked):
        app.buddies.decline(request, DANA)
    clock.now += HOLDS + timedelta(days=1)
    with pytest.raises(BuddyTooLate):
        await app.buddies.accept(request, BEN, 1)


async def test_a_second_acceptance_changes_nothing_and_one_of_another_is_refused(
    app, london, other_process
):
    request, other = await ask(app), await ask(app, DANA, BEN)
    await asyncio.gather(
        app.buddies.accept(request, BEN, 1), other_process.buddies.accept(request, BEN, 2)
    )
    with pytest.raises(BuddyTaken):
        await app.buddies.accept(other, BEN, 3)
    assert (await app.buddies.standing(CLUB, ANN)).pair.buddy_id == BEN


async def test_weeks_that_both_hit_count_and_stand_on_the_profile_too(buddies, clock):
    for n in range(10):
        for member in (ANN, BEN) if n % 7 < 3 else (ANN,):
            await done(buddies, TODAY + timedelta(days=n), member)
        clock.now += timedelta(days=1)
    assert (await buddies.buddies.standing(CLUB, BEN)).weeks == 2
    assert (await buddies.practice.progress(CLUB, ANN)).with_buddy == 2
    assert (await buddies.practice.progress(CLUB, DANA)).with_buddy is None


async def test_a_nudge_goes_out_once_a_day(buddies, clock):
    assert [await nudge(buddies), await nudge(buddies)] == [Nudged.SENT, Nudged.AGAIN]
    assert await nudge(buddies, BEN) is Nudged.SENT
    clock.now += timedelta(days=1)
    assert await nudge(buddies) is Nudged.SENT


async def test_nobody_is_nudged_who_has_moved_pauses_or_wants_none(buddies, clock):
    await buddies.buddies.take_nudges(CLUB, BEN, takes=False)
    assert await nudge(buddies) is Nudged.QUIET
    await buddies.buddies.take_nudges(CLUB, BEN, takes=True)
    await buddies.diary.pause(CLUB, BEN, "today", "today", PauseReason.RACE)
    assert await nudge(buddies) is Nudged.QUIET
    await done(buddies, member=BEN)
    assert await nudge(buddies) is Nudged.DONE
    assert not (await buddies.buddies.standing(CLUB, ANN)).may_nudge


async def test_one_ends_it_for_both_and_both_are_free_again(buddies):
    await buddies.buddies.end(CLUB, BEN)
    await buddies.buddies.end(CLUB, BEN)
    assert await buddies.buddies.standing(CLUB, ANN) is None
    for ask_for in (nudge(buddies), buddies.buddies.take_nudges(CLUB, BEN, takes=False)):
        with pytest.raises(NoBuddy):
            await ask_for
    await pair(buddies, DANA, ANN, pair_id=2)


async def test_whose_buddy_was_deleted_has_none_and_can_find_another(buddies, settings):
    rows(settings, f"DELETE FROM buddies WHERE member_id = {BEN} RETURNING 1")
    assert await buddies.buddies.standing(CLUB, ANN) is None
    await pair(buddies, ANN, DANA, pair_id=2)
    assert (await buddies.buddies.standing(CLUB, DANA)).pair.buddy_id == ANN
