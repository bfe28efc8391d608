"""A member's reminder: when it is due by their own clock, and how long one is worth sending."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from hashlib import sha256

from bot.domain.challenge import FIRST_DELAY, NONCE_HOLDS
from bot.domain.dates import WEEKDAYS
from bot.domain.days import DAY, Calendar
from bot.domain.training import parse_weekdays
from bot.domain.zones import zone_info
from bot.errors import BadDays, BadWeekday

EVERY_DAY = frozenset(range(7))
LATEST = timedelta(hours=1)  # after its time; later it would come when nobody expects it

_MOMENT = timedelta(microseconds=1)
_SETS = {
    ("every day", "everyday", "each day", "daily", "all", "all days", "always"): EVERY_DAY,
    ("weekdays", "workdays", "working days"): frozenset(range(5)),
    ("weekend", "weekends"): frozenset({5, 6}),
}
_SPAN = re.compile(r"(\w+)\s*(?:-|–|\bto\b|\buntil\b)\s*(\w+)")


def parse_days(text: str) -> frozenset[int]:
    """Return the weekdays that people write as every day, weekends, Mon-Fri or `Tue, Thu`.

    Monday is 0; there is always one.

    Raises:
        BadDays: it is none of these.
    """
    typed = " ".join(text.casefold().split())
    for names, days in _SETS.items():
        if typed in names:
            return days
    try:
        if span := _SPAN.fullmatch(typed):
            [first], [last] = (parse_weekdays(name) for name in span.groups())
            return frozenset((first + n) % 7 for n in range((last - first) % 7 + 1))
        found = parse_weekdays(typed)
    except (BadWeekday, ValueError):
        raise BadDays(name=text) from None
    if not found:
        raise BadDays(name=text)
    return found


def days_value(weekdays: Iterable[int]) -> str:
    """Return the weekdays as `parse_days` reads them."""
    return ", ".join(WEEKDAYS[day] for day in sorted(weekdays))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """What a member of a club asked for: a wall time of a zone on some weekdays, Monday being 0.

    `next_due` is when the clock looks at it next; None once Discord would not take one, until the
    member hears of it. Of one that is being sent, `claimed_at` says since when. `channel_id` is
    the direct message channel, once that is known.
    """

    club_id: int
    member_id: int
    at: time
    weekdays: frozenset[int]
    zone: str
    locale: str
    next_due: datetime | None
    claimed_at: datetime | None = None
    channel_id: int | None = None

    @property
    def is_closed(self) -> bool:
        """Whether it is off because the member takes no messages."""
        return self.next_due is None

    @property
    def nonce(self) -> str:
        """What lets Discord recognise a second attempt, ≤ 25 characters."""
        of = f"{self.club_id}:{self.member_id}:{self.claimed_at}"
        return sha256(of.encode()).hexdigest()[:25]

    def due_after(self, moment: datetime) -> datetime:
        """Return when it is due first after the moment, in UTC.

        Raises:
            ZoneGone: the tz database has lost the zone.
        """
        return next(due for due in self._times(moment) if due > moment)

    def _times(self, moment: datetime) -> Iterator[datetime]:
        calendar = Calendar(zone=zone_info(self.zone), post_time=self.at)
        local = moment.astimezone(calendar.zone).date()
        # Three weeks hold every weekday, also where a zone skips a date.
        for day in calendar.days(local - DAY, local + 21 * DAY):
            if day.weekday() in self.weekdays:
                yield calendar.due(day)

    def is_owed(self, now: datetime) -> bool:
        """Return whether one is due that is not too late to be sent.

        Raises:
            ZoneGone: the tz database has lost the zone.
        """
        if self.next_due is None or self.next_due > now:
            return False
        return self.due_after(max(self.next_due - _MOMENT, now - LATEST - _MOMENT)) <= now

    def claim(self, now: datetime) -> "Reminder":
        """Return it claimed: without word of an outcome it is looked at again in a minute."""
        since = self.claimed_at or now
        return replace(self, claimed_at=since, next_due=now + FIRST_DELAY)

    def may_repeat(self, now: datetime) -> bool:
        """Return whether Discord still recognises an attempt that has no outcome."""
        return self.claimed_at is not None and now - self.claimed_at < NONCE_HOLDS

    def settle(self, now: datetime) -> "Reminder":
        """Return it waiting for its next time, whatever became of the last.

        Raises:
            ZoneGone: the tz database has lost the zone.
        """
        return replace(self, claimed_at=None, next_due=self.due_after(now))

    def close(self) -> "Reminder":
        """Return it switched off, because Discord takes no message for the member."""
        return replace(self, claimed_at=None, next_due=None, channel_id=None)
