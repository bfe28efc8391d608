import asyncio
import random
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest

from bot.domain.catalogue import Catalogue
from bot.domain.exercise import Level
from bot.domain.pauses import Pause, PauseReason
from bot.domain.recent import DayState
from bot.domain.streaks import Streak, WeekRule, streak
from bot.errors import (
    BadDay,
    BeforeJoining,
    NothingToUndo,
    NotSetUp,
    NotYet,
    PauseBackwards,
    PauseTooEarly,
    PauseTooLong,
    TooLongAgo,
    UnknownExercise,
)
from bot.services.diary import Diary, Log
from tests.services.helpers import (
    ANN,
    BEN,
    CLUB,
    DAY,
    TODAY,
    change,
    done,
    rows,
    set_up,
    utc,
    with_only,
)

pytestmark = pytest.mark.usefixtures("london")
RACE, INJURY, HOLIDAY = PauseReason.RACE, PauseReason.INJURY, PauseReason.HOLIDAY


async def log(app, when="today", exercise="a-march", **changes):
    usual = Log(club_id=CLUB, member_id=ANN, name="Ann", exercise=exercise, when=when)
    return await app.diary.log(replace(usual, **changes))


async def pause(app, first="today", last=None, reason=HOLIDAY):
    return await app.diary.pause(CLUB, ANN, first, last, reason)


async def history_of(app, member=ANN):
    async with app.database.read() as stores:
        return await stores.members.history(CLUB, member)


async def hit_weeks(app, clock, number):
    """Let Ann reach the target in so many weeks; it is then Monday of the next."""
    clock.now = utc(2026, 7, 6, 12)
    for _ in range(number):
        for _ in range(3):
            await done(app, await app.practice.day(CLUB))
            clock.advance(days=1)
        clock.advance(days=4)


@pytest.mark.parametrize(("when", "age"), [("today", 0), ("yesterday", 1), ("Tuesday", 2)])
async def test_a_move_is_logged_for_the_day_that_is_said(app, when, age):
    await change(app, credit_days=2)
    answer = await log(app, when, "Monster walk", level=Level.EASIER)
    assert (answer.exercise.slug, answer.day) == ("monster-steps", TODAY - age * DAY)
    assert (answer.is_new, answer.is_today, answer.level) == (True, age == 0, Level.EASIER)


@pytest.mark.parametrize(
    ("when", "error"),
    [
        ("tomorrow", NotYet),
        ("2027-01-01", NotYet),
        ("3 days ago", TooLongAgo),
        ("1999-01-01", BeforeJoining),
        ("2026-06-01", BeforeJoining),
        ("someday", BadDay),
    ],
)
async def test_a_day_that_cannot_count_writes_nothing(app, settings, when, error):
    await change(app, credit_days=2)
    joined_at = utc(2026, 6, 10, 12)
    with pytest.raises(error):
        await log(app, when, joined_at=joined_at)
    assert rows(settings, "SELECT * FROM completions") == rows(settings, "SELECT * FROM members")


async def test_the_days_before_joining_the_server_cannot_be_logged(app):
    joined_at = utc(2026, 7, 1, 23, 30)  # half past midnight in London: still that evening's day
    assert (await log(app, "yesterday", joined_at=joined_at)).is_new
    with pytest.raises(BeforeJoining) as error:
        await log(app, "yesterday", joined_at=utc(2026, 7, 2, 3), member_id=BEN)
    assert error.value.values == {"day": TODAY - DAY, "joined": TODAY}


async def test_who_left_and_came_back_was_there_before(app, clock):
    await log(app)
    clock.advance(days=1)
    assert (await log(app, "yesterday", "monster-steps", joined_at=clock.now)).is_new


async def test_an_unknown_move_is_answered_with_the_nearest(app):
    with pytest.raises(UnknownExercise) as error:
        await log(app, exercise="monster stops")
    assert error.value.values["nearest"][0] == "Monster steps"


async def test_two_devices_at_once_are_one_completion_and_told_the_same(app, settings):
    answers = await asyncio.gather(log(app), log(app), done(app))
    assert sorted(answer.is_new for answer in answers) == [False, False, True]
    assert len({(a.day, a.streak) for a in answers}) == 1
    assert rows(settings, "SELECT count(*) FROM completions") == [(1,)]


