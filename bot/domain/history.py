"""What a member did and paused in a club: the events that all their numbers derive from."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from bot.domain.exercise import Level
from bot.domain.pauses import Pause
from bot.domain.streaks import Record


class Entry(NamedTuple):
    """A completion: the exercise of this slug at this level, on this club day."""

    day: date
    slug: str
    level: Level


def latest_first(entries: Iterable[Entry]) -> list[Entry]:
    """Return the entries, the latest day first, those of a day by slug."""
    return sorted(entries, key=lambda entry: (-entry.day.toordinal(), entry.slug))


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """The events of a member in a club, and the ids of the badges they were awarded.

    `joined` is the club day on which the first of it was recorded, `name` what they go by; None
    if they have left the server. `is_reminder_closed`: their reminder is off because Discord took
    none for them, and they have not heard of it.
    """

    entries: tuple[Entry, ...] = ()
    voided: tuple[Entry, ...] = ()
    """What a coach took out of the count; it is not among the entries."""
    pauses: tuple[Pause, ...] = ()
    badges: frozenset[str] = frozenset()
    joined: date | None = None
    name: str | None = None
    is_reminder_closed: bool = False

    @property
    def days(self) -> frozenset[date]:
        """The days with a completion."""
        return frozenset(entry.day for entry in self.entries)

    @property
    def has_left(self) -> bool:
        """Whether they were a member and have left the server."""
        return self.joined is not None and self.name is None

    @property
    def record(self) -> Record:
        """What a streak derives from."""
        return Record(days=self.days, pauses=self.pauses, joined=self.joined)

    def without(self, gone: Collection[tuple[date, str]]) -> "History":
        """Return what there was before these exercises were done, by day and slug."""
        left = (entry for entry in self.entries if (entry.day, entry.slug) not in gone)
        return replace(self, entries=tuple(left))

    def plus(self, new: Iterable[Entry], joined: date) -> "History":
        """Return what there is after this too; they began on `joined` if not before."""
        return replace(self, entries=(*self.entries, *new), joined=self.joined or joined)
