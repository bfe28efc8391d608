from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.club import Club
from bot.domain.days import DAY, Span, week_of
from bot.domain.pauses import Pause, PauseReason
from bot.domain.scores import (
    ALL,
    SEASON,
    STREAK,
    Score,
    consistency_board,
    month_board,
    scores,
    sessions,
    week_board,
)
from bot.domain.streaks import WEEK, Record, Target, consistency, streak

TODAY = date(2026, 7, 2)  # a Thursday
MONDAY = week_of(TODAY)
NOON = datetime(2026, 7, 2, 12, tzinfo=UTC)


def club(**changes):
    usual = {
        "id": 1,
        "channel_id": 2,
        "zone": "Europe/London",
        "post_time": time(7),
        "set_up_by": 3,
        "set_up_at": NOON,
        "next_due": NOON,
        "targets": (Target(date(2026, 1, 5), 2),),
    }
    return Club(**{**usual, **changes})


ages = st.sets(st.integers(0, 80), max_size=40)
pauses = st.lists(
    st.builds(
        lambda age, length: Pause(
            TODAY - age * DAY,
            None if length is None else TODAY + (length - age) * DAY,
            PauseReason.RACE,
        ),
        st.integers(-20, 60),
        st.none() | st.integers(0, 20),
    ),
    max_size=2,
)
records = st.builds(
    lambda ages, pauses, joined: Record(
        days=frozenset(TODAY - age * DAY for age in ages),
        pauses=tuple(pauses),
        joined=TODAY - joined * DAY,
    ),
    ages,
    pauses,
    st.integers(0, 90),
)
targets = st.integers(1, 7).map(lambda days: (Target(date(2026, 1, 5), days),))


def test_a_session_counts_for_its_week_its_month_and_all_time():
    record = Record(days=frozenset({TODAY, MONDAY, TODAY - 3 * WEEK}))
    counted = sessions(record.days, [TODAY], None)
    assert counted == {week_board(TODAY): 2, month_board(TODAY): 1, ALL: 3}


@pytest.mark.parametrize(("day", "is_in"), [(0, True), (6, True), (-1, False), (7, False)])
def test_a_season_counts_from_its_first_to_its_last_day(day, is_in):
    season = Span(MONDAY, MONDAY + 6 * DAY)
    day = MONDAY + day * DAY
    assert (SEASON in sessions({day}, [day], season)) is is_in


def test_a_week_at_new_year_has_one_name():
    assert week_board(date(2026, 12, 31)) == week_board(date(2027, 1, 1)) == "2026-W53"
    assert month_board(date(2026, 12, 31)) != month_board(date(2027, 1, 1))


@given(records, targets)
def test_the_sessions_of_all_boards_are_the_days_in_their_spans(record, targets):
    found = scores(record, record.days, club(targets=targets), TODAY)
    for day in record.days:
        in_week = {d for d in record.days if week_of(d) == week_of(day)}
        assert found[week_board(day)].points == len(in_week)
        in_month = {d for d in record.days if (d.year, d.month) == (day.year, day.month)}
        assert found[month_board(day)].points == len(in_month)
    assert found.get(ALL, Score(0)).points == len(record.days)


@given(records, targets, st.integers(0, 150))
def test_a_stored_streak_is_the_streak_as_long_as_it_holds_and_is_none_afterwards(
    record, targets, days
):
    later = TODAY + days * DAY
    stored = scores(record, (), club(targets=targets), TODAY).get(STREAK, Score(0, date.max))
    now = streak(record, targets, later, club().calendar).weeks
    assert now == (stored.points if later <= stored.until else 0)


@given(records, targets, st.integers(0, 100))
def test_a_stored_consistency_is_the_consistency_of_its_week(record, targets, days):
    later = TODAY + days * DAY
    of_now = scores(record, (), club(targets=targets), TODAY)
    stored = of_now.get(consistency_board(later))
    share = consistency(record, targets, later, club().calendar)
    is_current = stored is not None and later <= stored.until
    assert (stored.points if is_current else 0) == (share.percent if share else 0)


@given(records, targets, st.integers(0, 30))
def test_doing_something_lowers_no_score(record, targets, age):
    day = TODAY - age * DAY
    more = Record(days=record.days | {day}, pauses=record.pauses, joined=record.joined)
    before = scores(record, [day], club(targets=targets), TODAY)
    after = scores(more, [day], club(targets=targets), TODAY)
    for board, score in before.items():
        assert after[board].points >= score.points
        assert score.until is None or after[board].until >= score.until


def test_what_was_done_on_a_day_ahead_of_a_club_that_moved_west_counts_already():
    sunday = MONDAY + 6 * DAY
    days = frozenset({MONDAY, TODAY, MONDAY + WEEK})
    on_monday = scores(Record(days=days), (), club(), MONDAY + WEEK)
    on_sunday = scores(Record(days=days), (), club(), sunday)
    assert on_sunday[STREAK] == on_monday[STREAK]
    assert {k: v for k, v in on_sunday.items() if v.until > sunday} == on_monday


def test_a_calendar_week_has_its_own_board_of_consistency_for_long_enough():
    names = {consistency_board(MONDAY + n * timedelta(weeks=1)) for n in range(6)}
    assert len(names) == 6
