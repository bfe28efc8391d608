"""Points and frames in space: the little geometry that a skeleton needs, in plain Python."""

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Vec:
    """A point or direction: x is the way the figure faces, y is up, z is the figure's right."""

    x: float
    y: float
    z: float

    def __add__(self, other: "Vec") -> "Vec":
        return Vec(self.x + other.x, self.y + other.y, self.z + other.z)

    def __sub__(self, other: "Vec") -> "Vec":
        return Vec(self.x - other.x, self.y - other.y, self.z - other.z)

    def __mul__(self, factor: float) -> "Vec":
        return Vec(self.x * factor, self.y * factor, self.z * factor)

    def __neg__(self) -> "Vec":
        return Vec(-self.x, -self.y, -self.z)

    def dot(self, other: "Vec") -> float:
        """Return the scalar product."""
        return self.x * other.x + self.y * other.y + self.z * other.z

    def cross(self, other: "Vec") -> "Vec":
        """Return the vector product."""
        return Vec(
            self.y * other.z - self.z * other.y,
            self.z * other.x - self.x * other.z,
            self.x * other.y - self.y * other.x,
        )

    def length(self) -> float:
        """Return the distance from the origin."""
        return math.hypot(self.x, self.y, self.z)

    def unit(self) -> "Vec":
        """Return the direction; the zero vector stays what it is."""
        length = self.length()
        return self * (1 / length) if length > 1e-9 else Vec(self.x, self.y, self.z)

    def across(self, direction: "Vec") -> "Vec":
        """Return the part that is perpendicular to a unit vector."""
        return self - direction * self.dot(direction)


ZERO, FORWARD, UP, RIGHT = Vec(0, 0, 0), Vec(1, 0, 0), Vec(0, 1, 0), Vec(0, 0, 1)


def vec(numbers: Sequence[float]) -> Vec:
    """Return the vector of three numbers."""
    x, y, z = numbers
    return Vec(x, y, z)


def between(a: Vec, b: Vec, share: float) -> Vec:
    """Return the point that lies so far on the way from a (0) to b (1)."""
    return a + (b - a) * share


def angle(a: Vec, b: Vec) -> float:
    """Return the angle between two directions, in degrees."""
    return math.degrees(math.acos(max(-1.0, min(1.0, a.unit().dot(b.unit())))))


@dataclass(frozen=True, slots=True)
class Frame:
    """An orientation: where forward, up and right of a body part point."""

    x: Vec
    y: Vec
    z: Vec

    def __matmul__(self, other: "Frame") -> "Frame":
        return Frame(self.out(other.x), self.out(other.y), self.out(other.z))

    def out(self, local: Vec) -> Vec:
        """Return in the world what is given in this frame."""
        return self.x * local.x + self.y * local.y + self.z * local.z

    def into(self, world: Vec) -> Vec:
        """Return in this frame what is given in the world."""
        return Vec(self.x.dot(world), self.y.dot(world), self.z.dot(world))


def turn_x(degrees: float) -> Frame:
    """Return the turn about the forward axis: from up towards right."""
    c, s = _cos_sin(degrees)
    return Frame(Vec(1, 0, 0), Vec(0, c, s), Vec(0, -s, c))


def turn_y(degrees: float) -> Frame:
    """Return the turn about the upward axis: from right towards forward."""
    c, s = _cos_sin(degrees)
    return Frame(Vec(c, 0, -s), Vec(0, 1, 0), Vec(s, 0, c))


def turn_z(degrees: float) -> Frame:
    """Return the turn about the rightward axis: from forward towards up."""
    c, s = _cos_sin(degrees)
    return Frame(Vec(c, s, 0), Vec(-s, c, 0), Vec(0, 0, 1))


def bone_frame(along: Vec, front: Vec) -> Frame:
    """Return the frame of a bone that runs down `along` and whose front faces `front`."""
    y = -along.unit()
    x = front.across(y).unit()
    return Frame(x, y, x.cross(y))


def blend_frames(a: Frame, b: Frame, share: float) -> Frame:
    """Return a frame on the way from a to b; the two must not be opposite."""
    x = between(a.x, b.x, share).unit()
    y = between(a.y, b.y, share).across(x).unit()
    return Frame(x, y, x.cross(y))


def _cos_sin(degrees: float) -> tuple[float, float]:
    radians = math.radians(degrees)
    return math.cos(radians), math.sin(radians)
