"""What is wrong with the folder of pictures is named, file by file, before the bot starts."""

import json
import shutil

import pytest

from bot.content.catalogue import load_content
from bot.errors import ContentError
from bot.settings import SHIPPED_DATA

SLUG, OWN = "copenhagen-plank", "Copenhagen hold, knee on the bench"


@pytest.fixture
def data(tmp_path):
    """The shipped library in a folder of its own, with the pictures of one move."""
    ignored = shutil.ignore_patterns("media", "figures", "locales")
    shutil.copytree(SHIPPED_DATA, tmp_path, ignore=ignored, dirs_exist_ok=True)
    (tmp_path / "media").mkdir()
    for file in (SHIPPED_DATA / "media").glob(f"{SLUG}*"):
        shutil.copy(file, tmp_path / "media")
    return tmp_path


@pytest.fixture
def manifest(data):
    """Call it to write the move's entry, changed, and get what is wrong with the library then."""
    shipped = json.loads((SHIPPED_DATA / "media" / "manifest.json").read_text("utf-8"))

    def problems(change=lambda entry: None, slug=SLUG, text=None):
        entry = json.loads(json.dumps(shipped[SLUG]))
        change(entry)
        written = json.dumps({slug: entry}) if text is None else text
        (data / "media" / "manifest.json").write_text(written, "utf-8")
        try:
            load_content(data)
        except ContentError as error:
            return error.problems
        return []

    return problems


def set_(entry, key, value, picture=1):
    entry["pictures"][picture][key] = value


def test_each_rung_has_its_own_picture_or_that_of_the_move(data, manifest):
    assert manifest() == []
    move = load_content(data).catalogue.get(SLUG)
    pictures = {rung.name: rung.picture for rung in move.ladder}
    own = pictures.pop(OWN)
    assert own.alt != move.alt_text
    assert {picture.alt for picture in pictures.values()} == {move.alt_text}
    assert own.moving.is_file()
    assert own.still.is_file()
    assert load_content(data).catalogue.get("hip-hike").ladder[0].picture is None


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (lambda e: set_(e, "rung", "Nowhere"), "its ladder has no 'Nowhere'"),
        (lambda e: set_(e, "alt", None), "has no description (alt)"),
        (lambda e: set_(e, "alt", ""), "pictures.1.alt: "),
        (lambda e: e.pop("pictures"), "pictures: Field required"),
        (
            lambda e: e["pictures"][0]["files"]["gif"].update(name="../../secret.gif"),
            "pictures.0.files.gif.name: ",
        ),
        (
            lambda e: e["pictures"][0]["files"]["gif"].update(name="gone.gif"),
            "media/gone.gif:1: it is not here; draw it with `make media`",
        ),
        (lambda e: e["pictures"][0]["files"]["still"].update(bytes=7), "bytes, not 7; draw it"),
    ],
)
def test_what_is_wrong_is_named(manifest, change, line):
    [problem] = manifest(change)
    assert line in problem


def test_pictures_of_a_move_that_there_is_not_are_named(manifest):
    [problem] = manifest(slug="moonwalk")
    assert problem == "media/manifest.json:1: moonwalk: exercises has no 'moonwalk'"


@pytest.mark.parametrize("text", ["", "[]", "{", "\x00"])
def test_a_manifest_that_is_none_is_named(manifest, text):
    problems = manifest(text=text)
    assert problems
    assert all(
        problem.startswith("media/manifest.json:1: the whole file: ") for problem in problems
    )


def test_a_folder_without_a_manifest_is_named_and_no_folder_is_none(data):
    with pytest.raises(ContentError, match=r"media/manifest\.json is not here"):
        load_content(data)
    shutil.rmtree(data / "media")
    assert all(r.picture is None for e in load_content(data).catalogue for r in e.ladder)


def test_a_picture_too_large_is_named(data, manifest):
    gif = data / "media" / f"{SLUG}.gif"
    gif.write_bytes(gif.read_bytes() + bytes(300_000))
    size = gif.stat().st_size

    [problem] = manifest(lambda e: e["pictures"][0]["files"]["gif"].update(bytes=size))
    assert problem == f"media/{SLUG}.gif:1: {size} bytes, more than 400000"
