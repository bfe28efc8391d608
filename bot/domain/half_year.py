"""Half a year of a member, week by week: how many moves on each day, and what was forgiven."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from bot.domain.days import DAY, week_of
from bot.domain.history import Entry
from bot.domain.streaks import WEEK, Week, WeekRule

WEEKS = 26
FORGIVEN = (WeekRule.PAUSED, WeekRule.FROZEN)


@dataclass(frozen=True, slots=True)
class HeatDay:
    """A club day: how many moves were done, and whether its week was paused or frozen."""

    day: date
    moves: int
    is_forgiven: bool


def first_week(today: date) -> date:
    """Return the Monday with which the half year begins."""
    return week_of(today) - (WEEKS - 1) * WEEK


def half_year(
    entries: Iterable[Entry], passed: Sequence[Week], today: date
) -> tuple[tuple[HeatDay, ...], ...]:
    """Return 26 weeks of days up to `today`, which is the last; Monday first.

    `passed` is what `weeks` returned.
    """
    moves = Counter(entry.day for entry in entries)
    forgiven = {week.monday for week in passed if week.rule in FORGIVEN}
    mondays = (first_week(today) + number * WEEK for number in range(WEEKS))
    return tuple(
        tuple(
            HeatDay(day, moves[day], monday in forgiven)
            for day in (monday + number * DAY for number in range(7))
            if day <= today
        )
        for monday in mondays
    )
