"""What the rules know of a club: its settings, and when it is due by the wall clock alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
CATCH_UP = timedelta(hours=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Obligation:
    """A challenge that must come, if anything can be done about it, by `until`."""

    day: date
    due: datetime
    until: datetime


@dataclass(slots=True, kw_only=True)
class ModelClub:
    """A club as the coach left it; `disturbed` is when something last was in its way."""

    id: int
    zone: str
    post_time: time
    channel_id: int
    is_paused: bool
    is_gone: bool
    next_due: datetime
    disturbed: datetime
    changed: datetime
    owed: Obligation | None = None
    messages: list[int] = field(default_factory=list)

    def due(self, day: date) -> datetime:
        return datetime.combine(day, self.post_time, ZoneInfo(self.zone)).astimezone(UTC)

    def day_due_at(self, due: datetime) -> date:
        """Return the day that is due at this instant, which `due` or `due_after` returned."""
        local = due.astimezone(ZoneInfo(self.zone)).date()
        return next(d for d in (local, local - DAY, local + DAY) if self.due(d) == due)

    def due_after(self, now: datetime) -> datetime:
        local = now.astimezone(ZoneInfo(self.zone)).date()
        return min(due for n in range(-2, 3) if (due := self.due(local + n * DAY)) > now)

    def local_date(self, now: datetime) -> date:
        return now.astimezone(ZoneInfo(self.zone)).date()
