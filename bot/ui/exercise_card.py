"""The card of an exercise: what to do at one rung of its ladder, and the way to the others."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any, Self

from discord import ui

from bot.domain.exercise import Exercise, Level, Rung
from bot.texts import Say
from bot.ui.details import Detail, detail_row
from bot.ui.done import DoneButton
from bot.ui.guide import FollowButton
from bot.ui.pictures import Caption, Figure, show, show_in_place
from bot.ui.safe import DAY, SafeButton, parse_day
from bot.ui.wording import (
    ACCENT,
    dose_line,
    effort_line,
    equipment_line,
    tempo_line,
)

if TYPE_CHECKING:
    from bot.client import Interaction

LEVEL = "|".join(Level)


class ExerciseCard(ui.LayoutView):
    """One rung of an exercise; without a club day there is nothing to count, so no Done."""

    def __init__(
        self, exercise: Exercise, day: date | None, t: Say, rung: int | None = None
    ) -> None:
        super().__init__(timeout=None)
        position = exercise.standard if rung is None else rung
        shown, standard = exercise.ladder[position], exercise.ladder[exercise.standard]
        container: ui.Container[Any] = ui.Container(accent_colour=ACCENT)
        container.add_item(ui.TextDisplay(_head(exercise, position, t)))
        if shown.picture:
            container.add_item(Figure(shown.picture))
            if shown.level is not Level.STANDARD and shown.picture == standard.picture:
                container.add_item(Caption(f"-# {t('card.pictured', name=standard.name)}"))
        # Texts of their own: what follows a numbered list would be drawn as part of it.
        for text in (_effort(exercise, shown, t), how_to(exercise, shown), _foot(shown, day, t)):
            container.add_item(ui.TextDisplay(text))
        ways = (RungButton.on(exercise, position, way, day, t) for way in Level)
        container.add_item(ui.ActionRow(*ways))
        row: ui.ActionRow[Any] = ui.ActionRow()
        if day is not None:
            row.add_item(DoneButton(exercise.slug, day, shown.level, t("card.done")))
        row.add_item(FollowButton.on(exercise, position, day, t))
        details = (Detail.FEEL, Detail.MISTAKES, Detail.WHY, Detail.PAIN)
        container.add_item(row).add_item(detail_row(exercise.slug, position, details, t))
        self.add_item(container)


def _head(exercise: Exercise, position: int, t: Say) -> str:
    rung = exercise.ladder[position]
    level = t(f"level.{rung.level.value}")
    where = t("card.rung", n=position + 1, count=len(exercise.ladder), level=level)
    return f"## {rung.name}\n-# {where} · {equipment_line(rung.equipment, t)}"


def _effort(exercise: Exercise, rung: Rung, t: Say) -> str:
    if rung.level is Level.STANDARD:
        return effort_line(exercise, rung, t)
    dose = f"**{dose_line(rung.dose, t)}**"  # tempo and rest are the standard rung's
    return f"{dose} · {tempo_line(rung.tempo, t)}" if rung.tempo else dose


def _foot(rung: Rung, day: date | None, t: Say) -> str:
    stop = stop_line(rung, t)
    return stop if day is not None else f"{stop}\n-# {t('card.no_club')}"


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
        """Rebuild the button."""
        day = None if match["day"] == "-" else parse_day(match["day"])
        return cls(Level(match["way"]), match["slug"], int(match["rung"]), day, item)

    async def click(self, interaction: Interaction) -> None:
        """Show the rung."""
        app = interaction.client.app
        t = app.texts.speaking(interaction.locale)
        exercise = await app.practice.recall(interaction.guild_id, self.slug)
        rung = min(self.rung, len(exercise.ladder) - 1)
        card = ExerciseCard(exercise, self.day, t, rung)
        is_private = interaction.message is not None and interaction.message.flags.ephemeral
        await (show_in_place if is_private else show)(interaction, card)


class MoveButton(SafeButton, template=r"move:(?P<slug>[a-z0-9-]+)"):
    """Opens the card of an exercise for whoever clicks, beside the message that names it.

    It holds no day: a shared answer may be read long after, and Done counts for that day then.
    """

    def __init__(self, slug: str, label: str = "…") -> None:
        self.slug = slug
        super().__init__(ui.Button(label=label, custom_id=f"move:{slug}"))

    @classmethod
    async def from_custom_id(cls, interaction: Any, item: Any, match: re.Match[str], /) -> Self:
        """Rebuild the button."""
        return cls(match["slug"])

    async def click(self, interaction: Interaction) -> None:
        """Show the card privately."""
        app = interaction.client.app
        assignment = await app.practice.assign(interaction.guild_id, self.slug)
        t = app.texts.speaking(interaction.locale)
        card = ExerciseCard(assignment.exercise, assignment.day, t)
        await show(interaction, card)
