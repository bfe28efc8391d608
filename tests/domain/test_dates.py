from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.dates import parse_date
from bot.errors import BadDay

TODAY = date(2026, 7, 2)  # a Thursday


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("today", (2026, 7, 2)),
        (" TODAY ", (2026, 7, 2)),
        ("yesterday", (2026, 7, 1)),
        ("tomorrow", (2026, 7, 3)),
        ("3 days ago", (2026, 6, 29)),
        ("1 day ago", (2026, 7, 1)),
        ("Monday", (2026, 6, 29)),
        ("thu", (2026, 7, 2)),
        ("last Friday", (2026, 6, 26)),
        ("next friday", (2026, 7, 3)),
        ("2026-06-30", (2026, 6, 30)),
        ("2026-6-3", (2026, 6, 3)),
        ("30.6.", (2026, 6, 30)),
        ("30. 6. 2025", (2025, 6, 30)),
        ("30 June", (2026, 6, 30)),
        ("30th of June", (2026, 6, 30)),
        ("30jun", (2026, 6, 30)),
        ("Tue, 30 June", (2026, 6, 30)),
        ("June 30", (2026, 6, 30)),
        ("Jun 30th, 2025", (2025, 6, 30)),
        ("31 dec", (2026, 12, 31)),
        ("2 february", (2026, 2, 2)),
        ("29 feb 2028", (2028, 2, 29)),
    ],
)
def test_a_day_is_read_as_people_write_it(typed, expected):
    assert parse_date(typed, TODAY) == date(*expected)


@pytest.mark.parametrize(
    ("typed", "today", "expected"),
    [
        ("31 december", date(2027, 1, 2), date(2026, 12, 31)),
        ("1 january", date(2026, 12, 30), date(2027, 1, 1)),
        ("29 feb", date(2027, 12, 1), date(2028, 2, 29)),
    ],
)
def test_a_date_without_a_year_is_the_nearest(typed, today, expected):
    assert parse_date(typed, today) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("monday", date(2026, 7, 6)),
        ("Thursday", TODAY),
        ("last monday", date(2026, 6, 29)),
        ("yesterday", date(2026, 7, 1)),
    ],
)
def test_a_weekday_that_is_looked_forward_to_is_the_next(typed, expected):
    assert parse_date(typed, TODAY, is_ahead=True) == expected


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "2/7",
        "31 june",
        "29 feb 2026",
        "29 feb",
        "soon",
        "ju 3",
        "mo",
        "13.13.",
        "2026-13-01",
        "999 days ago please",
        "0 july",
        "may",
        "9999999",
        "٣ يوليو",
        "5 9999",
        "noday 30 june",
    ],
)
def test_what_is_no_day_or_could_be_two_is_refused(typed):
    with pytest.raises(BadDay):
        parse_date(typed, date(2026, 7, 2))


@given(st.dates(date(1900, 1, 1), date(2200, 1, 1)))
def test_a_date_in_figures_is_itself(day):
    assert parse_date(day.isoformat(), TODAY) == day


@given(st.text(max_size=20))
def test_any_text_is_a_day_or_refused(typed):
    try:
        assert isinstance(parse_date(typed, TODAY), date)
    except BadDay as error:
        assert error.values["typed"] == typed
