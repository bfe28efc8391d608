"""Pieces of SVG: outlines round circles, lines, arrows, and the numbers of a strip."""

import math
from collections.abc import Iterable, Sequence

from figures.camera import Screen

Circle = tuple[Screen, float]
_RING = [(math.cos(2 * math.pi * n / 36), math.sin(2 * math.pi * n / 36)) for n in range(36)]
_DIGITS = {
    1: "M-3.2 -5.2L1 -8.5L1 8.5",
    2: "M-5 -4.2Q-5 -8.5 0 -8.5Q5 -8.5 5 -4Q5 -1 1 2.6L-5.2 8.5L5.6 8.5",
    3: "M-4.8 -6.4Q-3 -8.5 0 -8.5Q4.8 -8.5 4.8 -4.4Q4.8 -.6 -.6 -.6Q5.4 -.6 5.4 4Q5.4 8.5 0 8.5"
    "Q-4 8.5 -5.4 6",
    4: "M3 8.5L3 -8.5L-6 3.6L6.4 3.6",
}


def document(width: float, height: float, body: str) -> str:
    """Return a whole SVG file."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" '
        f'viewBox="0 0 {width:g} {height:g}">{body}</svg>'
    )


def path(points: Iterable[Screen], close: bool = False) -> str:
    """Return path data through points."""
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + ("Z" if close else "")


def fill(outline: str, colour: str, border: float = 0) -> str:
    """Return a filled shape, thickened by a border of its own colour."""
    edge = f' stroke="{colour}" stroke-width="{border:.1f}" stroke-linejoin="round"'
    return f'<path d="{outline}" fill="{colour}"{edge if border else ""}/>'


def line(outline: str, colour: str, width: float) -> str:
    """Return a line with round ends."""
    return (
        f'<path d="{outline}" fill="none" stroke="{colour}" stroke-width="{width:.1f}" '
        'stroke-linecap="round" stroke-linejoin="round"/>'
    )


def disc(centre: Screen, radius: float, colour: str) -> str:
    """Return a filled circle."""
    return f'<circle cx="{centre[0]:.1f}" cy="{centre[1]:.1f}" r="{radius:.1f}" fill="{colour}"/>'


def ellipse(centre: Screen, radii: Screen, colour: str) -> str:
    """Return a filled ellipse."""
    (x, y), (wide, high) = centre, radii
    size = f'rx="{wide:.1f}" ry="{high:.1f}"'
    return f'<ellipse cx="{x:.1f}" cy="{y:.1f}" {size} fill="{colour}"/>'


def hull(circles: Iterable[Circle]) -> str:
    """Return path data of the tightest outline round circles."""
    points = sorted(
        {(round(x + r * c, 1), round(y + r * s, 1)) for (x, y), r in circles for c, s in _RING}
    )
    return path(_half(points)[:-1] + _half(points[::-1])[:-1], close=True)


def _half(points: Sequence[Screen]) -> list[Screen]:
    kept: list[Screen] = []
    for q in points:
        while len(kept) > 1 and _turns_right(kept[-2], kept[-1], q):
            kept.pop()
        kept.append(q)
    return kept


def _turns_right(a: Screen, b: Screen, c: Screen) -> bool:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]) <= 0


def mix(a: str, b: str, share: float) -> str:
    """Return the colour so far on the way from a to b."""
    channels = zip(bytes.fromhex(a[1:]), bytes.fromhex(b[1:]), strict=True)
    return "#" + "".join(f"{round(x * (1 - share) + y * share):02X}" for x, y in channels)


def arrow(points: Sequence[Screen], colour: str, width: float, head: float) -> str:
    """Return a line with an arrowhead at its last point; `head` is the head's length."""
    tip = points[-1]
    before = next((p for p in reversed(points) if math.dist(p, tip) >= head * 0.9), points[0])
    away = math.dist(before, tip) or 1
    dx, dy = (tip[0] - before[0]) / away, (tip[1] - before[1]) / away
    neck = (tip[0] - dx * head * 0.8, tip[1] - dy * head * 0.8)
    shaft = [p for p in points if math.dist(p, tip) >= head * 0.9]
    back = (tip[0] - dx * head, tip[1] - dy * head)
    side = (-dy * head * 0.52, dx * head * 0.52)
    corners = [tip, (back[0] + side[0], back[1] + side[1]), (back[0] - side[0], back[1] - side[1])]
    return line(path([*shaft, neck]), colour, width) + fill(path(corners, True), colour, width / 2)


def badge(number: int, centre: Screen, colours: tuple[str, str], radius: float = 15) -> str:
    """Return a numbered disc; the number is a path, so that no font is needed."""
    place = f"translate({centre[0]:g} {centre[1]:g}) scale({radius / 17:.3f})"
    ink = line(_DIGITS[number], colours[1], 3.6)
    return disc(centre, radius, colours[0]) + f'<g transform="{place}">{ink}</g>'
