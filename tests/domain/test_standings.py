from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.standings import Board, Period, Ranked, Total, rank

totals = st.lists(
    st.builds(Total, st.integers(1, 10**18), st.text("aAbß", max_size=3), st.integers(1, 9)),
    unique_by=lambda t: t.member_id,
    max_size=30,
)


def test_equal_scores_share_a_place_and_the_next_one_is_left_out():
    board = rank([Total(1, "Ann", 9), Total(2, "Cid", 7), Total(3, "ben", 7), Total(4, "Dan", 1)])
    assert [(row.place, row.name) for row in board] == [
        (1, "Ann"),
        (2, "ben"),
        (2, "Cid"),
        (4, "Dan"),
    ]


def test_nobody_makes_an_empty_board():
    assert rank([]) == []


@given(totals)
def test_a_place_is_one_more_than_those_who_did_better(totals):
    for row in rank(totals):
        assert row.place == 1 + sum(t.sessions > row.sessions for t in totals)


@given(totals)
def test_everybody_is_ranked_once_with_their_own_total(totals):
    ranked = rank(totals)
    assert {Total(r.member_id, r.name, r.sessions) for r in ranked} == set(totals)
    assert len(ranked) == len(totals)
    assert [r.sessions for r in ranked] == sorted((t.sessions for t in totals), reverse=True)


@given(totals, st.randoms())
def test_the_board_does_not_depend_on_the_order_of_the_totals(totals, rng):
    assert rank(rng.sample(totals, len(totals))) == rank(totals)


@pytest.mark.parametrize(
    ("period", "today", "since"),
    [
        (Period.WEEK, date(2026, 7, 2), date(2026, 6, 29)),
        (Period.WEEK, date(2026, 6, 29), date(2026, 6, 29)),
        (Period.WEEK, date(2026, 7, 5), date(2026, 6, 29)),
        (Period.WEEK, date(2027, 1, 1), date(2026, 12, 28)),
        (Period.MONTH, date(2026, 7, 31), date(2026, 7, 1)),
        (Period.MONTH, date(2026, 7, 1), date(2026, 7, 1)),
        (Period.ALL, date(2026, 7, 2), date.min),
    ],
)
def test_a_board_looks_back_to_the_beginning_of_its_period(period, today, since):
    assert period.since(today) == since


@pytest.mark.parametrize(("own", "is_below"), [(0, False), (1, True), (None, False)])
def test_the_viewers_row_is_shown_below_only_if_the_top_lacks_it(own, is_below):
    rows = [Ranked(1, 7, "Ann", 3), Ranked(2, 8, "Ben", 1)]
    viewer = None if own is None else rows[own]
    board = Board(period=Period.ALL, top=(rows[0],), own=viewer, club_sessions=4, members=2)
    assert board.is_own_below is is_below