async def test_the_days_to_log_are_those_that_the_club_counts(app):
    assert await app.diary.days_to_log(CLUB) == [TODAY, TODAY - DAY]
    await change(app, credit_days=0)
    assert await app.diary.days_to_log(CLUB) == [TODAY]


async def test_undo_takes_back_what_was_recorded_last_and_redo_brings_it_back(app, clock):
    await done(app)
    clock.advance(minutes=1)
    await done(app, TODAY - DAY, slug="monster-steps", level=Level.HARDER)
    before = await history_of(app)
    app.daily.take_outdated()

    undone = await app.diary.undo(CLUB, ANN)

    assert (undone.exercise.slug, undone.entry.day) == ("monster-steps", TODAY - DAY)
    assert (undone.is_today, undone.streak.this_week) == (False, 1)
    assert app.daily.take_outdated() == [(CLUB, TODAY - DAY)]
    redone = await done(app, TODAY - DAY, slug="monster-steps", level=Level.HARDER)
    assert redone.is_new
    assert await history_of(app) == before


async def test_undo_goes_back_one_by_one_and_then_says_that_there_is_nothing(app, clock):
    await done(app)
    await done(app, member=BEN)
    clock.advance(minutes=1)
    await done(app, slug="monster-steps")
    assert [(await app.diary.undo(CLUB, ANN)).entry.slug for _ in range(2)] == [
        "monster-steps",
        "a-march",
    ]
    with pytest.raises(NothingToUndo) as error:
        await app.diary.undo(CLUB, ANN)
    assert error.value.values == {"oldest": TODAY - DAY}
    assert (await history_of(app, BEN)).days == {TODAY}


async def test_what_is_too_long_ago_to_count_is_too_long_ago_to_undo(app, clock):
    await done(app)
    clock.advance(days=2)
    with pytest.raises(NothingToUndo):
        await app.diary.undo(CLUB, ANN)
    assert (await history_of(app)).days == {TODAY}


async def test_a_move_that_left_the_library_can_be_undone_and_is_in_the_history(
    app, library, clock
):
    await done(app, slug="monster-steps")
    smaller = Catalogue(e for e in app.catalogue if e.slug != "monster-steps")
    diary = Diary(app.database, with_only(app, library, smaller), app.daily, app.practice, clock)
    [(entry, exercise)] = (await diary.history(CLUB, ANN, 0)).entries
    assert (entry.slug, exercise) == ("monster-steps", None)
    assert (await diary.undo(CLUB, ANN)).exercise is None


async def test_a_badge_is_announced_once_and_kept_whatever_is_undone(app, clock):
    first = await done(app)
    assert [badge.id for badge in first.gain.badges] == ["first-move"]
    assert (await done(app)).gain.badges == ()
    for _ in range(2):
        await app.diary.undo(CLUB, ANN)
        assert [b.id for b in (await app.practice.progress(CLUB, ANN)).badges] == ["first-move"]
        assert (await done(app)).gain.badges == ()


async def test_badges_earned_together_are_announced_together(app, clock):
    await hit_weeks(app, clock, 4)
    badges = (await app.practice.progress(CLUB, ANN)).badges
    assert [badge.id for badge in badges] == ["first-move", "ten-days", "month-of-weeks"]


async def test_a_pause_is_recorded_and_overlapping_ones_become_one(app):
    first = await pause(app, "last monday", "3 July", RACE)
    assert first.pause == Pause(date(2026, 6, 29), date(2026, 7, 3), RACE)
    assert first.merged == ()
    second = await pause(app, "2 July", "10 July", INJURY)
    assert second.merged == (first.pause,)
    assert second.pause == Pause(date(2026, 6, 29), date(2026, 7, 10), INJURY)
    assert (await history_of(app)).pauses == (second.pause,)
    assert (await history_of(app, BEN)).pauses == ()


