"""A member's streak: how it stands, and why, week by week and day by day, in words and drawn."""

from __future__ import annotations

import re
from datetime import date, time
from typing import TYPE_CHECKING, Any, Self

import discord
from discord import ui

from bot.domain.exercise import Level
from bot.domain.recent import DayState, RecentWeek
from bot.domain.streaks import MOST_FREEZES, WeekRule
from bot.pictures.days import FILL, Mark, StripDay, StripPicture, StripWeek
from bot.services.diary import Standing
from bot.texts import Say
from bot.ui.days import short_day
from bot.ui.done import DoneButton
from bot.ui.illustration import IllustratedCard, Illustration, described, show
from bot.ui.pause import pause_line
from bot.ui.safe import SafeButton, club_id
from bot.ui.wording import ACCENT, day_line, listing

if TYPE_CHECKING:
    from bot.client import Interaction

ROW = 4  # buttons; their labels are long
SIGNS = {
    DayState.DONE: "✅",
    DayState.REST: "💤",
    DayState.OPEN: "👉",
    DayState.PAUSED: "⏸️",
    DayState.FROZEN: "🧊",
    DayState.MISSED: "🔸",
    DayState.FUTURE: "▫️",
    DayState.BEFORE: "⚪",
}

MARKS = {
    DayState.DONE: Mark.DONE,
    DayState.REST: Mark.REST,
    DayState.OPEN: Mark.OPEN,
    DayState.PAUSED: Mark.PAUSED,
    DayState.FROZEN: Mark.FROZEN,
    DayState.MISSED: Mark.MISSED,
    DayState.FUTURE: Mark.AHEAD,
    DayState.BEFORE: Mark.BEFORE,
}

_NOT_ASKED = (WeekRule.PAUSED, WeekRule.STARTED, WeekRule.BEFORE)


class StreakCard(ui.LayoutView):
    """How the streak stands."""

    def __init__(self, standing: Standing, t: Say) -> None:
        super().__init__(timeout=None)
        lines = [f"## {_title(standing, t)}", *_numbers(standing, t)]
        row: ui.ActionRow[Any] = ui.ActionRow(WhyStreakButton(t("streak.why")))
        self.add_item(ui.Container(ui.TextDisplay("\n".join(lines)), row, accent_colour=ACCENT))


class StreakWhyCard(IllustratedCard):
    """Why the streak is as it is, and one tap for a day that was forgotten."""

    def __init__(self, standing: Standing, t: Say) -> None:
        club = standing.club
        end = min(time(club.day_end_hour), club.post_time)
        head = t(
            "streak.days_of",
            zone=discord.utils.escape_markdown(club.zone),
            end=f"{end:%H:%M}",
            today=day_line(standing.today, t),
        )
        shown = [week for week in standing.weeks if week.week.rule is not WeekRule.BEFORE]
        title = [f"## {_why_title(standing, t)}", f"-# {head}"]
        super().__init__(title, ACCENT, _illustration(standing, shown, t))
        container = self.container
        for text in (*(_week(week, t) for week in shown), _legend(shown, t)):
            container.add_item(ui.TextDisplay(text))
        if foot := _foot(standing, t):
            container.add_item(ui.TextDisplay("\n".join(foot)))
        buttons = _buttons(standing, t)
        if buttons:
            names = list(dict.fromkeys(a.exercise.name for a in standing.open_days))
            container.add_item(ui.TextDisplay(t("streak.forgot", names=listing(names, t))))
        for n in range(0, len(buttons), ROW):
            container.add_item(ui.ActionRow(*buttons[n : n + ROW]))


class WhyStreakButton(SafeButton, template="streak-why"):
    """Shows whoever clicks why their own streak is as it is."""

    def __init__(self, label: str = "…") -> None:
        super().__init__(
            ui.Button(label=label, style=discord.ButtonStyle.secondary, custom_id="streak-why")
        )

    @classmethod
    async def from_custom_id(cls, interaction: Any, item: Any, match: re.Match[str], /) -> Self:
        """Rebuild the button."""
        return cls()

    async def click(self, interaction: Interaction) -> None:
        """Show why."""
        app = interaction.client.app
        joined_at = getattr(interaction.user, "joined_at", None)
        standing = await app.diary.standing(club_id(interaction), interaction.user.id, joined_at)
        card = StreakWhyCard(standing, app.texts.speaking(interaction.locale))
        await show(interaction, card, ephemeral=True)


def _title(standing: Standing, t: Say) -> str:
    weeks = standing.streak.weeks
    return t("streak.title" if weeks else "streak.title_none", n=weeks)


def _why_title(standing: Standing, t: Say) -> str:
    weeks = standing.streak.weeks
    return t("streak.why_title" if weeks else "streak.why_title_none", n=weeks)


