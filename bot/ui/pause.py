"""A member's pause: from when to when, what it does, and the way to end it."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any, Self

import discord
from discord import ui

from bot.domain.pauses import Pause
from bot.services.diary import Paused
from bot.texts import Say
from bot.ui.days import dated
from bot.ui.safe import DAY, SafeButton, club_id, parse_day
from bot.ui.wording import ACCENT, listing

if TYPE_CHECKING:
    from bot.client import Interaction


class PauseCard(ui.LayoutView):
    """A pause as it now stands, for the eyes of one member."""

    def __init__(self, paused: Paused, t: Say) -> None:
        super().__init__(timeout=None)
        container: ui.Container[Any] = ui.Container(
            ui.TextDisplay("\n".join(_lines(paused, t))), accent_colour=ACCENT
        )
        if paused.pause is not None:
            container.add_item(ui.ActionRow(_button(paused.pause, paused.today, t)))
        self.add_item(container)


def _lines(paused: Paused, t: Say) -> list[str]:
    pause, today = paused.pause, paused.today
    if pause is None:
        return [t("pause.gone"), *_streak(paused, t)]
    is_over = pause.last is not None and pause.last < today
    lines = [f"## {t('pause.title_over' if is_over else 'pause.title')}"]
    lines.append(pause_line(pause, today, t))
    if paused.merged:
        others = listing([span(p, today, t) for p in paused.merged], t)
        lines.append(t("pause.merged", n=len(paused.merged), others=others))
    return [*lines, *_streak(paused, t), t("pause.rule")]


def _streak(paused: Paused, t: Say) -> list[str]:
    weeks = paused.streak.weeks
    return [t("pause.streak", n=weeks)] if weeks else []


def _button(pause: Pause, today: date, t: Say) -> SafeButton:
    if pause.last is not None and pause.last < today:
        return DeletePauseButton(pause.first, t("pause.delete"))
    key = "pause.end" if pause.first < today else "pause.cancel"
    return EndPauseButton(pause.first, t(key))


def pause_line(pause: Pause, today: date, t: Say) -> str:
    """Return a pause and its reason in words."""
    reason = t(f"pause_reason.{pause.reason.value}").lower()
    return t("pause.line", span=span(pause, today, t), reason=reason)


def span(pause: Pause, today: date, t: Say) -> str:
    """Return the days of a pause in words."""
    first = dated(pause.first, today, t)
    if pause.last is None:
        return t("pause.span_open", first=first)
    if pause.last == pause.first:
        return first
    return t("pause.span", first=first, last=dated(pause.last, today, t))


class EndPauseButton(SafeButton, template=rf"pause-end:(?P<first>{DAY})"):
    """Ends the member's pause that began on this day, or calls it off if it is still to come."""

    def __init__(self, first: date, label: str = "…") -> None:
        self.first = first
        super().__init__(
            ui.Button(
                label=label,
                style=discord.ButtonStyle.primary,
                custom_id=f"pause-end:{first.isoformat()}",
            )
        )

    @classmethod
    async def from_custom_id(cls, interaction: Any, item: Any, match: re.Match[str], /) -> Self:
        """Rebuild the button."""
        return cls(parse_day(match["first"]))

    async def click(self, interaction: Interaction) -> None:
        """End it, and show what became of it."""
        app = interaction.client.app
        paused = await app.diary.end_pause(club_id(interaction), interaction.user.id, self.first)
        card = PauseCard(paused, app.texts.speaking(interaction.locale))
        await interaction.response.edit_message(view=card)


class DeletePauseButton(SafeButton, template=rf"pause-delete:(?P<first>{DAY})"):
    """Deletes the member's pause that began on this day."""

    def __init__(self, first: date, label: str = "…") -> None:
        self.first = first
        super().__init__(
            ui.Button(
                label=label,
                style=discord.ButtonStyle.secondary,
                custom_id=f"pause-delete:{first.isoformat()}",
            )
        )

    @classmethod
    async def from_custom_id(cls, interaction: Any, item: Any, match: re.Match[str], /) -> Self:
        """Rebuild the button."""
        return cls(parse_day(match["first"]))

    async def click(self, interaction: Interaction) -> None:
        """Delete it, and say so."""
        app = interaction.client.app
        paused = await app.diary.delete_pause(club_id(interaction), interaction.user.id, self.first)
        card = PauseCard(paused, app.texts.speaking(interaction.locale))
        await interaction.response.edit_message(view=card)
