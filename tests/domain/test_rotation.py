import itertools
import random
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.exercise import Category
from bot.domain.rotation import daily_order, pick_daily
from tests.domain.made import library, made, shipped

clubs = st.integers(1, 2**63 - 1)
days = st.dates(min_value=date(2020, 1, 1), max_value=date(2100, 1, 1))
# At most as many demanding moves as gentle ones, and at least one.
balanced = st.integers(1, 12).flatmap(
    lambda gentle: st.builds(library, st.integers(0, gentle), st.just(gentle))
)
libraries = st.one_of(st.just(list(shipped())), balanced)
MOBILITY = [Category.MOBILITY_DYNAMIC, Category.STRETCH_STATIC]


def picks(moves, club, first, count):
    return [pick_daily(moves, club, first + timedelta(days=n)) for n in range(count)]


def test_the_move_of_a_day_is_the_same_on_every_computer():
    moves = [made(slug) for slug in ("ant", "bee", "cat", "dog")]
    # Written down once: another order would make every club repeat moves on the day it updates.
    shown = [e.slug for e in picks(moves, 42, date(2026, 7, 1), 4)]
    assert shown == ["cat", "ant", "dog", "bee"]


@given(libraries, clubs, days, st.randoms())
def test_the_move_does_not_depend_on_the_order_of_the_library(moves, club, day, rng):
    shuffled = rng.sample(moves, len(moves))
    assert pick_daily(shuffled, club, day) == pick_daily(moves, club, day)


@given(libraries, clubs, days)
def test_no_move_repeats_before_all_others_had_their_turn(moves, club, first):
    turns = [e for e in moves if not e.is_mobility]
    assert {e.slug for e in picks(moves, club, first, len(turns))} == {e.slug for e in turns}


@given(st.integers(0, 6), st.integers(0, 6), clubs)
def test_a_round_holds_every_move_once_however_many_are_demanding(demanding, gentle, club):
    moves = library(demanding, gentle)
    order = daily_order(moves, club)
    assert sorted(e.slug for e in order) == sorted(e.slug for e in moves)


@given(libraries, clubs, days)
def test_demanding_moves_never_come_on_two_days_in_a_row(moves, club, first):
    shown = picks(moves, club, first, 2 * len(moves) + 1)
    pairs = itertools.pairwise(shown)
    assert not [pair for pair in pairs if all(e.is_demanding for e in pair)]


@pytest.mark.parametrize("category", MOBILITY)
def test_a_stretch_is_no_challenge_and_changes_no_day(category):
    moves = library(2, 5)
    stretch = replace(made("stretch"), category=category)
    first = date(2026, 7, 1)
    assert picks([stretch, *moves], 42, first, 20) == picks(moves, 42, first, 20)


def test_a_library_of_stretches_alone_goes_round_them():
    stretches = [replace(e, category=MOBILITY[0]) for e in library(0, 3)]
    assert len(set(picks(stretches, 42, date(2026, 7, 1), 3))) == 3


def test_clubs_go_round_in_different_orders():
    orders = {tuple(e.slug for e in daily_order(shipped(), club)) for club in range(200)}
    assert len(orders) == 200


def test_over_many_clubs_a_day_gives_every_move_its_turn():
    moves = [e for e in shipped() if not e.is_mobility]
    first = {pick_daily(moves, club, date(2026, 7, 2)).slug for club in range(300)}
    assert first == {e.slug for e in moves}


@given(balanced, clubs, st.booleans())
def test_a_new_move_leaves_the_order_among_the_gentle_ones(moves, club, is_demanding):
    def gentle(library):
        return [e.slug for e in daily_order(library, club) if not e.is_demanding]

    grown = gentle([*moves, made("new", demanding=is_demanding)])
    assert [slug for slug in grown if slug != "new"] == gentle(moves)


@pytest.mark.parametrize("seed", range(3))
def test_demanding_moves_have_no_fixed_place_beside_a_gentle_one(seed):
    moves = library(3, 6)
    club = random.Random(seed).getrandbits(60)
    partners = {
        order[i - 1].slug
        for order in (daily_order(moves, club + n) for n in range(50))
        for i, e in enumerate(order)
        if e.slug == "hard-0"
    }
    assert len(partners) == 6
