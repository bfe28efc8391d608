"""The board: the club's goal first, then places, names and scores, and where the viewer stands."""

from dataclasses import dataclass

from bot.pictures.canvas import BOLD, INNER, MARGIN, WIDTH, Canvas
from bot.pictures.colours import EMPTY, INK, ORANGE, OWN, PANEL, QUIET, TEAL, TEXT, YELLOW
from bot.pictures.lettering import Lettering

ROW, GAP = 68, 10
MEDALS = {1: YELLOW, 2: "#D5DEE6", 3: "#E9A06B"}


@dataclass(frozen=True, slots=True)
class Goal:
    """How far the club is on its way, 0 to 1, and that in words."""

    title: str
    words: str
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A place on the board; `score` is drawn as a bar, `words` stand at its end."""

    place: int
    name: str
    score: float
    words: str
    is_own: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardPicture:
    """All that a board shows; `own` is the viewer's row where it is not among `rows`."""

    title: str
    subtitle: str
    rows: tuple[Row, ...]
    own: Row | None = None
    own_title: str = ""
    goal: Goal | None = None

    def svg(self, letters: Lettering) -> str:
        """Return the picture as SVG."""
        canvas = Canvas(letters)
        canvas.text(MARGIN, 92, self.title, 52, room=INNER, weight=BOLD)
        canvas.text(MARGIN, 140, self.subtitle, 34, room=INNER, fill=QUIET)
        y = 172.0
        if self.goal:
            y = goal_bar(canvas, y, self.goal) + 28
        most = max((row.score for row in self.rows), default=0)
        for row in self.rows:
            y = _row(canvas, y, row, most)
        if self.own:
            canvas.text(MARGIN, y + 36, self.own_title, 30, room=INNER, fill=QUIET)
            y = _row(canvas, y + 54, self.own, most)
        return canvas.svg(y - GAP + MARGIN)


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalPicture:
    """The club's goal alone."""

    goal: Goal

    def svg(self, letters: Lettering) -> str:
        """Return the picture as SVG."""
        canvas = Canvas(letters)
        return canvas.svg(goal_bar(canvas, MARGIN - 8, self.goal) + MARGIN)


def goal_bar(canvas: Canvas, y: float, goal: Goal) -> float:
    """Draw the goal's bar and return where it ends."""
    canvas.text(MARGIN, y + 38, goal.title, 36, room=INNER * 0.55, weight=BOLD)
    right = WIDTH - MARGIN
    canvas.text(right, y + 38, goal.words, 34, room=INNER * 0.42, fill=QUIET, anchor="end")
    fill = TEAL if goal.share < 1 else YELLOW
    canvas.bar(MARGIN, y + 60, INNER, 40, goal.share, fill, EMPTY)
    return y + 100


def _row(canvas: Canvas, y: float, row: Row, most: float) -> float:
    canvas.box(MARGIN, y, INNER, ROW, OWN if row.is_own else PANEL)
    if row.is_own:
        canvas.box(MARGIN, y + 10, 8, ROW - 20, ORANGE, 4)
    middle = MARGIN + 56
    medal = MEDALS.get(row.place)
    if medal:
        canvas.box(middle - 24, y + 10, 48, 48, medal, 24)
    canvas.text(
        middle, y + 46, str(row.place), 34, room=72, fill=INK if medal else TEXT, weight=BOLD,
        anchor="middle",
    )  # fmt: skip
    left = MARGIN + 108
    canvas.text(left, y + 46, row.name, 36, room=500, weight=BOLD if row.is_own else 500)
    canvas.bar(left + 524, y + 24, 210, 20, row.score / most if most else 0, ORANGE, EMPTY)
    right = WIDTH - MARGIN - 24
    canvas.text(right, y + 46, row.words, 36, room=110, anchor="end", weight=BOLD)
    return y + ROW + GAP
