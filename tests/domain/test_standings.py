from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.standings import Kind, Period, Spread, board_name

points = st.lists(st.integers(1, 9), max_size=30)


def spread(points):
    return Spread(Counter(points))


def test_equal_scores_share_a_place_and_the_next_one_is_left_out():
    board = spread([9, 7, 7, 1])
    assert [board.place(p) for p in (9, 7, 7, 1)] == [1, 2, 2, 4]


@given(points, st.integers(0, 9))
def test_a_place_is_one_more_than_those_who_have_more(points, mine):
    assert spread(points).place(mine) == 1 + sum(p > mine for p in points)


@given(points)
def test_a_spread_counts_everybody_and_everything(points):
    assert (spread(points).members, spread(points).total) == (len(points), sum(points))


@given(points, st.data())
def test_without_some_of_them_it_is_the_spread_of_the_others(points, data):
    out = data.draw(st.sets(st.integers(0, len(points) - 1))) if points else set()
    left = [p for n, p in enumerate(points) if n not in out]
    assert spread(points).without(spread([points[n] for n in out])) == Spread(dict(Counter(left)))


@pytest.mark.parametrize(
    ("kind", "period", "name"),
    [
        (Kind.SESSIONS, Period.WEEK, "2026-W27"),
        (Kind.SESSIONS, Period.MONTH, "2026-07"),
        (Kind.SESSIONS, Period.SEASON, "season"),
        (Kind.SESSIONS, Period.ALL, "all"),
        (Kind.GOAL, Period.ALL, "2026-W27"),
        (Kind.STREAK, Period.MONTH, "streak"),
    ],
)
def test_each_board_has_a_name_of_its_own(kind, period, name):
    assert board_name(kind, period, date(2026, 7, 2)) == name
