"""Reminders, on both kinds of database and in two processes at once."""

import asyncio
from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from bot.domain.challenge import FIRST_DELAY, NONCE_HOLDS
from bot.domain.pauses import PauseReason
from bot.domain.reminder import LATEST
from bot.errors import BadDays, BadTime, NoReminderTime, NotSetUp, Problems
from bot.services.reminders import Wanted
from tests.services.helpers import ANN, BEN, CLUB, TODAY, change, done, rows, set_up, utc

pytestmark = pytest.mark.slow

EVENING = utc(2026, 7, 2, 18, 30)  # half past seven in London


def wanted(member=ANN, **changes) -> Wanted:
    return Wanted(**{"club_id": CLUB, "member_id": member, "locale": "en-US", **changes})


async def set_reminder(app, member=ANN, at="19:30", **changes):
    return await app.reminders.set(wanted(member, at=at, **changes))


async def stored(app, member=ANN):
    async with app.database.read() as stores:
        return await stores.reminders.get(CLUB, member)


async def claim(app, member=ANN):
    """Claim it as the clock does: only if it is due."""
    return await app.reminders.claim(CLUB, member)


@pytest.fixture
async def at_due(app, london, clock):
    """Ann's reminder is due: half past seven on that Thursday."""
    await set_reminder(app)
    clock.now = EVENING
    return app


async def test_it_begins_with_every_day_in_the_zone_of_the_club(app, london):
    reminder = await set_reminder(app)
    assert (reminder.at, len(reminder.weekdays), reminder.zone) == (
        time(19, 30),
        7,
        "Europe/London",
    )
    assert reminder.next_due == EVENING
    assert await stored(app) == reminder


async def test_what_is_left_out_stays_as_it_was(app, london):
    await set_reminder(app, days="Tue, Fri", timezone="Tokyo")
    changed = await set_reminder(app, at="6am")
    assert (changed.weekdays, changed.zone, changed.at) == ({1, 4}, "Asia/Tokyo", time(6))
    assert changed.next_due == utc(2026, 7, 2, 21)  # Friday at six in Tokyo
    assert await app.reminders.set(wanted()) == changed


async def test_what_is_wrong_is_said_all_at_once_and_nothing_is_saved(app, london):
    with pytest.raises(Problems) as wrong:
        await set_reminder(app, at="25", days="soon", timezone="nowhere at all")
    assert [type(problem).__name__ for problem in wrong.value.problems] == [
        "BadTime",
        "BadDays",
        "BadZone",
    ]
    for changes, error in (({"at": "25"}, BadTime), ({"days": "none"}, BadDays)):
        with pytest.raises(error):
            await app.reminders.set(wanted(**changes))
    with pytest.raises(NoReminderTime):
        await app.reminders.set(wanted(days="weekends"))
    assert await app.reminders.set(wanted()) is None


async def test_without_a_club_there_is_none(app):
    with pytest.raises(NotSetUp):
        await set_reminder(app)


async def test_at_its_time_it_is_claimed_once_with_the_move_of_the_day(at_due, clock):
    assert await at_due.reminders.due() == [(CLUB, ANN)]
    nudge = await claim(at_due)
    assert nudge.assignment.day == TODAY
    assert nudge.assignment == await at_due.daily.today(CLUB)
    assert await at_due.reminders.due() == []
    assert await claim(at_due) is None
    await at_due.reminders.sent(nudge.reminder, 77)
    after = await stored(at_due)
    assert (after.next_due, after.channel_id) == (EVENING + timedelta(days=1), 77)


async def test_not_before_its_time_nor_on_other_days(app, london, clock):
    await set_reminder(app, days="Sat")
    clock.now = EVENING
    assert await app.reminders.due() == []
    clock.now = utc(2026, 7, 4, 18, 29)
    assert await app.reminders.due() == []
    assert await claim(app) is None
    clock.now = utc(2026, 7, 4, 18, 30)
    assert (await claim(app)).assignment.day == date(2026, 7, 4)


async def test_two_processes_claim_it_once(at_due, other_process):
    found = await asyncio.gather(claim(at_due), claim(other_process))
    assert [nudge is None for nudge in found].count(False) == 1


async def test_after_a_crash_it_is_sent_again_with_the_same_nonce_while_that_holds(
    at_due, other_process, clock
):
    first = await claim(at_due)
    clock.now += FIRST_DELAY
    second = await claim(other_process)
    assert second.reminder.nonce == first.reminder.nonce
    clock.now += NONCE_HOLDS
    assert await other_process.reminders.due() == [(CLUB, ANN)]
    assert await claim(other_process) is None
    assert (await stored(at_due)).next_due == EVENING + timedelta(days=1)


async def test_a_crash_for_longer_than_a_nonce_holds_leaves_it_unsent(at_due, clock):
    assert await claim(at_due)
    clock.now += NONCE_HOLDS
    assert await claim(at_due) is None
    clock.now = EVENING + timedelta(days=1)
    assert await claim(at_due)


