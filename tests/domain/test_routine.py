import itertools
import random
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.domain.duration import set_range
from bot.domain.exercise import Category, Difficulty, Equipment, Muscle, Per
from bot.domain.focus import Focus, focus_of
from bot.domain.routine import (
    AT_HOME,
    FEW_MOVES,
    LEAST_MINUTES,
    MOST_MINUTES,
    MOST_MOVES,
    Part,
    Wish,
    build_routine,
    can_be_done_with,
)
from bot.errors import MissingEquipment, NoMoves, TooFewMinutes, TooManyMinutes, UserError
from tests.domain.made import made, shipped

pytestmark = pytest.mark.slow

DAY = date(2026, 7, 2)
EVERYTHING = frozenset(Equipment)
seeds = st.integers(1, 2**63 - 1)
days = st.dates(min_value=date(2020, 1, 1), max_value=date(2100, 1, 1))
minutes = st.integers(LEAST_MINUTES, MOST_MINUTES)
kits = st.one_of(
    st.sampled_from([frozenset(), AT_HOME, AT_HOME | {Equipment.MINI_BAND}, EVERYTHING]),
    st.frozensets(st.sampled_from(list(Equipment))),
)
focuses = st.sampled_from([None, *Focus])
wishes = st.builds(Wish, minutes=minutes, equipment=kits, focus=focuses)


def made_library(seed):
    """Return up to thirty moves of any kind, dose and equipment."""
    rng = random.Random(seed)
    return [made_move(rng, number) for number in range(rng.randrange(31))]


def made_move(rng, number):
    sets, reps = rng.randint(1, 3), rng.randint(1, 20)
    move = made(f"move-{number}")
    rung = replace(
        move.ladder[move.standard],
        equipment=tuple(rng.sample(list(Equipment), rng.randint(1, 2))),
        dose=replace(
            move.dose,
            sets=rng.choice([None, sets]),
            sets_max=rng.choice([None, sets + rng.randint(0, 2)]),
            reps_min=reps,
            reps_max=reps + rng.randint(0, 5),
            distance_m=None,
            distance_max_m=None,
            per=rng.choice(list(Per)),
        ),
    )
    return replace(
        move,
        category=rng.choice(list(Category)),
        difficulty=rng.choice(list(Difficulty)),
        primary_muscles=(rng.choice(list(Muscle)),),
        ladder=(*move.ladder[: move.standard], rung, *move.ladder[move.standard + 1 :]),
    )


libraries = st.one_of(st.just(list(shipped())), st.integers(0, 999).map(made_library))


def build(library, wish, seed=1, day=DAY):
    """Return the routine, or drop the example where the wish is refused."""
    try:
        return build_routine(library, wish, seed, day)
    except UserError:
        assume(False)


def part(routine, which):
    return [turn for turn in routine.turns if turn.part is which]


def slugs(routine):
    return [turn.exercise.slug for turn in routine.turns]


@given(libraries, wishes, seeds, days)
def test_a_routine_fits_its_minutes_and_is_as_long_as_its_moves(library, wish, seed, day):
    routine = build(library, wish, seed, day)
    assert 0 < routine.seconds <= wish.minutes * 60
    assert routine.seconds == sum(turn.seconds for turn in routine.turns)
    assert len(routine.turns) <= most_moves(wish)


@given(libraries, wishes, seeds, days)
def test_every_move_has_the_sets_and_the_dose_of_its_standard_rung(library, wish, seed, day):
    for turn in build(library, wish, seed, day).turns:
        dose = turn.rung.dose
        fewest, most = set_range(dose)
        assert fewest <= turn.sets <= most
        assert turn.dose.sets == (turn.sets if dose.sets else None)
        assert replace(turn.dose, sets=dose.sets, sets_max=dose.sets_max) == dose


@given(libraries, wishes, seeds, days)
def test_nothing_but_what_is_at_hand_is_needed(library, wish, seed, day):
    serves = {
        Equipment.DUMBBELL: {Equipment.KETTLEBELL},
        Equipment.KETTLEBELL: {Equipment.DUMBBELL},
        Equipment.STEP: {Equipment.BOX},
        Equipment.CHAIR: {Equipment.BOX, Equipment.BENCH},
        Equipment.NONE: EVERYTHING,
    }
    for turn in build(library, wish, seed, day).turns:
        for item in turn.rung.equipment:
            is_there = item in wish.equipment or serves.get(item, set()) & wish.equipment
            assert is_there or item is Equipment.NONE


@given(libraries, wishes, seeds, days)
def test_no_move_comes_twice(library, wish, seed, day):
    found = slugs(build(library, wish, seed, day))
    assert len(set(found)) == len(found)


