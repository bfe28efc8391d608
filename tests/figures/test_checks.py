"""Every frame of every sheet passes the checks, and each check catches what it is for."""

import pytest

from figures.checks import check
from figures.media import Media
from figures.motion import Motion
from figures.reader import read_stories

BLOCK = '\n[[prop]]\nkind = "box"\nx = [0, 0.3]\nh = 0.2\n\n[base]'
ARM, PITCH, MOVE = "arm.L = { hang = true }", "pelvis = { pitch = 30 }", "move = 0.5"
FAR = "move = 0.06\narrows = [ { points = [[0, 0, 0], [2, 0, 0]] } ]"


@pytest.mark.slow
@pytest.mark.parametrize("slug", Media().slugs())
def test_every_frame_of_the_sheet_is_sound(slug):
    for story in read_stories(Media().sheet(slug)):
        assert [str(problem) for problem in check(Motion(story))] == []


def test_the_small_sheet_is_sound(motion):
    assert check(motion()) == []


@pytest.mark.parametrize(
    ("broken", "rule"),
    [
        ((ARM, "arm.L = { hand_at = [1, 1, 0] }"), "arm L is 0."),
        ((ARM, "arm.L = { flex = 20, elbow = 170 }"), "elbow L is at 170°"),
        ((ARM, "arm.L = { hand_at = [0.2, 0.6, -0.1], pole = [1, 1, 0] }"), "elbow L bends"),
        ((PITCH, "leg.L = { flex = 20, knee = -30 }"), "knee L bends forward"),
        ((PITCH, "leg.L = { flex = 0, knee = 0 }"), "toeL is 0."),
        ((PITCH, "leg.L = { flex = -60, knee = 90 }"), "hip flexion L is at -60°"),
        ((PITCH, "leg.L = { flex = 60, knee = 90, ankle = 60 }"), "ankle L is at 60°"),
        (("[base]", BLOCK), "toeR is inside the box"),
        (("quad_R = 1.0", "quad_L = 1.0, calf_L = 1.0"), "painted grey behind the trunk"),
        ((MOVE, "move = 8"), "more than 8"),
        ((MOVE, FAR), "an arrow leaves"),
        ((MOVE, "move = 0.06"), "leaps"),
    ],
)  # fmt: skip
def test_a_broken_rule_is_named_with_its_picture_and_keys(motion, broken, rule):
    found = [str(problem) for problem in check(motion(broken))]
    assert any(rule in problem for problem in found), found
    assert all(problem.startswith("squat: ") for problem in found)


def test_a_planted_joint_that_slides_is_caught(motion):
    """Knees anchored in both keys at one place, but by different sides in between, would drift."""
    kneeling = [
        ('root = { mode = "stance", foot = "R", knee = 5 }',
         'root = { mode = "anchor", joint = "kneeR", at = [0, 0.047, 0.052] }'),
        ('root = { mode = "stance", foot = "R", knee = 80, shift = -0.12 }',
         'root = { mode = "anchor", joint = "kneeL", at = [0, 0.047, -0.052] }\n'
         'leg.both = { flex = 60, knee = 120, ankle = -60 }'),
        ("leg.R = { toe = [0.1, 0, 0.052] }", "leg.R = { flex = 0, knee = 90, ankle = -70 }"),
        ("leg.L = { toe = [0.1, 0, -0.052] }", "leg.L = { flex = 0, knee = 90, ankle = -70 }"),
    ]  # fmt: skip
    found = [str(problem) for problem in check(motion(*kneeling))]
    assert any("slides" in problem for problem in found), found
