"""What a member did, a page at a time, the latest day first."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, Any, Self

import discord
from discord import ui

from bot.domain.exercise import Exercise, Level
from bot.domain.history import Entry
from bot.services.diary import HistoryPage
from bot.texts import Say
from bot.ui.days import dated
from bot.ui.safe import SafeButton, club_id
from bot.ui.wording import ACCENT

if TYPE_CHECKING:
    from bot.client import Interaction


class HistoryCard(ui.LayoutView):
    """A page of a member's history, for their eyes only."""

    def __init__(self, shown: HistoryPage, t: Say) -> None:
        super().__init__(timeout=None)
        lines = [f"## {t('history.title')}"]
        for day, entries in groupby(shown.entries, key=lambda pair: pair[0].day):
            names = ", ".join(_named(entry, exercise, shown, t) for entry, exercise in entries)
            lines.append(t("history.day", day=dated(day, shown.today, t), names=names))
        if not shown.entries:
            lines.append(t("history.none"))
        page = t("history.page", page=shown.page + 1, pages=shown.pages, n=shown.count)
        lines.append(f"-# {page}")
        container: ui.Container[Any] = ui.Container(
            ui.TextDisplay("\n".join(lines)), accent_colour=ACCENT
        )
        if shown.pages > 1:
            newer = HistoryButton(shown.page - 1, t("history.newer"), is_off=shown.page == 0)
            is_last = shown.page == shown.pages - 1
            older = HistoryButton(shown.page + 1, t("history.older"), is_off=is_last)
            container.add_item(ui.ActionRow(newer, older))
        self.add_item(container)


def _named(entry: Entry, exercise: Exercise | None, shown: HistoryPage, t: Say) -> str:
    name = entry_name(entry, exercise, t)
    return t("history.voided", name=name) if entry in shown.voided else name


def entry_name(entry: Entry, exercise: Exercise | None, t: Say) -> str:
    """Return the exercise, and its level unless that is standard; its slug if it is lost."""
    name = exercise.name if exercise else entry.slug
    if entry.level is Level.STANDARD:
        return name
    return t("history.at_level", name=name, level=t(f"level.{entry.level.value}").lower())


class HistoryButton(SafeButton, template=r"history:(?P<page>-?\d{1,6})"):
    """Turns the page in place."""

    def __init__(self, page: int, label: str = "…", is_off: bool = False) -> None:
        self.page = page
        super().__init__(
            ui.Button(
                label=label,
                disabled=is_off,
                style=discord.ButtonStyle.secondary,
                custom_id=f"history:{page}",
            )
        )

    @classmethod
    async def from_custom_id(cls, interaction: Any, item: Any, match: re.Match[str], /) -> Self:
        """Rebuild the button."""
        return cls(int(match["page"]))

    async def click(self, interaction: Interaction) -> None:
        """Show the page."""
        app = interaction.client.app
        page = await app.diary.history(club_id(interaction), interaction.user.id, self.page)
        card = HistoryCard(page, app.texts.speaking(interaction.locale))
        await interaction.response.edit_message(view=card)
