"""The profile card: who, how they stand, half a year day by day, muscles and badges."""

from dataclasses import dataclass

from bot.pictures.canvas import BOLD, INNER, MARGIN, WIDTH, Canvas
from bot.pictures.colours import CARD, HEAT, ICE, ORANGE, PANEL, QUIET, TEAL
from bot.pictures.lettering import Lettering

GAP = 16
TILE, PITCH, CELL, ROW, BADGE = 158, 36, 30, 50, 64
LABELS = 66  # room for the names of the days beside the heatmap
BADGES_A_ROW = 2


@dataclass(frozen=True, slots=True)
class Tile:
    """A number with what it is, and what else there is to say of it."""

    value: str
    label: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A day: how many moves were done, or that its week was forgiven."""

    moves: int = 0
    is_forgiven: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Heatmap:
    """Weeks of up to seven days from left to right; a month's name stands over its first."""

    title: str
    weeks: tuple[tuple[Cell, ...], ...]
    months: tuple[tuple[int, str], ...]
    weekdays: tuple[str, ...]
    less: str
    more: str


@dataclass(frozen=True, slots=True)
class Share:
    """A bar of a list: what it is, how much, and how much in words."""

    label: str
    amount: float
    words: str


@dataclass(frozen=True, slots=True)
class Badge:
    """A badge: an emoji and its name."""

    icon: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfilePicture:
    """All that a profile card shows; a part without content is left out."""

    name: str
    subtitle: str
    tiles: tuple[Tile, ...]
    heatmap: Heatmap | None = None
    muscles_title: str = ""
    muscles: tuple[Share, ...] = ()
    badges_title: str = ""
    badges: tuple[Badge, ...] = ()

    def svg(self, letters: Lettering) -> str:
        """Return the picture as SVG."""
        canvas = Canvas(letters)
        canvas.text(MARGIN, 92, self.name, 56, room=INNER, weight=BOLD)
        canvas.text(MARGIN, 138, self.subtitle, 32, room=INNER, fill=QUIET)
        y = _tiles(canvas, 172, self.tiles)
        if self.heatmap:
            y = _heatmap(canvas, y + 26, self.heatmap)
        if self.muscles:
            canvas.heading(y + 58, self.muscles_title)
            y = _shares(canvas, y + 80, self.muscles)
        if self.badges:
            canvas.heading(y + 58, self.badges_title)
            y = _badges(canvas, y + 80, self.badges)
        return canvas.svg(y + MARGIN)


def _tiles(canvas: Canvas, y: float, tiles: tuple[Tile, ...]) -> float:
    width = (INNER - GAP * (len(tiles) - 1)) / len(tiles)
    for number, tile in enumerate(tiles):
        x, room = MARGIN + number * (width + GAP), width - 48
        canvas.box(x, y, width, TILE)
        canvas.text(x + 24, y + 66, tile.value, 56, room=room, weight=BOLD, fill=ORANGE)
        canvas.text(x + 24, y + 104, tile.label, 32, room=room)
        canvas.text(x + 24, y + 138, tile.note, 28, room=room, fill=QUIET)
    return y + TILE


def _heatmap(canvas: Canvas, y: float, heatmap: Heatmap) -> float:
    canvas.heading(y + 32, heatmap.title)
    _legend(canvas, y + 32, heatmap)
    left, top = MARGIN + LABELS, y + 98
    for column, month in heatmap.months:
        canvas.text(left + column * PITCH, top - 12, month, 28, room=PITCH * 3, fill=QUIET)
    for row, weekday in enumerate(heatmap.weekdays):
        canvas.text(MARGIN, top + row * PITCH + 25, weekday, 26, room=LABELS - 6, fill=QUIET)
    for column, week in enumerate(heatmap.weeks):
        for row, cell in enumerate(week):
            _cell(canvas, left + column * PITCH, top + row * PITCH, cell)
    return top + 7 * PITCH


def _cell(canvas: Canvas, x: float, y: float, cell: Cell) -> None:
    canvas.box(x, y, CELL, CELL, HEAT[min(cell.moves, len(HEAT) - 1)], 8)
    if cell.is_forgiven and not cell.moves:
        canvas.box(x + 9, y + 9, CELL - 18, CELL - 18, ICE, 6)


def _legend(canvas: Canvas, y: float, heatmap: Heatmap) -> None:
    right = WIDTH - MARGIN
    canvas.text(right, y, heatmap.more, 28, room=120, fill=QUIET, anchor="end")
    x = right - 84 - len(HEAT) * PITCH
    for number, fill in enumerate(HEAT):
        canvas.box(x + number * PITCH, y - 25, CELL, CELL, fill, 8)
    canvas.text(x - 12, y, heatmap.less, 28, room=120, fill=QUIET, anchor="end")


def _shares(canvas: Canvas, y: float, shares: tuple[Share, ...]) -> float:
    most = max(share.amount for share in shares)
    for number, share in enumerate(shares):
        top = y + number * ROW
        canvas.text(MARGIN, top + 36, share.label, 32, room=300)
        canvas.bar(MARGIN + 316, top + 13, 570, 26, share.amount / most, TEAL, PANEL)
        canvas.text(WIDTH - MARGIN, top + 36, share.words, 32, room=100, anchor="end", weight=BOLD)
    return y + len(shares) * ROW


def _badges(canvas: Canvas, y: float, badges: tuple[Badge, ...]) -> float:
    width = (INNER - GAP * (BADGES_A_ROW - 1)) / BADGES_A_ROW
    for number, badge in enumerate(badges):
        row, column = divmod(number, BADGES_A_ROW)
        x, top = MARGIN + column * (width + GAP), y + row * (BADGE + GAP)
        canvas.box(x, top, width, BADGE, PANEL, BADGE / 2)
        canvas.box(x + 8, top + 8, BADGE - 16, BADGE - 16, CARD, BADGE / 2 - 8)
        canvas.text(x + BADGE / 2, top + 43, badge.icon, 32, room=60, anchor="middle")
        canvas.text(x + BADGE + 8, top + 43, badge.name, 32, room=width - BADGE - 28)
    rows = -(-len(badges) // BADGES_A_ROW)
    return y + rows * (BADGE + GAP) - GAP
