from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.days import Calendar
from bot.domain.exercise import Level
from bot.domain.half_year import WEEKS, first_week, half_year
from bot.domain.history import Entry, History
from bot.domain.pauses import Pause, PauseReason
from bot.domain.streaks import Target, weeks

TODAY = date(2026, 11, 26)  # a Thursday
CALENDAR = Calendar(zone=ZoneInfo("Europe/London"), post_time=time(7))
TARGETS = (Target(date(2020, 1, 6), 3),)


def drawn(history: History, today: date = TODAY):
    passed = weeks(history.record, TARGETS, today, CALENDAR, first_week(today))
    return half_year(history.entries, passed, today)


def entry(day: date, slug: str = "monster-steps") -> Entry:
    return Entry(day, slug, Level.STANDARD)


def test_it_ends_today_and_begins_on_a_monday_25_weeks_before():
    shown = drawn(History())
    assert len(shown) == WEEKS
    assert shown[0][0].day == date(2026, 6, 1)
    assert shown[-1][-1].day == TODAY
    assert [len(week) for week in shown] == [7] * 25 + [4]


@given(st.lists(st.integers(0, 400)), st.dates(date(2026, 1, 1), date(2027, 1, 1)))
def test_every_move_of_these_days_shows_once(ago, today):
    entries = tuple(entry(today - timedelta(days), f"move-{n}") for n, days in enumerate(ago))
    shown = [day for week in drawn(History(entries=entries), today) for day in week]
    assert [day.day for day in shown] == [
        shown[0].day + timedelta(n) for n in range((today - shown[0].day).days + 1)
    ]
    assert sum(day.moves for day in shown) == sum(one.day >= shown[0].day for one in entries)


def test_paused_weeks_are_forgiven_and_missed_ones_are_not():
    began = date(2026, 10, 5)
    history = History(
        entries=tuple(entry(began + timedelta(n)) for n in range(3)),
        pauses=(Pause(date(2026, 10, 26), date(2026, 11, 1), PauseReason.HOLIDAY),),
        joined=began,
    )
    forgiven = [week[0].day for week in drawn(history) if week[0].is_forgiven]
    assert forgiven == [date(2026, 10, 26)]
