"""Between the keys feet stay, joints move smoothly, and the round closes."""

from itertools import pairwise

import pytest

from figures.motion import FPS
from figures.vector import Vec


def test_a_round_lasts_as_long_as_moves_and_holds(motion):
    moments = motion().moments
    assert sum(m.duration for m in moments) == pytest.approx(
        1000 * (0.4 + 0.2 + 0.5), abs=1000 / FPS
    )


def test_a_planted_foot_never_moves(motion):
    for moment in motion().moments:
        assert (moment.body["toeR"] - Vec(0.1, 0, 0.052)).length() < 1e-9


def test_a_stepping_foot_is_lifted_and_comes_down_again(motion):
    step = ("pelvis = { pitch = 30 }", "lift = { L = 0.1 }\nleg.L = { toe = [-0.1, 0, -0.052] }")
    heights = [m.body["toeL"].y for m in motion(step).moments if m.key == 0]
    assert max(heights) == pytest.approx(0.1, abs=0.01)
    assert min(heights) == pytest.approx(0)


def test_a_leg_goes_smoothly_from_pinned_to_free_and_back(motion):
    raised = ("pelvis = { pitch = 30 }", "leg.L = { flex = 80, knee = 90 }")
    moments = motion(raised).moments
    heights = [m.body["toeL"].y for m in moments]
    assert heights[0] < 0.01
    assert max(heights) > 0.05
    for before, after in pairwise((*moments, moments[0])):
        for joint, at in after.body.joints.items():
            assert (at - before.body[joint]).length() < 0.2, joint


def test_an_arm_goes_smoothly_from_swinging_to_a_pin_and_back(motion):
    moments = motion(("arm.L = { hang = true }", 'arm.L = { hand_at = "kneeL" }')).moments
    for before, after in pairwise((*moments, moments[0])):
        assert (after.body["handL"] - before.body["handL"]).length() < 0.12


def test_muscles_light_up_gradually(motion):
    levels = [m.pose.muscle["quad_R"] for m in motion().moments if m.key == 0]
    assert levels == sorted(levels)
    assert levels[0] == pytest.approx(0.2)
