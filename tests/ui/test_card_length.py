"""The card of an exercise is one phone screen long, by what its parts measure in the demo.

Measured with Chromium in a window of 400 × 850 px, where the card is 312 px wide.
"""

import re
import struct
from dataclasses import dataclass
from datetime import date
from math import ceil

import pytest
from discord import ui
from PIL import ImageFont

from bot.settings import SHIPPED_DATA
from bot.ui.exercise_card import ExerciseCard
from bot.ui.pictures import Figure, pictures_of
from tests.domain.made import shipped
from tests.test_limits import t

SCREEN = 850
WIDTH = 275  # of what stands in the card
EDGES, GAP, ROW = 17, 8, 32
BETWEEN_STEPS = 4
FONT = str(SHIPPED_DATA / "fonts" / "10-Inter-Medium.ttf")


@dataclass(frozen=True)
class Style:
    """How lines of a kind are set."""

    size: float
    height: float
    width: int = WIDTH

    def lines(self, text: str) -> int:
        """Return in how many lines the text is wrapped."""
        font = ImageFont.truetype(FONT, self.size)
        count, line = 1, ""
        for word in text.split():
            line = f"{line} {word}".strip()
            if font.getlength(line) > self.width:
                count, line = count + 1, word
        return count


# Sizes at which that font wraps as the demo does, or a line too early.
PLAIN, STEP = Style(15.8, 22), Style(15.8, 22, width=WIDTH - 24)
TITLE, SMALL = Style(20, 26), Style(14.4, 19.25)


def text_height(text: str) -> float:
    height = 0.0
    for line in text.splitlines():
        mark, bare = re.fullmatch(r"(## |-# |\d\. |)(.*)", line.replace("*", "")).groups()
        style = {"## ": TITLE, "-# ": SMALL, "": PLAIN}.get(mark, STEP)
        height += style.lines(bare) * style.height
        height += BETWEEN_STEPS if style is STEP and mark != "1. " else 0
    return height


def figure_height(card: ExerciseCard) -> float:
    [file] = pictures_of(card)
    width, height = struct.unpack("<HH", file.read_bytes()[6:10])
    return ceil(WIDTH * height / width)


def card_height(card: ExerciseCard) -> float:
    [container] = card.children
    parts = list(container.children)
    height = EDGES + GAP * (len(parts) - 1)
    for part in parts:
        if isinstance(part, Figure):
            height += figure_height(card)
        elif isinstance(part, ui.TextDisplay):
            height += text_height(part.content)
        else:
            height += ROW
    return height


@pytest.mark.parametrize("exercise", list(shipped()), ids=lambda e: e.slug)
def test_no_card_is_longer_than_a_phone_screen(exercise):
    for position, rung in enumerate(exercise.ladder):
        card = ExerciseCard(exercise, date(2026, 9, 30), t, position)
        assert card_height(card) <= SCREEN, rung.name
