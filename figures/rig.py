"""The skeleton: turns a pose into the places of its joints; no bone ever changes its length."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from figures.pose import (
    SIDES,
    Anchor,
    Feet,
    Flight,
    FreeArm,
    FreeLeg,
    HangingArm,
    PinnedArm,
    PinnedLeg,
    Pose,
    Side,
)
from figures.vector import (
    FORWARD,
    RIGHT,
    UP,
    ZERO,
    Frame,
    Vec,
    bone_frame,
    turn_x,
    turn_y,
    turn_z,
    vec,
)

# Lengths in body heights, close to Drillis and Contini (1966); the arms are a touch shorter.
HIP_WIDTH, SHOULDER_WIDTH = 0.052, 0.100
LUMBAR, THORAX, NECK = 0.130, 0.160, 0.136
THIGH, SHANK, ANKLE_HEIGHT, TOE, HEEL = 0.245, 0.243, 0.036, 0.105, 0.030
UPPER_ARM, FOREARM = 0.165, 0.175
SIGN: dict[Side, Literal[-1, 1]] = {"L": -1, "R": 1}
REACH = 0.004  # an IK target may be out of reach by so much before it is reported


@dataclass(frozen=True, slots=True)
class AimedLeg:
    """A leg between two keys: where its ankle is, how the foot is held, where the knee points."""

    ankle: Vec
    foot: Frame
    pole: Vec


@dataclass(frozen=True, slots=True)
class AimedArm:
    """An arm between two keys: where its hand is, seen from the shoulder, and the elbow points."""

    hand: Vec
    pole: Vec


@dataclass(slots=True)
class Skeleton:
    """Where every joint is, how every part is turned, and what could not be reached."""

    joints: dict[str, Vec] = field(default_factory=dict)
    frames: dict[str, Frame] = field(default_factory=dict)
    strain: list[str] = field(default_factory=list)

    def __getitem__(self, joint: str) -> Vec:
        return self.joints[joint]


def solve(pose: Pose) -> Skeleton:
    """Return the figure in this pose."""
    body = Skeleton()
    _place_trunk(body, pose)
    for side in SIDES:
        _swing_leg(body, pose.legs[side], side)
        _swing_arm(body, pose.arms[side], side, pose.pelvis.yaw)
    origin = _origin(body, pose)
    body.joints = {name: at + origin for name, at in body.joints.items()}
    for side in SIDES:
        _reach_with_leg(body, pose.legs[side], side)
    for side in SIDES:
        _reach_with_arm(body, pose.arms[side], side)
    return body


def foot_frame(pitch: float, yaw: float, roll: float = 0) -> Frame:
    """Return how a foot is held: toes up by pitch, turned to the right by yaw (degrees)."""
    return turn_y(-yaw) @ turn_z(pitch) @ turn_x(roll)


def leg_reach(knee: float) -> float:
    """Return the distance from hip to ankle when the knee bends by so many degrees."""
    return math.sqrt(THIGH**2 + SHANK**2 + 2 * THIGH * SHANK * math.cos(math.radians(knee)))


def two_bones(start: Vec, goal: Vec, upper: float, lower: float, pole: Vec) -> tuple[Vec, Vec]:
    """Return middle joint and end of two bones that reach for a goal, bent towards the pole.

    A goal out of reach is approached as far as the bones allow.
    """
    way = goal - start
    reach = min(max(way.length(), abs(upper - lower) + 1e-4), upper + lower - 1e-5)
    direction = way.unit()
    along = (upper**2 - lower**2 + reach**2) / (2 * reach)
    aside = math.sqrt(max(0.0, upper**2 - along**2))
    middle = start + direction * along + pole.across(direction).unit() * aside
    end = middle + (start + direction * reach - middle).unit() * lower
    return middle, end


def _place_trunk(body: Skeleton, pose: Pose) -> None:
    """Place the trunk with the pelvis at the origin; the bend is shared between two levels."""
    pelvis = turn_y(-pose.pelvis.yaw) @ turn_z(-pose.pelvis.pitch) @ turn_x(pose.pelvis.roll)
    spine = pose.spine
    half = turn_z(-spine.flex / 2) @ turn_x(spine.side / 2) @ turn_y(-spine.twist / 2)
    waist = pelvis @ half
    chest = waist @ half
    head = chest @ turn_z(-pose.head.flex) @ turn_x(pose.head.side)
    body.frames |= {"pelvis": pelvis, "waist": waist, "chest": chest, "head": head}
    at = body.joints
    at["pelvis"] = ZERO
    at["waist"] = pelvis.y * (LUMBAR / 2) + waist.y * (LUMBAR / 2)
    at["chest"] = at["waist"] + chest.y * THORAX
    at["head"] = at["chest"] + head.y * NECK
    for side in SIDES:
        at["hip" + side] = pelvis.z * (SIGN[side] * HIP_WIDTH)
        at["sho" + side] = at["chest"] + chest.z * (SIGN[side] * SHOULDER_WIDTH)


def _limb_frame(parent: Frame, side: Side, flex: float, abd: float, rot: float) -> Frame:
    sign = SIGN[side]
    return parent @ turn_z(flex) @ turn_x(-sign * abd) @ turn_y(-sign * rot)


def _swing_leg(body: Skeleton, leg: Any, side: Side) -> None:
    if not isinstance(leg, FreeLeg):
        return
    thigh = _limb_frame(body.frames["pelvis"], side, leg.flex, leg.abd, leg.rot)
    shank = thigh @ turn_z(-leg.knee)
    knee = body["hip" + side] - thigh.y * THIGH
    _place_leg(
        body, side, (knee, knee - shank.y * SHANK), (thigh, shank, shank @ turn_z(leg.ankle))
    )


def _place_leg(
    body: Skeleton, side: Side, joints: tuple[Vec, Vec], frames: tuple[Frame, Frame, Frame]
) -> None:
    knee, ankle = joints
    foot = frames[2]
    body.joints |= {
        "knee" + side: knee,
        "ank" + side: ankle,
        "toe" + side: ankle + foot.out(Vec(TOE, -ANKLE_HEIGHT, 0)),
        "heel" + side: ankle + foot.out(Vec(-HEEL, -ANKLE_HEIGHT, 0)),
    }
    for name, frame in zip(("thigh", "shank", "foot"), frames, strict=True):
        body.frames[name + side] = frame


def _swing_arm(body: Skeleton, arm: Any, side: Side, heading: float) -> None:
    if isinstance(arm, HangingArm):
        upper = turn_y(-heading) @ turn_z(arm.flex) @ turn_x(-SIGN[side] * arm.abd)
    elif isinstance(arm, FreeArm):
        upper = _limb_frame(body.frames["chest"], side, arm.flex, arm.abd, arm.rot)
    else:
        return
    elbow = body["sho" + side] - upper.y * UPPER_ARM
    body.joints["elb" + side] = elbow
    body.joints["hand" + side] = elbow - (upper @ turn_z(arm.elbow)).y * FOREARM


def _origin(body: Skeleton, pose: Pose) -> Vec:
    """Return where the pelvis is."""
    root = pose.root
    if isinstance(root, Flight):
        return vec(root.at)
    if isinstance(root, Anchor):
        return vec(root.at) - body[root.joint]
    heading = turn_y(-pose.pelvis.yaw)
    moved = heading.out(FORWARD) * root.shift + heading.out(RIGHT) * root.side
    if isinstance(root, Feet):
        left, right = _ankle(pose.legs["L"]), _ankle(pose.legs["R"])
        middle = left * (1 - root.w) + right * root.w + moved
        return Vec(middle.x, root.y, middle.z)
    ankle = _ankle(pose.legs[root.foot])
    reach = leg_reach(root.knee)
    height = math.sqrt(max(1e-6, reach**2 - root.shift**2 - root.side**2))
    return ankle + moved + UP * height - body["hip" + root.foot]


def _ankle(leg: AimedLeg | PinnedLeg) -> Vec:
    if isinstance(leg, AimedLeg):
        return leg.ankle
    return vec(leg.toe) + foot_frame(leg.pitch, leg.yaw, leg.roll).out(Vec(-TOE, ANKLE_HEIGHT, 0))


def _reach_with_leg(body: Skeleton, leg: Any, side: Side) -> None:
    if isinstance(leg, FreeLeg):
        return
    hip, goal, pelvis = body["hip" + side], _ankle(leg), body.frames["pelvis"]
    if isinstance(leg, AimedLeg):
        foot, pole = leg.foot, leg.pole
    else:
        foot = foot_frame(leg.pitch, leg.yaw, leg.roll)
        pole = pelvis.x * 0.5 + foot.x * 0.5
        pole = pole.unit() + pelvis.z * (SIGN[side] * leg.splay)
    knee, ankle = two_bones(hip, goal, THIGH, SHANK, pole)
    _report_strain(body, f"leg {side}", goal, ankle)
    front = (knee - hip).across((ankle - hip).unit())
    front = front if front.length() > 1e-3 else pole
    frames = (bone_frame(knee - hip, front), bone_frame(ankle - knee, front), foot)
    _place_leg(body, side, (knee, ankle), frames)


def _reach_with_arm(body: Skeleton, arm: Any, side: Side) -> None:
    if isinstance(arm, PinnedArm):
        goal = _hand_goal(body, arm, side)
        x, y, z = arm.pole
        pole = body.frames["chest"].out(Vec(x, y, z * SIGN[side]))
    elif isinstance(arm, AimedArm):
        goal, pole = body["sho" + side] + arm.hand, arm.pole
    else:
        return
    elbow, hand = two_bones(body["sho" + side], goal, UPPER_ARM, FOREARM, pole)
    _report_strain(body, f"arm {side}", goal, hand)
    body.joints |= {"elb" + side: elbow, "hand" + side: hand}


def _hand_goal(body: Skeleton, arm: PinnedArm, side: Side) -> Vec:
    if not isinstance(arm.hand_at, str):
        return vec(arm.hand_at)
    x, y, z = arm.offset
    return body[arm.hand_at] + _frame_at(body, arm.hand_at).out(Vec(x, y, z * SIGN[side]))


def _frame_at(body: Skeleton, joint: str) -> Frame:
    by_joint = {"hip": "pelvis", "knee": "thigh", "ank": "shank", "toe": "foot", "heel": "foot"}
    if joint in body.frames:
        return body.frames[joint]
    part = by_joint.get(joint[:-1], "chest")
    return body.frames.get(part + joint[-1], body.frames.get(part, body.frames["chest"]))


def _report_strain(body: Skeleton, limb: str, goal: Vec, reached: Vec) -> None:
    missing = (goal - reached).length()
    if missing > REACH:
        body.strain.append(f"{limb} is {missing:.3f} too short for where it is pinned")


def bones() -> Iterator[tuple[str, str, float]]:
    """Return every bone: from joint, to joint, length in body heights."""
    for side in SIDES:
        yield "hip" + side, "knee" + side, THIGH
        yield "knee" + side, "ank" + side, SHANK
        yield "sho" + side, "elb" + side, UPPER_ARM
        yield "elb" + side, "hand" + side, FOREARM
        yield "pelvis", "hip" + side, HIP_WIDTH
        yield "chest", "sho" + side, SHOULDER_WIDTH
    yield "waist", "chest", THORAX
    yield "chest", "head", NECK
