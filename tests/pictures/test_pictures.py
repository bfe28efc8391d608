from xml.etree import ElementTree

import pytest
from PIL import Image, ImageChops

from bot.pictures.board import BoardPicture, Row
from bot.pictures.canvas import WIDTH
from bot.pictures.colours import contrast
from tests.pictures.names import HOSTILE
from tests.pictures.samples import PICTURES, profile

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("picture", PICTURES.values(), ids=PICTURES)
def test_every_text_stands_out_from_what_is_below_it(picture, letters):
    boxes, seen = [], 0
    for part in ElementTree.fromstring(picture.svg(letters)):
        where = {key: float(part.get(key, 0)) for key in ("x", "y", "width", "height")}
        if part.tag == f"{SVG}rect":
            boxes.append((where, part.get("fill")))
        elif part.tag == f"{SVG}text" and "".join(part.itertext()):
            ground = next(fill for box, fill in reversed(boxes) if _holds(box, part, where))
            assert contrast(part.get("fill"), ground) >= 4.5, "".join(part.itertext())
            seen += 1
    assert seen >= 2


def _holds(box: dict[str, float], text: ElementTree.Element, at: dict[str, float]) -> bool:
    size = float(text.get("font-size"))
    x = at["x"] + {"start": 1, "middle": 0, "end": -1}[text.get("text-anchor")] * size / 4
    y = at["y"] - size / 3
    return 0 <= x - box["x"] <= box["width"] and 0 <= y - box["y"] <= box["height"]


def test_contrast_is_what_wcag_says():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("picture", PICTURES.values(), ids=PICTURES)
def test_everything_drawn_is_inside_of_the_picture(picture, letters):
    root = ElementTree.fromstring(picture.svg(letters))
    assert root[0].tag == f"{SVG}rect"
    height = float(root.get("height"))
    assert root.get("width") == str(WIDTH)
    assert height <= 1500
    for part in root:
        assert 0 <= float(part.get("x", 0)) <= WIDTH
        assert 0 <= float(part.get("y", 0)) + float(part.get("height", 0)) <= height


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_name_stays_in_its_place_on_a_board(name, letters, drawn):
    def board(own: str) -> Image.Image:
        rows = tuple(
            Row(place=n, name=own if n == 2 else "", score=1, words="1") for n in (1, 2, 3)
        )
        return drawn(BoardPicture(title="Board", subtitle="", rows=rows).svg(letters))

    left, top, right, bottom = ImageChops.difference(board(name), board("")).getbbox(
        alpha_only=False
    )
    assert 150 <= left < right <= 680  # between the place and the bar
    assert 250 - 12 <= top < bottom <= 318 + 12  # the second row, and the gaps beside it


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_name_leaves_the_tiles_of_a_profile_alone(name, letters, drawn):
    one, other = (
        drawn(profile(who).svg(letters)).crop((0, 176, WIDTH, 700)) for who in (name, "A")
    )
    assert ImageChops.difference(one, other).getbbox(alpha_only=False) is None


def test_an_empty_board_and_a_bare_profile_can_be_drawn(letters, drawn):
    drawn(BoardPicture(title="", subtitle="", rows=()).svg(letters))
    nobody = Row(place=1, name="", score=0, words="0")
    assert drawn(BoardPicture(title="", subtitle="", rows=(nobody,)).svg(letters)).getbbox()