@pytest.mark.parametrize(("late", "comes"), [(LATEST, True), (LATEST * 1.01, False)])
async def test_late_it_comes_within_the_hour_or_is_skipped(at_due, clock, late, comes):
    clock.now += late
    assert (await claim(at_due) is not None) is comes
    assert await at_due.reminders.due() == []


async def test_after_days_of_silence_only_the_latest_comes(at_due, clock):
    clock.now += timedelta(days=5, minutes=20)
    nudge = await claim(at_due)
    assert nudge.assignment.day == TODAY + timedelta(days=5)
    await at_due.reminders.sent(nudge.reminder, 77)
    assert (await stored(at_due)).next_due == EVENING + timedelta(days=6)


async def silenced(app) -> bool:
    """Return whether it is passed over, and waits for the next day."""
    nothing = await claim(app) is None
    return nothing and (await stored(app)).next_due == EVENING + timedelta(days=1)


async def test_who_has_done_any_move_today_is_left_alone(at_due):
    await done(at_due, slug="clamshell")
    assert await silenced(at_due)


async def test_a_move_of_yesterday_or_of_somebody_else_does_not_count(at_due):
    await done(at_due, TODAY - timedelta(days=1))
    await done(at_due, member=BEN)
    assert await claim(at_due)


async def test_the_day_is_the_clubs_at_that_moment_wherever_the_member_is(app, london, clock):
    await set_reminder(app, at="08:00", timezone="Asia/Tokyo")
    await done(app)
    clock.now = utc(2026, 7, 2, 23)  # Friday morning in Tokyo, midnight of Thursday in the club
    assert await app.reminders.due() == [(CLUB, ANN)]
    assert await claim(app) is None


async def test_a_pause_silences_it_and_its_end_does_not_need_to_be_told(at_due, clock):
    await at_due.diary.pause(CLUB, ANN, "today", "today", PauseReason.RACE)
    assert await silenced(at_due)
    clock.now += timedelta(days=1)
    assert await claim(at_due)


@pytest.mark.parametrize("how", ["paused", "left"])
async def test_a_club_that_pauses_or_that_the_bot_left_is_silent(at_due, how):
    await (at_due.clubs.pause(CLUB) if how == "paused" else at_due.clubs.left(CLUB))
    assert await silenced(at_due)


async def test_a_lost_zone_of_member_or_club_waits_a_day(at_due, clock):
    async with at_due.database.write() as stores:
        await stores.reminders.put(replace(await stored(at_due), zone="Mars/Olympus"))
    assert await silenced(at_due)
    await set_reminder(at_due, timezone="Europe/London")
    await change(at_due, zone="Mars/Olympus")
    clock.now += timedelta(days=1)
    assert await claim(at_due) is None
    assert (await stored(at_due)).next_due == clock.now + timedelta(days=1)


async def test_one_that_discord_takes_for_nobody_is_off_until_the_next_done_tells_it_once(at_due):
    await at_due.reminders.closed((await claim(at_due)).reminder)
    assert (await at_due.reminders.set(wanted())).is_closed
    assert await at_due.reminders.due() == []
    assert (await done(at_due)).gain.is_reminder_closed
    assert not (await done(at_due, slug="clamshell")).gain.is_reminder_closed
    assert await stored(at_due) is None


async def test_one_set_again_after_that_is_on_again(at_due):
    await at_due.reminders.closed((await claim(at_due)).reminder)
    assert not (await set_reminder(at_due)).is_closed
    assert not (await done(at_due)).gain.is_reminder_closed


async def test_one_changed_or_switched_off_while_it_was_sent_stays_so(at_due):
    nudge = await claim(at_due)
    changed = await set_reminder(at_due, at="20:00")
    await at_due.reminders.sent(nudge.reminder, 77)
    assert await stored(at_due) == changed
    assert await at_due.reminders.switch_off(CLUB, ANN)
    for report in (at_due.reminders.dropped, at_due.reminders.closed):
        await report(nudge.reminder)
    assert await stored(at_due) is None
    assert not await at_due.reminders.switch_off(CLUB, ANN)


async def test_one_that_discord_refuses_waits_for_its_next_time(at_due):
    await at_due.reminders.dropped((await claim(at_due)).reminder)
    assert (await stored(at_due)).next_due == EVENING + timedelta(days=1)


async def test_the_name_that_the_club_knows_stays_where_done_comes_from_elsewhere(at_due, settings):
    await done(at_due, member=BEN, name="Benno", slug="clamshell", keeps_name=True)
    await done(at_due, name="Ann of the club")
    await done(at_due, name="ann_1987", slug="clamshell", keeps_name=True)
    names = rows(settings, "SELECT member_id, name FROM members ORDER BY member_id")
    assert [tuple(row) for row in names] == [(ANN, "Ann of the club"), (BEN, "Benno")]


async def test_each_club_has_its_own(at_due, app):
    await set_up(app, club_id=CLUB + 1)
    await app.reminders.set(replace(wanted(at="7"), club_id=CLUB + 1))
    assert await app.reminders.due() == [(CLUB, ANN)]
