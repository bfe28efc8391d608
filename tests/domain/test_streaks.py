from collections import Counter
from dataclasses import replace
from datetime import date, time, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.domain import streaks
from bot.domain.days import DAY, Calendar, week_of
from bot.domain.pauses import Pause, PauseReason, merge
from bot.domain.streaks import (
    WEEK,
    Consistency,
    Record,
    Streak,
    Target,
    WeekRule,
    consistency,
    target_in,
    weeks,
)

UTC = Calendar(zone=ZoneInfo("UTC"), post_time=time(7))
MONDAY = date(2026, 6, 29)
TODAY = date(2026, 7, 2)
LONG_AGO = date(2026, 1, 5)
HIT, OPEN, PAUSED, FROZEN, MISSED = list(WeekRule)[:5]

days = st.integers(0, 120).map(lambda n: TODAY - timedelta(days=n))
many_days = st.lists(days, max_size=100)
mondays = st.integers(-18, 2).map(lambda n: MONDAY + n * WEEK)
one_target = st.builds(Target, mondays, st.integers(1, 7))
some_targets = st.lists(one_target, min_size=1, max_size=4, unique_by=lambda t: t.from_week)
one_pause = st.builds(
    lambda first, length, reason: Pause(first, length and first + length * DAY, reason),
    days,
    st.none() | st.integers(0, 30),
    st.sampled_from(PauseReason),
)
some_pauses = st.lists(one_pause, max_size=3).map(tuple)
records = st.builds(
    lambda done, pauses, joined: Record(days=frozenset(done), pauses=pauses, joined=joined),
    many_days,
    some_pauses,
    st.none() | days,
)
# Weeks of a streak that lives long enough to earn freezes and lose them again.
long_records = st.builds(
    lambda per_week, pauses, joined: Record(
        days=frozenset(done(*per_week)), pauses=pauses, joined=joined
    ),
    st.lists(st.sampled_from([0, 2, 3, 3, 3, 3]), min_size=8, max_size=25),
    st.just(()) | some_pauses,
    st.none() | days,
)
members = records | long_records


def three_a_week():
    return [Target(LONG_AGO, 3)]


def done(*per_week):
    """So many days in each week, the last of them this one."""
    first = MONDAY - (len(per_week) - 1) * WEEK
    return [first + n * WEEK + timedelta(days=d) for n, c in enumerate(per_week) for d in range(c)]


def streak(done, targets, today=TODAY, pauses=(), calendar=UTC):
    return streaks.streak(Record(days=frozenset(done), pauses=pauses), targets, today, calendar)


def standing(record, targets, today=TODAY):
    """Everything about a member that goes up."""
    passed = weeks(record, targets, today, UTC, since=today - 4 * WEEK)
    shown = streaks.summary(passed)
    share = consistency(record, targets, today, UTC)
    return (
        shown.weeks,
        shown.best,
        shown.this_week,
        shown.freezes,
        -1 if shown.to_freeze is None else -shown.to_freeze - 10 * (2 - shown.freezes),
        share.done / share.asked if share else -1,
    )


def rules(record, targets=None, today=TODAY):
    return [week.rule for week in weeks(record, targets or three_a_week(), today, UTC)]


@pytest.mark.parametrize(
    ("per_week", "expected"),
    [
        ((), (0, 0, 0)),
        ((1,), (0, 0, 1)),
        ((3,), (1, 1, 3)),
        ((3, 0), (1, 1, 0)),
        ((3, 2), (1, 1, 2)),
        ((3, 3), (2, 2, 3)),
        ((3, 2, 0), (0, 1, 0)),
        ((3, 2, 3), (1, 1, 3)),
        ((2, 2, 2), (0, 0, 2)),
        ((3, 3, 3, 0, 3, 1), (1, 3, 1)),
        ((4, 4, 0, 3, 4), (2, 2, 4)),
        ((4, 4, 4, 4, 4, 4), (6, 6, 4)),
    ],
)
def test_a_streak_counts_the_weeks_in_a_row_at_the_target(per_week, expected):
    shown = streak(done(*per_week), three_a_week())
    assert (shown.weeks, shown.best, shown.this_week) == expected
    assert shown.target == 3


