from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.challenge import NONCE_HOLDS
from bot.domain.reminder import EVERY_DAY, LATEST, Reminder, days_value, parse_days
from bot.errors import BadDays, ZoneGone

NOON = datetime(2026, 7, 2, 12, tzinfo=UTC)  # a Thursday
SECOND = timedelta(seconds=1)

moments = st.timedeltas(timedelta(days=-6000), timedelta(days=5000)).map(NOON.__add__)
some_days = st.frozensets(st.integers(0, 6), min_size=1)
zones = st.sampled_from(sorted(available_timezones() - {"localtime", "posixrules", "Factory"}))
times = st.builds(time, st.integers(0, 23), st.integers(0, 59))


def reminder(**changes) -> Reminder:
    usual = {
        "club_id": 1,
        "member_id": 2,
        "at": time(19, 30),
        "weekdays": EVERY_DAY,
        "zone": "Europe/London",
        "locale": "en-US",
        "next_due": NOON,
    }
    return Reminder(**{**usual, **changes})


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        ("every day", range(7)),
        ("Daily", range(7)),
        (" weekdays ", range(5)),
        ("Weekend", (5, 6)),
        ("Mon-Fri", range(5)),
        ("fri to mon", (4, 5, 6, 0)),
        ("Sat – Sat", (5,)),
        ("Tue, Thu", (1, 3)),
        ("wednesdays and sun", (2, 6)),
    ],
)
def test_days_are_read_as_people_write_them(typed, days):
    assert parse_days(typed) == frozenset(days)


@pytest.mark.parametrize("typed", ["", "none", "soon", "mon-soon", "5", "Mon-Tue-Wed", "mon tue-"])
def test_what_is_no_day_is_refused(typed):
    with pytest.raises(BadDays):
        parse_days(typed)


@given(some_days)
def test_what_is_offered_is_read_as_it_was_meant(days):
    assert parse_days(days_value(days)) == days


@given(zones, times, some_days, moments)
def test_it_is_due_at_its_wall_time_on_its_weekdays_once_a_day(zone, at, days, moment):
    wanted = reminder(zone=zone, at=at, weekdays=days)
    first = wanted.due_after(moment)
    second = wanted.due_after(first)
    assert moment < first < second
    assert wanted.due_after(first - SECOND) == first
    for due in (first, second):
        local = due.astimezone(ZoneInfo(zone))
        if local.time() == at:
            assert local.weekday() in days
        else:  # the clocks jump over it, which moves it forward with them
            back = datetime.combine(local.date(), at, local.tzinfo).astimezone(UTC)
            assert back.astimezone(local.tzinfo).time() != at


def test_a_time_that_the_clocks_jump_over_comes_after_the_jump_and_a_repeated_one_once():
    wanted = reminder(at=time(1, 30))
    spring = datetime(2026, 3, 29, tzinfo=UTC)
    assert wanted.due_after(spring) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    autumn = wanted.due_after(datetime(2026, 10, 25, 0, 0, tzinfo=UTC))
    assert autumn == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert wanted.due_after(autumn) == datetime(2026, 10, 26, 1, 30, tzinfo=UTC)


def test_a_date_that_the_zone_skips_has_none():
    wanted = reminder(zone="Pacific/Apia", weekdays=frozenset({4}))
    before = datetime(2011, 12, 29, tzinfo=UTC)  # the Friday of that week never was
    assert wanted.due_after(before).astimezone(ZoneInfo("Pacific/Apia")).day == 6


@given(moments, st.timedeltas(timedelta(0), timedelta(days=40)))
def test_one_is_owed_within_an_hour_of_its_time_and_never_later(moment, wait):
    due = reminder().due_after(moment)
    waiting = reminder(next_due=due)
    last = due
    while (following := waiting.due_after(last)) <= due + wait:
        last = following
    assert waiting.is_owed(due + wait) is (due + wait - last <= LATEST)
    assert not waiting.is_owed(due - SECOND)
    assert not waiting.settle(due + wait).is_owed(due + wait)


@given(moments, st.timedeltas(timedelta(0), timedelta(minutes=10)))
def test_a_claim_is_repeated_only_while_its_nonce_is_recognised(moment, wait):
    claimed = reminder().claim(moment)
    again = claimed.claim(moment + wait)
    assert (again.nonce, again.claimed_at) == (claimed.nonce, moment)
    assert claimed.may_repeat(moment + wait) is (wait < NONCE_HOLDS)
    assert not claimed.settle(moment + wait).may_repeat(moment + wait)


def test_nonces_fit_and_differ_by_club_member_and_time():
    claims = [
        reminder(**changes).claim(NOON + wait)
        for changes in ({}, {"club_id": 9}, {"member_id": 9})
        for wait in (timedelta(0), timedelta(days=1))
    ]
    nonces = {claim.nonce for claim in claims}
    assert len(nonces) == len(claims)
    assert {len(nonce) for nonce in nonces} == {25}


def test_a_closed_one_is_never_owed_and_a_lost_zone_says_so():
    assert reminder().close().is_closed
    assert not reminder().close().is_owed(NOON)
    with pytest.raises(ZoneGone):
        reminder(zone="Mars/Olympus").due_after(NOON)
