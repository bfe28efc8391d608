from dataclasses import replace

import pytest

from bot.domain.duration import (
    CHANGE_S,
    SETUP_S,
    exercise_seconds,
    rest_seconds,
    set_range,
    set_seconds,
)
from bot.domain.exercise import Rest, Sides
from bot.domain.guide import phases
from tests.domain.made import shipped


def seconds(slug: str) -> int:
    exercise = shipped().get(slug)
    return set_seconds(exercise, exercise.ladder[exercise.standard])


@pytest.mark.parametrize(
    ("slug", "expected"),
    [
        ("banded-glute-bridge", 14 * (2 + 1 + 1)),  # 12–15 repeats at its tempo
        ("clamshell", 2 * 14 * 4 + CHANGE_S),  # each leg, one after the other
        ("dead-bug", 2 * 7 * 4),  # each side, in turns: no change
        ("bird-dog", 2 * 7 * (4 + 4)),  # a hold of 3–5 s in each repeat
        ("leg-swings", 4 * 13 * 2 + CHANGE_S),  # each leg, each way
        ("hollow-body-hold", 23),  # held for 15–30 s
        ("couch-stretch", 2 * 45 + CHANGE_S),
        ("a-march", 18),  # 15–20 m
    ],
)
def test_a_set_lasts_for_the_middle_of_its_dose_at_its_tempo(slug, expected):
    assert seconds(slug) == expected


@pytest.mark.parametrize("exercise", list(shipped()), ids=lambda e: e.slug)
def test_a_change_of_sides_takes_time_on_just_those_rungs_whose_guided_set_has_one(exercise):
    for position, rung in enumerate(exercise.ladder):
        alternating = replace(rung, sides=Sides.ALTERNATING)
        change = set_seconds(exercise, rung) - set_seconds(exercise, alternating)

        sides = {phase.side for phase in phases(exercise, position)}
        assert change == (CHANGE_S if len(sides) == 2 else 0), rung.name


def test_a_rest_comes_between_sets_only():
    clamshell = shipped().get("clamshell")
    rung = clamshell.ladder[clamshell.standard]
    once, twice = (exercise_seconds(clamshell, rung, sets) for sets in (1, 2))

    assert once == SETUP_S + seconds("clamshell")
    assert twice - once == seconds("clamshell") + rest_seconds(Rest(min_s=30, max_s=60))


@pytest.mark.parametrize(
    ("sets", "sets_max", "expected"), [(None, None, (1, 1)), (2, None, (2, 2)), (2, 3, (2, 3))]
)
def test_a_dose_allows_the_sets_it_names_or_one(sets, sets_max, expected):
    dose = replace(shipped().get("clamshell").dose, sets=sets, sets_max=sets_max)

    assert set_range(dose) == expected


@pytest.mark.parametrize("exercise", list(shipped()), ids=lambda e: e.slug)
def test_every_rung_that_ships_takes_between_half_a_minute_and_ten(exercise):
    for rung in exercise.ladder:
        for sets in set_range(rung.dose):
            assert 30 <= exercise_seconds(exercise, rung, sets) <= 600
