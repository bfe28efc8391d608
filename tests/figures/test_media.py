"""What is kept in data/media is what the sheets say, small enough, and the same every time."""

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from PIL import Image

from figures.checks import LONGEST
from figures.media import GIF_LIMIT, LIBRARY_LIMIT, MANIFEST, Media, differing, draw, faults
from figures.reader import read_stories

ROOT = Path(__file__).parent.parent.parent
EXERCISES = ROOT / "data" / "exercises"
MANIFEST_NOW = Media().manifest()
PICTURES = [picture for entry in MANIFEST_NOW.values() for picture in entry["pictures"]]


def exercise(slug: str) -> dict:
    return tomllib.loads((EXERCISES / f"{slug}.toml").read_text("utf-8"))


def test_every_exercise_has_a_figure():
    assert sorted(path.stem for path in EXERCISES.glob("*.toml")) == Media().slugs()


def test_the_kept_pictures_are_those_of_the_sheets():
    assert list(Media().problems()) == []


def test_a_kept_picture_shows_what_its_sheet_says():
    for slug in ("hip-hike", "standing-glute-activation"):
        for story in read_stories(Media().sheet(slug)):
            assert list(faults(story, Media().folder)) == []


def test_every_gif_loops_within_its_limits():
    for picture in PICTURES:
        gif = picture["files"]["gif"]
        assert gif["bytes"] <= GIF_LIMIT
        assert picture["seconds"] <= LONGEST
        with Image.open(Media().folder / gif["name"]) as image:
            assert (image.info["loop"], list(image.size)) == (0, gif["size"])
    assert sum(file["bytes"] for p in PICTURES for file in p["files"].values()) <= LIBRARY_LIMIT


def test_a_rungs_picture_names_a_rung_that_exists_and_tells_what_it_shows():
    rungs = [
        (slug, p) for slug, entry in MANIFEST_NOW.items() for p in entry["pictures"] if p["rung"]
    ]
    assert rungs
    for slug, picture in rungs:
        assert len(picture["alt"]) >= 40
        assert picture["rung"] in {rung["name"] for rung in exercise(slug)["ladder"]}


@pytest.fixture
def media(write, tmp_path) -> Media:
    write()
    return Media(tmp_path / "sheets", tmp_path / "media")


@pytest.mark.slow
def test_only_what_changed_is_drawn_again_and_what_lost_its_sheet_goes(media, write):
    other = write(name="other")
    assert sorted(media.build(media.stale())) == ["other", "squat"]
    assert media.stale() == []
    assert list(media.problems()) == []

    write(("hold = 0.2", "hold = 0.3"))
    assert media.stale() == ["squat"]
    assert list(media.problems()) == ["squat: the pictures are not those of the sheet"]
    other.unlink()
    assert list(media.build(media.stale())) == ["squat"]
    assert list(media.problems()) == []
    assert {p.name for p in media.folder.iterdir()} == {
        "squat.gif", "squat.png", "squat.day.png", "squat.still.png", MANIFEST,
    }  # fmt: skip


@pytest.mark.slow
def test_a_picture_that_was_changed_or_lost_or_added_is_noticed(media):
    media.folder.mkdir()
    entry = draw(media.sheet("squat"), media.folder)
    (media.folder / MANIFEST).write_text(json.dumps({"squat": entry}), "utf-8")
    assert list(media.problems()) == []
    (media.folder / "stray.gif").write_bytes(b"GIF")
    assert list(media.problems()) == ["stray.gif: no sheet draws it"]
    (media.folder / "squat.gif").write_bytes(b"GIF")
    assert media.stale() == ["squat"]
    (media.folder / "squat.gif").unlink()
    assert media.stale() == ["squat"]


@pytest.mark.slow
def test_a_picture_of_another_pose_is_told_apart(media, write):
    media.folder.mkdir()
    draw(media.sheet("squat"), media.folder)
    [story] = read_stories(write(("knee = 80", "knee = 60")))
    assert list(faults(story, media.folder))
    [same] = read_stories(write())
    assert list(faults(same, media.folder, keys=False)) == []


def test_pictures_of_different_sizes_differ():
    assert differing(Image.new("RGB", (2, 2)), Image.new("RGB", (2, 3))) == 1


DRAW = "import sys, pathlib; from figures.media import draw; draw(*map(pathlib.Path, sys.argv[1:]))"


@pytest.mark.slow
def test_another_process_draws_the_same_bytes(media, tmp_path):
    drawn = []
    for seed in ("1", "2"):
        folder = tmp_path / seed
        folder.mkdir()
        env = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
        sheet = Media().sheet("banded-glute-bridge")
        subprocess.run([sys.executable, "-c", DRAW, sheet, folder], env=env, check=True)
        drawn.append({path.name: path.read_bytes() for path in folder.iterdir()})
    assert drawn[0] == drawn[1]
    assert len(drawn[0]) == 4


@pytest.mark.slow
@pytest.mark.parametrize("slug", Media().slugs())
def test_every_kept_frame_shows_what_its_sheet_says(slug):
    for story in read_stories(Media().sheet(slug)):
        assert list(faults(story, Media().folder, keys=False)) == []