@pytest.mark.parametrize(
    ("per_week", "weeks_now", "freezes", "to_freeze"),
    [
        ((3, 3, 3, 0), 3, 0, 1),
        ((3, 3, 3, 3), 4, 1, 4),
        ((3, 3, 3, 3, 0, 0), 4, 0, 4),  # the freeze covers the first; the second is still open
        ((3, 3, 3, 3, 0, 0, 0), 0, 0, 4),  # one covers one
        ((3, 3, 3, 3, 0, 3, 3, 3, 3, 0, 0), 8, 0, 4),
        ((3, 3, 3, 3, 3, 3, 3, 0), 7, 1, 1),
        ((3, 3, 3, 3, 3, 3, 3, 3), 8, 2, None),
        ((3,) * 15, 15, 2, None),  # never more than two
        ((*(3,) * 15, 0, 0, 0), 15, 0, 4),
        ((*(3,) * 15, 0, 0, 0, 0), 0, 0, 4),
        ((*(3,) * 8, 0, 3, 3, 3, 3), 12, 2, None),
        ((3, 3, 3, 0, 3, 0), 1, 0, 3),  # what was on its way ends with its streak
    ],
)
def test_four_weeks_at_the_target_earn_a_freeze_and_it_covers_one_missed_week(
    per_week, weeks_now, freezes, to_freeze
):
    shown = streak(done(*per_week), three_a_week())
    assert (shown.weeks, shown.freezes, shown.to_freeze) == (weeks_now, freezes, to_freeze)


@given(members, some_targets)
def test_a_freeze_never_raises_the_count(record, targets):
    for week in weeks(record, targets, TODAY, UTC):
        assert week.streak == week.before + 1 if week.rule is HIT else week.streak <= week.before
        assert 0 <= week.freezes <= 2
    shown = streaks.streak(record, targets, TODAY, UTC)
    hits = sum(week.rule is HIT for week in weeks(record, targets, TODAY, UTC))
    assert shown.best <= hits


@given(members, some_targets)
def test_the_current_week_never_breaks_a_streak(record, targets):
    before = replace(record, days=frozenset(day for day in record.days if day < MONDAY))
    on_sunday = streaks.streak(before, targets, MONDAY - DAY, UTC)
    now = streaks.streak(record, targets, TODAY, UTC)
    was_over = weeks(record, targets, TODAY, UTC, since=MONDAY - WEEK)[-2]
    # What may end it is the week that has just ended, in which Sunday was not over.
    assert now.weeks >= was_over.streak
    assert on_sunday.weeks in (was_over.streak, was_over.before)


@given(members, days, some_targets)
def test_another_completion_never_lowers_anything(record, day, targets):
    more = replace(record, days=record.days | {day})
    before, after = standing(record, targets), standing(more, targets)
    assert all(now >= then for then, now in zip(before, after, strict=True)), (before, after)


@pytest.mark.parametrize("hits_before", [0, 3, 7, 8])
def test_no_missed_week_would_be_better_missed(hits_before):
    for fate in product([0, 3], repeat=7):
        per_week = [3] * hits_before + list(fate)
        before = standing(Record(days=frozenset(done(*per_week))), three_a_week())
        for n in (n for n, count in enumerate(per_week) if count == 0):
            better = [*per_week[:n], 3, *per_week[n + 1 :]]
            after = standing(Record(days=frozenset(done(*better))), three_a_week())
            assert all(now >= then for then, now in zip(before, after, strict=True)), (fate, n)


@given(members, days, some_targets)
def test_undo_then_redo_changes_nothing(record, day, targets):
    assume(day in record.days)
    undone = replace(record, days=record.days - {day})
    redone = replace(undone, days=undone.days | {day})
    passed = [weeks(r, targets, TODAY, UTC) for r in (record, redone)]
    assert passed[0] == passed[1]


@given(members, one_pause, some_targets)
def test_a_pause_never_breaks_a_streak(record, pause, targets):
    paused = replace(record, pauses=(*record.pauses, pause))
    assert all(
        now >= then
        for then, now in zip(
            standing(record, targets)[:5], standing(paused, targets)[:5], strict=True
        )
    )


