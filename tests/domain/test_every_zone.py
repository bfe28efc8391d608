"""Every zone of the tz database: one due moment a day, whatever its clocks do."""

import itertools
import zoneinfo
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest

from bot.domain.days import DAY, Calendar

HALF_HOURS = [time(hour, minute) for hour in range(24) for minute in (0, 30)]
FIRST, LAST = date(2024, 1, 1), date(2028, 12, 31)
A_PLAIN_WEEK = date(2026, 7, 8)
HOUR = timedelta(hours=1)
MOMENT = timedelta(microseconds=1)
LONGEST_JUMP = timedelta(hours=2)  # Antarctica/Troll
GROUPS = 7


def span(first, last):
    return [first + n * DAY for n in range((last - first).days + 1)]


def around(day):
    return span(day - 3 * DAY, day + 3 * DAY)


def hours(first, last):
    start = datetime.combine(first, time(0), UTC)
    return [start + n * HOUR for n in range(24 * (last - first).days)]


ALL_HOURS = hours(FIRST - 4 * DAY, LAST + 5 * DAY)


def offset(zone, now):
    return now.astimezone(zone).utcoffset()


def changes(zone, instants):
    """Return the instants, to the second, at which the zone's offset changes, and to what."""
    offsets = [offset(zone, now) for now in instants]
    found = [(instants[0], offsets[0])]
    for before, after in itertools.pairwise(zip(instants, offsets, strict=True)):
        if before[1] != after[1]:
            found.append((_first_with(zone, after[1], before[0], after[0]), after[1]))
    return tuple(found)


def _first_with(zone, wanted, before, after):
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) // 2
        middle = middle.replace(microsecond=0)
        before, after = (before, middle) if offset(zone, middle) == wanted else (middle, after)
    return after


@cache
def group_of(name):
    """Return in which group of zones to prove this one: the same for those that may be alike."""
    start = offset(ZoneInfo(name), ALL_HOURS[0])
    return int(start.total_seconds()) // 900 % GROUPS


def check_days(zone, post_time, days, *edges):
    """Check the due moments of the days, and the days' beginnings for every day-end hour.

    `edges` are instants at which the clocks change. A post after the latest hour moves no
    beginning: there the earliest and the latest hour leave least room before it and after.
    """
    for day_end_hour in range(7) if post_time <= time(6) else (0, 6):
        calendar = Calendar(zone=zone, post_time=post_time, day_end_hour=day_end_hour)
        begins = [calendar.begin(day) for day in days]
        for day, begin, end in zip(days, begins, begins[1:], strict=False):
            due = calendar.due(day)
            assert begin <= due
            assert due < end or (due.astimezone(zone).date() > day and day_end_hour == 0)
            inside = [edge for edge in edges if begin <= edge < end]
            assert {calendar.day(now) for now in (begin, *inside, end - MOMENT)} == {day}
    for day, following in itertools.pairwise(days):
        due, upcoming = calendar.due(day), calendar.due(following)
        assert due < upcoming
        assert calendar.last_due(due) == calendar.last_due(upcoming - MOMENT) == day
        assert calendar.next_due(due) == calendar.next_due(upcoming - MOMENT) == upcoming
    assert calendar.days(days[0], days[-1]) == days


def check_five_years(zone, post_time):
    """Check that each date has its own due moment, in order, at the post time or moved forward.

    In Scoresbysund the clocks jump from eleven to midnight, and such a post time with them.
    """
    calendar = Calendar(zone=zone, post_time=post_time)
    days = span(FIRST, LAST + DAY)
    moments = [calendar.due(day) for day in days]
    assert all(earlier < later for earlier, later in itertools.pairwise(moments))
    for day, moment in zip(days, moments, strict=True):
        shown = moment.astimezone(zone).replace(tzinfo=None)
        assert timedelta(0) <= shown - datetime.combine(day, post_time) <= LONGEST_JUMP


@pytest.mark.slow
@pytest.mark.parametrize("group", range(GROUPS))
def test_every_zone_has_one_due_moment_a_day_in_order_at_every_half_hour(group):
    """All of `available_timezones()` × 48 post times × 1,827 days, and 7 day-end hours.

    A calendar asks its zone for two things only: the instant of a wall time, and the wall time of
    an instant. Both follow from the instants at which the offset changes. So

    1. each zone is asked for its offset at every hour of the five years, and each change found is
       narrowed down to its second (only a change undone within the hour would go unseen); of the
       zones with the same changes, one speaks for all;
    2. for it, `due` is computed for every day and post time, and compared with the one before;
    3. within three days of every change, `begin`, `day`, `days`, `last_due` and `next_due` are
       checked for every post time and day-end hour, at the edges of each day and at the change
       itself: that is where a local date can come early, late or again;
    4. farther away a calendar reaches no change (it looks two days back and one ahead), so that its
       zone is as good as a fixed offset, under which all weeks are alike: one of them is checked.
    """
    alike = {}
    for name in sorted(zoneinfo.available_timezones()):
        if group_of(name) == group:
            alike.setdefault(changes(ZoneInfo(name), ALL_HOURS), name)
    assert alike
    for found, name in alike.items():
        zone = ZoneInfo(name)
        for post_time in HALF_HOURS:
            check_five_years(zone, post_time)
            check_days(zone, post_time, around(A_PLAIN_WEEK))
            for instant, _ in found[1:]:
                check_days(zone, post_time, around(instant.date()), instant - MOMENT, instant)


DATE_LINE = [
    ("Pacific/Apia", date(2011, 12, 30)),
    ("Pacific/Fakaofo", date(2011, 12, 30)),
    ("Pacific/Kanton", date(1994, 12, 31)),
    ("Pacific/Kiritimati", date(1994, 12, 31)),
    ("Pacific/Kwajalein", date(1993, 8, 21)),
]


@pytest.mark.parametrize(("zone", "skipped"), DATE_LINE)
def test_a_date_that_a_zone_skips_is_no_day_and_the_others_have_one_due_moment_each(zone, skipped):
    days = [day for day in around(skipped) if day != skipped]
    [_, (edge, _)] = changes(ZoneInfo(zone), hours(days[0], days[-1]))
    for post_time in HALF_HOURS:
        check_days(ZoneInfo(zone), post_time, days, edge - MOMENT, edge)


@pytest.mark.parametrize(
    ("zone", "repeated"),
    [("Pacific/Kwajalein", date(1969, 9, 30)), ("America/Juneau", date(1867, 10, 19))],
)
def test_a_date_that_a_zone_repeats_is_one_day_with_one_due_moment(zone, repeated):
    days = around(repeated)
    [_, (edge, _)] = changes(ZoneInfo(zone), hours(days[0], days[-1]))
    for post_time in HALF_HOURS:
        check_days(ZoneInfo(zone), post_time, days, edge - MOMENT, edge)
    calendar = Calendar(zone=ZoneInfo(zone), post_time=time(7))
    assert calendar.begin(repeated + DAY) - calendar.begin(repeated) >= 46 * HOUR
