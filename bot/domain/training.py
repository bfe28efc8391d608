"""What a coach writes about the club's own training: the weekdays of long runs, and race days."""

import re
from collections.abc import Iterable
from datetime import date

from bot.domain.dates import WEEKDAYS, next_date
from bot.domain.days import DAY, week_of
from bot.errors import BadDate, BadDay, BadWeekday, RaceOutOfReach, TooManyRaces, UnknownRace

MOST_RACES = 20  # to come
FARTHEST_RACE = 2 * 366 * DAY

_NONE = ("none", "no", "never", "-")
_BETWEEN = re.compile(r"[\s,;/&+.]+(?:and\b[\s,]*)?")


def parse_weekdays(text: str) -> frozenset[int]:
    """Return the weekdays that people write as Sun, `sat, sun` or Saturday and Sunday.

    Monday is 0; `none` is no day.

    Raises:
        BadWeekday: a word is none of these.
    """
    typed = text.strip().casefold()
    if typed in _NONE:
        return frozenset()
    words = [word for word in _BETWEEN.split(typed) if word]
    if not words:
        raise BadWeekday(name=text)
    return frozenset(_weekday(word) for word in words)


def _weekday(word: str) -> int:
    """Return the weekday of a name in full, in the plural or cut short."""
    for weekday, name in enumerate(WEEKDAYS):
        if len(word) >= 2 and f"{name}s".startswith(word):
            return weekday
    raise BadWeekday(name=word)


def parse_date(text: str, today: date) -> date:
    """Return the date that people write as 2026-11-22, 22 Nov, Nov 22 2026 or 22.11.2026.

    Without a year it is the next of that name, today included.

    Raises:
        BadDate: it is none of these, or no such date exists.
    """
    try:
        return next_date(text, today)
    except BadDay:
        raise BadDate(name=text) from None


def coming(races: Iterable[date], today: date) -> tuple[date, ...]:
    """Return the races of today and later, in their order."""
    return tuple(sorted(race for race in races if race >= today))


def with_race(races: Iterable[date], text: str, today: date) -> tuple[date, ...]:
    """Return the races with the one of this text added, once however often it is.

    Those of weeks gone by are left out; this week's stay, for the plan of the week goes by them.

    Raises:
        BadDate: the text is no date.
        RaceOutOfReach: it is past, or farther away than `FARTHEST_RACE`.
        TooManyRaces: there are `MOST_RACES` to come already.
    """
    race = parse_date(text, today)
    if not today <= race <= today + FARTHEST_RACE:
        raise RaceOutOfReach(name=text)
    kept = {one for one in races if one >= week_of(today)} | {race}
    if len(coming(kept, today)) > MOST_RACES:
        raise TooManyRaces(most=MOST_RACES)
    return tuple(sorted(kept))


def without_race(races: Iterable[date], text: str, today: date) -> tuple[date, ...]:
    """Return the races without the one of this text.

    Raises:
        BadDate: the text is no date.
        UnknownRace: there is no race to come on that date.
    """
    race = parse_date(text, today)
    if race not in coming(races, today):
        raise UnknownRace(name=text)
    return tuple(one for one in races if one != race)
