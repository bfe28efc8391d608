from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.training import (
    FARTHEST_RACE,
    MOST_RACES,
    coming,
    parse_date,
    parse_weekdays,
    with_race,
    without_race,
)
from bot.errors import BadDate, BadWeekday, RaceOutOfReach, TooManyRaces, UnknownRace

TODAY = date(2026, 7, 2)  # a Thursday
MONDAY = date(2026, 6, 29)
DAY = timedelta(days=1)


class TestWeekdays:
    @pytest.mark.parametrize(
        ("typed", "weekdays"),
        [
            ("Sun", {6}),
            ("sunday", {6}),
            ("Sundays", {6}),
            (" SU ", {6}),
            ("Sat, Sun", {5, 6}),
            ("sat/sun", {5, 6}),
            ("Saturdays and Sundays", {5, 6}),
            ("tues, and thurs", {1, 3}),
            ("Wed Wed & Fri.", {2, 4}),
            ("mon;tue", {0, 1}),
            ("none", set()),
            ("None ", set()),
            ("-", set()),
        ],
    )
    def test_may_be_written_as_people_write_them(self, typed, weekdays):
        assert parse_weekdays(typed) == weekdays

    @pytest.mark.parametrize(
        "typed", ["So", "s", "", " , ", "sun none", "funday", "7", "sundaysss"]
    )
    def test_that_are_none_are_refused(self, typed):
        with pytest.raises(BadWeekday):
            parse_weekdays(typed)

    def test_that_are_wrong_are_named_alone(self):
        with pytest.raises(BadWeekday) as error:
            parse_weekdays("Sat, So")
        assert error.value.values == {"name": "so"}


class TestADate:
    @pytest.mark.parametrize(
        "typed",
        [
            "2026-11-22",
            "22 Nov",
            "22 Nov 2026",
            "22 november, 2026",
            "Nov 22",
            "November 22nd, 2026",
            "Sun 22 Nov",
            "Sunday, Nov. 22 2026",
            "22nov",
            "22. Nov.",
            "22.11.2026",
            "22.11.",
            "22. 11. 2026",
        ],
    )
    def test_may_be_written_as_people_write_it(self, typed):
        assert parse_date(typed, TODAY) == date(2026, 11, 22)

    @pytest.mark.parametrize(
        ("typed", "day"),
        [
            ("2 Jul", TODAY),
            ("1 Jul", date(2027, 7, 1)),
            ("29 Feb", date(2028, 2, 29)),
            ("1 July 2020", date(2020, 7, 1)),
        ],
    )
    def test_without_a_year_is_the_next_of_that_name(self, typed, day):
        assert parse_date(typed, TODAY) == day

    @pytest.mark.parametrize(
        "typed",
        [
            "",
            "soon",
            "30 Feb",
            "2026-02-30",
            "0000-01-01",
            "11/12/2026",
            "22",
            "22 x",
            "22 Foo",
            "no",
        ],
    )
    def test_that_is_none_is_refused(self, typed):
        with pytest.raises(BadDate):
            parse_date(typed, TODAY)

    @given(st.text(max_size=30))
    def test_is_read_or_refused_whatever_is_typed(self, typed):
        for parse in (lambda: parse_date(typed, date.max), lambda: parse_weekdays(typed)):
            with suppress(BadDate, BadWeekday):
                parse()


class TestRaces:
    def test_are_kept_in_order_and_once(self):
        races = with_race((), "2026-09-01", TODAY)
        races = with_race(races, "2026-08-01", TODAY)
        assert with_race(races, "1 Sep", TODAY) == races == (date(2026, 8, 1), date(2026, 9, 1))

    def test_reach_from_today_to_two_years_ahead(self):
        for day in (TODAY, TODAY + FARTHEST_RACE):
            assert with_race((), day.isoformat(), TODAY) == (day,)
        for day in (TODAY - DAY, TODAY + FARTHEST_RACE + DAY):
            with pytest.raises(RaceOutOfReach):
                with_race((), day.isoformat(), TODAY)

    def test_are_twenty_at_most_and_past_ones_do_not_count(self):
        races = tuple(TODAY + n * DAY for n in range(MOST_RACES))
        with pytest.raises(TooManyRaces) as error:
            with_race(races, "2027-01-01", TODAY)
        assert error.value.values == {"most": MOST_RACES}
        assert with_race(races, races[0].isoformat(), TODAY) == races
        assert len(with_race(races, "2027-01-01", TODAY + DAY)) == MOST_RACES + 1

    def test_of_weeks_gone_by_are_forgotten_and_those_of_this_week_are_not(self):
        races = (MONDAY - DAY, MONDAY)
        assert with_race(races, "2 Jul", TODAY) == (MONDAY, TODAY)
        assert coming(races, TODAY) == ()

    def test_are_taken_out_by_their_date(self):
        races = (MONDAY, TODAY, TODAY + DAY)
        assert without_race(races, "3 July", TODAY) == (MONDAY, TODAY)
        for gone in ("2026-06-29", "4 July"):
            with pytest.raises(UnknownRace):
                without_race(races, gone, TODAY)
