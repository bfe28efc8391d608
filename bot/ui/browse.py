"""The list of exercises: filtered, a page at a time, each one a tap away."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Self

import discord
from discord import app_commands, ui

from bot.domain.catalogue import Catalogue
from bot.domain.exercise import Category, Difficulty, Equipment, Exercise, Muscle
from bot.texts import Say
from bot.ui.exercise_card import MoveButton
from bot.ui.pictures import Still, show_in_place
from bot.ui.safe import SafeButton
from bot.ui.wording import ACCENT, summary_line

if TYPE_CHECKING:
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
    """A page of the exercises that fit the filters."""

    def __init__(self, catalogue: Catalogue, filters: Filters, page: int, t: Say) -> None:
        super().__init__(timeout=None)
        found = filters.apply(catalogue)
        pages = max(1, -(-len(found) // PAGE))
        page = min(page, pages - 1)
        title = " · ".join(part for part in (t("browse.title"), filters.describe(t)) if part)
        container: ui.Container[Any] = ui.Container(accent_colour=ACCENT)
        container.add_item(ui.TextDisplay(f"## {title}"))
        shown = list(enumerate(found[page * PAGE : (page + 1) * PAGE], page * PAGE + 1))
        for n, exercise in shown:
            container.add_item(_entry(n, exercise, t))
        if shown:
            openers = (MoveButton(exercise.slug, str(n)) for n, exercise in shown)
            container.add_item(ui.ActionRow(*openers))
        else:
            container.add_item(ui.TextDisplay(t("browse.none")))
        footer = t("browse.page", page=page + 1, pages=pages, count=len(found))
        container.add_item(ui.TextDisplay(f"-# {footer}"))
        if pages > 1:
            back = PageButton(page - 1, filters, t("browse.previous"), is_off=page == 0)
            forth = PageButton(page + 1, filters, t("browse.next"), is_off=page == pages - 1)
            container.add_item(ui.ActionRow(back, forth))
        narrow = (FilterButton(what, filters, t(f"browse.{what.value}")) for what in Narrowing)
        self.add_item(container.add_item(ui.ActionRow(*narrow)))


def _entry(n: int, exercise: Exercise, t: Say) -> ui.Item[Any]:
    rung = exercise.ladder[exercise.standard]
    name = t("browse.entry", n=n, name=exercise.name)
    text: ui.TextDisplay[Any] = ui.TextDisplay(f"{name}\n-# {summary_line(exercise, rung, t)}")
    return ui.Section(text, accessory=Still(rung.picture)) if rung.picture else text


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
        """Rebuild the button."""
        return cls(int(match["page"]), Filters.parse(match["filters"]))

    async def click(self, interaction: Interaction) -> None:
        """Show the page."""
        app = interaction.client.app
        t = app.texts.speaking(interaction.locale)
        offered = await app.moves.offered(interaction.guild_id)
        listed = ExerciseList(offered, self.filters, self.page, t)
        await show_in_place(interaction, listed)


class Narrowing(StrEnum):
    """What a list can be narrowed to at a tap, and the way back to all."""

    BARE = "only_bare"
    BEGINNER = "only_beginner"
    ALL = "all"

    def is_on(self, filters: Filters) -> bool:
        """Whether the list is narrowed so."""
        return {
            Narrowing.BARE: filters.equipment is Equipment.NONE,
            Narrowing.BEGINNER: filters.difficulty is Difficulty.BEGINNER,
            Narrowing.ALL: filters == Filters(),
        }[self]

    def apply(self, filters: Filters) -> Filters:
        """Return the filters after a tap; a second one undoes the first."""
        is_on = self.is_on(filters)
        return {
            Narrowing.BARE: replace(filters, equipment=None if is_on else Equipment.NONE),
            Narrowing.BEGINNER: replace(filters, difficulty=None if is_on else Difficulty.BEGINNER),
            Narrowing.ALL: Filters(),
        }[self]


class FilterButton(
    SafeButton,
    template=rf"filter:(?P<what>{'|'.join(Narrowing)}):(?P<filters>[a-z_-]+(?::[a-z_-]+){{3}})",
):
    """Narrows the list in place, or widens it again; the filters so far are in the custom_id."""

    def __init__(self, what: Narrowing, filters: Filters, label: str = "…") -> None:
        self.what, self.filters = what, filters
        is_on = what.is_on(filters)
        styles = discord.ButtonStyle
        super().__init__(
            ui.Button(
                label=label,
                style=styles.primary if is_on and what is not Narrowing.ALL else styles.secondary,
                disabled=is_on and what is Narrowing.ALL,
                custom_id=f"filter:{what.value}:{filters}",
            )
        )

    @classmethod
    async def from_custom_id(cls, interaction: Any, item: Any, match: re.Match[str], /) -> Self:
        """Rebuild the button."""
        return cls(Narrowing(match["what"]), Filters.parse(match["filters"]))

    async def click(self, interaction: Interaction) -> None:
        """Show the first page of what fits now."""
        app = interaction.client.app
        t = app.texts.speaking(interaction.locale)
        offered = await app.moves.offered(interaction.guild_id)
        listed = ExerciseList(offered, self.what.apply(self.filters), 0, t)
        await show_in_place(interaction, listed)
