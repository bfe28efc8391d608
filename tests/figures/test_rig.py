"""The skeleton keeps its bones and puts what is pinned where it belongs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from figures.pose import (
    Anchor,
    Flight,
    FreeArm,
    FreeLeg,
    Head,
    Pelvis,
    PinnedArm,
    PinnedLeg,
    Pose,
    Spine,
    Stance,
)
from figures.rig import bones, solve, two_bones
from figures.vector import UP, Vec, angle

turns = st.floats(-60, 60)
bends = st.floats(0, 140)
free_legs = st.builds(FreeLeg, flex=turns, abd=turns, rot=turns, knee=bends, ankle=turns)
free_arms = st.builds(FreeArm, flex=st.floats(-60, 180), abd=turns, rot=turns, elbow=bends)
pelves = st.builds(Pelvis, pitch=st.floats(-120, 120), roll=turns, yaw=turns)
spines = st.builds(Spine, flex=turns, side=turns, twist=turns)


def pose(**given) -> Pose:
    """A figure standing on both pinned feet, except for what is given."""
    standing = {
        "pelvis": Pelvis(),
        "spine": Spine(),
        "head": Head(),
        "root": Stance(mode="stance", foot="R", knee=10),
        "legs": {side: PinnedLeg(toe=(0.1, 0, z)) for side, z in (("L", -0.05), ("R", 0.05))},
        "arms": {side: FreeArm() for side in "LR"},
        "muscle": {},
        "order": (),
    }
    return Pose(**{**standing, **given})


@given(
    legs=st.tuples(free_legs, free_legs), arms=st.tuples(free_arms, free_arms), p=pelves, s=spines
)
def test_no_bone_changes_its_length_in_any_pose(legs, arms, p, s):
    body = solve(
        pose(
            root=Flight(mode="free", at=(0, 1, 0)), pelvis=p, spine=s,
            legs=dict(zip("LR", legs, strict=True)), arms=dict(zip("LR", arms, strict=True)),
        )
    )  # fmt: skip
    for a, b, length in bones():
        assert (body[a] - body[b]).length() == pytest.approx(length, abs=1e-6)


@given(knee=st.floats(0, 130), shift=st.floats(-0.1, 0.1), lean=st.floats(-20, 60))
def test_a_stance_bends_the_knee_as_told_and_leaves_the_foot_where_it_is(knee, shift, lean):
    root = Stance(mode="stance", foot="R", knee=knee, shift=shift)
    body = solve(pose(root=root, pelvis=Pelvis(pitch=lean)))
    assert (body["toeR"] - Vec(0.1, 0, 0.05)).length() < 1e-3
    assert angle(body["kneeR"] - body["hipR"], body["ankR"] - body["kneeR"]) == pytest.approx(
        knee, abs=1
    )


@given(leg=free_legs, p=pelves)
def test_an_anchored_joint_is_where_the_sheet_says(leg, p):
    root = Anchor(mode="anchor", joint="kneeL", at=(0.2, 0.05, -0.1))
    body = solve(pose(root=root, pelvis=p, legs={"L": leg, "R": FreeLeg()}))
    assert (body["kneeL"] - Vec(0.2, 0.05, -0.1)).length() < 1e-9


def test_mirrored_angles_make_a_mirrored_figure():
    leg, arm = FreeLeg(flex=40, abd=20, rot=30, knee=50), FreeArm(flex=70, abd=30, rot=10, elbow=60)
    root = Flight(mode="free", at=(0, 1, 0))
    body = solve(pose(root=root, legs={"L": leg, "R": leg}, arms={"L": arm, "R": arm}))
    for joint in ("knee", "ank", "toe", "elb", "hand"):
        left, right = body[joint + "L"], body[joint + "R"]
        assert Vec(left.x, left.y, -left.z).x == pytest.approx(right.x)
        assert (left.y, -left.z) == pytest.approx((right.y, right.z))


def test_positive_angles_go_forward_outward_and_toes_up():
    root = Flight(mode="free", at=(0, 1, 0))
    legs = {"L": FreeLeg(flex=30), "R": FreeLeg(abd=30, knee=40, ankle=20)}
    body = solve(pose(root=root, legs=legs))
    assert body["kneeL"].x > 0.1  # forward
    assert body["kneeR"].z > 0.1  # away from the midline
    assert body["ankR"].x < body["kneeR"].x  # the shank swings back
    assert body.frames["footR"].x.dot(body.frames["shankR"].y) > 0  # toes towards the shin


def test_leaning_forward_tips_the_head_forward_and_leaning_right_to_the_right():
    assert solve(pose(pelvis=Pelvis(pitch=40)))["head"].x > 0.2
    assert solve(pose(pelvis=Pelvis(roll=40)))["head"].z > 0.2


def test_a_hand_pinned_out_of_reach_is_reported_with_what_is_missing():
    arms = {"L": FreeArm(), "R": PinnedArm(hand_at=(2, 0.5, 0))}
    [strain] = solve(pose(arms=arms)).strain
    assert strain.startswith("arm R is 1.")


def test_a_hand_beside_a_joint_goes_with_it():
    arms = {side: PinnedArm(hand_at="pelvis", offset=(0.02, 0.05, 0.12)) for side in "LR"}
    for lean in (0, 50):
        body = solve(pose(arms=arms, pelvis=Pelvis(pitch=lean)))
        local = body.frames["pelvis"].into(body["handR"] - body["pelvis"])
        assert (local.x, local.y, local.z) == pytest.approx((0.02, 0.05, 0.12))


def test_two_bones_bend_towards_the_pole():
    middle, end = two_bones(Vec(0, 1, 0), Vec(0, 0.6, 0), 0.25, 0.25, Vec(1, 0, 0))
    assert middle.x > 0.1
    assert (end - Vec(0, 0.6, 0)).length() < 1e-9
    assert UP.dot(middle) == pytest.approx(0.8)
