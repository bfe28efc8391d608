"""The way from key to key: in-between poses, and the frames of one round with their times."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from figures.pose import (
    SIDES,
    Anchor,
    Feet,
    Flight,
    KeyPose,
    Lift,
    Part,
    PinnedArm,
    PinnedLeg,
    Pose,
    Side,
    Stance,
    Story,
)
from figures.rig import AimedArm, AimedLeg, Skeleton, solve
from figures.vector import UP, Vec, between, blend_frames

T = TypeVar("T", bound=Part)
FPS = 16
HEEL_OFF = 42  # degrees by which a stepping foot points down half-way
EASE: dict[str, Callable[[float], float]] = {
    "inout": lambda u: u * u * (3 - 2 * u),
    "out": lambda u: 1 - (1 - u) ** 2,
    "in": lambda u: u * u,
    "linear": lambda u: u,
}


@dataclass(frozen=True, slots=True)
class Moment:
    """One frame: the pose, the figure in it, how long it stays (ms), and between which keys."""

    pose: Pose
    body: Skeleton
    duration: float
    key: int
    following: int
    share: float


class Motion:
    """One picture's keys, solved, and everything between them."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.keys: tuple[KeyPose, ...] = story.keys
        self.bodies = tuple(solve(key.pose) for key in story.keys)

    @cached_property
    def moments(self) -> tuple[Moment, ...]:
        """The frames of one round; a hold is one long frame."""
        return tuple(self._round())

    def _round(self) -> Iterator[Moment]:
        step = 1000 / FPS
        for key, (here, body) in enumerate(zip(self.keys, self.bodies, strict=True)):
            following = (key + 1) % len(self.keys)
            yield Moment(here.pose, body, here.key.hold * 1000 + step, key, following, 0)
            if len(self.keys) == 1:
                return
            count = max(1, round(self.keys[following].key.move * FPS))
            for frame in range(1, count):
                pose = self.pose(key, following, frame / count)
                yield Moment(pose, solve(pose), step, key, following, frame / count)

    def pose(self, key: int, following: int, time: float) -> Pose:
        """Return the pose at a time between 0 (at one key) and 1 (at the other)."""
        a, b = self.keys[key].pose, self.keys[following].pose
        arriving = self.keys[following].key
        share = EASE[arriving.ease](time)
        return Pose(
            pelvis=blend(a.pelvis, b.pelvis, share),
            spine=blend(a.spine, b.spine, share),
            head=blend(a.head, b.head, share),
            root=self._root(key, following, share),
            legs={s: self._leg(key, following, s, share) for s in SIDES},
            arms={s: self._arm(key, following, s, share) for s in SIDES},
            muscle=_blend_levels(a.muscle, b.muscle, share),
            order=a.order if share < 0.5 else b.order,
        )

    def _root(self, key: int, following: int, share: float) -> Any:
        a, b = self.keys[key].pose.root, self.keys[following].pose.root
        if _is_same_root(a, b):
            return blend(a, b, share)
        at = between(self.bodies[key]["pelvis"], self.bodies[following]["pelvis"], share)
        return Flight.model_construct(mode="free", at=(at.x, at.y, at.z))

    def _leg(self, key: int, following: int, side: Side, share: float) -> Any:
        a, b = self.keys[key].pose.legs[side], self.keys[following].pose.legs[side]
        rise = _rise(self.keys[following].key.lift, side, share)
        if isinstance(a, PinnedLeg) and isinstance(b, PinnedLeg):
            return _step(blend(a, b, share), rise)
        if type(a) is type(b):
            return blend(a, b, share)
        one, two = self.bodies[key], self.bodies[following]
        return AimedLeg(
            ankle=between(one["ank" + side], two["ank" + side], share) + UP * rise[0],
            foot=blend_frames(one.frames["foot" + side], two.frames["foot" + side], share),
            pole=between(one.frames["thigh" + side].x, two.frames["thigh" + side].x, share),
        )

    def _arm(self, key: int, following: int, side: Side, share: float) -> Any:
        a, b = self.keys[key].pose.arms[side], self.keys[following].pose.arms[side]
        if type(a) is type(b) and _is_same_hold(a, b):
            return blend(a, b, share)
        one, two = self.bodies[key], self.bodies[following]
        return AimedArm(
            hand=between(_reach(one, side), _reach(two, side), share),
            pole=between(_elbow_pole(one, side), _elbow_pole(two, side), share),
        )


def blend(a: T, b: T, share: float) -> T:
    """Return the values between two parts of the same kind; words switch half-way."""
    names = type(a).model_fields
    changed = {name: _between(getattr(a, name), getattr(b, name), share) for name in names}
    return a.model_copy(update=changed)


def _between(a: Any, b: Any, share: float) -> Any:
    if isinstance(a, bool | str) or isinstance(b, bool | str):
        return a if share < 0.5 else b
    if isinstance(a, tuple):
        return tuple(_between(x, y, share) for x, y in zip(a, b, strict=True))
    return a * (1 - share) + b * share


def _blend_levels(a: dict[str, float], b: dict[str, float], share: float) -> dict[str, float]:
    return {name: _between(a.get(name, 0), b.get(name, 0), share) for name in sorted(a | b)}


def _is_same_root(a: Any, b: Any) -> bool:
    if isinstance(a, Stance) and isinstance(b, Stance):
        return a.foot == b.foot
    if isinstance(a, Anchor) and isinstance(b, Anchor):
        return bool(a.joint == b.joint)
    return isinstance(a, Feet) and isinstance(b, Feet)


def _is_same_hold(a: Any, b: Any) -> bool:
    if not (isinstance(a, PinnedArm) and isinstance(b, PinnedArm)):
        return True
    by_joint = isinstance(a.hand_at, str) or isinstance(b.hand_at, str)
    return not by_joint or bool(a.hand_at == b.hand_at)


def _rise(lift: Lift, side: Side, share: float) -> tuple[float, float]:
    """Return height and downward pitch of a foot on its way."""
    arc = math.sin(math.pi * share)
    height: float = getattr(lift, side)
    return height * arc, HEEL_OFF * arc if height else 0.0


def _step(leg: PinnedLeg, rise: tuple[float, float]) -> PinnedLeg:
    x, y, z = leg.toe
    return leg.model_copy(update={"toe": (x, y + rise[0], z), "pitch": leg.pitch - rise[1]})


def _reach(body: Skeleton, side: Side) -> Vec:
    return body["hand" + side] - body["sho" + side]


def _elbow_pole(body: Skeleton, side: Side) -> Vec:
    shoulder, hand = body["sho" + side], body["hand" + side]
    return (body["elb" + side] - between(shoulder, hand, 0.5)).unit()
