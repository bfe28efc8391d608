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
    HipLine,
    Kettlebell,
    Mat,
    Part,
    Weight,
)
from figures.rig import Skeleton
from figures.theme import HALO, RADIUS, Theme
from figures.vector import UP, Vec, between

BAND_WIDTH = 0.030
BENCH_INSET, BENCH_PAD = 0.04, 0.036
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
            painted["armR"] = _dumbbell(camera, theme, body)
        elif isinstance(prop, HipLine):
            painted["legR"] = _hip_line(camera, theme, body)
    return painted


def corners(prop: Part) -> Iterator[Vec]:
    """Return the points that a picture must show of a prop."""
    if isinstance(prop, Block | Bench):
        low = prop.y if isinstance(prop, Block) else 0
        for y in (low, low + prop.h):
            yield from (Vec(x, y, z) for x in prop.x for z in prop.z)
    elif isinstance(prop, Mat):
        yield from (Vec(x, 0, z) for x in prop.x for z in prop.z)


def covers(block: Block, at: Vec) -> bool:
    """Return whether a point lies above or below a block's top, a little overhang allowed."""
    spans = ((at.x, block.x), (at.z, block.z))
    return all(low - 0.02 <= value <= high + 0.02 for value, (low, high) in spans)


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
    """A padded top on four legs."""
    out = ""
    for x in (bench.x[0] + BENCH_INSET, bench.x[1] - BENCH_INSET):
        for z in (bench.z[0] + BENCH_INSET, bench.z[1] - BENCH_INSET):
            leg = svg.path([camera(Vec(x, bench.h, z)), camera(Vec(x, 0.01, z))])
            out += svg.line(leg, theme.prop_dark, 0.026 * camera.scale)
    for y, colour in ((bench.h - BENCH_PAD, theme.prop_dark), (bench.h - 0.02, theme.prop)):
        rim = [Vec(x, y, z) for x in bench.x for z in bench.z]
        pad = [(camera(p + UP * lift), 0.02 * camera.scale) for p in rim for lift in (0, 0.02)]
        out += svg.fill(svg.hull(pad), colour)
    return out


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
    at = body["pelvis"] + pelvis.x * 0.105 - pelvis.y * 0.005
    ends = [camera(at + pelvis.z * z) for z in (-0.15, 0.15)]
    k = camera.scale
    out = svg.line(svg.path(ends), theme.prop_dark, 0.03 * k)
    for end, colour in zip(ends, (theme.prop_dark, theme.prop), strict=True):
        out += svg.disc(end, 0.062 * k, theme.card) + svg.disc(end, 0.052 * k, colour)
    return out + svg.disc(ends[1], 0.016 * k, theme.prop_dark)


def _hip_line(camera: Camera, theme: Theme, body: Skeleton) -> str:
    pelvis = body.frames["pelvis"]
    at = body["pelvis"] + pelvis.y * 0.045
    ends = svg.path(camera(at + pelvis.z * z) for z in (-0.17, 0.17))
    k = camera.scale
    return svg.line(ends, theme.card, 0.034 * k) + svg.line(ends, theme.prop, 0.016 * k)


def _band(band: Band, camera: Camera, theme: Theme, body: Skeleton) -> str:
    """Runs from the outer edge of one limb to the outer edge of the other."""
    edges = [_cuff(band, camera, body, side) for side in SIDES]
    far = max(((a, b) for a in edges[0] for b in edges[1]), key=lambda pair: math.dist(*pair))
    middles = [((a[0] + b[0]) / 2, (a[1] + b[1]) / 2) for a, b in edges]
    if math.dist(*middles) < 0.05 * camera.scale:
        far = edges[1]
    elif band.on == "foot":
        far = (middles[0], middles[1])
    outline = svg.path(far)
    wide = (BAND_WIDTH + HALO * 1.2) * camera.scale
    return svg.line(outline, theme.card, wide) + svg.line(
        outline, theme.prop, BAND_WIDTH * camera.scale
    )


def _cuff(band: Band, camera: Camera, body: Skeleton, side: str) -> tuple[Screen, Screen]:
    """Return the two edges of a limb where the band crosses it."""
    if band.on == "foot":
        return _foot_cuff(camera, body, side)
    ends, wide = {
        "thigh": (("hip", "knee"), ("thigh", "knee")),
        "shank": (("knee", "ank"), ("knee", "ank")),
    }[band.on]
    a, b = (body[joint + side] for joint in ends)
    radius = RADIUS[wide[0]] * (1 - band.at) + RADIUS[wide[1]] * band.at + 0.010
    x, y = camera(between(a, b, band.at))
    (x0, y0), (x1, y1) = camera(a), camera(b)
    length = math.dist((x0, y0), (x1, y1))
    across = (1.0, 0.0)  # a limb that points at the viewer has no side
    if length >= 0.06 * camera.scale:
        across = (-(y1 - y0) / length, (x1 - x0) / length)
    dx, dy = across[0] * radius * camera.scale, across[1] * radius * camera.scale
    return (x + dx, y + dy), (x - dx, y - dy)


def _foot_cuff(camera: Camera, body: Skeleton, side: str) -> tuple[Screen, Screen]:
    """Return sole and instep of the middle of a foot."""
    sole = between(body["heel" + side], body["toe" + side], 0.62)
    up = body.frames["foot" + side].y
    return camera(sole + up * 0.008), camera(sole + up * 0.050)