@given(libraries, wishes, seeds, days)
def test_it_warms_up_first_and_stretches_last(library, wish, seed, day):
    order = [list(Part).index(turn.part) for turn in build(library, wish, seed, day).turns]
    assert order == sorted(order)


@given(libraries, wishes, seeds, days)
def test_each_part_holds_moves_of_its_kind(library, wish, seed, day):
    routine = build(library, wish, seed, day)
    for turn in part(routine, Part.WARM_UP):
        assert turn.exercise.category in (Category.MOBILITY_DYNAMIC, Category.ACTIVATION)
    for turn in part(routine, Part.COOL_DOWN):
        assert turn.exercise.is_mobility
    for turn in part(routine, Part.MAIN):
        assert wish.focus in (None, focus_of(turn.exercise))
        assert turn.exercise.is_mobility is (wish.focus is Focus.MOBILITY)
        assert turn.exercise.category is not Category.ACTIVATION


@given(libraries, wishes, seeds, days)
def test_without_a_warm_up_or_a_stretch_there_was_none_to_take_or_no_time(library, wish, seed, day):
    routine = build(library, wish, seed, day)
    usable = [e for e in library if can_be_done_with(e, wish.equipment)]
    left = wish.minutes * 60 - routine.seconds
    kinds = {
        Part.WARM_UP: (Category.MOBILITY_DYNAMIC, Category.ACTIVATION),
        Part.COOL_DOWN: (Category.STRETCH_STATIC,),
    }
    for which, categories in kinds.items():
        for e in usable:
            is_free = e.slug not in slugs(routine) and not e.is_demanding
            if e.category in categories and is_free and not part(routine, which):
                again = replace(routine.turns[0], exercise=e, sets=set_range(standard(e).dose)[0])
                assert which is Part.COOL_DOWN
                assert again.seconds > left or len(routine.turns) == most_moves(wish)


def most_moves(wish):
    return FEW_MOVES if wish.minutes <= 30 else MOST_MOVES


def standard(exercise):
    return exercise.ladder[exercise.standard]


@given(
    st.builds(
        Wish,
        minutes=st.integers(10, MOST_MINUTES),
        equipment=kits.map(lambda kit: kit | AT_HOME),
        focus=focuses,
    ),
    seeds,
    days,
)
def test_from_ten_minutes_on_a_routine_at_home_warms_up_works_and_stretches(wish, seed, day):
    routine = build(shipped(), wish, seed, day)
    assert {turn.part for turn in routine.turns} == set(Part)


@given(libraries, wishes, seeds, days)
def test_at_most_one_move_is_demanding_and_it_is_never_the_first_of_the_main_ones(
    library, wish, seed, day
):
    routine = build(library, wish, seed, day)
    assert sum(turn.exercise.is_demanding for turn in routine.turns) <= 1
    assert not part(routine, Part.MAIN)[0].exercise.is_demanding
    assert not routine.turns[0].exercise.is_demanding


@given(libraries, wishes, seeds, days)
def test_neighbours_work_different_groups_where_that_can_be(library, wish, seed, day):
    main = [turn.exercise for turn in part(build(library, wish, seed, day), Part.MAIN)]
    groups = [e.primary_muscles[0] if wish.focus else focus_of(e) for e in main]
    largest = max(Counter(groups).values())
    same = sum(a == b for a, b in itertools.pairwise(groups))
    # The others can stand between so many of the largest group, and no more.
    assert same == max(0, 2 * largest - len(groups) - 1)


@given(libraries, wishes, seeds, days, st.randoms())
def test_the_same_wish_on_the_same_day_is_the_same_routine(library, wish, seed, day, rng):
    routine = build(library, wish, seed, day)
    shuffled = rng.sample(library, len(library))
    assert build_routine(shuffled, wish, seed, day) == routine


def test_the_routine_of_a_day_is_the_same_on_every_computer():
    kinds = [Category.MOBILITY_DYNAMIC, Category.STRENGTH, Category.STRETCH_STATIC]
    moves = [replace(made(f"{kind}-{n}"), category=kind) for kind in kinds for n in range(4)]
    routine = build_routine(moves, Wish(minutes=8), 42, DAY)
    # Written down once: another order would lose every Done of the day on which a club updates.
    assert slugs(routine) == [
        "mobility_dynamic-0",
        "strength-1",
        "strength-0",
        "strength-3",
        "strength-2",
        "stretch_static-1",
    ]
    assert routine.stamp == "daa77448"


