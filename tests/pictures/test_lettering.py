import unicodedata
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ImageFont

from bot.pictures.lettering import BOX, Lettering
from tests.pictures.conftest import FILES, FONTS
from tests.pictures.names import EMOJI, HOSTILE, SCRIPTS

LETTERS = Lettering.read(FONTS)


@pytest.mark.parametrize("name", SCRIPTS.values(), ids=SCRIPTS)
def test_every_letter_of_a_name_has_a_glyph(name, letters, line):
    assert [c for c in name if not letters.covers(c)] == []
    assert BOX not in "".join(cluster.text for cluster in letters.clusters(name))
    missing = line("\U00012345").tobytes()
    for letter in (c for c in name if unicodedata.category(c)[0] == "L"):
        assert line(letter).tobytes() != missing, letter


def test_a_name_keeps_all_of_its_letters(letters):
    for name in SCRIPTS.values():
        assert "".join(cluster.text for cluster in letters.clusters(name)) == name


def test_every_character_that_is_said_to_be_covered_is_in_a_font():
    fonts = [ImageFont.truetype(file, 20) for file in FILES]
    missing = [bytes(font.getmask("\U0010fffe")) for font in fonts]
    said = [chr(c) for c in range(0x20, 0x1F100, 41) if LETTERS.covers(chr(c))]
    assert len(said) > 200
    for c in (c for c in said if unicodedata.category(c)[0] == "L"):
        drawn = (bytes(font.getmask(c)) for font in fonts)
        assert any(one != box for one, box in zip(drawn, missing, strict=True)), hex(ord(c))


def test_hebrew_runs_from_right_to_left(letters, line):
    name = SCRIPTS["Hebrew"]
    in_the_order_seen = f"\u202d{name[::-1]}\u202c"
    assert line(letters.markup(name, 20)).tobytes() == line(in_the_order_seen).tobytes()
    assert line(letters.markup(name, 20)).tobytes() != line(f"\u202d{name}\u202c").tobytes()


def test_arabic_runs_from_right_to_left_and_is_joined(letters, line):
    in_the_order_seen = "\u202d\ufeaa\ufee4\ufea4\ufee3\u202c"  # final, medial, medial, initial
    assert line(letters.markup("محمد", 20)).tobytes() == line(in_the_order_seen).tobytes()


def test_what_follows_an_arabic_name_stands_on_its_left(letters, line):
    in_the_order_seen = "\u202d!\ufeaa\ufee4\ufea4\ufee3\u202c"
    assert line(letters.markup("محمد!", 20)).tobytes() == line(in_the_order_seen).tobytes()


def test_emoji_are_one_character_each_and_in_colour(letters, line):
    clusters = letters.clusters(EMOJI)
    assert [cluster.is_emoji for cluster in clusters] == [True] * 6
    for cluster in clusters[:5]:  # families have been grey since 2023
        image = line(letters.markup(cluster.text, 5))
        assert any(high > 0 for _, high in image.convert("HSV").getextrema()[1:2]), cluster.text


def test_what_no_font_has_becomes_a_box_and_spares_its_neighbours(letters):
    assert "".join(c.text for c in letters.clusters("ᚠ Ada \ue000田")) == f"{BOX} Ada {BOX}田"


def test_a_long_name_ends_in_an_ellipsis(letters):
    assert letters.markup("Maximiliane", 3).endswith("…")
    assert letters.markup("Ada", 3) == "Ada"


def test_a_cut_leaves_emoji_whole(letters):
    assert "".join(letters.markup("👩🏾‍💻" * 9, 4).split("<tspan")[1:]).count("👩🏾‍💻") == 2


@given(st.one_of(st.text(), st.sampled_from([*HOSTILE.values()])), st.floats(1.5, 30))
def test_any_text_is_sound_markup_no_wider_than_its_room(text, room):
    markup = LETTERS.markup(text, room)
    shown = "".join(ElementTree.fromstring(f"<text>{markup}</text>").itertext())
    assert LETTERS.width(shown) <= room + 1e-6
    assert not any(unicodedata.category(c) in ("Cc", "Cs", "Co", "Cn") for c in shown)


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_name_is_a_short_line(name, letters):
    clusters = letters.clusters(name)
    assert 1 <= len(clusters) <= 120
    marks = [sum(unicodedata.category(c) == "Mn" for c in cluster.text) for cluster in clusters]
    assert max(marks) <= 3
