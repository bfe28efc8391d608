"""What must hold in every frame: bones, joints, floor, contacts and the side that works."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from figures.motion import Moment, Motion
from figures.muscles import faces, side_of, thickness
from figures.pose import SIDES, Block, BodyPart, PinnedArm, PinnedLeg, Side
from figures.rig import SIGN, Skeleton, bones
from figures.scene import Scene
from figures.vector import Vec, angle

# Degrees that a joint may reach; generous, for a pictogram exaggerates a little.
RANGES = {
    "hip flexion": (-35, 140),
    "hip abduction": (-35, 70),
    "knee": (-1, 155),
    "elbow": (-1, 158),
    "ankle": (-85, 40),
}
ELBOW_TURN = 120  # degrees by which the elbow may be turned out or in at the shoulder
SOLE, FLESH = 0.006, 0.028  # how deep a sole, or a softer part, may sink into the floor
DRIFT = 0.5  # pixels that a planted joint may move
LEAP = 0.22  # body heights that a joint may move from one frame to the next
LONGEST = 8.0  # seconds of one round
PLANTED = ("toe", "knee", "elb", "hand")
SOFT = ("knee", "elb", "hand", "hip", "head", "chest", "pelvis")


@dataclass(frozen=True)
class Problem:
    """A rule that one picture breaks, and where in it."""

    slug: str
    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.slug}: {self.where}: {self.what}"


def check(motion: Motion) -> list[Problem]:
    """Return every rule that the picture breaks, each once between the same two keys."""
    slug, found = motion.story.slug, dict[tuple[str, str], Problem]()
    for moment in motion.moments:
        where = _where(motion, moment)
        for rule, what in _in_frame(moment.body, motion):
            found.setdefault((where, rule), Problem(slug, where, what))
    for where, rule, what in (*_drifting(motion), *_leaping(motion)):
        found.setdefault((where, rule), Problem(slug, where, what))
    whole = (*_of_the_whole(motion), *_cut_off(motion))
    return [*found.values(), *(Problem(slug, where, what) for where, what in whole)]


def angles(body: Skeleton) -> dict[tuple[str, Side], float]:
    """Return the joint angles of a solved pose, in degrees."""
    found: dict[tuple[str, Side], float] = {}
    for side in SIDES:
        hip, knee, ankle = (body[joint + side] for joint in ("hip", "knee", "ank"))
        shoulder, elbow, hand = (body[joint + side] for joint in ("sho", "elb", "hand"))
        thigh = body.frames["pelvis"].into((knee - hip).unit())
        found["hip flexion", side] = math.degrees(math.atan2(thigh.x, -thigh.y))
        found["hip abduction", side] = math.degrees(math.asin(_cosine(thigh.z * SIGN[side])))
        found["knee", side] = angle(knee - hip, ankle - knee)
        found["elbow", side] = angle(elbow - shoulder, hand - elbow)
        found["ankle", side] = angle(body.frames["foot" + side].x, ankle - knee) - 90
    return found


def _in_frame(body: Skeleton, motion: Motion) -> Iterator[tuple[str, str]]:
    yield from ((strain.split(" is ")[0], strain) for strain in body.strain)
    yield from _stretched(body)
    yield from _overbent(body)
    yield from _wrong_way(body)
    yield from _sunken(body)
    yield from _inside_blocks(body, motion)


def _stretched(body: Skeleton) -> Iterator[tuple[str, str]]:
    for a, b, length in bones():
        now = (body[a] - body[b]).length()
        if abs(now - length) > 1e-4:
            yield f"{a}-{b}", f"the bone {a}-{b} is {now:.3f} long instead of {length:.3f}"


def _overbent(body: Skeleton) -> Iterator[tuple[str, str]]:
    measured = angles(body)
    for (joint, side), value in measured.items():
        low, high = RANGES[joint]
        flexed = abs(measured["hip abduction", side]) > 60
        if joint == "hip flexion" and flexed:
            continue  # a thigh that points sideways has no flexion to speak of
        if not low <= value <= high:
            yield f"{joint} {side}", f"{joint} {side} is at {value:.0f}°, not {low} to {high}°"


def _wrong_way(body: Skeleton) -> Iterator[tuple[str, str]]:
    for side in SIDES:
        thigh, shank = body.frames["thigh" + side], body["ank" + side] - body["knee" + side]
        if angle(-thigh.y, shank) > 5 and thigh.into(shank.unit()).x > 0.02:
            yield f"knee {side}", f"knee {side} bends forward"
        if _elbow_turn(body, side) > ELBOW_TURN:
            yield f"elbow {side}", f"elbow {side} bends the wrong way"


def _elbow_turn(body: Skeleton, side: Side) -> float:
    """Return the turn of the upper arm about itself, in degrees; 0 where it does not show."""
    upper = body["elb" + side] - body["sho" + side]
    hinge = upper.cross(body["hand" + side] - body["elb" + side])
    down = body.frames["chest"].into(upper.unit())
    if hinge.length() < 0.01 or abs(down.z) > 0.8:
        return 0
    natural = Vec(0, 0, 1).across(down).unit()
    return angle(natural, body.frames["chest"].into(hinge))


def _sunken(body: Skeleton) -> Iterator[tuple[str, str]]:
    for joint, at in body.joints.items():
        if joint.startswith(("toe", "heel")) and at.y < -SOLE:
            yield f"{joint} sunken", f"{joint} is {-at.y:.3f} below the floor"
        low = at.y - thickness(joint)
        if joint.rstrip("LR") in SOFT and low < -FLESH:
            yield f"{joint} sunken", f"{joint} sinks {-low:.3f} into the floor"


def _inside_blocks(body: Skeleton, motion: Motion) -> Iterator[tuple[str, str]]:
    for block in motion.story.prop:
        if not isinstance(block, Block):
            continue
        for joint, at in body.joints.items():
            if _depth(at, block) > 0.02:
                yield f"{joint} inside", f"{joint} is inside the {block.kind}"


def _depth(at: Vec, block: Block) -> float:
    """Return how deep a point is inside a block; negative outside."""
    bottom = block.y or -1  # one that stands on the floor cannot be entered from below
    spans = ((at.x, block.x), (at.y, (bottom, block.y + block.h)), (at.z, block.z))
    return min(min(value - low, high - value) for value, (low, high) in spans)


def _drifting(motion: Motion) -> Iterator[tuple[str, str, str]]:
    """What stands on the floor at the same place in two keys in a row stays there between them."""
    scale = Scene.of(motion).camera.scale
    for moment in motion.moments:
        start, end = motion.bodies[moment.key], motion.bodies[moment.following]
        for joint in _planted(motion, moment):
            if (start[joint] - end[joint]).length() > 0.002:
                continue
            moved = (moment.body[joint] - start[joint]).length() * scale
            if moved > DRIFT:
                where = _where(motion, moment)
                yield where, f"{joint} slides", f"{joint} slides {moved:.1f} px on the floor"


def _planted(motion: Motion, moment: Moment) -> Iterator[str]:
    lift = motion.keys[moment.following].key.lift
    for side in SIDES:
        for joint in PLANTED:
            if joint in ("toe", "knee") and getattr(lift, side):
                continue
            if all(_touches(motion, key, joint, side) for key in (moment.key, moment.following)):
                yield joint + side


def _touches(motion: Motion, key: int, joint: str, side: Side) -> bool:
    pose, body = motion.keys[key].pose, motion.bodies[key]
    if joint == "toe" and isinstance(pose.legs[side], PinnedLeg):
        return True
    arm = pose.arms[side]
    if joint == "hand" and isinstance(arm, PinnedArm) and not isinstance(arm.hand_at, str):
        return True
    rest = 0 if joint == "toe" else thickness(joint)
    return body[joint + side].y - rest < 0.012


def _leaping(motion: Motion) -> Iterator[tuple[str, str, str]]:
    """From frame to frame, the last to the first included, nothing jumps."""
    if len(motion.keys) == 1:
        return
    for before, after in pairwise((*motion.moments, motion.moments[0])):
        for joint, at in after.body.joints.items():
            way = (at - before.body[joint]).length()
            if way > LEAP:
                where = _where(motion, before)
                yield where, f"{joint} leaps", f"{joint} leaps {way:.2f} in one frame"


def _of_the_whole(motion: Motion) -> Iterator[tuple[str, str]]:
    seconds = sum(moment.duration for moment in motion.moments) / 1000
    if seconds > LONGEST:
        yield "the round", f"lasts {seconds:.1f} s, more than {LONGEST:g}"
    for side, other in zip(SIDES, reversed(SIDES), strict=True):
        if _is_far(motion, side) and _work(motion, side, True) > 1.1 * _work(motion, other, False):
            yield "the view", f"leg {side} works most, but is painted grey behind the trunk"


def _work(motion: Motion, side: Side, hidden: bool) -> float:
    """Return how much a leg works in a round; only what a far leg hides, if so asked."""
    camera = Scene.of(motion).camera
    return sum(
        level * moment.duration
        for moment in motion.moments
        for muscle, level in moment.pose.muscle.items()
        if side_of(muscle) == side
        and not (hidden and muscle.startswith("glute") and faces(moment.body, camera, muscle))
    )


def _is_far(motion: Motion, side: Side) -> bool:
    if not motion.story.view.shade:
        return False
    orders = [key.pose.order for key in motion.keys]
    leg: BodyPart = "legL" if side == "L" else "legR"
    return all(order.index(leg) < order.index("torso") for order in orders)


def _cut_off(motion: Motion) -> Iterator[tuple[str, str]]:
    """Every arrow of the strip lies inside its panel."""
    width, height = motion.story.view.panel
    for key, signs in Scene.of(motion).signs():
        inside = all(
            4 <= x <= width - 4 and 4 <= y <= height - 4 for line in signs for x, y in line
        )
        if not inside:
            yield f'key "{motion.keys[key].key.name}"', "an arrow leaves its panel of the strip"


def _where(motion: Motion, moment: Moment) -> str:
    here, there = (motion.keys[key].key.name for key in (moment.key, moment.following))
    return f'from "{here}" to "{there}"' if moment.share else f'at "{here}"'


def _cosine(value: float) -> float:
    return max(-1.0, min(1.0, value))