@pytest.mark.parametrize(
    ("first", "last", "error"),
    [
        ("today", "yesterday", PauseBackwards),
        ("2026-06-03", None, PauseTooEarly),
        ("today", "2027-07-03", PauseTooLong),
        ("2027-07-03", None, PauseTooLong),
        ("today", "whenever", BadDay),
    ],
)
async def test_a_pause_that_cannot_be_is_refused_and_writes_nothing(app, first, last, error):
    with pytest.raises(error):
        await pause(app, first, last)
    assert (await history_of(app)).pauses == ()


@pytest.mark.parametrize(("first", "last"), [("2026-06-04", None), ("today", "2027-07-02")])
async def test_a_pause_may_begin_four_weeks_back_and_reach_a_year_ahead(app, first, last):
    assert (await pause(app, first, last)).pause is not None


@pytest.mark.parametrize(
    ("first", "last", "left"),
    [
        (TODAY - 3 * DAY, None, TODAY - DAY),
        (TODAY - 3 * DAY, TODAY, TODAY - DAY),
        (TODAY, TODAY + DAY, None),
        (TODAY + DAY, None, None),
        (TODAY - 3 * DAY, TODAY - 2 * DAY, TODAY - 2 * DAY),
    ],
)
async def test_a_pause_ends_yesterday_and_one_to_come_is_called_off(app, first, last, left):
    await pause(app, first.isoformat(), last and last.isoformat())
    for _ in range(2):  # from a second device as well
        ended = await app.diary.end_pause(CLUB, ANN, first)
        assert (ended.pause and ended.pause.last) == left
        assert (await history_of(app)).pauses == ((ended.pause,) if left else ())


async def test_a_pause_that_was_none_is_deleted_and_no_other(app):
    await pause(app, "last monday", "last monday")
    await pause(app, "tomorrow")
    gone = await app.diary.delete_pause(CLUB, ANN, date(2026, 6, 29))
    assert gone.pause is None
    assert [p.first for p in (await history_of(app)).pauses] == [TODAY + DAY]


async def test_a_pause_entered_afterwards_brings_a_lost_streak_back(app, clock):
    await hit_weeks(app, clock, 2)
    clock.advance(weeks=1)
    assert (await app.diary.standing(CLUB, ANN)).streak.weeks == 0
    paused = await pause(app, "7 days ago", "yesterday", INJURY)
    assert paused.streak.weeks == 2
    assert [week.week.rule for week in (await app.diary.standing(CLUB, ANN)).weeks[-4:]] == [
        WeekRule.HIT,
        WeekRule.HIT,
        WeekRule.PAUSED,
        WeekRule.OPEN,
    ]


async def test_the_first_week_after_a_pause_begins_gently(app, clock):
    assert not (await app.diary.today(CLUB, ANN)).is_return
    await pause(app, "3 days ago", "yesterday", INJURY)
    assert (await app.diary.today(CLUB, ANN)).is_return
    assert (await done(app)).gain.is_return
    assert not (await app.diary.today(CLUB, BEN)).is_return
    clock.advance(days=7)
    assert not (await app.diary.today(CLUB, ANN)).is_return


async def test_why_tells_the_last_weeks_and_offers_the_days_that_can_still_count(app, clock):
    await hit_weeks(app, clock, 4)
    clock.advance(weeks=1, days=1)  # a week missed; a Tuesday
    standing = await app.diary.standing(CLUB, ANN)
    today = await app.practice.day(CLUB)

    assert standing.streak == Streak(weeks=4, best=4, this_week=0, target=3, freezes=0, to_freeze=4)
    assert [week.week.rule for week in standing.weeks] == [WeekRule.HIT] * 3 + [
        WeekRule.FROZEN,
        WeekRule.OPEN,
    ]
    assert standing.consistency.percent == 75
    assert standing.weeks[-1].days[1].state is DayState.OPEN
    assert [a.day for a in standing.open_days] == [today, today - DAY]
    for open_day in standing.open_days:
        await done(app, open_day.day, slug=open_day.exercise.slug)
    assert (await app.diary.standing(CLUB, ANN)).open_days == ()


async def test_a_day_before_joining_is_not_offered(app, clock):
    standing = await app.diary.standing(CLUB, ANN, joined_at=clock.now)
    assert [a.day for a in standing.open_days] == [TODAY]
    assert standing.consistency is None


