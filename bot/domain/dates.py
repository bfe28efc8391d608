"""A day as people write it: today, yesterday, Monday, 3 days ago, 2 July or 2026-07-02."""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date, timedelta

from bot.domain.days import DAY
from bot.errors import BadDay

_NAMED = {"today": 0, "now": 0, "yesterday": -1, "tomorrow": 1}
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_AGO = re.compile(r"(\d{1,3}) days? ago")
_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d\d?)-(?P<day>\d\d?)")
_DOTTED = re.compile(r"(?P<day>\d\d?)\.\s?(?P<month>\d\d?)\.(?:\s?(?P<year>\d{4}))?")
_DAY_FIRST = re.compile(r"(?P<day>\d\d?)\.? ?(?:of )?(?P<month>[a-z]{3,9})\.?(?: (?P<year>\d{4}))?")
_MONTH_FIRST = re.compile(r"(?P<month>[a-z]{3,9})\.? (?P<day>\d\d?)(?: (?P<year>\d{4}))?")


def parse_date(text: str, today: date, *, is_ahead: bool = False) -> date:
    """Return the day that is meant, seen from `today`.

    A weekday is the last one, today's included; with `is_ahead` the next. A date without a year
    is the nearest one. 2/7 is refused: half of the world reads it as the other day.

    Raises:
        BadDay: it is none of these, or no such day exists.
    """
    typed = _plain(text)
    years = range(today.year - 1, today.year + 2)
    try:
        found = _relative(typed, today, is_ahead)
    except OverflowError:
        found = None
    if found is None:
        near = _absolute(typed, years)
        found = min(near, key=lambda one: abs(one - today), default=None)
    if found is None:
        raise BadDay(typed=text)
    return found


def next_date(text: str, today: date) -> date:
    """Return the date that is meant; without a year it is the next of its name, today included.

    Raises:
        BadDay: it is no date, or no such date exists.
    """
    # Nine years hold every date, 29 February too.
    dates = _absolute(_plain(text), range(today.year, today.year + 9))
    if not dates:
        raise BadDay(typed=text)
    return next((one for one in dates if one >= today), dates[0])


def _plain(text: str) -> str:
    typed = " ".join(text.casefold().replace(",", " ").split())
    return re.sub(r"\b(\d\d?)(?:st|nd|rd|th)\b", r"\1", typed)


def _relative(typed: str, today: date, is_ahead: bool) -> date | None:
    if typed in _NAMED:
        return today + _NAMED[typed] * DAY
    if match := _AGO.fullmatch(typed):
        return today - timedelta(days=int(match[1]))
    weekday = _position(typed.removeprefix("last ").removeprefix("next "), WEEKDAYS)
    if weekday is None:
        return None
    if typed.startswith("next ") or (is_ahead and not typed.startswith("last ")):
        return today + (weekday - today.weekday()) % 7 * DAY
    return today - (today.weekday() - weekday) % 7 * DAY


def _absolute(typed: str, years: Iterable[int]) -> list[date]:
    """Return the date, or without a year those of these years; none if no such date exists."""
    first, _, rest = typed.partition(" ")
    if rest and _position(first.rstrip("."), WEEKDAYS) is not None:
        typed = rest
    for pattern in (_ISO, _DOTTED, _DAY_FIRST, _MONTH_FIRST):
        if match := pattern.fullmatch(typed):
            stated = [int(match["year"])] if match["year"] else years
            return list(_existing(stated, _month(match["month"]), int(match["day"])))
    return []


def _month(text: str) -> int:
    if text.isdigit():
        return int(text)
    position = _position(text, _MONTHS)
    return 0 if position is None else position + 1  # there is no month 0


def _existing(years: Iterable[int], month: int, day: int) -> Iterator[date]:
    for year in years:
        with suppress(ValueError):  # 29 February
            yield date(year, month, day)


def _position(word: str, names: tuple[str, ...]) -> int | None:
    """Return the place of the one name that begins with the word, of three letters or more."""
    found = [n for n, name in enumerate(names) if len(word) >= 3 and name.startswith(word)]
    return found[0] if len(found) == 1 else None
