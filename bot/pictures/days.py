"""The strip behind a streak: its weeks day by day, and what each week came to."""

from dataclasses import dataclass
from enum import StrEnum

from bot.pictures.canvas import BOLD, INNER, MARGIN, WIDTH, Canvas
from bot.pictures.colours import EMPTY, ICE, INK, ORANGE, PANEL, QUIET, TEXT, YELLOW
from bot.pictures.lettering import Lettering

PITCH, CELL, TOP = 92, 80, 222
LABELS, ROW = 132, 104
LEGEND_A_ROW = 5


class Mark(StrEnum):
    """What a day was; each has a sign and a colour, so that neither is needed alone."""

    DONE = "done"
    REST = "rest"
    PAUSED = "paused"
    FROZEN = "frozen"
    MISSED = "missed"
    OPEN = "open"  # today, or a day that can still be done
    AHEAD = "ahead"
    BEFORE = "before"  # of no account: the member had not begun


FILL = {
    Mark.DONE: ORANGE, Mark.REST: PANEL, Mark.PAUSED: EMPTY, Mark.FROZEN: ICE, Mark.MISSED: PANEL,
    Mark.OPEN: PANEL,
}  # fmt: skip
SIGN = {
    Mark.DONE: ("M-15 0 l11 11 l19 -22", INK),
    Mark.REST: ("M-6 0 h12", QUIET),
    Mark.PAUSED: ("M-8 -13 v26 M8 -13 v26", TEXT),
    Mark.FROZEN: ("M0 -17 v34 M-14.7 -8.5 l29.4 17 M14.7 -8.5 l-29.4 17", INK),
    Mark.MISSED: ("M-12 -12 l24 24 M12 -12 l-24 24", "#FF9C9C"),
}


@dataclass(frozen=True, slots=True)
class StripDay:
    """A day: its number in the month and what it was."""

    number: str
    mark: Mark
    is_today: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StripWeek:
    """A week: when it began, its seven days, what it came to, and by which rule."""

    label: str
    days: tuple[StripDay, ...]
    score: str
    verdict: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StripPicture:
    """Weeks, the newest below, with what each sign stands for."""

    title: str
    subtitle: str
    weekdays: tuple[str, ...]
    weeks: tuple[StripWeek, ...]
    legend: tuple[tuple[Mark, str], ...]

    def svg(self, letters: Lettering) -> str:
        """Return the picture as SVG."""
        canvas = Canvas(letters)
        canvas.text(MARGIN, 92, self.title, 52, room=INNER, weight=BOLD)
        canvas.text(MARGIN, 140, self.subtitle, 34, room=INNER, fill=QUIET)
        for column, weekday in enumerate(self.weekdays):
            x = MARGIN + LABELS + column * PITCH + CELL / 2
            canvas.text(x, TOP - 18, weekday, 28, room=PITCH, fill=QUIET, anchor="middle")
        for number, week in enumerate(self.weeks):
            _week(canvas, TOP + number * ROW, week)
        return canvas.svg(_legend(canvas, TOP + len(self.weeks) * ROW, self.legend) + MARGIN)


def _week(canvas: Canvas, y: float, week: StripWeek) -> None:
    canvas.text(MARGIN, y + 50, week.label, 28, room=LABELS - 12, fill=QUIET)
    for column, day in enumerate(week.days):
        _day(canvas, MARGIN + LABELS + column * PITCH, y, day)
    left = MARGIN + LABELS + 7 * PITCH + 16
    room = WIDTH - MARGIN - left
    canvas.text(left, y + 36, week.score, 36, room=room, weight=BOLD)
    canvas.text(left, y + 70, week.verdict, 28, room=room, fill=QUIET)


def _day(canvas: Canvas, x: float, y: float, day: StripDay) -> None:
    if day.is_today:
        canvas.box(x - 5, y - 5, CELL + 10, CELL + 10, YELLOW, 21)
    fill = FILL.get(day.mark)
    if fill:
        canvas.box(x, y, CELL, CELL, fill, 16)
        _sign(canvas, x + CELL / 2, y + 53, day.mark)
    colour = INK if fill in (ORANGE, ICE) else QUIET
    canvas.text(x + CELL / 2, y + 26, day.number, 24, room=CELL, fill=colour, anchor="middle")


def _sign(canvas: Canvas, x: float, y: float, mark: Mark) -> None:
    if mark in SIGN:
        data, colour = SIGN[mark]
        canvas.path(x, y, data, colour, 6)


def _legend(canvas: Canvas, y: float, legend: tuple[tuple[Mark, str], ...]) -> float:
    width = INNER / LEGEND_A_ROW
    for number, (mark, words) in enumerate(legend):
        row, column = divmod(number, LEGEND_A_ROW)
        x, top = MARGIN + column * width, y + 8 + row * 60
        canvas.box(x, top, 48, 48, FILL[mark], 12)
        _sign(canvas, x + 24, top + 24, mark)
        canvas.text(x + 62, top + 35, words, 28, room=width - 74)
    return y + 8 + 60 * -(-len(legend) // LEGEND_A_ROW) - 12
