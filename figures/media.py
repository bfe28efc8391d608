"""Builds `data/media` from the pose sheets, only what changed, and says when the two disagree."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from PIL import Image, ImageChops

from figures.encode import raster, write_gif, write_png
from figures.motion import Motion
from figures.pose import Story
from figures.reader import read_stories
from figures.scene import Scene

ROOT = Path(__file__).parent.parent
SHEETS, MEDIA = ROOT / "data" / "figures", ROOT / "data" / "media"
MANIFEST = "manifest.json"
STILL = 192  # pixels; Discord shows it beside a text, at half that size or less
GIF_LIMIT, LIBRARY_LIMIT = 400_000, 8_000_000  # bytes
# Two pictures are the same if hardly any pixel differs by more than a rounding of colours.
PIXEL_TOLERANCE, SHARE_TOLERANCE = 40, 0.002
_NOT_PAINTING = {"__init__.py", "__main__.py", "checks.py", "contact.py", "media.py"}


@dataclass(frozen=True)
class Media:
    """Where sheets are read and pictures are kept."""

    sheets: Path = SHEETS
    folder: Path = MEDIA

    def slugs(self) -> list[str]:
        """Return every move that has a sheet."""
        return sorted(path.stem for path in self.sheets.glob("*.toml"))

    def sheet(self, slug: str) -> Path:
        """Return a move's sheet."""
        return self.sheets / f"{slug}.toml"

    def manifest(self) -> dict[str, Any]:
        """Return what was built: by slug, the pictures and what they were made of."""
        file = self.folder / MANIFEST
        built: dict[str, Any] = json.loads(file.read_text("utf-8")) if file.exists() else {}
        return built

    def stale(self) -> list[str]:
        """Return the moves whose sheet, painter or pictures changed since they were built."""
        built = self.manifest()
        return [slug for slug in self.slugs() if not self._is_fresh(slug, built.get(slug))]

    def build(self, slugs: Iterable[str]) -> Iterator[str]:
        """Draw these moves in parallel; return each as it is done, then tidy up.

        Raises:
            SheetError: if a sheet cannot be drawn.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        built = {slug: entry for slug, entry in self.manifest().items() if slug in self.slugs()}
        with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
            jobs = {pool.submit(draw, self.sheet(slug), self.folder): slug for slug in slugs}
            for job in as_completed(jobs):
                built[jobs[job]] = job.result()
                yield jobs[job]
        self._write(built)

    def problems(self) -> Iterator[str]:
        """Return where pictures and sheets disagree, and what is too large."""
        built = self.manifest()
        for slug in sorted(built.keys() | set(self.slugs())):
            if slug not in self.slugs():
                yield f"{slug}: has pictures but no sheet"
            elif not self._is_fresh(slug, built.get(slug)):
                yield f"{slug}: the pictures are not those of the sheet"
        yield from self._too_large(built)
        unknown = {p.name for p in self.folder.iterdir()} - set(_files(built)) - {MANIFEST}
        yield from (f"{name}: no sheet draws it" for name in sorted(unknown))

    def _too_large(self, built: Mapping[str, Any]) -> Iterator[str]:
        sizes = {name: (self.folder / name).stat().st_size for name in _files(built)
                 if (self.folder / name).exists()}  # fmt: skip
        for name, size in sizes.items():
            if size > GIF_LIMIT:
                yield f"{name}: {size} bytes, more than {GIF_LIMIT}"
        if sum(sizes.values()) > LIBRARY_LIMIT:
            yield f"all pictures: {sum(sizes.values())} bytes, more than {LIBRARY_LIMIT}"

    def _is_fresh(self, slug: str, entry: Any) -> bool:
        if entry is None or entry["made_from"] != made_from(self.sheet(slug)):
            return False
        files = [file for picture in entry["pictures"] for file in picture["files"].values()]
        return all(
            (self.folder / file["name"]).exists()
            and _digest((self.folder / file["name"]).read_bytes()) == file["sha256"]
            for file in files
        )

    def _write(self, built: Mapping[str, Any]) -> None:
        text = json.dumps(built, indent=1, sort_keys=True, ensure_ascii=False)
        (self.folder / MANIFEST).write_text(text + "\n", "utf-8")
        for path in self.folder.iterdir():
            if path.name not in {*_files(built), MANIFEST}:
                path.unlink()


def draw(sheet: Path, folder: Path) -> dict[str, Any]:
    """Draw all pictures of a sheet into a folder; return the manifest's entry."""
    return {
        "made_from": made_from(sheet),
        "made_with": {name: version(name) for name in ("pillow", "resvg-py")},
        "pictures": [_draw_story(story, folder) for story in read_stories(sheet)],
    }