@given(members, some_targets)
def test_overlapping_pauses_count_as_the_one_they_merge_into(record, targets):
    merged = ()
    for pause in record.pauses:
        one, met = merge(pause, merged)
        merged = (*(p for p in merged if p not in met), one)
    one_by_one = weeks(record, targets, TODAY, UTC)
    assert weeks(replace(record, pauses=merged), targets, TODAY, UTC) == one_by_one


@given(many_days, some_pauses, some_targets, st.randoms())
def test_neither_order_of_arrival_nor_repeats_matter(done, pauses, targets, rng):
    shuffled = rng.sample(done + done[:5], len(done) + len(done[:5]))
    turned = rng.sample(targets, len(targets))
    record = Record(days=frozenset(shuffled), pauses=tuple(rng.sample(pauses, len(pauses))))
    usual = Record(days=frozenset(done), pauses=pauses)
    assert weeks(record, turned, TODAY, UTC) == weeks(usual, targets, TODAY, UTC)


@given(members, some_targets, st.sampled_from(["Pacific/Kiritimati", "Pacific/Honolulu"]))
def test_moving_the_club_east_or_west_loses_no_week(record, targets, zone):
    there = Calendar(zone=ZoneInfo(zone), post_time=time(7))
    for today in (TODAY - DAY, TODAY, TODAY + DAY):
        assert weeks(record, targets, today, there) == weeks(record, targets, today, UTC)


@given(members, some_targets)
def test_what_is_shown_is_what_one_counts_by_hand(record, targets):
    """The rules again, in other words: runs of weeks, and freezes as a list of those held."""
    by_week = Counter(week_of(day) for day in record.days)
    monday = min([*by_week, MONDAY])
    run, best, held, hits = 0, 0, [], 0
    while monday <= MONDAY:
        sunday = monday + 6 * DAY
        paused = any(p.first <= sunday and (p.last or date.max) >= monday for p in record.pauses)
        if by_week[monday] >= target_in(monday, targets):
            run += 1
            if len(held) < 2:
                hits += 1
                if hits == 4:
                    held, hits = [*held, monday], 0
        elif not paused and monday < MONDAY:
            if held:
                held.pop()
            else:
                run, hits = 0, 0
        best = max(best, run)
        monday += WEEK
    shown = streaks.streak(record, targets, TODAY, UTC)
    assert (shown.weeks, shown.best, shown.freezes) == (run, best, len(held))
    assert shown.to_freeze == (None if len(held) == 2 else 4 - hits)


@given(members, some_targets)
def test_the_best_streak_is_the_longest_there_ever_was(record, targets):
    passed = weeks(record, targets, TODAY, UTC)
    shown = streaks.summary(passed)
    assert shown.best == max(week.streak for week in passed) >= shown.weeks


@given(members, some_targets, one_target, st.integers(1, 60))
def test_a_new_target_never_changes_the_weeks_before_it(record, targets, new, age):
    known = [Target(LONG_AGO, 2), *(t for t in targets if t.from_week != new.from_week)]
    today = new.from_week - timedelta(days=age)
    past = replace(record, days=frozenset(day for day in record.days if day <= today))
    assert weeks(past, [*known, new], today, UTC) == weeks(past, known, today, UTC)


@pytest.mark.parametrize(
    ("per_week", "weeks_now", "best"),
    [((2, 4, 4), 3, 3), ((2, 2, 4), 1, 1), ((2, 3, 0), 0, 1), ((1, 4, 3), 1, 1)],
)
def test_a_new_target_counts_from_its_week_on(per_week, weeks_now, best):
    targets = [Target(LONG_AGO, 2), Target(MONDAY - WEEK, 4)]
    shown = streak(done(*per_week), targets)
    assert (shown.weeks, shown.best, shown.target) == (weeks_now, best, 4)


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
    assert streak(week, daily, week[-1], calendar=apia) == Streak(
        weeks=1, best=1, this_week=6, target=6, freezes=0, to_freeze=3
    )
    assert streak(week[1:], daily, week[-1], calendar=apia).weeks == 0


