import asyncio
import random
from collections import Counter
from datetime import date, timedelta

import pytest

from bot.domain.catalogue import Catalogue
from bot.domain.exercise import Level
from bot.domain.standings import Period
from bot.errors import NotSetUp, TooEarly, TooLate, UnknownExercise
from bot.services.practice import Practice
from bot.services.standings import Wanted
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


async def days_of(app, member=ANN):
    async with app.database.read() as stores:
        return (await stores.members.history(CLUB, member)).days


async def test_twenty_clicks_at_once_are_one_completion(app, settings):
    answers = await asyncio.gather(*(done(app) for _ in range(20)))
    assert sum(answer.is_new for answer in answers) == 1
    assert {answer.streak.this_week for answer in answers} == {1}
    assert rows(settings, "SELECT count(*) FROM completions") == [(1,)]


async def test_clicks_in_two_processes_are_one_completion(app, other_process, settings):
    processes = (app, other_process)
    answers = await asyncio.gather(*(done(p) for p in processes for _ in range(10)))
    assert sum(answer.is_new for answer in answers) == 1
    assert {answer.streak.this_week for answer in answers} == {1}
    assert rows(settings, "SELECT count(*) FROM completions") == [(1,)]


async def test_moves_at_once_are_all_in_the_last_answer(app, other_process):
    slugs = [exercise.slug for exercise in app.catalogue][:6]
    processes = (app, other_process)
    await asyncio.gather(*(done(processes[n % 2], slug=s) for n, s in enumerate(slugs)))
    counts = (await app.practice.progress(CLUB, ANN)).counts
    assert sorted(e.slug for e, times in counts if times == 1) == sorted(slugs)


async def test_two_members_are_two_completions(app, settings):
    answers = await asyncio.gather(done(app, member=ANN), done(app, member=BEN))
    assert all(answer.is_new for answer in answers)
    assert rows(settings, "SELECT count(*) FROM completions") == [(2,)]


@pytest.mark.parametrize("level", list(Level))
async def test_every_level_earns_the_same_credit(app, level):
    answer = await done(app, level=level)
    assert answer.is_new
    assert answer.streak.this_week == 1


async def test_a_second_level_on_the_same_day_changes_nothing(app, settings):
    await done(app, level=Level.EASIER)
    assert not (await done(app, level=Level.HARDER)).is_new
    assert rows(settings, "SELECT level FROM completions") == [("easier",)]


async def test_two_moves_on_one_day_are_one_active_day(app):
    await done(app)
    answer = await done(app, slug="monster-steps")
    assert answer.is_new
    assert answer.streak.this_week == 1


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/Los_Angeles", "Pacific/Kiritimati"])
async def test_a_new_time_zone_never_rewrites_past_days(app, settings, clock, zone):
    await done(app, TODAY - DAY)
    await done(app, TODAY)
    before = rows(settings, "SELECT * FROM completions ORDER BY day")
    await set_up(app, timezone=zone)
    clock.advance(days=1)
    await app.practice.progress(CLUB, ANN)
    assert rows(settings, "SELECT * FROM completions ORDER BY day") == before
    assert await days_of(app) == {TODAY - DAY, TODAY}


@pytest.mark.parametrize(("credit_days", "age"), [(0, 0), (1, 0), (1, 1), (7, 7)])
async def test_a_card_is_credited_to_its_own_day_while_the_club_allows(app, credit_days, age):
    await change(app, credit_days=credit_days)
    answer = await done(app, TODAY - age * DAY)
    assert (answer.is_new, answer.is_today) == (True, age == 0)
    assert await days_of(app) == {TODAY - age * DAY}


@pytest.mark.parametrize(
    ("credit_days", "age", "error"),
    [(0, 1, TooLate), (1, 2, TooLate), (7, 8, TooLate), (1, -1, TooEarly), (7, -1, TooEarly)],
)
async def test_a_card_that_is_too_old_or_of_tomorrow_writes_nothing(
    app, settings, credit_days, age, error
):
    await change(app, credit_days=credit_days)
    with pytest.raises(error):
        await done(app, TODAY - age * DAY)
    assert rows(settings, "SELECT * FROM completions") == rows(settings, "SELECT * FROM members")
    assert app.daily.take_outdated() == []


async def test_at_half_past_two_at_night_it_is_still_the_evening_before(app, clock):
    clock.now = utc(2026, 7, 3, 1, 30)  # 02:30 in London
    assert await app.practice.day(CLUB) == TODAY
    answer = await done(app, TODAY)
    assert answer.is_today
    clock.now = utc(2026, 7, 3, 2)  # 03:00
    assert await app.practice.day(CLUB) == TODAY + DAY
    assert not (await done(app, TODAY, member=BEN)).is_today


