"""What a member has on each board: derived from events alone, and until when it holds.

Sessions hold until an event changes them. A streak holds until the end of the week in which it
would break if nothing more were done, a consistency for the one week it is about; it is known for
the coming weeks too, as what is done now still counts in them.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from bot.domain.club import Club
from bot.domain.days import DAY, Span, week_of
from bot.domain.streaks import (
    CONSISTENCY_WEEKS,
    WEEK,
    Record,
    Streak,
    consistencies,
    streak,
)

RULES = 1  # one more whenever what is computed here changes: clubs are then counted anew
ALL, SEASON, STREAK = "all", "season", "streak"
SLOTS = CONSISTENCY_WEEKS + 2  # weeks ahead, this one, and one where a zone moved west on a Monday


class Score(NamedTuple):
    """Sessions, weeks or percent; `until` is the last club day on which it holds, if any."""

    points: int
    until: date | None = None


def week_board(day: date) -> str:
    """Return the name of the board of the week that `day` is in."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def month_board(day: date) -> str:
    """Return the name of the board of the month that `day` is in."""
    return f"{day.year}-{day.month:02}"


def consistency_board(day: date) -> str:
    """Return the name of the board that tells the consistency in the week of `day`.

    The names come round again; by then what the board held has long expired.
    """
    return f"consistency-{week_of(day).toordinal() // 7 % SLOTS}"


@lru_cache  # of a batch of Dones, most are of the same day
def spans(day: date, season: Span | None) -> Mapping[str, Span]:
    """Return the boards on which a session on this day counts, each with its days."""
    monday, first = week_of(day), day.replace(day=1)
    found = {
        week_board(day): Span(monday, monday + 6 * DAY),
        month_board(day): Span(first, (first + 31 * DAY).replace(day=1) - DAY),
        ALL: Span(date.min, date.max),
    }
    if season is not None and season.covers(day):
        found[SEASON] = season
    return found


def sessions(
    days: Collection[date], around: Collection[date], season: Span | None
) -> dict[str, int]:
    """Return how many of the days count on each board that a day of `around` counts on."""
    ordered = sorted(days)
    return {
        board: bisect_right(ordered, span.last) - bisect_left(ordered, span.first)
        for day in around
        for board, span in spans(day, season).items()
    }


def scores(
    record: Record,
    around: Collection[date],
    club: Club,
    today: date,
    stands: Streak | None = None,
) -> dict[str, Score]:
    """Return what the member has, by board; of sessions only boards of the days `around`.

    `stands` is their streak on `today`, if it is known already.
    """
    counted = sessions(record.days, around, club.season)
    found = {board: Score(points) for board, points in counted.items() if points}
    # A day may lie ahead, where the club moved west: what was done there counts already.
    latest = max([today, *record.days])
    if stands is None or latest != today:
        stands = streak(record, club.targets, latest, club.calendar)
    if stands.weeks:
        found[STREAK] = Score(stands.weeks, holds_until(stands, record, latest))
    found.update(_consistencies(record, club, today, latest))
    return found


def holds_until(stands: Streak, record: Record, today: date) -> date:
    """Return the last day on which the streak is what it is on `today`, if nothing is done."""
    monday, freezes = week_of(today), stands.freezes
    is_safe = stands.is_hit
    while not any(p.last is None and p.first <= monday + 6 * DAY for p in record.pauses):
        sunday = monday + 6 * DAY
        if not is_safe and not any(p.touches(monday, sunday) for p in record.pauses):
            if freezes == 0:
                return sunday
            freezes -= 1
        monday, is_safe = monday + WEEK, False
    return date.max


def _consistencies(
    record: Record, club: Club, today: date, latest: date
) -> Iterator[tuple[str, Score]]:
    """Yield the consistency of this week, and of those to come in which what was done counts."""
    last = latest + CONSISTENCY_WEEKS * WEEK
    found = consistencies(record, club.targets, today, last, club.calendar)
    for monday, share in found.items():
        if share.percent:
            yield consistency_board(monday), Score(share.percent, monday + 6 * DAY)