async def test_a_forgotten_day_is_offered_with_the_challenge_that_it_had(app, clock):
    asked = {}
    for _ in range(2):
        asked[await app.practice.day(CLUB)] = (await app.daily.today(CLUB)).exercise
        clock.advance(days=1)
    clock.advance(days=-1)
    standing = await app.diary.standing(CLUB, ANN)
    assert {a.day: a.exercise for a in standing.open_days} == asked


async def test_the_history_has_pages_with_the_latest_day_first(app):
    await change(app, credit_days=7)
    slugs = [exercise.slug for exercise in app.catalogue][:3]
    for age in range(8):
        for slug in slugs:
            await done(app, TODAY - age * DAY, slug=slug)
    pages = [await app.diary.history(CLUB, ANN, n) for n in range(3)]
    assert [(p.page, p.pages, p.count, len(p.entries)) for p in pages] == [
        (0, 3, 24, 10),
        (1, 3, 24, 10),
        (2, 3, 24, 4),
    ]
    days = [entry.day for page in pages for entry, _ in page.entries]
    assert days == sorted(days, reverse=True)
    assert len({(e.day, e.slug) for page in pages for e, _ in page.entries}) == 24
    assert await app.diary.history(CLUB, ANN, 99) == pages[-1]
    assert await app.diary.history(CLUB, ANN, -1) == pages[0]
    assert (await app.diary.history(CLUB, BEN, 0)).entries == ()


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/Los_Angeles", "Pacific/Kiritimati"])
async def test_a_club_that_moves_keeps_every_week_that_was_over(app, clock, zone):
    await hit_weeks(app, clock, 3)
    clock.advance(days=2)
    before = (await app.diary.standing(CLUB, ANN)).weeks[:-1]
    await set_up(app, timezone=zone)
    after = await app.diary.standing(CLUB, ANN)
    assert after.weeks[:-1] == before
    assert after.streak.weeks == 3


@pytest.mark.parametrize("call", ["today", "undo", "standing"])
async def test_a_server_that_is_no_club_is_told_so(app, call):
    with pytest.raises(NotSetUp):
        await getattr(app.diary, call)(9, ANN)
    with pytest.raises(NotSetUp):
        await log(app, club_id=9)
    with pytest.raises(NotSetUp):
        await app.diary.history(9, ANN, 0)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
async def test_whatever_members_do_what_is_shown_is_what_the_rows_say(app, clock, settings, seed):
    rng = random.Random(seed)
    slugs = [exercise.slug for exercise in app.catalogue][:4]
    shown = None
    for _ in range(60):
        clock.advance(hours=rng.randrange(40))
        today = await app.practice.day(CLUB)
        match rng.choice(["done", "done", "done", "undo", "pause", "end"]):
            case "done":
                shown = (await done(app, today, slug=rng.choice(slugs))).streak
            case "undo":
                try:
                    shown = (await app.diary.undo(CLUB, ANN)).streak
                except NothingToUndo:
                    continue
            case "pause":
                first = today - rng.randrange(-5, 20) * DAY
                last = first + rng.randrange(9) * DAY
                shown = (await pause(app, first.isoformat(), last.isoformat())).streak
            case "end":
                pauses = (await history_of(app)).pauses or [Pause(today, None, RACE)]
                shown = (await app.diary.end_pause(CLUB, ANN, rng.choice(pauses).first)).streak
        assert shown == await rebuilt(app, settings, today)
        assert shown == (await app.diary.standing(CLUB, ANN)).streak
        pauses = (await history_of(app)).pauses
        for earlier, later in pairwise(pauses):
            assert later.first - earlier.last > timedelta(days=1)


async def rebuilt(app, settings, today):
    """The streak from the rows themselves, as another program would read them."""
    history = await history_of(app)
    days = {row[0] for row in rows(settings, f"SELECT day FROM completions WHERE member_id={ANN}")}
    assert {str(day) for day in days} == {day.isoformat() for day in history.days}
    async with app.database.read() as stores:
        club = await stores.clubs.get(CLUB)
    return streak(history.record, club.targets, today, club.calendar)
