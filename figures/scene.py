"""Puts a picture together: one frame of the animation, or the strip of the key poses."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from figures import props, svg
from figures.camera import Camera, Screen, bounds
from figures.motion import Motion
from figures.muscles import thickness
from figures.paint import Painter
from figures.pose import Arrow, Block, Pose, Trace
from figures.rig import Skeleton, solve
from figures.theme import THEMES, Theme
from figures.vector import ZERO, Vec, between, vec

PAD_X, PAD_TOP, PAD_BOTTOM = 26, 26, 30  # pixels left free at the edges
GROUND_INSET = 24
ARROW_WIDTH, ARROW_HEAD = 0.017, 0.048
HOVER, FOOT_HOVER = 0.04, 0.14  # up to this height a part throws a shadow
SHADOWS = {
    "kneeL": 0.07, "kneeR": 0.07, "handL": 0.05, "handR": 0.05, "elbL": 0.05, "elbR": 0.05,
    "hipL": 0.09, "hipR": 0.09, "chest": 0.11, "head": 0.08,
}  # fmt: skip
TRACE_STEPS, CURVE_STEPS = 20, 21


@dataclass(frozen=True)
class Scene:
    """One picture's stage: its motion in one palette."""

    motion: Motion
    theme: Theme

    @classmethod
    def of(cls, motion: Motion, theme: str = "night") -> "Scene":
        """Return the stage in the palette of that name."""
        return cls(motion, THEMES[theme])

    @property
    def _level(self) -> bool:
        return Camera(pitch=self.motion.story.view.pitch).looks_level

    def frames(self) -> Iterator[str]:
        """Return every frame of one round as SVG, all seen by the same camera."""
        for frame in range(len(self.motion.moments)):
            yield self.frame(frame)

    @cached_property
    def camera(self) -> Camera:
        """The camera that sees all of the motion."""
        moments = self.motion.moments
        return self.fit([m.body for m in moments], self.motion.story.view.size)

    def frame(self, number: int) -> str:
        """Return one frame as SVG."""
        width, height = self.motion.story.view.size
        moment = self.motion.moments[number]
        picture = self._picture(self.camera, moment.pose, moment.body, width, 0)
        return svg.document(width, height, self._card(width, height) + picture)

    def strip(self) -> str:
        """Return the key poses side by side as SVG, numbered, with arrows."""
        width, height = self.motion.story.view.panel
        shown = self._shown()
        out = self._card(width * len(shown), height)
        for place, (key, camera) in enumerate(zip(shown, self._panels(shown), strict=True)):
            panel = self._panel(key, camera, place)
            out += (
                f'<svg x="{place * width}" y="0" width="{width}" height="{height}" '
                f'viewBox="0 0 {width} {height}">{panel}</svg>'
            )
        for place in range(1, len(shown)):
            x = place * width
            out += svg.line(svg.path([(x, height * 0.16), (x, height * 0.84)]), self.theme.ghost, 2)
        return svg.document(width * len(shown), height, out)

    def fit(
        self, bodies: Iterable[Skeleton], size: tuple[int, int], scale_max: float | None = None
    ) -> Camera:
        """Return the camera that shows these poses and the props as large as they may be."""
        view = self.motion.story.view
        camera = Camera(view.yaw, view.pitch)
        balls = [(at, thickness(j)) for body in bodies for j, at in body.joints.items()]
        balls += [
            (corner, 0.0) for prop in self.motion.story.prop for corner in props.corners(prop)
        ]
        left, right, bottom, top = bounds(camera, balls)
        bottom = min(bottom, 0) if camera.looks_level else bottom
        width, height = size[0] - 2 * PAD_X, size[1] - PAD_TOP - PAD_BOTTOM
        limit = scale_max or view.scale_max
        scale = min(width / (right - left), height / (top - bottom), limit)
        spare = height - scale * (top - bottom)
        # A picture that leaves room stands nearer the bottom than the top.
        y = PAD_TOP + spare * (0.75 if camera.looks_level else 0.5) + scale * top
        return camera.moved(scale, size[0] / 2 - scale * (left + right) / 2, y)

    def _shown(self) -> list[int]:
        return [n for n, key in enumerate(self.motion.keys) if key.key.strip]

    def _panels(self, shown: Sequence[int]) -> list[Camera]:
        """Return a camera for each panel, all at one scale and with one ground line."""
        view, bodies = self.motion.story.view, self.motion.bodies
        if view.strip_fixed:
            return [self.fit([bodies[n] for n in shown], view.panel)] * len(shown)
        scale = min(self.fit([bodies[n]], view.panel).scale for n in shown)
        cameras = [self.fit([bodies[n]], view.panel, scale) for n in shown]
        if not self._level:
            return cameras
        ground = max(camera.y for camera in cameras)
        return [camera.moved(scale, camera.x, ground) for camera in cameras]

    def signs(self) -> Iterator[tuple[int, list[list[Screen]]]]:
        """Return the arrows of the strip: key by key, as lines in their panel."""
        shown = self._shown()
        for key, camera in zip(shown, self._panels(shown), strict=True):
            yield key, self._signs(key, camera)

    def _signs(self, key: int, camera: Camera) -> list[list[Screen]]:
        said, body = self.motion.keys[key].key, self.motion.bodies[key]
        lines = [self._trace(trace, key) for trace in said.traces]
        lines += [_curve(arrow, body) for arrow in said.arrows]
        return [[camera(point) for point in line] for line in lines]

    def _panel(self, key: int, camera: Camera, place: int) -> str:
        pose, body = self.motion.keys[key].pose, self.motion.bodies[key]
        width, head = ARROW_WIDTH * camera.scale, ARROW_HEAD * camera.scale
        lines = self._signs(key, camera)
        signs = "".join(svg.arrow(line, self.theme.sign, width, head) for line in lines)
        number = svg.badge(place + 1, (30, 30), (self.theme.sign, self.theme.card))
        panel = self.motion.story.view.panel[0]
        return self._picture(camera, pose, body, panel, place) + signs + number

    def _trace(self, trace: Trace, key: int) -> list[Vec]:
        """Return the way that a joint has come to a key, as far as it is shown."""
        before = (key - 1) % len(self.motion.keys)
        times = [
            trace.start + (trace.stop - trace.start) * n / TRACE_STEPS
            for n in range(TRACE_STEPS + 1)
        ]
        offset = vec(trace.offset)
        return [solve(self.motion.pose(before, key, t))[trace.joint] + offset for t in times]

    def _card(self, width: float, height: float) -> str:
        return f'<rect width="{width}" height="{height}" fill="{self.theme.card}"/>'

    def _picture(self, camera: Camera, pose: Pose, body: Skeleton, width: int, number: int) -> str:
        story = self.motion.story
        stage: defaultdict[str, str] = defaultdict(str)
        for prop in story.prop:
            layer = getattr(prop, "layer", "back")
            place = layer if layer in {"back", "front"} else f"behind {layer}"
            stage[place] += props.stage(prop, camera, self.theme)
        for place, painted in props.worn(story.prop, camera, self.theme, body).items():
            stage[place] += painted
        painter = Painter(body, camera, self.theme, story.view.shade, number, stage)
        figure = painter.figure(pose.order, pose.muscle)
        ground = self._ground(camera, width) if self._level else ""
        shadows = "" if self._level else self._shadows(camera, body)
        return ground + stage["back"] + shadows + figure + stage["front"]

    def _ground(self, camera: Camera, width: int) -> str:
        y = camera(ZERO)[1] + 0.010 * camera.scale
        floor = svg.path([(GROUND_INSET, y), (width - GROUND_INSET, y)])
        return svg.line(floor, self.theme.ground, max(3, 0.016 * camera.scale))

    def _shadows(self, camera: Camera, body: Skeleton) -> str:
        """Return a soft spot on the floor under each part that is near it."""
        tilt = abs(camera.toward().y)
        out = ""
        for at, lowest, reach, hover in _grounded(body):
            height = max(0.0, lowest)
            if height > hover or self._stands_on_block(at):
                continue
            size = reach * max(0.35, 1 - height * 4) * camera.scale
            flat = size * (0.35 + 0.65 * tilt)
            out += svg.ellipse(camera(Vec(at.x, 0, at.z)), (size, flat), self.theme.shadow)
        return out

    def _stands_on_block(self, at: Vec) -> bool:
        blocks = (p for p in self.motion.story.prop if isinstance(p, Block))
        return any(props.covers(block, at) for block in blocks)


def _grounded(body: Skeleton) -> Iterator[tuple[Vec, float, float, float]]:
    """Return what may throw a shadow: where, its lowest height, its width, up to which height."""
    for side in "LR":
        toe, heel = body["toe" + side], body["heel" + side]
        yield between(toe, heel, 0.5), min(toe.y, heel.y), 0.085, FOOT_HOVER
    for joint, reach in SHADOWS.items():
        yield body[joint], body[joint].y - thickness(joint), reach, HOVER


def _curve(arrow: Arrow, body: Skeleton) -> list[Vec]:
    start = body[arrow.at] if arrow.at else ZERO
    points = [vec(point) + start for point in arrow.points]
    middle = points[1] if len(points) == 3 else between(points[0], points[-1], 0.5)
    shares = [n / CURVE_STEPS for n in range(CURVE_STEPS + 1)]
    return [
        between(between(points[0], middle, u), between(middle, points[-1], u), u) for u in shares
    ]
