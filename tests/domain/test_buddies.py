from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.buddies import shared_streak
from bot.domain.days import DAY, Calendar
from bot.domain.pauses import Pause, PauseReason
from bot.domain.streaks import Record, Target, WeekRule, weeks

TODAY = date(2026, 7, 2)
MONDAY = date(2026, 6, 29)
WEEK = timedelta(weeks=1)
CALENDAR = Calendar(zone=ZoneInfo("Europe/London"), post_time=time(7))
TARGETS = [Target(date(2026, 1, 5), 2)]

days = st.sets(st.integers(0, 80).map(lambda n: TODAY - n * DAY)).map(frozenset)
pauses = st.lists(
    st.integers(0, 80).map(lambda n: Pause(TODAY - n * DAY, TODAY - n * DAY, PauseReason.RACE)),
    max_size=2,
).map(tuple)
records = st.builds(Record, days=days, pauses=pauses)
sinces = st.integers(0, 80).map(lambda n: TODAY - n * DAY)


def passed(record: Record, since: date = date(2026, 4, 6)):
    return weeks(record, TARGETS, TODAY, CALENDAR, since=since)


def hits(*back: int) -> Record:
    """Somebody who hit the weeks that are so many weeks back."""
    found = {MONDAY - n * WEEK + d * DAY for n in back for d in range(2)}
    return Record(days=frozenset(found), joined=MONDAY - 20 * WEEK)


@given(records, records, sinces)
def test_it_is_the_same_for_both(mine, theirs, since):
    both = passed(mine, since), passed(theirs, since)
    assert shared_streak(*both) == shared_streak(*reversed(both))


@given(records, records, sinces)
def test_it_counts_only_weeks_that_both_hit_since_they_are_buddies(mine, theirs, since):
    a, b = passed(mine, since), passed(theirs, since)
    both = [x for x, y in zip(a, b, strict=True) if x.rule is y.rule is WeekRule.HIT]
    assert shared_streak(a, b) <= len(both)


@given(records, sinces)
def test_with_somebody_just_alike_it_is_ones_own_since_then(record, since):
    mine = passed(record, since)
    own = mine[-1].streak
    assert shared_streak(mine, mine) <= own
    if own and mine[0].before == 0:
        assert shared_streak(mine, mine) == own


@given(records, records, st.integers(0, 80).map(lambda n: TODAY - n * DAY), sinces)
def test_doing_more_never_lowers_it(mine, theirs, more, since):
    richer = Record(days=mine.days | {more}, pauses=mine.pauses)
    before = shared_streak(passed(mine, since), passed(theirs, since))
    assert shared_streak(passed(richer, since), passed(theirs, since)) >= before


def test_a_missed_week_of_either_ends_it_and_the_running_week_does_not():
    assert shared_streak(passed(hits(1, 2, 3)), passed(hits(1, 2, 3))) == 3
    assert shared_streak(passed(hits(1, 2, 3)), passed(hits(0, 1, 3))) == 1
    assert shared_streak(passed(hits(0, 1)), passed(hits(0, 1))) == 2


def test_a_pause_or_a_freeze_of_either_passes_the_week_over():
    week = Pause(MONDAY - 2 * WEEK, MONDAY - 2 * WEEK, PauseReason.INJURY)
    resting = Record(days=hits(1, 3).days, pauses=(week,), joined=MONDAY - 20 * WEEK)
    assert shared_streak(passed(hits(1, 2, 3)), passed(resting)) == 2
    freezing = hits(1, 3, 4, 5, 6)
    assert shared_streak(passed(hits(1, 2, 3, 4, 5, 6)), passed(freezing)) == 5
