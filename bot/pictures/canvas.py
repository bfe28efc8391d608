"""What pictures are made of: text that fits, rounded boxes and bars, as SVG."""

from bot.pictures.colours import CARD, PANEL, QUIET, TEXT
from bot.pictures.lettering import Lettering

WIDTH = 1100  # twice what Discord shows on a desk: sharp on phones too
MARGIN = 48
INNER = WIDTH - 2 * MARGIN
MEDIUM, BOLD = 500, 700


class Canvas:
    """A card of a fixed width to put things on, from the top left corner; all in pixels."""

    def __init__(self, letters: Lettering) -> None:
        self._letters = letters
        self._parts: list[str] = []

    def box(
        self, x: float, y: float, width: float, height: float, fill: str = PANEL, radius: float = 18
    ) -> None:
        """Draw a box with round corners."""
        self._parts.append(
            f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" '
            f'rx="{radius:g}" fill="{fill}"/>'
        )

    def bar(
        self, x: float, y: float, width: float, height: float, share: float, fill: str, ground: str
    ) -> None:
        """Draw a bar of which this share, 0 to 1, is filled; a little of it always shows."""
        self.box(x, y, width, height, ground, height / 2)
        if share > 0:
            filled = max(min(share, 1) * width, height)
            self.box(x, y, filled, height, fill, height / 2)

    def path(self, x: float, y: float, data: str, colour: str, thickness: float) -> None:
        """Draw a line with round ends; its origin is moved to this place."""
        self._parts.append(
            f'<path transform="translate({x:g} {y:g})" d="{data}" fill="none" stroke="{colour}" '
            f'stroke-width="{thickness:g}" '
            'stroke-linecap="round" stroke-linejoin="round"/>'
        )

    def text(  # noqa: PLR0913
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        *,
        room: float,
        fill: str = TEXT,
        weight: int = MEDIUM,
        anchor: str = "start",
    ) -> None:
        """Write a line with its baseline at `y`, in no more room than this.

        It first becomes smaller, by a fifth at most, and then it is cut.
        """
        swell = 1.06 if weight == BOLD else 1  # bold is wider than the widths on record
        wanted = self._letters.width(text) * size * swell
        size *= max(min(room / wanted, 1), 0.8) if wanted else 1
        clip = ""
        if not self._letters.is_certain(text):  # only then, for a clip takes its time
            left = {"start": x, "middle": x - room / 2, "end": x - room}[anchor]
            clip = f' clip-path="url(#c{len(self._parts)})"'
            self._parts.append(
                f'<clipPath id="c{len(self._parts)}"><rect x="{left:g}" y="{y - 2 * size:g}" '
                f'width="{room:g}" height="{3 * size:g}"/></clipPath>'
            )
        self._parts.append(
            f'<text x="{x:g}" y="{y:g}" font-size="{size:.4g}" font-weight="{weight}" '
            f'fill="{fill}" text-anchor="{anchor}"{clip}>'
            f"{self._letters.markup(text, room / size / swell)}</text>"
        )

    def heading(self, y: float, text: str) -> None:
        """Write the small heading of a part, from margin to margin."""
        self.text(MARGIN, y, text, 32, room=INNER, fill=QUIET, weight=BOLD)

    def svg(self, height: float) -> str:
        """Return the card, this high, with all that is on it."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height:g}" '
            'font-family="Inter">'
            f'<rect width="{WIDTH}" height="{height:g}" rx="36" fill="{CARD}"/>'
            f"{''.join(self._parts)}</svg>"
        )