def _numbers(standing: Standing, t: Say) -> list[str]:
    streak = standing.streak
    lines = [_this_week(standing, t), t("streak.best", n=streak.best)]
    if streak.to_freeze is None:
        lines.append(t("streak.freezes_full", held=MOST_FREEZES))
    else:
        lines.append(t("streak.freezes", held=streak.freezes, n=streak.to_freeze))
    if standing.consistency is not None:
        share = standing.consistency
        lines.append(t("streak.consistency", percent=share.percent))
    lines += _pauses(standing, t)
    return [*lines, t("streak.rule")]


def _this_week(standing: Standing, t: Say) -> str:
    streak = standing.streak
    if streak.is_hit:
        return t("streak.week_hit", n=streak.this_week, target=streak.target)
    left = streak.target - streak.this_week
    return t(
        "streak.week", n=left, done=streak.this_week, target=streak.target, week=streak.weeks + 1
    )


def _pauses(standing: Standing, t: Say) -> list[str]:
    """Return a line for each pause that is not over."""
    today = standing.today
    return [
        t("streak.paused", pause=pause_line(pause, today, t))
        for pause in standing.pauses
        if pause.last is None or pause.last >= today
    ]


def _illustration(standing: Standing, shown: list[RecentWeek], t: Say) -> Illustration:
    there = {MARKS[day.state] for week in shown for day in week.days}
    picture = StripPicture(
        title=_why_title(standing, t),
        subtitle=t("picture.club_days", zone=standing.club.zone),
        weekdays=tuple(t(f"weekday_short.{n}") for n in range(7)),
        weeks=tuple(_strip(week, standing.today, t) for week in shown),
        legend=tuple(
            (mark, t(f"streak.state_{state.value}"))
            for state, mark in MARKS.items()
            if mark in there and mark in FILL and mark is not Mark.OPEN
        ),
    )
    lines = [picture.title, *(line for week in shown for line in _week(week, t).splitlines())]
    signs = str.maketrans("", "", "".join(SIGNS.values()))
    return Illustration(picture, "streak.png", described(line.translate(signs) for line in lines))


def _strip(shown: RecentWeek, today: date, t: Say) -> StripWeek:
    week, days = shown.week, {day.day.weekday(): day for day in shown.days}
    first = shown.days[0].day
    return StripWeek(
        label=f"{first.day} {t(f'picture.month_name.{first.month}')}",
        days=tuple(
            StripDay(str(days[n].day.day), MARKS[days[n].state], days[n].day == today)
            if n in days
            else StripDay("", Mark.BEFORE)  # the club's zone skipped this date
            for n in range(7)
        ),
        score=t("picture.score", done=week.done, target=week.target),
        verdict=t(f"picture.rule_{week.rule.value}"),
    )


def _week(shown: RecentWeek, t: Say) -> str:
    week = shown.week
    head = t(
        "streak.week_of",
        strip="".join(SIGNS[day.state] for day in shown.days),
        n=week.target,
        done=week.done,
        dates=_dates(shown.days[0].day, shown.days[-1].day, t),
    )
    key = f"streak.rule_{week.rule.value}"
    if week.rule in (WeekRule.MISSED, WeekRule.OPEN) and week.before == 0:
        key = f"{key}_none"
    n = week.before if week.rule is WeekRule.MISSED else week.streak
    names = [t(f"weekday_short.{d.day.weekday()}") for d in shown.days if d.state is DayState.DONE]
    parts = [", ".join(names), t(key, n=n)] if names else [t(key, n=n)]
    return f"{head}\n-# {' · '.join(parts)}"


def _dates(first: date, last: date, t: Say) -> str:
    """Return the span of a week: `19–25 October`, `26 October – 1 November`."""
    months = [t(f"month.{day.month}") for day in (first, last)]
    if first.month == last.month:
        return t("streak.dates_in_month", first=first.day, last=last.day, month=months[0])
    return t("streak.dates", first=first.day, month=months[0], last=last.day, next_month=months[1])


def _legend(shown: list[RecentWeek], t: Say) -> str:
    there = {day.state for week in shown for day in week.days}
    signs = [f"{SIGNS[state]} {t(f'streak.state_{state.value}')}" for state in SIGNS]
    kept = [sign for state, sign in zip(SIGNS, signs, strict=True) if state in there]
    return f"-# {' · '.join(kept)}"


def _foot(standing: Standing, t: Say) -> list[str]:
    lines = []
    if standing.consistency is not None:
        share = standing.consistency
        is_whole = all(week.week.rule not in _NOT_ASKED for week in standing.weeks)
        key = "streak.why_consistency" if is_whole else "streak.why_consistency_part"
        lines.append(t(key, percent=share.percent, done=share.done, asked=share.asked))
    if standing.voided:
        days = listing([short_day(day, t) for day in standing.voided], t)
        lines.append(t("streak.voided", days=days))
    return lines + _pauses(standing, t)


def _buttons(standing: Standing, t: Say) -> list[DoneButton]:
    buttons = []
    for open_day in standing.open_days:
        day = open_day.day
        if day is None:
            continue
        name = t("day.today") if day == standing.today else short_day(day, t)
        label = t("streak.did_it", day=name)
        buttons.append(DoneButton(open_day.exercise.slug, day, Level.STANDARD, label))
    return buttons
