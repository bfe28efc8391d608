"""The list of exercises: filtered, a page at a time, each one a tap away."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Self

import discord
from discord import app_commands, ui

from bot.domain.catalogue import Catalogue
from bot.domain.exercise import Category, Difficulty, Equipment, Exercise, Level, Muscle
from bot.texts import Say
from bot.ui.exercise_card import ACCENT, RungButton
from bot.ui.safe import SafeButton
from bot.ui.wording import summary_line

if TYPE_CHECKING:
    from datetime import date

    from bot.client import Interaction

PAGE = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What the list is narrowed to."""

    category: Category | None = None
    muscle: Muscle | None = None
    equipment: Equipment | None = None
    difficulty: Difficulty | None = None

    def __str__(self) -> str:
        """Return the filters for a custom_id: their values, a dash where there is none."""
        chosen = (self.category, self.muscle, self.equipment, self.difficulty)
        return ":".join(value.value if value else "-" for value in chosen)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the filters that `str` wrote; a value no longer known filters nothing."""
        kinds = (Category, Muscle, Equipment, Difficulty)
        values: list[Any] = [
            kind(value) if value in set(kind) else None
            for kind, value in zip(kinds, text.split(":"), strict=True)
        ]
        category, muscle, equipment, difficulty = values
        return cls(category=category, muscle=muscle, equipment=equipment, difficulty=difficulty)

    def apply(self, catalogue: Catalogue) -> list[Exercise]:
        """Return the exercises that fit."""
        return catalogue.filter(self.category, self.muscle, self.equipment, self.difficulty)

    def describe(self, t: Say) -> str:
        """Return the filters in words."""
        words = (
            (self.category, "category"),
            (self.muscle, "muscle"),
            (self.equipment, "equipment"),
            (self.difficulty, "difficulty"),
        )
        return " · ".join(t(f"{kind}.{value.value}") for value, kind in words if value)


def choices(kind: type[StrEnum], key: str, t: Say) -> list[app_commands.Choice[str]]:
    """Return the values of a filter in words, for a command's option."""
    return [app_commands.Choice(name=t(f"{key}.{each.value}"), value=each.value) for each in kind]


class ExerciseList(ui.LayoutView):
    """A page of the exercises that fit the filters; `day` is what their Done would count for."""

    def __init__(
        self, catalogue: Catalogue, filters: Filters, page: int, day: date | None, t: Say
    ) -> None:
        super().__init__(timeout=None)
        found = filters.apply(catalogue)
        pages = max(1, -(-len(found) // PAGE))
        page = min(page, pages - 1)
        title = " · ".join(part for part in (t("browse.title"), filters.describe(t)) if part)
        container: ui.Container[Any] = ui.Container(accent_colour=ACCENT)
        container.add_item(ui.TextDisplay(f"## {title}"))
        for exercise in found[page * PAGE : (page + 1) * PAGE]:
            container.add_item(_entry(exercise, day, t))
        if not found:
            container.add_item(ui.TextDisplay(t("browse.none")))
        footer = t("browse.page", page=page + 1, pages=pages, count=len(found))
        container.add_item(ui.TextDisplay(f"-# {footer}"))
        if pages > 1:
            back = PageButton(page - 1, filters, t("browse.previous"), is_off=page == 0)
            forth = PageButton(page + 1, filters, t("browse.next"), is_off=page == pages - 1)
            container.add_item(ui.ActionRow(back, forth))
        self.add_item(container)


def _entry(exercise: Exercise, day: date | None, t: Say) -> ui.Section[Any]:
    rung = exercise.ladder[exercise.standard]
    text = f"**{exercise.name}**\n-# {summary_line(exercise, rung, t)}"
    show = RungButton.labelled(t("browse.show"), exercise, Level.STANDARD, day)
    return ui.Section(ui.TextDisplay(text), accessory=show)


class PageButton(
    SafeButton, template=r"page:(?P<page>-?\d+):(?P<filters>[a-z_-]+(?::[a-z_-]+){3})"
):
    """Turns the page in place; the filters stand in the custom_id."""

    def __init__(self, page: int, filters: Filters, label: str = "…", is_off: bool = False) -> None:
        self.page, self.filters = page, filters
        super().__init__(
            ui.Button(
                label=label,
                disabled=is_off,
                style=discord.ButtonStyle.secondary,
                custom_id=f"page:{page}:{filters}",
            )
        )

    @classmethod
    async def from_custom_id(cls, interaction: Any, item: Any, match: re.Match[str], /) -> Self:
        """Rebuild the button; does no I/O, for its exceptions would be lost."""
        return cls(int(match["page"]), Filters.parse(match["filters"]))

    async def click(self, interaction: Interaction) -> None:
        """Show the page."""
        app = interaction.client.app
        day = await app.practice.day(interaction.guild_id)
        t = app.texts.speaking(interaction.locale)
        listed = ExerciseList(app.catalogue, self.filters, self.page, day, t)
        await interaction.response.edit_message(view=listed)
