from datetime import date, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import streaks
from bot.domain.days import Calendar, week_of
from bot.domain.streaks import WEEK, Streak, Target, target_in

streak = partial(streaks.streak, calendar=Calendar(zone=ZoneInfo("UTC"), post_time=time(7)))

MONDAY = date(2026, 6, 29)
TODAY = date(2026, 7, 2)
LONG_AGO = date(2026, 1, 5)

days = st.integers(0, 80).map(lambda n: TODAY - timedelta(days=n))
many_days = st.lists(days, max_size=60)
mondays = st.integers(-12, 2).map(lambda n: MONDAY + n * WEEK)
one_target = st.builds(Target, mondays, st.integers(1, 7))
some_targets = st.lists(one_target, min_size=1, max_size=4, unique_by=lambda t: t.from_week)


def three_a_week():
    return [Target(LONG_AGO, 3)]


def done(*per_week):
    """So many days in each week, the last of them this one."""
    first = MONDAY - (len(per_week) - 1) * WEEK
    return [first + n * WEEK + timedelta(days=d) for n, c in enumerate(per_week) for d in range(c)]


@pytest.mark.parametrize(
    ("per_week", "weeks", "best", "this_week"),
    [
        ((), 0, 0, 0),
        ((1,), 0, 0, 1),
        ((3,), 1, 1, 3),
        ((3, 0), 1, 1, 0),
        ((3, 2), 1, 1, 2),
        ((3, 3), 2, 2, 3),
        ((3, 2, 0), 0, 1, 0),
        ((3, 2, 3), 1, 1, 3),
        ((2, 2, 2), 0, 0, 2),
        ((3, 3, 3, 0, 3, 1), 1, 3, 1),
        ((4, 4, 0, 3, 4), 2, 2, 4),
        ((4, 4, 4, 4, 4, 4), 6, 6, 4),
    ],
)
def test_a_streak_counts_the_weeks_in_a_row_at_the_target(per_week, weeks, best, this_week):
    shown = streak(done(*per_week), three_a_week(), TODAY)
    assert shown == Streak(weeks=weeks, best=best, this_week=this_week, target=3)


@given(many_days, some_targets)
def test_the_current_week_never_breaks_a_streak(done, targets):
    before = [day for day in done if day < MONDAY]
    on_sunday = streak(before, targets, MONDAY - timedelta(days=1))
    assert streak(done, targets, TODAY).weeks >= on_sunday.weeks


@given(many_days, days, some_targets)
def test_another_day_never_lowers_a_streak(done, day, targets):
    before, after = (streak(d, targets, TODAY) for d in (done, [*done, day]))
    assert after.weeks >= before.weeks
    assert after.best >= before.best
    assert after.this_week >= before.this_week


@given(many_days, some_targets, st.randoms())
def test_neither_order_nor_repeats_matter(done, targets, rng):
    shuffled = rng.sample(done + done[:5], len(done) + len(done[:5]))
    turned = rng.sample(targets, len(targets))
    assert streak(shuffled, turned, TODAY) == streak(done, targets, TODAY)


@given(many_days, some_targets)
def test_the_best_streak_is_at_least_the_current_one(done, targets):
    shown = streak(done, targets, TODAY)
    assert shown.best >= shown.weeks


@given(many_days, some_targets)
def test_the_best_streak_is_the_longest_there_ever_was(done, targets):
    ends = [week_of(day) + timedelta(days=6) for day in done]
    past = [streak([d for d in done if d <= end], targets, end).weeks for end in ends]
    assert streak(done, targets, TODAY).best == max(past, default=0)


@given(many_days, some_targets, one_target, st.integers(1, 60))
def test_a_new_target_never_changes_the_weeks_before_it(done, targets, new, age):
    known = [Target(LONG_AGO, 2), *(t for t in targets if t.from_week != new.from_week)]
    today = new.from_week - timedelta(days=age)
    past = [day for day in done if day <= today]
    assert streak(past, [*known, new], today) == streak(past, known, today)


@pytest.mark.parametrize(
    ("per_week", "weeks", "best"),
    [((2, 4, 4), 3, 3), ((2, 2, 4), 1, 1), ((2, 3, 0), 0, 1), ((1, 4, 3), 1, 1)],
)
def test_a_new_target_counts_from_its_week_on(per_week, weeks, best):
    targets = [Target(LONG_AGO, 2), Target(MONDAY - WEEK, 4)]
    shown = streak(done(*per_week), targets, TODAY)
    assert (shown.weeks, shown.best, shown.target) == (weeks, best, 4)


@pytest.mark.parametrize(
    ("week", "expected"),
    [(MONDAY - WEEK, 3), (MONDAY, 3), (MONDAY + WEEK, 5), (MONDAY + 9 * WEEK, 5)],
)
def test_the_target_of_a_week_is_the_latest_before_it_or_else_the_first(week, expected):
    assert target_in(week, [Target(MONDAY + WEEK, 5), Target(MONDAY, 3)]) == expected


def test_a_week_in_which_the_zone_skipped_a_date_asks_for_no_more_days_than_it_had():
    apia = Calendar(zone=ZoneInfo("Pacific/Apia"), post_time=time(7))
    monday = date(2011, 12, 26)
    week = apia.days(monday, monday + timedelta(days=6))
    assert len(week) == 6  # without the 30th
    daily = [Target(LONG_AGO, 7)]
    assert streaks.streak(week, daily, week[-1], apia) == Streak(
        weeks=1, best=1, this_week=6, target=6
    )
    assert streaks.streak(week[1:], daily, week[-1], apia).weeks == 0
