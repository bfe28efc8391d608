"""When a club's days begin and end, and when its challenge is due."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.errors import BadTime, TooEarly, TooLate

Clock = Callable[[], datetime]
"""Tells the time as an aware datetime in UTC."""

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """The club days from `first` to `last`, both of them in it."""

    first: date
    last: date

    def covers(self, day: date) -> bool:
        """Return whether the day is one of them."""
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """A club's days: its zone, the wall time of its post, and the hour at which a day ends.

    A post time that the clocks jump over moves forward with them, one that they show twice means
    the first. A date that a zone repeats is one long day. A date that it skips, as Apia skipped
    30 December 2011, is no day: it has no challenge, and nobody misses it.
    """

    zone: ZoneInfo
    post_time: time
    day_end_hour: int = 3

    def day(self, now: datetime) -> date:
        """Return the club day of the instant `now`.

        Compares instants, not wall times, so that a repeated hour cannot bring a day back.
        """
        return next(d for d in self._around(now) if self.begin(d) <= now)

    def begin(self, day: date) -> datetime:
        """Return the UTC instant at which `day` begins.

        That is the day-end hour of the day before; or the post, in a club that posts earlier.
        """
        return min(self._instant(day, time(self.day_end_hour)), self.due(day))

    def due(self, day: date) -> datetime:
        """Return the UTC instant at which the challenge of `day` is due."""
        return self._instant(day, self.post_time)

    def days(self, first: date, last: date) -> list[date]:
        """Return the days from `first` to `last`: all dates but those that the zone skips."""
        dates = [first + n * DAY for n in range((last - first).days + 1)]
        return [day for day in dates if self.due(day) < self.due(day + DAY)]

    def last_due(self, now: datetime) -> date:
        """Return the latest day whose challenge is due by `now`."""
        return next(d for d in self._around(now) if self.due(d) <= now)

    def next_due(self, now: datetime) -> datetime:
        """Return the first due instant after `now`."""
        return self.due(self.last_due(now) + DAY)

    def _around(self, now: datetime) -> list[date]:
        """Return the dates that may be going on, the latest first.

        Two days back, because a zone may skip a whole date: Apia did in 2011.
        """
        local = now.astimezone(self.zone).date()
        return [local + DAY, local, local - DAY, local - 2 * DAY]

    def _instant(self, day: date, wall: time) -> datetime:
        # fold=0: a wall time that DST skips moves forward, one that repeats means the first.
        return datetime.combine(day, wall.replace(fold=0), self.zone).astimezone(UTC)


def week_of(day: date) -> date:
    """Return the Monday of the week that `day` is in."""
    return day - timedelta(days=day.weekday())


def check_credit(day: date, today: date, days_back: int, calendar: Calendar) -> None:
    """Return if a card of club day `day` may still be credited on club day `today`.

    Raises:
        TooLate: it is more than `days_back` days old.
        TooEarly: it is of a day to come.
    """
    if day > today:
        raise TooEarly(day=day)
    oldest = today - days_back * DAY
    if day >= oldest:
        return
    skipped = days_back - len(calendar.days(oldest, today - DAY))
    if day < oldest - skipped * DAY:
        raise TooLate(day=day, days_back=days_back)


def creditable(today: date, days_back: int, calendar: Calendar) -> list[date]:
    """Return the days that `check_credit` lets pass, the latest first."""
    days = calendar.days(today - (days_back + 2) * DAY, today)  # a zone may skip a date
    return days[::-1][: days_back + 1]


_WORDS = {"midnight": "0:00", "noon": "12:00", "midday": "12:00"}
_TIME = re.compile(r"(\d{1,2})(?:[:.h]?([0-5]\d))?\s*(am|pm|a\.m\.|p\.m\.)?")


def parse_time(text: str) -> time:
    """Return the wall time that people write as 07:00, 7, 7am, 7.30 pm, 1930 or noon.

    Raises:
        BadTime: it is none of these, or no such time exists.
    """
    typed = text.strip().casefold()
    match = _TIME.fullmatch(_WORDS.get(typed, typed))
    if match is None:
        raise BadTime(time=text)
    hour, minute, half = int(match[1]), int(match[2] or 0), (match[3] or "")[:1]
    if (half and not 1 <= hour <= 12) or hour > 23:
        raise BadTime(time=text)
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return time(hour, minute)
