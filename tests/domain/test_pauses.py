from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.days import DAY
from bot.domain.pauses import Pause, PauseReason, is_returning, merge

TODAY = date(2026, 7, 2)
RACE, HOLIDAY, INJURY = PauseReason.RACE, PauseReason.HOLIDAY, PauseReason.INJURY

some_day = st.integers(-60, 60).map(lambda n: TODAY + n * DAY)
pauses = st.builds(
    lambda first, length, reason: Pause(first, None if length is None else first + length, reason),
    some_day,
    st.none() | st.integers(0, 20).map(lambda n: n * DAY),
    st.sampled_from(PauseReason),
)


def apart(drawn):
    """Pauses as they are kept: none overlaps or adjoins another."""
    kept = []
    for one in drawn:
        merged, met = merge(one, kept)
        kept = [*(p for p in kept if p not in met), merged]
    return kept


pauses_apart = st.lists(pauses, max_size=4).map(apart)


def pause(first, last, reason=HOLIDAY):
    return Pause(TODAY + first * DAY, None if last is None else TODAY + last * DAY, reason)


@given(pauses, pauses_apart)
def test_merged_pauses_cover_the_days_they_covered_apart(new, others):
    merged, met = merge(new, others)
    kept = [p for p in others if p not in met]
    for n in range(-70, 90):
        day = TODAY + n * DAY
        apart = any(p.covers(day) for p in (new, *others))
        assert any(p.covers(day) for p in (merged, *kept)) == apart


@given(pauses, pauses_apart)
def test_no_pause_that_was_left_overlaps_the_merged_one(new, others):
    merged, met = merge(new, others)
    assert set(met) <= set(others)
    for other in set(others) - set(met):
        assert not any(other.covers(day) and merged.covers(day) for day in _days(other))


def _days(pause):
    last = pause.last or pause.first + timedelta(days=99)
    return [pause.first + n * DAY for n in range((last - pause.first).days + 1)]


@pytest.mark.parametrize(
    ("other", "merged"),
    [
        (pause(-3, -2), None),
        (pause(-3, -1), pause(-3, 2, RACE)),  # it ends the day before
        (pause(3, 9), pause(0, 9, RACE)),
        (pause(4, 9), None),
        (pause(1, 1), pause(0, 2, RACE)),
        (pause(-9, 9), pause(-9, 9, RACE)),
        (pause(1, None), pause(0, None, RACE)),
        (pause(1, 1, INJURY), pause(0, 2, INJURY)),  # it still asks for a gentle beginning
    ],
)
def test_pauses_that_overlap_or_adjoin_become_one_with_the_newer_reason(other, merged):
    new = pause(0, 2, RACE)
    expected = (merged, (other,)) if merged else (new, ())
    assert merge(new, [other]) == expected


@pytest.mark.parametrize(
    ("last", "is_back"),
    [
        (pause(-20, 0), False),
        (pause(-20, -1), True),
        (pause(-20, -7), True),
        (pause(-20, -8), False),
    ],
)
def test_the_first_week_after_a_pause_is_that_of_coming_back(last, is_back):
    assert is_returning([last], TODAY) is is_back


@pytest.mark.parametrize(
    ("short", "is_back"),
    [
        (pause(-6, -1), False),
        (pause(-7, -1), True),
        (pause(-1, -1, RACE), False),
        (pause(-1, -1, INJURY), True),
    ],
)
def test_a_weekend_away_is_nothing_to_come_back_from_but_an_injury_is(short, is_back):
    assert is_returning([short], TODAY) is is_back


def test_who_pauses_again_has_not_come_back():
    assert not is_returning([pause(-20, -2), pause(0, 0)], TODAY)
    assert not is_returning([pause(-20, -2), pause(-1, None)], TODAY)
