"""What every set to follow along keeps, whatever the exercise says or leaves out."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.duration import METRE_S, repeat_seconds
from bot.domain.exercise import Category, Dose, Exercise, Per, Rest, Sides, Source, Tempo
from bot.domain.guide import (
    LONGEST_S,
    PAUSE_HOLDS,
    READY_S,
    SOME_S,
    TOKEN_HOLDS,
    Guide,
    Kind,
    Side,
    duration,
    phases,
)
from tests.domain.made import shipped

NOON = datetime(2026, 7, 2, 12, tzinfo=UTC)
NO_TEMPO = Tempo(cue="Slowly")
REPEAT_S = repeat_seconds(Category.STRENGTH, NO_TEMPO)


def dose(**changes) -> Dose:
    usual = {
        "per": Per.BOTH,
        "source": Source.OURS,
        "sets_source": Source.OURS,
        "hold_source": Source.OURS,
    }
    return Dose(**{**usual, **changes})


def exercise(dose: Dose, sides=Sides.BOTH, tempo=NO_TEMPO, rest_s=30) -> Exercise:
    """An exercise whose only rung is this one."""
    some = next(iter(shipped()))
    rung = replace(some.ladder[0], dose=dose, sides=sides, tempo=None)
    return replace(
        some,
        category=Category.STRENGTH,
        tempo=tempo,
        rest=Rest(min_s=rest_s, max_s=90),
        ladder=(rung,),
    )


def of(*args, **changes):
    return phases(exercise(*args, **changes), 0)


def work(*args, **changes):
    return [phase for phase in of(*args, **changes) if phase.kind is Kind.WORK]


few = st.one_of(st.none(), st.integers(1, 50))
doses = st.builds(
    dose,
    sets=st.one_of(st.none(), st.integers(1, 12)),
    reps_min=few,
    reps_max=few,
    hold_s=st.one_of(st.none(), st.integers(1, 2000)),
    distance_m=few,
    per=st.sampled_from(Per),
)
second = st.integers(1, 9)
tempos = st.one_of(st.just(NO_TEMPO), st.builds(Tempo, down=second, pause=second, up=second))
exercises = st.builds(exercise, doses, st.sampled_from(Sides), tempos, rest_s=st.integers(1, 1000))


@given(exercises)
def test_it_begins_with_getting_ready_and_ends_with_work_and_rests_only_between(made):
    kinds = [phase.kind for phase in phases(made, 0)]

    assert kinds[:2] == [Kind.READY, Kind.WORK]
    assert kinds[2:] == [Kind.REST, Kind.WORK] * (len(kinds) // 2 - 1)


@given(exercises)
def test_no_phase_is_empty_or_longer_than_a_tap_lasts(made):
    for phase in phases(made, 0):
        assert 1 <= phase.seconds <= LONGEST_S
    assert timedelta(seconds=LONGEST_S) < TOKEN_HOLDS


@given(exercises)
def test_both_sides_work_equally_the_left_one_first(made):
    done = [phase for phase in phases(made, 0) if phase.kind is Kind.WORK]
    left = [(p.number, p.seconds) for p in done if p.side is Side.LEFT]
    right = [(p.number, p.seconds) for p in done if p.side is Side.RIGHT]

    assert left == right
    assert not left or [p.side for p in done] == [Side.LEFT, Side.RIGHT] * len(left)


@given(exercises)
def test_there_are_as_many_sets_as_the_dose_says_at_least(made):
    numbers = [phase.number for phase in phases(made, 0) if phase.kind is Kind.WORK]

    assert sorted(set(numbers)) == list(range(1, (made.ladder[0].dose.sets or 1) + 1))
    assert numbers == sorted(numbers)


@given(exercises)
def test_what_comes_before_the_work_says_which_work_that_is(made):
    found = phases(made, 0)
    for before, after in zip(found[::2], found[1::2], strict=True):
        assert (before.number, before.side) == (after.number, after.side)


@given(exercises)
def test_all_of_it_takes_as_long_as_its_phases(made):
    found = phases(made, 0)
    assert duration(found) == sum((duration((p,)) for p in found), timedelta())


@pytest.mark.parametrize(
    ("said", "sides", "seconds", "count"),
    [
        (dose(hold_s=30, hold_max_s=60, per=Per.SIDE), Sides.PER_SIDE, 30, 2),
        (dose(hold_s=15, hold_max_s=30), Sides.BOTH, 15, 1),
        (dose(reps_min=8, reps_max=10), Sides.BOTH, 10 * REPEAT_S, 1),
        (dose(reps_min=8), Sides.BOTH, 8 * REPEAT_S, 1),
        (dose(reps_min=8, hold_s=5), Sides.BOTH, 8 * (REPEAT_S + 5), 1),
        (dose(reps_min=8, per=Per.LEG), Sides.PER_SIDE, 8 * REPEAT_S, 2),
        (dose(reps_min=8, per=Per.LEG), Sides.BOTH, 8 * REPEAT_S, 2),
        (dose(reps_min=8, per=Per.LEG), Sides.ALTERNATING, 2 * 8 * REPEAT_S, 1),
        (dose(reps_min=8, per=Per.BOTH), Sides.PER_SIDE, 8 * REPEAT_S, 1),
        (dose(reps_min=8, per=Per.DIRECTION), Sides.ALTERNATING, 2 * 8 * REPEAT_S, 1),
        (dose(reps_min=8, per=Per.LEG_AND_DIRECTION), Sides.PER_SIDE, 2 * 8 * REPEAT_S, 2),
        (dose(distance_m=15, distance_max_m=20), Sides.ALTERNATING, 20 * METRE_S, 1),
        (dose(), Sides.BOTH, SOME_S, 1),
    ],
)
def test_the_work_lasts_as_long_as_its_dose(said, sides, seconds, count):
    assert [phase.seconds for phase in work(said, sides)] == [seconds] * count


def test_repeats_go_by_the_tempo_where_it_is_in_seconds():
    tempo = Tempo(down=3, pause=1, up=1)
    assert work(dose(reps_min=6, reps_max=10), tempo=tempo)[0].seconds == 50
    assert work(dose(reps_min=6, hold_s=4), tempo=tempo)[0].seconds == 6 * (3 + 1 + 1 + 4)


def test_only_a_hold_is_not_an_estimate():
    assert not work(dose(hold_s=20))[0].is_estimate
    for said in (dose(reps_min=8), dose(reps_min=8, hold_s=2), dose(distance_m=15), dose()):
        assert work(said)[0].is_estimate


def test_a_rung_that_alternates_in_a_move_of_one_side_at_a_time_does_so():
    bridge = shipped().get("single-leg-bridge")
    march, standard = phases(bridge, 0), phases(bridge, bridge.standard)
    assert {phase.side for phase in march} == {None}
    assert {phase.side for phase in standard} == set(Side)


@pytest.mark.parametrize("move", list(shipped()), ids=lambda move: move.slug)
def test_every_rung_of_the_library_takes_half_a_minute_to_a_quarter_of_an_hour(move):
    for position in range(len(move.ladder)):
        assert timedelta(seconds=30) < duration(phases(move, position)) < timedelta(minutes=15)


CLAMSHELL = of(dose(sets=2, reps_min=10, per=Per.LEG), Sides.PER_SIDE)


def guide(**changes) -> Guide:
    usual = {
        "id": 7,
        "member_id": 1,
        "club_id": 2,
        "slug": "clamshell",
        "rung": 0,
        "day": None,
        "locale": "en-US",
        "token": "secret",
        "token_ends_at": NOON + TOKEN_HOLDS,
        "due_at": NOON + timedelta(seconds=READY_S),
    }
    return Guide(**{**usual, **changes})


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


@given(st.integers(0, 400))
def test_it_is_where_the_times_of_its_phases_add_up_to(seconds):
    found = guide().at(after(seconds), CLAMSHELL)
    begun = sum(phase.seconds for phase in CLAMSHELL[: found.phase])

    assert begun <= seconds
    if found.phase < len(CLAMSHELL):
        assert found.due_at == after(begun + CLAMSHELL[found.phase].seconds)
        assert found.due_at > after(seconds)


@given(st.lists(st.integers(0, 400), max_size=8))
def test_it_does_not_matter_how_often_anybody_looks(moments):
    looked = guide()
    for moment in sorted(moments):
        looked = looked.at(after(moment), CLAMSHELL)
    last = max(moments, default=0)
    assert looked == guide().at(after(last), CLAMSHELL)


def test_after_the_last_phase_it_is_past_them_all():
    end = NOON + duration(CLAMSHELL)
    assert guide().at(end - timedelta(microseconds=1), CLAMSHELL).phase == len(CLAMSHELL) - 1
    assert guide().at(end, CLAMSHELL).phase == len(CLAMSHELL)
    assert guide().at(end + timedelta(days=1), CLAMSHELL).phase == len(CLAMSHELL)


@given(st.integers(0, 14), st.integers(0, 1800))
def test_a_pause_costs_no_second_and_gives_none(begin, length):
    paused = guide().pause(after(begin))
    assert paused.at(after(begin + length), CLAMSHELL) == paused
    going = paused.go(after(begin + length))

    assert not going.is_paused
    assert going.due_at == after(READY_S + length)
    assert not paused.needs_tap


def test_pausing_twice_or_going_on_without_a_pause_changes_nothing():
    paused = guide().pause(NOON)
    assert paused.pause(after(5)) == paused
    assert paused.due_at == NOON + PAUSE_HOLDS
    assert guide().go(after(5)) == guide()


def test_going_on_early_begins_the_next_phase_now():
    found = guide().skip(after(5), CLAMSHELL)
    assert (found.phase, found.due_at) == (1, after(5 + CLAMSHELL[1].seconds))
    assert replace(found, phase=len(CLAMSHELL) - 1).skip(NOON, CLAMSHELL).phase == len(CLAMSHELL)


LONG = of(dose(sets=4, hold_s=300), rest_s=60)  # 24 minutes


def test_it_waits_for_a_tap_before_a_phase_that_the_token_does_not_outlast():
    found = guide().at(after(3600), LONG)
    begun = sum(phase.seconds for phase in LONG[: found.phase])

    assert found.left_s == LONG[found.phase].seconds
    assert found.needs_tap
    assert after(begun) < found.token_ends_at < after(begun + found.left_s)


def test_a_tap_is_enough_for_the_phase_it_waited_with():
    waiting = guide().at(after(3600), LONG)
    now = after(1700)
    going = waiting.tapped("new", now).go(now)

    assert not going.is_paused
    assert going.due_at <= going.token_ends_at
    assert going.phase == waiting.phase


@given(st.integers(1, LONGEST_S), st.integers(0, 3600))
def test_no_phase_that_runs_outlasts_the_token(hold, seconds):
    found = guide().at(after(seconds), of(dose(sets=5, hold_s=hold), rest_s=hold))
    assert found.is_paused or found.due_at <= found.token_ends_at or found.phase == 10


def test_the_token_is_shown_nowhere():
    assert "secret" not in repr(guide())
