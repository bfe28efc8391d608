"""Places on a board: equal scores share one (1, 2, 2, 4)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from bot.domain.days import Span
from bot.domain.goal import Goal
from bot.domain.scores import ALL, SEASON, STREAK, consistency_board, month_board, week_board

PAGE = 10
MOST_NEWCOMERS = 500  # of more, a place among them says nothing


class Kind(StrEnum):
    """What a board counts."""

    SESSIONS = "sessions"
    STREAK = "streak"
    CONSISTENCY = "consistency"
    GOAL = "goal"


class Period(StrEnum):
    """How far back a board of sessions looks."""

    WEEK = "week"
    MONTH = "month"
    SEASON = "season"
    ALL = "all"


def board_name(kind: Kind, period: Period, today: date) -> str:
    """Return under which name the scores of this board are stored on this club day."""
    if kind is Kind.STREAK:
        return STREAK
    if kind is Kind.CONSISTENCY:
        return consistency_board(today)
    if kind is Kind.GOAL:
        return week_board(today)
    of_sessions = {
        Period.WEEK: week_board(today),
        Period.MONTH: month_board(today),
        Period.SEASON: SEASON,
        Period.ALL: ALL,
    }
    return of_sessions[period]


@dataclass(frozen=True, slots=True)
class Spread:
    """How many members have each score; all that places and totals derive from."""

    counts: Mapping[int, int] = field(default_factory=dict)

    @property
    def members(self) -> int:
        """How many members have a score."""
        return sum(self.counts.values())

    @property
    def total(self) -> int:
        """All scores together."""
        return sum(points * members for points, members in self.counts.items())

    def place(self, points: int) -> int:
        """Return the place of who has so many points: one more than those who have more."""
        return 1 + sum(members for more, members in self.counts.items() if more > points)

    def without(self, other: "Spread") -> "Spread":
        """Return what is left without the members of `other`."""
        left = {points: n - other.counts.get(points, 0) for points, n in self.counts.items()}
        return Spread({points: n for points, n in left.items() if n > 0})


@dataclass(frozen=True, slots=True)
class Ranked:
    """A member's score with their place."""

    place: int
    member_id: int
    name: str
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohort:
    """The viewer's place among those of the board who began this month."""

    place: int
    members: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Who looks at a board: their score on it, and whether they take part in the ranking."""

    points: int = 0
    is_hidden: bool = False
    joined: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """A page of the standings, the viewer's own row, and what the club did together.

    `club_points` and `members` count everybody, `ranked` those who take part in the ranking.
    Where the club has no ranking, `is_ranking` is false, and there are no rows. Pages count
    from 0. `weeks` are the club's sessions in the last full weeks, the latest last.
    """

    kind: Kind
    period: Period
    rows: tuple[Ranked, ...]
    page: int
    pages: int
    own: Ranked | None
    viewer: Viewer
    cohort: Cohort | None
    club_points: int
    members: int
    ranked: int
    is_ranking: bool
    goal: Goal | None
    weeks: tuple[int, ...]
    season: Span | None = None

    @property
    def is_own_elsewhere(self) -> bool:
        """Whether the viewer has a row that this page does not show."""
        return self.own is not None and self.own not in self.rows
