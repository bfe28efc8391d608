"""Weeks in a row at the target, derived from the days on which a member did a move."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.days import DAY, Calendar, week_of

WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Target:
    """Days a week that keep a streak, in force from the week of this Monday on."""

    from_week: date
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Streak:
    """How a member stands: weeks in a row and the best ever, and days done this week."""

    weeks: int
    best: int
    this_week: int
    target: int


def target_in(week: date, targets: Sequence[Target]) -> int:
    """Return the target in force in the week of Monday `week`; the first one before all."""
    ordered = sorted(targets, key=lambda target: target.from_week)
    in_force = [target for target in ordered if target.from_week <= week]
    return (in_force or ordered)[-1 if in_force else 0].days


def streak(
    days: Iterable[date], targets: Sequence[Target], today: date, calendar: Calendar
) -> Streak:
    """Return the streak on club day `today`; the current week may lengthen but never break it."""
    counts = Counter(week_of(day) for day in set(days))
    this_week = week_of(today)
    hits = {week for week, count in counts.items() if count >= _asked(week, targets, calendar)}
    last = this_week if this_week in hits else this_week - WEEK
    return Streak(
        weeks=_run_up_to(last, hits),
        best=max((_run_up_to(week, hits) for week in hits), default=0),
        this_week=counts[this_week],
        target=_asked(this_week, targets, calendar),
    )


def _asked(week: date, targets: Sequence[Target], calendar: Calendar) -> int:
    """Return the target of the week, but no more days than it has: its zone may skip one."""
    target = target_in(week, targets)
    return target if target < 7 else len(calendar.days(week, week + 6 * DAY))


def _run_up_to(week: date, hits: set[date]) -> int:
    """Return how many weeks in a row, ending with `week`, are hits."""
    length = 0
    while week in hits:
        length, week = length + 1, week - WEEK
    return length
