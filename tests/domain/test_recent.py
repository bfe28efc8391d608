from datetime import date, time
from zoneinfo import ZoneInfo

from hypothesis import given

from bot.domain.days import DAY, Calendar
from bot.domain.pauses import Pause, PauseReason
from bot.domain.recent import DayState, recent
from bot.domain.streaks import WEEK, Record, Target, weeks
from tests.domain.test_streaks import members, some_targets

LONDON = Calendar(zone=ZoneInfo("Europe/London"), post_time=time(7))
MONDAY = date(2026, 6, 29)
TODAY = date(2026, 7, 2)
LETTERS = {
    "D": DayState.DONE,
    "r": DayState.REST,
    "o": DayState.OPEN,
    "p": DayState.PAUSED,
    "z": DayState.FROZEN,
    "m": DayState.MISSED,
    ".": DayState.FUTURE,
    "-": DayState.BEFORE,
}


def shown(record, targets, today=TODAY, calendar=LONDON):
    passed = weeks(record, targets, today, calendar, since=today - 4 * WEEK)
    return recent(passed, record, today, calendar)


def letters(*args, **options):
    letter = {state: letter for letter, state in LETTERS.items()}
    return ["".join(letter[d.state] for d in week.days) for week in shown(*args, **options)]


def test_every_day_of_the_last_weeks_says_what_it_was():
    days = [MONDAY + n * DAY for n in (-49, -48, -42, -41, -35, -34, -28, -27, -14, -13, 0, 1)]
    pause = Pause(MONDAY - 6 * DAY, MONDAY - 4 * DAY, PauseReason.RACE)
    record = Record(days=frozenset(days), pauses=(pause,), joined=date(2026, 1, 1))
    assert letters(record, [Target(MONDAY, 2)]) == [
        "DDrrrrr",
        "zzzzzzz",
        "DDrrrrr",
        "rppprrr",
        "DDro...",
    ]


def test_a_missed_week_shows_what_was_done_in_it_all_the_same():
    record = Record(days=frozenset([MONDAY - 5 * DAY]), joined=date(2026, 1, 1))
    assert letters(record, [Target(MONDAY, 2)])[-2:] == ["mmDmmmm", "rrro..."]


def test_the_days_before_somebody_began_are_no_misses():
    joined = MONDAY - 3 * DAY
    record = Record(days=frozenset([joined - DAY, TODAY]), joined=joined)
    assert letters(record, [Target(MONDAY, 3)])[-3:] == ["-------", "---Drrr", "rrrD..."]
    assert letters(Record(), [Target(MONDAY, 3)]) == ["-------"] * 4 + ["---o..."]


def test_a_date_that_the_zone_skipped_is_not_shown():
    apia = Calendar(zone=ZoneInfo("Pacific/Apia"), post_time=time(7))
    week = shown(Record(), [Target(MONDAY, 3)], date(2012, 1, 4), apia)[-2]
    assert [d.day.day for d in week.days] == [26, 27, 28, 29, 31, 1]


@given(members, some_targets)
def test_a_day_is_done_exactly_if_there_is_a_completion(record, targets):
    for week in shown(record, targets, calendar=LONDON):
        assert [d.day for d in week.days if d.state is DayState.DONE] == [
            d.day for d in week.days if d.day in record.days
        ]
        assert week.week.done == sum(d.state is DayState.DONE for d in week.days)
