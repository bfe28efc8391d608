from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
import resvg_py
from PIL import Image

from bot.pictures.lettering import Lettering
from bot.settings import SHIPPED_DATA

FONTS = SHIPPED_DATA / "fonts"
FILES = sorted(str(file) for file in FONTS.glob("*tf"))


@pytest.fixture(scope="session")
def letters() -> Lettering:
    return Lettering.read(FONTS)


@pytest.fixture
def fonts() -> Path:
    return FONTS


@pytest.fixture
def drawn() -> Callable[[str], Image.Image]:
    """Draws SVG in this process, with the fonts that ship."""

    def draw(svg: str) -> Image.Image:
        png = resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True, font_files=FILES)
        return Image.open(BytesIO(png)).convert("RGBA")

    return draw


@pytest.fixture
def line(drawn: Callable[[str], Image.Image]) -> Callable[[str], Image.Image]:
    """Draws a line of markup, in white on nothing, and crops it to what has ink."""

    def draw(markup: str) -> Image.Image:
        image = drawn(
            '<svg xmlns="http://www.w3.org/2000/svg" width="900" height="120" font-family="Inter" '
            f'fill="#fff"><text x="80" y="75" font-size="40">{markup}</text></svg>'
        )
        return image.crop(image.getbbox())

    return draw
