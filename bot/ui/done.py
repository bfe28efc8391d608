"""Done: the button that counts a move for a club day, and what a member hears after it."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any, Self

import discord
from discord import ui

from bot.domain.exercise import Level
from bot.domain.streaks import Streak
from bot.services.practice import Completion
from bot.services.recording import Gain
from bot.texts import Say
from bot.ui.safe import DAY, SafeButton, club_id, parse_day
from bot.ui.wording import day_line

if TYPE_CHECKING:
    from bot.client import Interaction

LEVEL = "|".join(Level)


class DoneButton(
    SafeButton,
    template=rf"done:(?P<slug>[a-z0-9-]+):(?P<day>{DAY}):(?P<level>{LEVEL})",
):
    """Records the exercise for a club day at a level; all three stand in the custom_id."""

    is_placeless = True

    def __init__(
        self,
        slug: str,
        day: date,
        level: Level,
        label: str = "…",
        *,
        pressed: ui.Button[Any] | None = None,
    ) -> None:
        self.slug, self.day, self.level = slug, day, level
        super().__init__(
            pressed
            or ui.Button(
                label=label,
                emoji="✅",
                style=discord.ButtonStyle.success,
                custom_id=f"done:{slug}:{day.isoformat()}:{level.value}",
            )
        )

    @classmethod
    async def from_custom_id(cls, interaction: Any, item: Any, match: re.Match[str], /) -> Self:
        """Rebuild the button."""
        day, level = parse_day(match["day"]), Level(match["level"])
        return cls(match["slug"], day, level, pressed=item)

    async def click(self, interaction: Interaction) -> None:
        """Record it and say how the week and the streak stand."""
        app = interaction.client.app
        t = app.texts.speaking(interaction.locale)
        completion = await app.practice.mark_done(
            club_id(interaction),
            interaction.user.id,
            interaction.user.display_name,
            self.slug,
            self.day,
            self.level,
        )
        await interaction.response.send_message(done_line(completion, t), ephemeral=True)


def done_line(completion: Completion, t: Say) -> str:
    """Return what a member hears after Done."""
    day = t("done.today") if completion.is_today else day_line(completion.day, t)
    key = "done.new" if completion.is_new else "done.again"
    level = ""
    if completion.level is not Level.STANDARD:
        level = t("done.level", level=t(f"level.{completion.level.value}").lower())
    counted = t(key, name=completion.exercise.name, level=level, day=day)
    line = " ".join([counted, *streak_parts(completion.streak, t)])
    return "\n".join([line, *gain_lines(completion.gain, t)])


def streak_parts(streak: Streak, t: Say) -> list[str]:
    """Return how the week stands, and the streak if there is one, a sentence each."""
    week = "done.week_hit" if streak.is_hit else "done.week"
    parts = [t(week, n=streak.this_week, done=streak.this_week, target=streak.target)]
    if streak.weeks:
        parts.append(t("done.streak", n=streak.weeks))
    return parts


def gain_lines(gain: Gain, t: Say) -> list[str]:
    """Return a welcome to who is back, every badge earned, and a reminder's end, a line each."""
    lines = [t("back.done")] if gain.is_return else []
    lines += [
        t("badge.new", emoji=b.emoji, name=b.name, description=b.description) for b in gain.badges
    ]
    return [*lines, t("remind.closed")] if gain.is_reminder_closed else lines