@given(minutes, seeds, days)
def test_tomorrow_brings_another_routine(length, seed, day):
    today, tomorrow = (
        build_routine(shipped(), Wish(minutes=length), seed, day + timedelta(days=n))
        for n in range(2)
    )
    assert slugs(today) != slugs(tomorrow)


def test_two_clubs_do_different_routines_on_a_day():
    found = {
        tuple(slugs(build_routine(shipped(), Wish(minutes=15), seed, DAY))) for seed in range(50)
    }
    assert len(found) > 40


@pytest.mark.parametrize("length", [15, 30])
@pytest.mark.parametrize("kit", [AT_HOME, AT_HOME | {Equipment.MINI_BAND}, EVERYTHING])
def test_every_move_that_is_possible_comes_up_within_three_months(length, kit):
    wish = Wish(minutes=length, equipment=kit)
    seen = {
        slug
        for n in range(90)
        for slug in slugs(build_routine(shipped(), wish, 1, DAY + timedelta(days=n)))
    }
    assert seen == {e.slug for e in shipped() if can_be_done_with(e, kit)}


@settings(max_examples=12)
@given(seeds, days, st.sampled_from([10, 15]), focuses)
def test_every_gentle_main_move_comes_up_within_a_round(seed, first, length, focus):
    wish = Wish(minutes=length, equipment=EVERYTHING, focus=focus)
    routines = [
        build_routine(shipped(), wish, seed, first + timedelta(days=n))
        for n in range(len(shipped()))
    ]
    main = {turn.exercise.slug for routine in routines for turn in part(routine, Part.MAIN)}
    for e in shipped():
        is_main = e.category is not Category.ACTIVATION and not e.is_demanding
        if is_main and focus is None and not e.is_mobility:
            assert e.slug in main
        if is_main and focus is focus_of(e) and e.category is not Category.STRETCH_STATIC:
            assert e.slug in main


@given(libraries, wishes, seeds, days)
def test_a_refusal_names_what_would_be_right(library, wish, seed, day):
    try:
        build_routine(library, wish, seed, day)
    except TooFewMinutes as error:
        least = error.values["least"]
        assert least > wish.minutes
        assert build_routine(library, replace(wish, minutes=least), seed, day)
        with pytest.raises(TooFewMinutes):
            build_routine(library, replace(wish, minutes=least - 1), seed, day)
    except TooManyMinutes as error:
        most = error.values["most"]
        assert LEAST_MINUTES <= most < wish.minutes
        assert build_routine(library, replace(wish, minutes=most), seed, day)
    except MissingEquipment as error:
        needed = frozenset(error.values["equipment"])
        assert needed
        assert not needed <= wish.equipment
        enough = replace(wish, equipment=wish.equipment | needed)
        with suppress(TooFewMinutes, TooManyMinutes):  # then it is the minutes, and says so
            build_routine(library, enough, seed, day)
    except NoMoves:
        with pytest.raises(NoMoves):
            build_routine(library, replace(wish, equipment=EVERYTHING), seed, day)


def test_the_side_of_the_hips_with_nothing_at_hand_takes_a_mat():
    with pytest.raises(MissingEquipment) as error:
        nothing = Wish(minutes=15, equipment=frozenset(), focus=Focus.HIP_SIDE)
        build_routine(shipped(), nothing, 1, DAY)
    assert error.value.values == {"focus": Focus.HIP_SIDE, "equipment": (Equipment.MAT,)}


def test_a_library_of_demanding_moves_alone_makes_no_routine():
    hard = [made(f"hard-{n}", demanding=True) for n in range(5)]
    with pytest.raises(NoMoves):
        build_routine(hard, Wish(minutes=30, equipment=EVERYTHING), 1, DAY)


@given(minutes, kits.map(lambda kit: kit | AT_HOME), seeds, days)
def test_at_home_there_is_always_a_routine_and_it_fills_most_of_the_minutes(length, kit, seed, day):
    routine = build_routine(shipped(), Wish(minutes=length, equipment=kit), seed, day)
    assert routine.seconds >= 0.75 * length * 60


def test_the_stamp_tells_other_moves_apart_and_nothing_else():
    routine = build_routine(shipped(), Wish(minutes=15), 1, DAY)
    turns = routine.turns

    assert replace(routine, turns=turns[::-1]).stamp == routine.stamp
    assert replace(routine, turns=turns[:-1]).stamp != routine.stamp
    assert len(routine.stamp) == 8


def test_a_dose_without_sets_stays_without():
    routine = build_routine(shipped(), Wish(minutes=15, focus=Focus.MOBILITY), 1, DAY)
    swings = [turn for turn in routine.turns if turn.rung.dose.sets is None]
    assert swings
    assert all(turn.dose == turn.rung.dose for turn in swings)
