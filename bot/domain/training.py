"""What a coach writes about the club's own training: the weekdays of long runs, and race days."""

import re
from collections.abc import Iterable
from datetime import date

from bot.domain.days import DAY, week_of
from bot.errors import BadDate, BadWeekday, RaceOutOfReach, TooManyRaces, UnknownRace

MOST_RACES = 20  # to come
FARTHEST_RACE = 2 * 366 * DAY

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_NONE = ("none", "no", "never", "-")
_BETWEEN = re.compile(r"[\s,;/&+.]+(?:and\b[\s,]*)?")
_DATES = (
    re.compile(r"(?P<year>\d{4})-(?P<month>\d\d?)-(?P<day>\d\d?)"),
    re.compile(r"(?P<day>\d\d?)\.\s*(?P<month>\d\d?)\.\s*(?P<year>\d{4})?"),
    re.compile(
        r"(?:[a-z]+,?\s+)?(?P<day>\d\d?)(?:st|nd|rd|th|\.)?\s*(?P<name>[a-z]{3,})\.?"
        r"(?:,?\s+(?P<year>\d{4}))?"
    ),
    re.compile(
        r"(?:[a-z]+,?\s+)?(?P<name>[a-z]{3,})\.?\s*(?P<day>\d\d?)(?:st|nd|rd|th)?"
        r"(?:,?\s+(?P<year>\d{4}))?"
    ),
)


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
    typed = " ".join(text.casefold().split())
    for form in _DATES:
        match = form.fullmatch(typed)
        if match:
            parts = match.groupdict()
            month = _month(parts["name"], text) if "name" in parts else int(parts["month"])
            return _date(parts["year"], month, int(parts["day"]), today, text)
    raise BadDate(name=text)


def _month(name: str, text: str) -> int:
    for number, month in enumerate(_MONTHS, 1):
        if month.startswith(name):
            return number
    raise BadDate(name=text)


def _date(year: str | None, month: int, day: int, today: date, text: str) -> date:
    # Eight years hold every date, the 29th of February too.
    for one in [int(year)] if year else range(today.year, today.year + 9):
        try:
            found = date(one, month, day)
        except ValueError:
            continue
        if year or found >= today:
            return found
    raise BadDate(name=text)


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
