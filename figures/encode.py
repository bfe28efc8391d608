"""Turns SVG into files: frames into a looping GIF, a strip into a PNG, each with its palette."""

import io
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import resvg_py
from PIL import Image

COLOURS, STRIP_COLOURS = 64, 96
EXACT = 20  # the commonest colours keep their value; the rest shares what is left
SHORTEST = 20  # ms: many players slow down anything faster
Colour = tuple[int, int, int]
Box = list[tuple[Colour, int]]


def raster(svg: str) -> Image.Image:
    """Return the picture of an SVG; it looks for no fonts, for it needs none."""
    png = resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True)
    return Image.open(io.BytesIO(bytes(png))).convert("RGB")


def write_gif(frames: Sequence[Image.Image], durations: Iterable[float], file: Path) -> None:
    """Write frames that stay so long (ms) as a GIF that loops for ever."""
    table = palette(frames[:: max(1, len(frames) // 8)], COLOURS)
    first, *rest = indexed(frames, table)
    first.save(
        file, format="GIF", save_all=True, append_images=rest, duration=delays(durations), loop=0,
        optimize=False, disposal=1,
    )  # fmt: skip


def write_png(image: Image.Image, file: Path) -> None:
    """Write one picture as a PNG of few colours."""
    indexed([image], palette([image], STRIP_COLOURS))[0].save(file, format="PNG", optimize=True)


def delays(durations: Iterable[float]) -> list[int]:
    """Return times in the 10 ms steps of a GIF; what is rounded off is carried to the next."""
    steps, owed = [], 0.0
    for duration in durations:
        step = max(SHORTEST, round((duration + owed) / 10) * 10)
        owed += duration - step
        steps.append(step)
    return steps


def palette(images: Iterable[Image.Image], size: int) -> list[Colour]:
    """Return the colours that serve these pictures best, always in the same order."""
    counts: Counter[Colour] = Counter()
    for image in images:
        seen: Any = image.getcolors(1 << 24)
        for count, colour in seen:
            counts[colour] += count
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    flat = [colour for colour, _ in ranked[:EXACT]]
    return flat + [_mean(box) for box in _median_cut(ranked[EXACT:], size - len(flat))]


def indexed(images: Iterable[Image.Image], table: Sequence[Colour]) -> list[Image.Image]:
    """Return the pictures in these colours, every pixel in the nearest one.

    Pillow's own search is approximate and would shift the flat colours.
    """
    lookup = _Nearest(table)
    flat = [channel for colour in table for channel in colour]
    done = []
    for image in images:
        pixels = memoryview(image.convert("RGBA").tobytes()).cast("I")
        small = Image.frombytes("P", image.size, bytes(map(lookup.__getitem__, pixels)))
        small.putpalette(flat)
        done.append(small)
    return done


class _Nearest(dict[int, int]):
    """The place in the table of each colour met so far, by the pixel's four bytes."""

    def __init__(self, table: Sequence[Colour]) -> None:
        super().__init__()
        self.table = table

    def __missing__(self, pixel: int) -> int:
        red, green, blue, _ = pixel.to_bytes(4, sys.byteorder)
        distances = [(r - red) ** 2 + (g - green) ** 2 + (b - blue) ** 2 for r, g, b in self.table]
        self[pixel] = nearest = distances.index(min(distances))
        return nearest


def _median_cut(colours: Box, size: int) -> list[Box]:
    """Return at most `size` groups of like colours: the widest one is halved again and again."""
    boxes = [colours] if colours and size > 0 else []
    while len(boxes) < size:
        widest = max(boxes, key=_spread, default=[])
        if len(widest) < 2:
            break
        boxes.remove(widest)
        boxes += _halves(widest)
    return boxes


def _spread(box: Box) -> tuple[int, int]:
    if len(box) < 2:
        return 0, 0
    return max(_ranges(box)) * min(sum(count for _, count in box), 1 << 20), len(box)


def _ranges(box: Box) -> list[int]:
    return [max(c[n] for c, _ in box) - min(c[n] for c, _ in box) for n in range(3)]


def _halves(box: Box) -> list[Box]:
    ranges = _ranges(box)
    channel = ranges.index(max(ranges))
    ordered = sorted(box, key=lambda item: (item[0][channel], item[0]))
    half, passed = sum(count for _, count in box) / 2, 0
    for cut, (_, count) in enumerate(ordered[:-1], 1):
        passed += count
        if passed >= half:
            return [ordered[:cut], ordered[cut:]]
    return [ordered[:-1], ordered[-1:]]


def _mean(box: Box) -> Colour:
    weight = sum(count for _, count in box)
    red, green, blue = (round(sum(c[n] * k for c, k in box) / weight) for n in range(3))
    return red, green, blue
