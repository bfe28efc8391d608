"""Paints what a move needs: mats, boxes, walls, benches, bands and weights."""

import math
from collections.abc import Iterable, Iterator, Mapping

from figures import svg
from figures.camera import Camera, Screen
from figures.pose import (
    SIDES,
    Band,
    Bench,
    Block,
    FloorPath,
    Kettlebell,
    Mat,
    Part,
    Weight,
)
from figures.rig import Skeleton
from figures.theme import HALO, RADIUS, Theme
from figures.vector import Vec, between

BAND_WIDTH = 0.030
PATH_STEPS = 24


def stage(prop: Part, camera: Camera, theme: Theme) -> str:
    """Return a prop that stands by itself; nothing for one that the figure wears or holds."""
    if isinstance(prop, Block):
        return _block(prop, camera, theme)
    if isinstance(prop, Bench):
        return _bench(prop, camera, theme)
    if isinstance(prop, Mat):
        return _mat(prop, camera, theme)
    if isinstance(prop, FloorPath):
        return "".join(_floor_arrow(s, camera, theme) for s in prop.segments)
    return ""


def worn(props: Iterable[Part], camera: Camera, theme: Theme, body: Skeleton) -> Mapping[str, str]:
    """Return what the figure wears or holds, by the body part with which it is painted."""
    painted: dict[str, str] = {}
    for prop in props:
        if isinstance(prop, Kettlebell):
            bell = _kettlebell(camera(body["hand" + prop.hand]), camera.scale, theme)
            painted[f"behind arm{prop.hand}"] = bell
        elif isinstance(prop, Band):
            painted["legR"] = _band(prop, camera, theme, body)
        elif isinstance(prop, Weight):
            painted["behind armR"] = _dumbbell(camera, theme, body)
    return painted


def corners(prop: Part) -> Iterator[Vec]:
    """Return the points that a picture must show of a prop."""
    if isinstance(prop, Block | Bench):
        low = prop.y if isinstance(prop, Block) else 0
        for y in (low, low + prop.h):
            yield from (Vec(x, y, z) for x in prop.x for z in prop.z)
    elif isinstance(prop, Mat):
        yield from (Vec(x, 0, z) for x in prop.x for z in prop.z)


def _block(block: Block, camera: Camera, theme: Theme) -> str:
    colours = {
        "box": (theme.prop, 0.30),
        "cushion": (theme.prop, 0.10),
        "wall": (theme.wall, 0.0),
    }
    base, dim = colours[block.kind]
    look = camera.toward()
    (x0, x1), (y0, y1), (z0, z1) = block.x, (block.y, block.y + block.h), block.z
    near_x, near_z = (x1 if look.x >= 0 else x0), (z1 if look.z >= 0 else z0)
    side = [Vec(x, y, near_z) for x, y in ((x0, y0), (x1, y0), (x1, y1), (x0, y1))]
    front = [Vec(near_x, y, z) for y, z in ((y0, z0), (y0, z1), (y1, z1), (y1, z0))]
    top = [Vec(x, y1, z) for x, z in ((x0, z0), (x1, z0), (x1, z1), (x0, z1))]
    out = ""
    for face, towards, extra in ((front, look.x, 0.15), (side, look.z, 0.0), (top, look.y, -0.2)):
        if abs(towards) > 0.03:
            shade = svg.mix(base, theme.card, max(0.0, dim + extra))
            out += svg.fill(svg.path(map(camera, face), True), shade, 0.012 * camera.scale)
    if camera.looks_level and block.kind == "box":
        edge = svg.path([camera(side[3]), camera(side[2])])
        out += svg.line(edge, theme.prop, 0.022 * camera.scale)
    return out


def _bench(bench: Bench, camera: Camera, theme: Theme) -> str:
    """A padded top on two pairs of legs; from above, the top is a surface."""
    thick = 0.045
    y, width = bench.h - thick / 2, camera.scale
    out = ""
    for x in (bench.x[0] + 0.05, bench.x[1] - 0.05):
        for z in bench.z if not camera.looks_level else bench.z[-1:]:
            leg = svg.path([camera(Vec(x, y, z)), camera(Vec(x, 0.01, z))])
            out += svg.line(leg, theme.prop_dark, 0.026 * width)
    if camera.looks_level:
        top = svg.path(camera(Vec(x, y, sum(bench.z) / 2)) for x in bench.x)
        return out + svg.line(top, theme.prop, thick * width)
    (x0, x1), (z0, z1) = bench.x, bench.z
    rim = [Vec(x, y, z) for x, z in ((x0, z0), (x1, z0), (x1, z1), (x0, z1))]
    under = svg.path((camera(p - Vec(0, thick / 2, 0)) for p in rim), True)
    return (
        out
        + svg.fill(under, theme.prop_dark, thick * width)
        + svg.fill(svg.path(map(camera, rim), True), theme.prop, thick * width)
    )


