"""Colours stay true, times add up, and a picture is the same every time."""

import itertools

from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from figures.encode import COLOURS, delays, indexed, palette, raster, write_gif
from figures.scene import Scene
from figures.theme import THEMES


@given(st.lists(st.floats(20, 3000), min_size=1, max_size=60))
def test_times_are_whole_hundredths_that_add_up(durations):
    steps = delays(durations)
    assert all(step % 10 == 0 and step >= 20 for step in steps)
    for said, wanted in zip(
        itertools.accumulate(steps), itertools.accumulate(durations), strict=True
    ):
        assert abs(said - wanted) <= 10


def test_the_commonest_colours_are_kept_exactly_and_others_come_close():
    image = Image.linear_gradient("L").convert("RGB")
    image.paste("#FF6A3D", (0, 0, 256, 100))
    [small] = indexed([image], palette([image], 32))
    assert small.convert("RGB").getpixel((5, 5)) == (0xFF, 0x6A, 0x3D)
    for y in range(100, 256, 5):
        assert abs(small.convert("RGB").getpixel((5, y))[0] - y) < 12


def test_a_palette_never_has_more_colours_than_asked_for():
    image = Image.effect_noise((64, 64), 90).convert("RGB")
    assert len(palette([image], COLOURS)) == COLOURS
    assert len(palette([Image.new("RGB", (8, 8), "red")], COLOURS)) == 1


def test_the_card_has_its_themes_colour_in_both_palettes(motion):
    for name, theme in THEMES.items():
        picture = raster(Scene.of(motion(), name).frame(0))
        assert picture.getpixel((1, 1)) == tuple(bytes.fromhex(theme.card[1:]))


def test_a_gif_loops_for_ever_and_shows_each_frame_as_long_as_told(tmp_path):
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "green", "blue")]
    write_gif(frames, [100, 62.5, 400], tmp_path / "a.gif")
    with Image.open(tmp_path / "a.gif") as gif:
        shown = []
        for number in range(gif.n_frames):
            gif.seek(number)
            shown.append(gif.info["duration"])
        assert (gif.info["loop"], shown) == (0, [100, 60, 400])
