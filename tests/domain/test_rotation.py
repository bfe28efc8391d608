import itertools
import math
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.catalogue import Catalogue
from bot.domain.club import Club
from bot.domain.days import DAY, week_of
from bot.domain.exercise import Block, Difficulty
from bot.domain.focus import Focus, focus_of
from bot.domain.rotation import A_WEEK, ROUND_WEEKS, TRAINING, Phase, phase_of, pick_daily
from bot.domain.streaks import Target
from tests.domain.made import made, shipped

pytestmark = pytest.mark.slow

MONDAY = date(2026, 6, 29)
NO_DEMANDING_DAY = {2, 4, 6}  # long runs on Wednesday, Friday and Sunday


def club(club_id=42, long_runs=(), races=()):
    return Club(
        id=club_id,
        channel_id=1,
        zone="UTC",
        post_time=time(7),
        set_up_by=2,
        set_up_at=datetime(2026, 7, 2, tzinfo=UTC),
        next_due=datetime(2026, 7, 3, tzinfo=UTC),
        targets=(Target(MONDAY, 3),),
        long_runs=frozenset(long_runs),
        races=tuple(sorted(races)),
    )


def picks(library, club, first, count):
    return [pick_daily(library, club, first + n * DAY) for n in range(count)]


def weeks(library, club, first, count):
    monday = week_of(first)
    return [picks(library, club, monday + n * 7 * DAY, 7) for n in range(count)]


ids = st.integers(1, 2**63 - 1)
days = st.dates(date(2020, 1, 1), date(2100, 1, 1))
long_runs = st.frozensets(st.integers(0, 6))
races = st.lists(st.integers(0, 150).map(lambda n: MONDAY + n * DAY), max_size=20)
clubs = st.builds(club, ids, long_runs, races)
calm_clubs = st.builds(club, ids, long_runs.filter(lambda them: not them >= NO_DEMANDING_DAY))
kinds = st.tuples(st.sampled_from(Focus), st.sampled_from([None, *Block]), st.booleans())
any_moves = st.lists(kinds, min_size=1, max_size=16).map(
    lambda them: [
        made(f"m{n}", focus=focus, block=block, demanding=demanding)
        for n, (focus, block, demanding) in enumerate(them)
    ]
)
ONE_OF_EACH = [made(f"one-{focus}", focus=focus) for focus in Focus]
whole_moves = any_moves.map(lambda moves: [*ONE_OF_EACH, *moves])
anything = st.one_of(st.just(shipped()), any_moves.map(Catalogue))
whole = st.one_of(st.just(shipped()), whole_moves.map(Catalogue))
with_gentle = anything.filter(lambda library: not all(e.is_demanding for e in library))


def test_the_move_of_a_day_is_the_same_on_every_computer():
    strong = made("strong", focus=Focus.HIP_BACK, block=Block.STRENGTH, demanding=True)
    three = [made(f"{focus}-{n}", focus=focus) for focus in Focus for n in range(3)]
    shown = picks(Catalogue([*three, strong]), club(), MONDAY + 8 * 7 * DAY, 7)
    # Written down once: another order would make every club repeat moves on the day it updates.
    assert " ".join(e.slug for e in shown) == (
        "trunk-1 hip_side-2 mobility-1 strong hip_side-1 hip_back-2 mobility-0"
    )


@given(any_moves, clubs, days, st.randoms())
def test_the_move_depends_neither_on_the_order_of_the_library_nor_on_what_was_asked(
    moves, club, day, rng
):
    around = [day + n * DAY for n in range(10)]
    library = Catalogue(moves)
    shown = {day: pick_daily(library, club, day) for day in around}
    shuffled = Catalogue(rng.sample(moves, len(moves)))
    assert shown == {d: pick_daily(shuffled, club, d) for d in rng.sample(around, 10)}


@given(whole, clubs)
def test_a_week_has_two_for_the_side_two_for_the_back_one_for_the_trunk_and_two_rest_days(
    library, club
):
    for week in weeks(library, club, MONDAY, 22):
        assert Counter(focus_of(e) for e in week) == A_WEEK


@given(with_gentle, clubs)
def test_demanding_moves_never_come_on_two_days_in_a_row(library, club):
    pairs = itertools.pairwise(picks(library, club, MONDAY, 2 * ROUND_WEEKS * 7))
    assert not [pair for pair in pairs if all(e.is_demanding for e in pair)]


@given(st.lists(st.tuples(with_gentle, clubs), min_size=2, max_size=6), st.integers(0, 200))
def test_nor_if_the_coach_or_the_library_changes_every_day(states, start):
    shown = []
    for n, (library, settings) in zip(range(60), itertools.cycle(states), strict=False):
        shown.append(pick_daily(library, settings, MONDAY + (start + n) * DAY))
    assert not [pair for pair in itertools.pairwise(shown) if all(e.is_demanding for e in pair)]


