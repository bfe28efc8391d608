"""The viewer: turns points in space into points of the picture, without perspective."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from figures.vector import Vec

Screen = tuple[float, float]
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Camera:
    """Yaw 0 looks from the figure's right, 90 from its front; pitch looks down (degrees).

    `scale` is pixels per body height; `x` and `y` are the picture's point for the origin.
    """

    yaw: float = 0
    pitch: float = 0
    scale: float = 1
    x: float = 0
    y: float = 0

    @cached_property
    def _turns(self) -> tuple[float, float, float, float]:
        a, b = math.radians(self.yaw), math.radians(self.pitch)
        return math.cos(a), math.sin(a), math.cos(b), math.sin(b)

    def __call__(self, point: Vec) -> Screen:
        """Return where in the picture a point is seen, in pixels from the top left."""
        cos_yaw, sin_yaw, cos_pitch, sin_pitch = self._turns
        nearer = point.x * sin_yaw + point.z * cos_yaw
        across = point.x * cos_yaw - point.z * sin_yaw
        up = point.y * cos_pitch - nearer * sin_pitch
        return self.x + across * self.scale, self.y - up * self.scale

    def depth(self, point: Vec) -> float:
        """Return how near the viewer a point is, in body heights; greater is nearer."""
        cos_yaw, sin_yaw, cos_pitch, sin_pitch = self._turns
        return point.y * sin_pitch + (point.x * sin_yaw + point.z * cos_yaw) * cos_pitch

    def toward(self) -> Vec:
        """Return the direction from the figure to the viewer."""
        cos_yaw, sin_yaw, cos_pitch, sin_pitch = self._turns
        return Vec(sin_yaw * cos_pitch, sin_pitch, cos_yaw * cos_pitch)

    @property
    def looks_level(self) -> bool:
        """Whether the floor is seen as a line."""
        return abs(self.pitch) < 3

    def moved(self, scale: float, x: float, y: float) -> "Camera":
        """Return the same view at another scale and place."""
        return replace(self, scale=scale, x=x, y=y)


def bounds(camera: Camera, balls: Iterable[tuple[Vec, float]]) -> Box:
    """Return left, right, bottom and top of balls in body heights, bottom and top upward."""
    flat = camera.moved(1, 0, 0)
    seen = [(*flat(centre), radius) for centre, radius in balls]
    return (
        min(x - r for x, _, r in seen),
        max(x + r for x, _, r in seen),
        min(-y - r for _, y, r in seen),
        max(-y + r for _, y, r in seen),
    )