@pytest.mark.parametrize("paused_days", [1, 2, 7])
@pytest.mark.parametrize("weekday", range(7))
def test_a_week_that_a_pause_touches_is_passed_over_however_short_it_is(paused_days, weekday):
    first = MONDAY - WEEK + weekday * DAY
    pause = Pause(first, first + (paused_days - 1) * DAY, PauseReason.RACE)
    record = Record(days=frozenset(done(3, 3, 2, 3)), pauses=(pause,))
    last = MONDAY - WEEK + 6 * DAY
    assert rules(record) == [HIT, HIT, PAUSED, HIT]
    assert streaks.streak(record, three_a_week(), last + DAY, UTC).weeks == 3


def test_a_paused_week_that_is_hit_all_the_same_counts():
    pause = Pause(MONDAY - 2 * WEEK, None, PauseReason.HOLIDAY)
    record = Record(days=frozenset(done(3, 0, 3, 1)), pauses=(pause,))
    assert rules(record) == [HIT, PAUSED, HIT, PAUSED]
    assert streak(record.days, three_a_week(), pauses=(pause,)).weeks == 2


def test_a_paused_week_costs_no_freeze():
    per_week = (3, 3, 3, 3, 0, 0, 1)
    pause = Pause(MONDAY - 2 * WEEK, MONDAY - 2 * WEEK, PauseReason.RACE)
    record = Record(days=frozenset(done(*per_week)), pauses=(pause,))
    assert rules(record) == [HIT] * 4 + [PAUSED, FROZEN, OPEN]
    assert rules(replace(record, pauses=())) == [HIT] * 4 + [FROZEN, MISSED, OPEN]


def test_an_entered_pause_gives_back_the_freeze_that_its_week_had_cost():
    days = done(3, 3, 3, 3, 0, 1)
    pause = Pause(MONDAY - WEEK, MONDAY - DAY, PauseReason.INJURY)
    assert streak(days, three_a_week()).freezes == 0
    assert streak(days, three_a_week(), pauses=(pause,)).freezes == 1


def test_the_weeks_before_somebody_began_and_that_in_which_they_did_were_not_missed():
    joined = MONDAY - WEEK + 5 * DAY
    record = Record(days=frozenset({joined}), joined=joined)
    shown = weeks(record, three_a_week(), TODAY, UTC, since=MONDAY - 3 * WEEK)
    assert [w.rule for w in shown] == [WeekRule.BEFORE] * 2 + [WeekRule.STARTED, OPEN]


def share(per_week, *, joined=LONG_AGO, pauses=(), targets=None):
    record = Record(days=frozenset(done(*per_week)), pauses=pauses, joined=joined)
    return consistency(record, targets or three_a_week(), TODAY, UTC)


@pytest.mark.parametrize(
    ("per_week", "percent"),
    [
        ((3, 3, 3, 3, 0), 100),
        ((7, 7, 7, 7, 0), 100),  # more than asked is as asked
        ((0, 3, 3, 3, 3, 0), 100),  # what is longer ago does not matter
        ((2, 3, 1, 0, 7), 50),
        ((7, 0, 0, 0, 0), 25),
        ((0, 0, 0, 0, 3), 0),
    ],
)
def test_consistency_is_the_share_of_the_target_met_in_the_last_four_full_weeks(per_week, percent):
    assert share(per_week).percent == percent


def test_consistency_leaves_paused_weeks_out():
    pause = Pause(MONDAY - 3 * WEEK, MONDAY - 2 * WEEK, PauseReason.INJURY)
    assert share((3, 0, 0, 3, 1), pauses=(pause,)) == Consistency(6, 6)
    everything = Pause(MONDAY - 9 * WEEK, None, PauseReason.INJURY)
    assert share((0, 0, 0, 0, 1), pauses=(everything,)) is None


def test_consistency_asks_nothing_of_the_weeks_up_to_the_first_but_counts_what_was_hit():
    joined = MONDAY - 2 * WEEK + 4 * DAY
    assert share((1, 3, 0), joined=joined) == Consistency(3, 3)
    assert share((3, 1, 0), joined=joined) == Consistency(4, 6)
    assert share((0,), joined=TODAY) is None


def test_consistency_goes_by_the_target_of_each_week():
    targets = [Target(LONG_AGO, 2), Target(MONDAY - WEEK, 5)]
    assert share((2, 2, 2, 2, 0), targets=targets) == Consistency(8, 11)
