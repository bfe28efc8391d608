"""Club days in words, and as choices of a command's option."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import date

from discord import app_commands

from bot.domain.dates import parse_date
from bot.domain.days import DAY
from bot.errors import BadDay
from bot.texts import Say
from bot.ui.wording import day_line

MOST_CHOICES = 25  # Discord's limit


def named_day(day: date, today: date, t: Say) -> str:
    """Return a day in words: `today`, `yesterday`, or `Sunday 22 November`; with a far year."""
    if day in (today, today - DAY):
        return t("day.today" if day == today else "day.yesterday")
    return dated(day, today, t)


def dated(day: date, today: date, t: Say) -> str:
    """Return the date in words, with its year if that is not this one."""
    line = day_line(day, t)
    return line if day.year == today.year else t("day.with_year", day=line, year=day.year)


def short_day(day: date, t: Say) -> str:
    """Return a day in few words: `Sun 22 November`."""
    month = t(f"month.{day.month}")
    return t("day.short", weekday=t(f"weekday_short.{day.weekday()}"), day=day.day, month=month)


def day_choices(
    typed: str, offered: Iterable[date], today: date, t: Say, *, is_ahead: bool = False
) -> list[app_commands.Choice[str]]:
    """Return the offered days that match what was typed, and first the one that it says itself."""
    days = list(offered)
    with suppress(BadDay):
        said = parse_date(typed, today, is_ahead=is_ahead)
        return [_choice(said, today, t)]
    found = [_choice(day, today, t) for day in days]
    near = [choice for choice in found if typed.casefold() in choice.name.casefold()]
    return near[:MOST_CHOICES]


def _choice(day: date, today: date, t: Say) -> app_commands.Choice[str]:
    name = dated(day, today, t)
    for key, there in (("today", today), ("yesterday", today - DAY), ("tomorrow", today + DAY)):
        if day == there:
            name = t("day.named", name=t(f"day.{key}_option"), day=name)
    return app_commands.Choice(name=name, value=day.isoformat())
