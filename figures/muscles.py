"""Where each muscle lies: two balls on the body between which it is painted."""

from collections.abc import Iterator

from figures.camera import Camera
from figures.pose import Side
from figures.rig import SIGN, Skeleton
from figures.theme import RADIUS
from figures.vector import Vec

Ball = tuple[Vec, float]
# joint, the frame in which the offset is given, the offset for the right side, radius
Spot = tuple[str, str, tuple[float, float, float], float]

_SIDED: dict[str, tuple[Spot, Spot]] = {
    "adductor": (
        ("hip", "thigh", (0.0, -0.040, -0.030), 0.026),
        ("hip", "thigh", (0.0, -0.160, -0.022), 0.020),
    ),
    "calf": (
        ("knee", "shank", (-0.026, -0.050, 0.0), 0.026),
        ("knee", "shank", (-0.014, -0.130, 0.0), 0.016),
    ),
    "glute_max": (
        ("hip", "pelvis", (-0.036, 0.022, 0.010), 0.044),
        ("hip", "thigh", (-0.026, -0.030, 0.008), 0.036),
    ),
    "glute_med": (
        ("hip", "pelvis", (-0.006, 0.050, 0.034), 0.034),
        ("hip", "thigh", (-0.002, -0.010, 0.040), 0.028),
    ),
    "hamstring": (
        ("hip", "thigh", (-0.030, -0.085, 0.0), 0.030),
        ("hip", "thigh", (-0.022, -0.205, 0.0), 0.022),
    ),
    "hip_flexor": (
        ("hip", "pelvis", (0.042, 0.045, 0.0), 0.026),
        ("hip", "thigh", (0.030, -0.050, 0.0), 0.028),
    ),
    "quad": (
        ("hip", "thigh", (0.030, -0.075, 0.0), 0.030),
        ("hip", "thigh", (0.022, -0.195, 0.0), 0.023),
    ),
    "oblique": (
        ("pelvis", "pelvis", (0.02, 0.055, 0.050), 0.034),
        ("chest", "chest", (0.02, -0.055, 0.060), 0.034),
    ),
}
_MIDDLE: dict[str, tuple[Spot, Spot]] = {
    "abs": (
        ("pelvis", "pelvis", (0.048, 0.035, 0.0), 0.036),
        ("chest", "chest", (0.050, -0.055, 0.0), 0.036),
    ),
    "low_back": (
        ("pelvis", "pelvis", (-0.050, 0.060, 0.0), 0.030),
        ("chest", "chest", (-0.046, -0.060, 0.0), 0.028),
    ),
    "mid_back": (
        ("waist", "waist", (-0.046, 0.020, 0.0), 0.030),
        ("chest", "chest", (-0.050, -0.020, 0.0), 0.036),
    ),
}
_ON_TRUNK = {"oblique", "abs", "low_back", "mid_back"}


def side_of(muscle: str) -> Side | None:
    """Return whose leg a muscle belongs to; none for the trunk's own."""
    base, side = _split(muscle)
    return None if base in _ON_TRUNK else side


def balls(body: Skeleton, muscle: str) -> Iterator[Ball]:
    """Return the two balls of a muscle in the world."""
    base, side = _split(muscle)
    for joint, frame, (x, y, z), radius in _SIDED[base] if side else _MIDDLE[base]:
        at = body[joint if joint in body.joints else f"{joint}{side}"]
        turn = body.frames[frame if frame in body.frames else f"{frame}{side}"]
        yield at + turn.out(Vec(x, y, z * SIGN[side or "R"])), radius


def faces(body: Skeleton, camera: Camera, muscle: str) -> bool:
    """Return whether a buttock is on the side of the pelvis that the viewer sees."""
    centre, _ = next(balls(body, muscle))
    return camera.depth(centre) - camera.depth(body["pelvis"]) > -0.060


def _split(muscle: str) -> tuple[str, Side | None]:
    base, _, side = muscle.rpartition("_")
    if side == "L":
        return base, "L"
    return (base, "R") if side == "R" else (muscle, None)


def thickness(joint: str) -> float:
    """Return how far the body reaches round a joint, in body heights."""
    return RADIUS.get(joint, RADIUS.get(joint[:-1], 0.0))
