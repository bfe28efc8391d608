"""Places on a board: equal scores share one (1, 2, 2, 4)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.domain.days import week_of


class Period(StrEnum):
    """How far back a board looks."""

    WEEK = "week"
    MONTH = "month"
    ALL = "all"

    def since(self, today: date) -> date:
        """Return the first club day the board counts."""
        match self:
            case Period.WEEK:
                return week_of(today)
            case Period.MONTH:
                return today.replace(day=1)
            case Period.ALL:
                return date.min


@dataclass(frozen=True, slots=True)
class Total:
    """A member's sessions in a period."""

    member_id: int
    name: str
    sessions: int


@dataclass(frozen=True, slots=True)
class Ranked:
    """A member's total with their place."""

    place: int
    member_id: int
    name: str
    sessions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The top of the standings, the viewer's own row, and what the club did together."""

    period: Period
    top: tuple[Ranked, ...]
    own: Ranked | None
    club_sessions: int
    members: int

    @property
    def is_own_below(self) -> bool:
        """Whether the viewer has a row that the top does not show."""
        return self.own is not None and self.own not in self.top


def rank(totals: Iterable[Total]) -> list[Ranked]:
    """Return the totals with their places, the highest first and equals by name."""
    ranked: list[Ranked] = []
    ordered = sorted(totals, key=lambda t: (-t.sessions, t.name.casefold(), t.member_id))
    for position, total in enumerate(ordered, start=1):
        is_tied = bool(ranked) and ranked[-1].sessions == total.sessions
        place = ranked[-1].place if is_tied else position
        ranked.append(Ranked(place, total.member_id, total.name, total.sessions))
    return ranked
