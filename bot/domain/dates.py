"""A day as people write it: today, yesterday, Monday, 3 days ago, 2 July or 2026-07-02."""

import re
from contextlib import suppress
from datetime import date, timedelta

from bot.domain.days import DAY
from bot.errors import BadDay

_NAMED = {"today": 0, "now": 0, "yesterday": -1, "tomorrow": 1}
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
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
_DAY_FIRST = re.compile(r"(?P<day>\d\d?)\.? (?:of )?(?P<month>[a-z]{3,9})\.?(?: (?P<year>\d{4}))?")
_MONTH_FIRST = re.compile(r"(?P<month>[a-z]{3,9})\.? (?P<day>\d\d?)(?: (?P<year>\d{4}))?")


def parse_date(text: str, today: date, *, is_ahead: bool = False) -> date:
    """Return the day that is meant, seen from `today`.

    A weekday is the last one, today's included; with `is_ahead` the next. A date without a year
    is the nearest one. 2/7 is refused: half of the world reads it as the other day.

    Raises:
        BadDay: it is none of these, or no such day exists.
    """
    typed = " ".join(text.casefold().replace(",", " ").split())
    typed = re.sub(r"\b(\d\d?)(?:st|nd|rd|th)\b", r"\1", typed)
    try:
        found = _relative(typed, today, is_ahead) or _absolute(typed, today)
    except (ValueError, OverflowError):
        found = None
    if found is None:
        raise BadDay(typed=text)
    return found


def _relative(typed: str, today: date, is_ahead: bool) -> date | None:
    if typed in _NAMED:
        return today + _NAMED[typed] * DAY
    if match := _AGO.fullmatch(typed):
        return today - timedelta(days=int(match[1]))
    weekday = _position(typed.removeprefix("last ").removeprefix("next "), _WEEKDAYS)
    if weekday is None:
        return None
    if typed.startswith("next ") or (is_ahead and not typed.startswith("last ")):
        return today + (weekday - today.weekday()) % 7 * DAY
    return today - (today.weekday() - weekday) % 7 * DAY


def _absolute(typed: str, today: date) -> date | None:
    for pattern in (_ISO, _DOTTED, _DAY_FIRST, _MONTH_FIRST):
        if match := pattern.fullmatch(typed):
            return _dated(match["year"], _month(match["month"]), int(match["day"]), today)
    return None


def _month(text: str) -> int:
    if text.isdigit():
        return int(text)
    position = _position(text, _MONTHS)
    return 0 if position is None else position + 1  # there is no month 0


def _dated(year: str | None, month: int, day: int, today: date) -> date:
    if year is not None:
        return date(int(year), month, day)
    near = []
    for candidate in (today.year - 1, today.year, today.year + 1):
        with suppress(ValueError):  # 29 February
            near.append(date(candidate, month, day))
    return min(near, key=lambda found: abs(found - today))


def _position(word: str, names: tuple[str, ...]) -> int | None:
    """Return the place of the one name that begins with the word, of three letters or more."""
    found = [n for n, name in enumerate(names) if len(word) >= 3 and name.startswith(word)]
    return found[0] if len(found) == 1 else None