@given(with_gentle, clubs)
def test_no_demanding_move_comes_on_the_day_before_a_long_run_or_in_the_week_before_a_race(
    library, club
):
    for n in range(160):
        day = MONDAY + n * DAY
        to_race = [(race - day).days for race in club.races]
        is_before = (day.weekday() + 1) % 7 in club.long_runs or any(0 <= d <= 7 for d in to_race)
        assert not (is_before and pick_daily(library, club, day).is_demanding)


@given(clubs)
def test_in_the_week_before_a_race_there_is_no_power(club):
    for race in club.races:
        for move in picks(shipped(), club, race - 7 * DAY, 8):
            assert move.block is not Block.POWER


@given(clubs)
def test_races_and_long_runs_are_rest_days_as_far_as_a_week_has_two(club):
    for n, move in enumerate(picks(shipped(), club, MONDAY, 160)):
        day = MONDAY + n * DAY
        raced = {race.weekday() for race in club.races if week_of(race) == week_of(day)}
        if day.weekday() in raced and len(raced) <= 2:
            assert move.is_mobility
        if day.weekday() in club.long_runs and len(raced | club.long_runs) <= 2:
            assert move.is_mobility


def rounds_needed(library):
    """Return in how many rounds of the plan every move has its turn, as the module promises it."""
    own = Counter()
    for e in library:
        is_anywhere = e.is_mobility and not e.is_demanding
        own.update(
            (block, focus_of(e), e.is_demanding) for block in (Block if is_anywhere else [e.block])
        )
    needed = []
    for (block, focus, is_demanding), count in own.items():
        days = 4 * A_WEEK[focus] - (3 if (block, focus, True) in own else 0)
        needed.append(count if is_demanding else math.ceil(count / days))
    return max(needed)


@given(with_gentle, calm_clubs, st.integers(-100, 300))
def test_every_move_gets_its_turn_within_the_rounds_that_the_plan_promises(library, club, start):
    length = rounds_needed(library) * ROUND_WEEKS * 7
    shown = picks(library, club, MONDAY + start * DAY, length)
    assert {e.slug for e in shown} == {e.slug for e in library}


@pytest.mark.parametrize("focus", Focus)
@pytest.mark.parametrize("demanding", [0, 1])
@pytest.mark.parametrize("gentle", [6, 9])
def test_every_move_gets_its_turn_however_many_of_its_kind_there_are(focus, demanding, gentle):
    crowd = [
        made(f"{n}", focus=focus, block=Block.POWER, demanding=n < demanding)
        for n in range(demanding + gentle)
    ]
    library = Catalogue([*ONE_OF_EACH, *crowd])
    for settings in (club(long_runs={6}), club(long_runs={4, 6})):
        shown = picks(library, settings, MONDAY, rounds_needed(library) * ROUND_WEEKS * 7)
        assert {e.slug for e in shown} == {e.slug for e in library}


def test_every_move_that_ships_gets_its_turn_in_one_round():
    assert rounds_needed(shipped()) == 1


def test_where_every_move_is_demanding_they_simply_take_turns():
    library = Catalogue(made(f"hard-{n}", demanding=True) for n in range(7))
    shown = [e.slug for e in picks(library, club(), MONDAY, ROUND_WEEKS * 7)]
    assert shown == shown[:7] * ROUND_WEEKS
    assert len(set(shown)) == 7


def test_gentle_stretches_go_round_in_every_block_whatever_their_difficulty():
    stretches = [
        replace(made(f"rest-{n}-{difficulty}", focus=Focus.MOBILITY), difficulty=difficulty)
        for n in range(2)
        for difficulty in (Difficulty.BEGINNER, Difficulty.INTERMEDIATE)
    ]
    library = Catalogue([*ONE_OF_EACH, *stretches])
    for n in range(4 * len(Block) - 2):
        shown = picks(library, club(), MONDAY + n * 7 * DAY, 21)
        assert len({e.slug for e in shown if e.is_mobility}) == 5


@given(anything, clubs, st.dates())
def test_there_is_a_move_for_every_library_club_and_day(library, club, day):
    assert pick_daily(library, club, day) in set(library)


@pytest.mark.parametrize("day", [date.min, date.max])
def test_there_is_a_move_on_the_first_and_the_last_of_all_days(day):
    assert pick_daily(shipped(), club(races=[date.min, date.max]), day)


@given(clubs)
def test_a_library_of_one_move_gives_that_one(club):
    for demanding in (True, False):
        library = Catalogue([made("one", demanding=demanding)])
        assert {e.slug for e in picks(library, club, MONDAY, 120)} == {"one"}


@given(clubs)
def test_a_library_of_stretches_alone_goes_round_them(club):
    library = Catalogue(e for e in shipped() if e.is_mobility)
    assert {e.slug for e in picks(library, club, MONDAY, 28)} == {e.slug for e in library}


def test_what_the_library_lacks_is_replaced_by_gentle_moves_and_stretches_come_last():
    side = [made(f"side-{n}") for n in range(3)]
    rest = [made(f"rest-{n}", focus=Focus.MOBILITY) for n in range(2)]
    for week in weeks(Catalogue([*side, *rest]), club(), MONDAY, ROUND_WEEKS):
        assert Counter(focus_of(e) for e in week) == {Focus.HIP_SIDE: 5, Focus.MOBILITY: 2}


