"""Contact sheets for authors: a move's strip above frames of its animation."""

from collections.abc import Iterable

from PIL import Image, ImageDraw

from figures.encode import raster
from figures.motion import Motion
from figures.scene import Scene

COLUMNS = 3
GAP, PAGE = 8, 1500  # pixels
MARGIN = "#313338"  # Discord's own dark grey


def sheet(motion: Motion, frames: int, theme: str) -> Image.Image:
    """Return the strip of a picture above so many frames, evenly spread over a round."""
    scene = Scene.of(motion, theme)
    count = len(motion.moments)
    picked = sorted({round(n * count / frames) % count for n in range(frames)} | _keys(motion))
    tiles = [_labelled(scene, motion, number) for number in picked]
    return stack([raster(scene.strip()), grid(tiles)])


def _keys(motion: Motion) -> set[int]:
    return {n for n, moment in enumerate(motion.moments) if moment.share == 0}


def _labelled(scene: Scene, motion: Motion, number: int) -> Image.Image:
    tile = raster(scene.frame(number))
    tile = tile.resize((tile.width * 2 // 3, tile.height * 2 // 3), Image.Resampling.LANCZOS)
    moment = motion.moments[number]
    name = motion.keys[moment.following if moment.share else moment.key].key.name
    label = f"{number}: {'to ' if moment.share else ''}{name}"
    ImageDraw.Draw(tile).text((6, 4), label, fill=scene.theme.sign)
    return tile


def grid(tiles: list[Image.Image]) -> Image.Image:
    """Return pictures of one size in rows."""
    rows = [tiles[n : n + COLUMNS] for n in range(0, len(tiles), COLUMNS)]
    width, height = tiles[0].size
    page = Image.new("RGB", (width * COLUMNS, height * len(rows)), MARGIN)
    for down, row in enumerate(rows):
        for across, tile in enumerate(row):
            page.paste(tile, (across * width, down * height))
    return page


def page(strips: Iterable[Image.Image]) -> Image.Image:
    """Return strips in rows, at half their size."""
    rows: list[list[Image.Image]] = [[]]
    for strip in strips:
        small = strip.convert("RGB").resize(
            (strip.width // 2, strip.height // 2), Image.Resampling.LANCZOS
        )
        if sum(other.width + GAP for other in rows[-1]) + small.width > PAGE:
            rows.append([])
        rows[-1].append(small)
    return stack(_row(row) for row in rows)


def _row(pictures: list[Image.Image]) -> Image.Image:
    row = Image.new("RGB", (PAGE, max(p.height for p in pictures)), MARGIN)
    x = 0
    for picture in pictures:
        row.paste(picture, (x, 0))
        x += picture.width + GAP
    return row


def stack(pictures: Iterable[Image.Image]) -> Image.Image:
    """Return pictures one below the other."""
    pictures = list(pictures)
    size = max(p.width for p in pictures), sum(p.height + GAP for p in pictures)
    page = Image.new("RGB", size, MARGIN)
    y = 0
    for picture in pictures:
        page.paste(picture, (0, y))
        y += picture.height + GAP
    return page
