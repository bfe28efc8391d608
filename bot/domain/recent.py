"""The last weeks of a member, day by day: what each day was, and which rule its week went by."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.domain.days import DAY, Calendar
from bot.domain.streaks import Record, Week, WeekRule

FULL_WEEKS = 4  # those that the consistency is about; the running one comes on top


class DayState(StrEnum):
    """What a day was; one without a move takes its meaning from its week."""

    DONE = "done"
    REST = "rest"  # nothing was owed
    OPEN = "open"  # it is today, and not over
    PAUSED = "paused"
    FROZEN = "frozen"  # in a missed week that a freeze covered
    MISSED = "missed"  # in a missed week
    FUTURE = "future"
    BEFORE = "before"  # before the member began


@dataclass(frozen=True, slots=True)
class RecentDay:
    """A club day and what it was."""

    day: date
    state: DayState


@dataclass(frozen=True, slots=True)
class RecentWeek:
    """A week with its days, Monday first; a date that the club's zone skips is none of them."""

    week: Week
    days: tuple[RecentDay, ...]


_OF_A_WEEK = {WeekRule.FROZEN: DayState.FROZEN, WeekRule.MISSED: DayState.MISSED}


def recent(
    passed: Sequence[Week], record: Record, today: date, calendar: Calendar
) -> tuple[RecentWeek, ...]:
    """Return the running week and the four before it, the oldest first.

    `passed` is what `weeks` returned for a day in the oldest of them.
    """
    return tuple(
        RecentWeek(
            week,
            tuple(
                RecentDay(day, _state(day, week, record, today))
                for day in calendar.days(week.monday, week.monday + 6 * DAY)
            ),
        )
        for week in passed[-FULL_WEEKS - 1 :]
    )


def _state(day: date, week: Week, record: Record, today: date) -> DayState:
    if day in record.days:
        return DayState.DONE
    if record.is_paused(day):
        return DayState.PAUSED
    if day > today:
        return DayState.FUTURE
    if day == today:
        return DayState.OPEN
    if record.joined is None or day < record.joined:
        return DayState.BEFORE
    return _OF_A_WEEK.get(week.rule, DayState.REST)