def _mat(mat: Mat, camera: Camera, theme: Theme) -> str:
    (x0, x1), (z0, z1) = mat.x, mat.z
    if camera.looks_level:
        ends = sorted(camera(Vec(x, 0, z)) for x in mat.x for z in mat.z)
        y = ends[0][1] + 0.002 * camera.scale
        return svg.line(
            svg.path([(ends[0][0], y), (ends[-1][0], y)]), theme.prop, 0.022 * camera.scale
        )
    rim = [Vec(x, 0, z) for x, z in ((x0, z0), (x1, z0), (x1, z1), (x0, z1))]
    return svg.fill(svg.path(map(camera, rim), True), theme.mat, 0.03 * camera.scale)


def _floor_arrow(segment: tuple[float, float, float, float], camera: Camera, theme: Theme) -> str:
    start, end = Vec(segment[0], 0, segment[1]), Vec(segment[2], 0, segment[3])
    way = [camera(between(start, end, n / PATH_STEPS)) for n in range(PATH_STEPS + 1)]
    return svg.arrow(way, theme.ghost, 0.020 * camera.scale, 0.055 * camera.scale)


def _kettlebell(hand: Screen, scale: float, theme: Theme) -> str:
    """Hangs upright from the fist, however the arm is held."""
    x, y = hand
    radius, middle = 0.058 * scale, y + 0.112 * scale
    half, foot, top = 0.040 * scale, 0.030 * scale, y + 0.004 * scale
    corner, low = 0.022 * scale, middle - 0.040 * scale
    handle = (
        f"M{x - foot:.1f} {low:.1f}L{x - half:.1f} {top + corner:.1f}"
        f"Q{x - half:.1f} {top:.1f} {x - corner:.1f} {top:.1f}"
        f"L{x + corner:.1f} {top:.1f}Q{x + half:.1f} {top:.1f} {x + half:.1f} {top + corner:.1f}"
        f"L{x + foot:.1f} {low:.1f}"
    )
    base = svg.path(
        [(x - 0.026 * scale, y + 0.164 * scale), (x + 0.026 * scale, y + 0.164 * scale)]
    )
    return (
        svg.fill(handle, theme.card, 0.046 * scale)
        + svg.disc((x, middle), radius + HALO * scale, theme.card)
        + svg.line(handle, theme.prop, 0.022 * scale)
        + svg.disc((x, middle), radius, theme.prop)
        + svg.line(base, theme.prop, 0.012 * scale)
    )


def _dumbbell(camera: Camera, theme: Theme, body: Skeleton) -> str:
    """Lies in the crease of the hips, seen from its end or along its length."""
    pelvis = body.frames["pelvis"]
    at = body["pelvis"] + pelvis.x * 0.085 + pelvis.y * 0.02
    ends = [camera(at + pelvis.z * z) for z in (-0.10, 0.10)]
    k = camera.scale
    out = svg.line(svg.path(ends), theme.prop_dark, 0.03 * k)
    for end in ends:
        out += svg.disc(end, 0.050 * k, theme.card) + svg.disc(end, 0.040 * k, theme.prop)
    return out


def _band(band: Band, camera: Camera, theme: Theme, body: Skeleton) -> str:
    """Runs from the outer edge of one limb to the outer edge of the other."""
    edges = [_cuff(band, camera, body, side) for side in SIDES]
    far = max(((a, b) for a in edges[0] for b in edges[1]), key=lambda pair: math.dist(*pair))
    middles = [((a[0] + b[0]) / 2, (a[1] + b[1]) / 2) for a, b in edges]
    if math.dist(*middles) < 0.05 * camera.scale:
        far = edges[1]
    outline = svg.path(far)
    wide = (BAND_WIDTH + HALO * 1.2) * camera.scale
    return svg.line(outline, theme.card, wide) + svg.line(
        outline, theme.prop, BAND_WIDTH * camera.scale
    )


def _cuff(band: Band, camera: Camera, body: Skeleton, side: str) -> tuple[Screen, Screen]:
    """Return the two edges of a limb where the band crosses it."""
    ends = {"thigh": ("hip", "knee"), "shank": ("knee", "ank"), "foot": ("heel", "toe")}[band.on]
    a, b = (body[joint + side] for joint in ends)
    wide = {"thigh": ("thigh", "knee"), "shank": ("knee", "ank"), "foot": ("heel", "toe")}[band.on]
    radius = RADIUS[wide[0]] * (1 - band.at) + RADIUS[wide[1]] * band.at + 0.010
    x, y = camera(between(a, b, band.at))
    (x0, y0), (x1, y1) = camera(a), camera(b)
    length = math.dist((x0, y0), (x1, y1))
    across = (1.0, 0.0)  # a limb that points at the viewer has no side
    if length >= 0.06 * camera.scale:
        across = (-(y1 - y0) / length, (x1 - x0) / length)
    dx, dy = across[0] * radius * camera.scale, across[1] * radius * camera.scale
    return (x + dx, y + dy), (x - dx, y - dy)
