from dataclasses import replace

import pytest

from bot.domain.exercise import Category, Muscle
from bot.domain.focus import Focus, focus_of
from tests.domain.made import made, shipped

EXPECTED = {
    Focus.HIP_SIDE: {
        "clamshell",
        "copenhagen-plank",
        "fire-hydrant",
        "hip-hike",
        "lateral-band-walk",
        "lateral-step-down",
        "monster-steps",
        "side-lying-leg-raise",
        "side-plank-knee-drive",
    },
    Focus.HIP_BACK: {
        "banded-glute-bridge",
        "explosive-sprinters-lunge",
        "hip-thrust",
        "single-leg-bridge",
        "single-leg-deadlift",
        "single-leg-squat-to-stand",
        "standing-glute-activation",
        "step-up-reverse-lunge",
    },
    Focus.TRUNK: {
        "a-march",
        "banded-hip-flexor-march",
        "bird-dog",
        "dead-bug",
        "hollow-body-hold",
    },
    Focus.MOBILITY: {
        "adductor-rock-back",
        "couch-stretch",
        "figure-four-pigeon",
        "leg-swings",
        "lunge-reach-rotate",
        "ninety-ninety-switch",
    },
}


@pytest.mark.parametrize("focus", Focus)
def test_each_move_that_ships_is_for_the_part_that_works_in_it(focus):
    assert {e.slug for e in shipped() if focus_of(e) is focus} == EXPECTED[focus]


@pytest.mark.parametrize("muscle", Muscle)
def test_every_muscle_belongs_to_a_part_and_only_stretches_to_mobility(muscle):
    move = replace(made("new"), primary_muscles=(muscle,))

    assert focus_of(move) in {Focus.HIP_SIDE, Focus.HIP_BACK, Focus.TRUNK}
    assert focus_of(replace(move, category=Category.STRETCH_STATIC)) is Focus.MOBILITY


def test_a_move_that_names_no_muscle_is_for_the_back_of_the_hips():
    assert (
        focus_of(replace(made("new"), primary_muscles=(), secondary_muscles=())) is Focus.HIP_BACK
    )