async def test_the_answer_tells_the_streak_with_this_click_in_it(app, clock):
    clock.now = utc(2026, 6, 15, 12)
    weeks = []
    for n in range(21):
        if n % 7 in (0, 2, 4):
            weeks.append((await done(app, date(2026, 6, 15) + n * DAY)).streak.weeks)
        clock.advance(days=1)
    assert weeks == [0, 0, 1, 1, 1, 2, 2, 2, 3]


async def test_a_server_that_is_no_club_is_told_so(app, settings):
    with pytest.raises(NotSetUp):
        await done(app, club_id=9)
    with pytest.raises(NotSetUp):
        await app.practice.progress(9, ANN)
    assert rows(settings, "SELECT * FROM completions") == []


async def test_an_exercise_that_the_library_lacks_writes_nothing(app, settings):
    with pytest.raises(UnknownExercise):
        await done(app, slug="no-such-move")
    assert rows(settings, "SELECT * FROM completions") == []


async def test_a_failure_half_way_leaves_nothing_behind(app, settings, monkeypatch):
    async def fail(*_, **__):
        raise RuntimeError("half way")

    monkeypatch.setattr("bot.storage.members.MemberStore.save_names", fail)
    with pytest.raises(RuntimeError, match="half way"):
        await done(app)
    assert rows(settings, "SELECT * FROM completions") == []
    assert app.daily.take_outdated() == []
    monkeypatch.undo()
    assert (await done(app)).is_new


async def test_only_a_new_completion_makes_the_card_out_of_date(app):
    await done(app)
    await done(app, member=BEN)
    assert app.daily.take_outdated() == [(CLUB, TODAY)]
    await done(app)
    assert app.daily.take_outdated() == []


@pytest.mark.parametrize(("club_id", "day"), [(None, None), (9, None), (CLUB, TODAY)])
async def test_an_exercise_counts_for_the_day_of_a_club_only(app, club_id, day):
    assignment = await app.practice.assign(club_id, "Monster walk")
    assert (assignment.exercise.slug, assignment.day) == ("monster-steps", day)


async def test_an_unknown_exercise_is_answered_with_the_nearest(app):
    with pytest.raises(UnknownExercise) as error:
        await app.practice.assign(CLUB, "monster stops")
    assert error.value.values["nearest"][0] == "Monster steps"


async def test_progress_tells_week_month_all_and_the_favourite_moves(app):
    await change(app, credit_days=7)
    for age, slug in ((0, "a-march"), (0, "monster-steps"), (1, "monster-steps"), (2, "a-march")):
        await done(app, TODAY - age * DAY, slug=slug)
    await done(app, TODAY - 3 * DAY, slug="monster-steps")
    await done(app, TODAY - 4 * DAY, member=BEN)
    progress = await app.practice.progress(CLUB, ANN)
    assert (progress.sessions, progress.this_month, progress.today) == (4, 2, TODAY)
    assert progress.week_days == tuple(date(2026, 6, 29) + n * DAY for n in range(4))
    assert [(e.slug, n) for e, n in progress.counts] == [("monster-steps", 3), ("a-march", 2)]
    assert progress.streak.weeks == 1


async def test_a_move_that_left_the_library_still_counts_in_the_total(app, library, clock):
    await done(app, slug="monster-steps")
    smaller = Catalogue(e for e in app.catalogue if e.slug != "monster-steps")
    practice = Practice(
        app.database, with_only(app, library, smaller), app.knowledge, app.recorder, clock
    )
    progress = await practice.progress(CLUB, ANN)
    assert (progress.sessions, progress.counts) == (1, ())


async def test_somebody_who_never_did_a_move_has_a_clean_slate(app):
    progress = await app.practice.progress(CLUB, ANN)
    assert (progress.sessions, progress.week_days, progress.counts) == (0, (), ())
    assert (progress.streak.weeks, progress.streak.best, progress.streak.target) == (0, 0, 3)


@pytest.mark.parametrize("seed", range(2))
async def test_whatever_members_click_totals_are_the_days_they_did_something(app, clock, seed):
    rng = random.Random(seed)
    days, times, slugs = {}, Counter(), [e.slug for e in app.catalogue]
    for _ in range(50):
        clock.advance(hours=rng.randrange(14))
        today = await app.practice.day(CLUB)
        member, slug, day = rng.randrange(4), rng.choice(slugs), today - rng.randrange(-1, 4) * DAY
        if not timedelta(0) <= today - day <= DAY:
            with pytest.raises((TooLate, TooEarly)):
                await done(app, day, member, slug=slug)
            continue
        answer = await done(app, day, member, slug=slug)
        assert answer.is_new == (times[member, day, slug] == 0)
        times[member, day, slug] += 1
        days.setdefault(member, set()).add(day)
    board = await app.standings.board(CLUB, Wanted(period=Period.ALL))
    assert {r.member_id: r.points for r in board.rows} == {m: len(d) for m, d in days.items()}
    for member, active in days.items():
        assert await days_of(app, member) == active
