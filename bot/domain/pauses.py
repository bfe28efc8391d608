"""Pauses: days that cost no streak, entered before or after the fact."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.domain.days import DAY

LONG = 7  # days away after which one begins gently again; after an injury always
FIRST_WEEK = timedelta(days=7)


class PauseReason(StrEnum):
    """Why a member pauses; nobody else is told."""

    HOLIDAY = "holiday"
    INJURY = "injury"
    RACE = "race"


@dataclass(frozen=True, slots=True)
class Pause:
    """The club days from `first` to `last`, both of them in it; without `last` it goes on."""

    first: date
    last: date | None
    reason: PauseReason

    def covers(self, day: date) -> bool:
        """Return whether the day is paused."""
        return self.first <= day <= self._end

    def touches(self, first: date, last: date) -> bool:
        """Return whether any of the days from `first` to `last` is paused."""
        return self.first <= last and first <= self._end

    @property
    def length(self) -> int | None:
        """How many days it takes; None as long as nobody knows."""
        return None if self.last is None else (self.last - self.first).days + 1

    @property
    def _end(self) -> date:
        return self.last or date.max


def merge(pause: Pause, others: Iterable[Pause]) -> tuple[Pause, tuple[Pause, ...]]:
    """Return one pause for `pause` and all that it overlaps or adjoins, and which these were.

    The reason is that of the new one; but an injury among them stays one, for what follows it.
    """
    ordered = sorted(others, key=lambda other: other.first)
    met = tuple(p for p in ordered if p.touches(_before(pause.first), _after(pause.last)))
    if not met:
        return pause, ()
    lasts = [p.last for p in (pause, *met)]
    last = None if None in lasts else max(day for day in lasts if day is not None)
    first = min(p.first for p in (pause, *met))
    was_injured = any(p.reason is PauseReason.INJURY for p in met)
    return Pause(first, last, PauseReason.INJURY if was_injured else pause.reason), met


def is_returning(pauses: Iterable[Pause], today: date) -> bool:
    """Return whether this is the first week after a long pause, or after one for an injury."""
    all_pauses = tuple(pauses)
    if any(pause.covers(today) for pause in all_pauses):
        return False
    return any(_is_long(p) and _has_just_ended(p, today) for p in all_pauses)


def _is_long(pause: Pause) -> bool:
    return pause.reason is PauseReason.INJURY or (pause.length or 0) >= LONG


def _has_just_ended(pause: Pause, today: date) -> bool:
    return pause.last is not None and timedelta(0) < today - pause.last <= FIRST_WEEK


def _before(day: date) -> date:
    return day if day == date.min else day - DAY


def _after(day: date | None) -> date:
    return date.max if day is None or day == date.max else day + DAY
