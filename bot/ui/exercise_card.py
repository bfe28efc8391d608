"""The card of an exercise: what to do at one rung of its ladder, and the way to the others."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any, Self

import discord
from discord import ui

from bot.domain.exercise import Exercise, Level, Rung
from bot.services.practice import Completion
from bot.texts import Say
from bot.ui.safe import DAY, SafeButton, club_id, parse_day
from bot.ui.wording import (
    day_line,
    dose_line,
    effort_line,
    equipment_line,
    summary_line,
    tempo_line,
)

if TYPE_CHECKING:
    from bot.client import Interaction

ACCENT = discord.Colour(0x2E9E6B)
LEVEL = "|".join(Level)
FAULTS = 2  # the commonest; more would not fit a phone screen


class ExerciseCard(ui.LayoutView):
    """One rung of an exercise; without a club day there is nothing to count, so no Done."""

    def __init__(
        self, exercise: Exercise, day: date | None, t: Say, rung: int | None = None
    ) -> None:
        super().__init__(timeout=None)
        position = exercise.standard if rung is None else rung
        shown = exercise.ladder[position]
        # Texts of their own: what follows a numbered list would be drawn as part of it.
        texts = [_head(exercise, position, t), how_to(exercise, shown), _advice(exercise, shown, t)]
        row: ui.ActionRow[Any] = ui.ActionRow()
        for way in Level:
            row.add_item(RungButton.on(exercise, position, way, day, t))
        if day is not None:
            row.add_item(DoneButton(exercise.slug, day, shown.level, t("card.done")))
        else:
            texts.append(f"-# {t('card.no_club')}")
        self.add_item(
            ui.Container(*(ui.TextDisplay(text) for text in texts), row, accent_colour=ACCENT)
        )


def _head(exercise: Exercise, position: int, t: Say) -> str:
    rung = exercise.ladder[position]
    level = t(f"level.{rung.level.value}").lower()
    where = t("card.rung", n=position + 1, count=len(exercise.ladder), level=level)
    if rung.level is Level.STANDARD:
        facts = [summary_line(exercise, rung, t), effort_line(exercise, rung, t)]
    else:  # the exercise's own level, tempo and rest are those of its standard rung
        dose = f"**{dose_line(rung.dose, t)}**"
        effort = f"{dose} · {tempo_line(rung.tempo, t)}" if rung.tempo else dose
        facts = [equipment_line(rung.equipment, t), effort]
    return f"## {rung.name}\n-# {where} · {facts[0]}\n{facts[1]}"


def _advice(exercise: Exercise, rung: Rung, t: Say) -> str:
    faults = [t("card.fault", fault=f.fault, fix=f.fix) for f in exercise.faults[:FAULTS]]
    feel = t("card.feel", places="; ".join(rung.feel))
    return "\n".join([feel, *faults, stop_line(rung, t)])


def how_to(exercise: Exercise, rung: Rung) -> str:
    """Return how the rung is done: its own words, or the move's phases, numbered."""
    return rung.how or "\n".join(f"{n}. {step}" for n, step in enumerate(exercise.phases, start=1))


def stop_line(rung: Rung, t: Say) -> str:
    """Return when to stop; every card carries it."""
    return t("card.stop", reasons="; ".join(rung.stop))


class RungButton(
    SafeButton,
    template=rf"rung:(?P<way>{LEVEL}):(?P<slug>[a-z0-9-]+):(?P<rung>\d+):(?P<day>-|{DAY})",
):
    """Shows a rung of the ladder to whoever clicks; in place if the card is theirs alone."""

    def __init__(self, way: Level, slug: str, rung: int, day: date | None, button: Any) -> None:
        self.slug, self.rung, self.day = slug, rung, day
        button.custom_id = f"rung:{way.value}:{slug}:{rung}:{day.isoformat() if day else '-'}"
        super().__init__(button)

    @classmethod
    def on(cls, exercise: Exercise, position: int, way: Level, day: date | None, t: Say) -> Self:
        """Return the button of a card that shows the rung at `position`."""
        last = len(exercise.ladder) - 1
        target = {
            Level.EASIER: max(position - 1, 0),
            Level.STANDARD: exercise.standard,
            Level.HARDER: min(position + 1, last),
        }[way]
        button: ui.Button[Any] = ui.Button(
            label=t(f"level.{way.value}"), disabled=target == position
        )
        return cls(way, exercise.slug, target, day, button)

    @classmethod
    def labelled(cls, label: str, exercise: Exercise, way: Level, day: date | None) -> Self:
        """Return a button with its own label that leads from the standard rung."""
        step = {Level.EASIER: -1, Level.STANDARD: 0, Level.HARDER: 1}[way]
        button: ui.Button[Any] = ui.Button(label=label)
        return cls(way, exercise.slug, exercise.standard + step, day, button)

    @classmethod
    async def from_custom_id(cls, interaction: Any, item: Any, match: re.Match[str], /) -> Self:
        """Rebuild the button; does no I/O, for its exceptions would be lost."""
        day = None if match["day"] == "-" else parse_day(match["day"])
        return cls(Level(match["way"]), match["slug"], int(match["rung"]), day, item)

    async def click(self, interaction: Interaction) -> None:
        """Show the rung."""
        app = interaction.client.app
        t = app.texts.speaking(interaction.locale)
        exercise = app.catalogue.get(self.slug)
        rung = min(self.rung, len(exercise.ladder) - 1)
        card = ExerciseCard(exercise, self.day, t, rung)
        is_private = interaction.message is not None and interaction.message.flags.ephemeral
        if is_private:
            await interaction.response.edit_message(view=card)
        else:
            await interaction.response.send_message(view=card, ephemeral=True)


class DoneButton(
    SafeButton,
    template=rf"done:(?P<slug>[a-z0-9-]+):(?P<day>{DAY}):(?P<level>{LEVEL})",
):
    """Records the exercise for a club day at a level; all three stand in the custom_id."""

    def __init__(self, slug: str, day: date, level: Level, label: str = "…") -> None:
        self.slug, self.day, self.level = slug, day, level
        super().__init__(
            ui.Button(
                label=label,
                emoji="✅",
                style=discord.ButtonStyle.success,
                custom_id=f"done:{slug}:{day.isoformat()}:{level.value}",
            )
        )

    @classmethod
    async def from_custom_id(cls, interaction: Any, item: Any, match: re.Match[str], /) -> Self:
        """Rebuild the button; does no I/O, for its exceptions would be lost."""
        return cls(match["slug"], parse_day(match["day"]), Level(match["level"]))

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
    streak = completion.streak
    day = t("done.today") if completion.is_today else day_line(completion.day, t)
    key = "done.new" if completion.is_new else "done.again"
    week = "done.week_hit" if streak.is_hit else "done.week"
    level = ""
    if completion.level is not Level.STANDARD:
        level = t("done.level", level=t(f"level.{completion.level.value}").lower())
    parts = [
        t(key, name=completion.exercise.name, level=level, day=day),
        t(week, n=streak.this_week, done=streak.this_week, target=streak.target),
    ]
    if streak.weeks:
        parts.append(t("done.streak", n=streak.weeks))
    lines = [" ".join(parts)]
    if completion.is_return:
        lines.append(t("back.done"))
    lines += [
        t("badge.new", emoji=b.emoji, name=b.name, description=b.description)
        for b in completion.badges
    ]
    return "\n".join(lines)