def test_the_one_gentle_move_of_a_kind_comes_twice_a_week_rather_than_another_kind():
    for week in weeks(Catalogue(ONE_OF_EACH), club(), MONDAY, ROUND_WEEKS):
        assert Counter(e.slug for e in week)["one-hip_side"] == 2


@given(clubs)
def test_no_move_of_the_shipped_library_comes_twice_in_a_week(club):
    for week in weeks(shipped(), club, MONDAY, 22):
        assert len({e.slug for e in week}) == 7


@given(whole_moves, clubs, st.sampled_from(Focus), st.sampled_from(Block))
def test_a_new_gentle_move_changes_only_days_of_its_own_kind(moves, club, focus, block):
    new = made("new", focus=focus, block=block)
    before = picks(Catalogue(moves), club, MONDAY, 200)
    after = picks(Catalogue([*moves, new]), club, MONDAY, 200)
    for old, grown in zip(before, after, strict=True):
        assert focus_of(old) is focus_of(grown)
        assert old == grown or focus_of(old) is focus


@given(ids, st.sampled_from(TRAINING))
def test_a_new_demanding_move_changes_only_days_of_its_own_kind_in_its_own_block(club_id, focus):
    new = made("new", focus=focus, block=Block.POWER, demanding=True)
    before = picks(shipped(), club(club_id), MONDAY, ROUND_WEEKS * 7)
    after = picks(Catalogue([*shipped(), new]), club(club_id), MONDAY, ROUND_WEEKS * 7)
    for n, (old, grown) in enumerate(zip(before, after, strict=True)):
        block = phase_of(club(club_id), MONDAY + n * DAY).block
        assert old == grown or (focus_of(old), block) == (focus, Block.POWER)


@given(clubs, st.integers(0, 150))
def test_a_new_race_changes_only_its_own_week_and_the_one_before(club, start):
    race = MONDAY + start * DAY
    raced = replace(club, races=tuple(sorted({*club.races, race})))
    for n in range(-20, 180):
        day = MONDAY + n * DAY
        if not week_of(race - 7 * DAY) <= day < week_of(race) + 7 * DAY:
            assert pick_daily(shipped(), club, day) == pick_daily(shipped(), raced, day)


def test_a_plan_begins_with_foundation_in_the_week_of_the_set_up_and_ends_with_an_easy_week():
    shown = [phase_of(club(), MONDAY + 7 * n * DAY) for n in range(ROUND_WEEKS + 1)]
    blocks = [(block, week) for block in Block for week in (1, 2, 3, 4)]
    assert [(phase.block, phase.week) for phase in shown] == [
        *blocks,
        (None, 1),
        (Block.FOUNDATION, 1),
    ]
    assert phase_of(club(), MONDAY - DAY).block is None


def test_a_race_week_lasts_from_a_week_before_until_the_race_is_over():
    race = MONDAY + 20 * DAY
    near = [n for n in range(40) if phase_of(club(races=[race]), MONDAY + n * DAY).is_race_week]
    assert near == list(range(13, 21))
    assert phase_of(club(), race) == Phase(block=Block.FOUNDATION, week=3, is_race_week=False)


@given(ids)
def test_a_block_has_its_own_moves_and_only_earlier_ones_beside_them(club_id):
    order = list(Block)
    for n in range(ROUND_WEEKS * 7):
        day = MONDAY + n * DAY
        move, phase = pick_daily(shipped(), club(club_id), day), phase_of(club(club_id), day)
        if not move.is_mobility:
            assert order.index(move.block) <= order.index(phase.block or Block.FOUNDATION)
            assert move.block is phase.block or not move.is_demanding


def test_clubs_go_round_in_different_orders():
    orders = {tuple(e.slug for e in picks(shipped(), club(n), MONDAY, 28)) for n in range(100)}
    assert len(orders) == 100


def test_no_kind_but_rest_comes_on_two_days_in_a_row_within_a_week():
    for n in range(50):
        for week in weeks(shipped(), club(n), MONDAY, ROUND_WEEKS):
            training = [focus_of(e) for e in week if not e.is_mobility]
            assert all(a is not b for a, b in itertools.pairwise(training))


@pytest.mark.parametrize("weekday", [None, *range(7)])
def test_rest_days_are_no_neighbours_with_one_long_run_a_week(weekday):
    shown = picks(shipped(), club(long_runs=set() if weekday is None else {weekday}), MONDAY, 350)
    assert not [pair for pair in itertools.pairwise(shown) if all(e.is_mobility for e in pair)]


def test_no_shipped_stretch_comes_in_two_weeks_in_a_row():
    rest = [
        {e.slug for e in week if e.is_mobility}
        for week in weeks(shipped(), club(), MONDAY, 3 * ROUND_WEEKS)
    ]
    assert not [pair for pair in itertools.pairwise(rest) if set.intersection(*pair)]