def _draw_story(story: Story, folder: Path) -> dict[str, Any]:
    motion = Motion(story)
    night, day = Scene.of(motion), Scene.of(motion, "day")
    ends = ("gif", "png", "day.png", "still.png")
    gif, strip, by_day, small = (folder / f"{story.slug}.{end}" for end in ends)
    frames = [raster(frame) for frame in night.frames()]
    write_gif(frames, [moment.duration for moment in motion.moments], gif)
    write_png(raster(night.strip()), strip)
    write_png(raster(day.strip()), by_day)
    write_png(still(motion, frames), small)
    files = {"gif": gif, "strip": strip, "strip_day": by_day, "still": small}
    seconds = sum(moment.duration for moment in motion.moments) / 1000
    return {
        "rung": story.rung,
        "alt": story.alt,
        "seconds": round(seconds, 2),
        "frames": len(frames),
        "files": {name: _described(file) for name, file in files.items()},
    }


def still(motion: Motion, frames: Sequence[Image.Image]) -> Image.Image:
    """Return the frame of the pose in the middle of the strip, small and square."""
    shown = [number for number, key in enumerate(motion.keys) if key.key.strip]
    key = shown[len(shown) // 2]
    frame = next(f for f, m in zip(frames, motion.moments, strict=True) if m.key == key)
    side = max(frame.size)
    square = Image.new("RGB", (side, side), frame.getpixel((0, 0)))
    square.paste(frame, ((side - frame.width) // 2, (side - frame.height) // 2))
    return square.resize((STILL, STILL), Image.Resampling.LANCZOS)


def _described(file: Path) -> dict[str, Any]:
    with Image.open(file) as image:
        size = image.size
    data = file.read_bytes()
    return {"name": file.name, "size": size, "bytes": len(data), "sha256": _digest(data)}


def made_from(sheet: Path) -> str:
    """Return the hash of all that decides how a sheet's pictures look."""
    return _digest(_engine() + _text(sheet))


@cache
def _engine() -> bytes:
    sources = sorted(p for p in Path(__file__).parent.glob("*.py") if p.name not in _NOT_PAINTING)
    return b"\0".join(_text(source) for source in sources)


def _text(path: Path) -> bytes:
    return path.read_text("utf-8").encode()


def _files(built: Mapping[str, Any]) -> Iterator[str]:
    for entry in built.values():
        for picture in entry["pictures"]:
            yield from (file["name"] for file in picture["files"].values())


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def differing(one: Image.Image, other: Image.Image) -> float:
    """Return the share of pixels that differ by more than the rounding of colours."""
    if one.size != other.size:
        return 1.0
    apart = ImageChops.difference(one.convert("RGB"), other.convert("RGB"))
    strongest = [channel.point(lambda v: 255 * (v > PIXEL_TOLERANCE)) for channel in apart.split()]
    marked = ImageChops.lighter(ImageChops.lighter(*strongest[:2]), strongest[2])
    return marked.histogram()[255] / (one.width * one.height)


def faults(story: Story, folder: Path, keys: bool = True) -> Iterator[str]:
    """Draw a picture anew and return where the kept one shows something else.

    Only the frames of the keys are compared, unless all are asked for.
    """
    motion = Motion(story)
    scene = Scene.of(motion)
    with Image.open(folder / f"{story.slug}.gif") as gif:
        middle, until = 0.0, float(gif.info["duration"])
        for number, moment in enumerate(motion.moments):
            middle += moment.duration / 2
            while middle > until:
                gif.seek(gif.tell() + 1)
                until += gif.info["duration"]
            middle += moment.duration / 2
            if (not keys or not moment.share) and not _alike(gif, scene.frame(number)):
                yield f"{story.slug}.gif: frame {number} is not what the sheet says"
    with Image.open(folder / f"{story.slug}.png") as strip:
        if not _alike(strip, scene.strip()):
            yield f"{story.slug}.png: the strip is not what the sheet says"


def _alike(kept: Image.Image, svg: str) -> bool:
    return differing(kept, raster(svg)) <= SHARE_TOLERANCE
