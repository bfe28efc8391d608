"""What a coach took out of the count, and the way to put it back."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, Any, Self

import discord
from discord import app_commands, ui

from bot.domain.exercise import Exercise
from bot.domain.history import Entry
from bot.errors import NothingToVoid
from bot.services.voids import Voided
from bot.texts import Say
from bot.ui.club import managed_club
from bot.ui.days import MOST_CHOICES, dated
from bot.ui.done import streak_parts
from bot.ui.history import entry_name
from bot.ui.safe import DAY, SafeButton, parse_day
from bot.ui.wording import ACCENT

if TYPE_CHECKING:
    from bot.client import Interaction

LONGEST_CHOICE = 100  # letters: Discord's limit
CHOICE = re.compile(rf"(?P<day>{DAY}):(?P<slug>[a-z0-9-]+)")


class VoidedCard(ui.LayoutView):
    """An entry that counts no more, or again."""

    def __init__(self, voided: Voided, t: Say) -> None:
        super().__init__(timeout=None)
        entry = voided.entry
        name = entry_name(entry, voided.exercise, t)
        day = dated(entry.day, voided.today, t)
        done = t("void.back" if voided.counts else "void.out", name=name, day=day)
        member = t("void.member", member=voided.member_id)
        lines = [done, " ".join([member, *streak_parts(voided.streak, t)])]
        key = "void.badge_back" if voided.counts else "void.badge_gone"
        lines += [t(key, emoji=badge.emoji, name=badge.name) for badge in voided.badges]
        container: ui.Container[Any] = ui.Container(
            ui.TextDisplay("\n".join(lines)), accent_colour=ACCENT
        )
        if not voided.counts:
            back = PutBackButton(voided.member_id, entry.day, entry.slug, t("void.put_back"))
            container.add_item(ui.ActionRow(back))
        self.add_item(container)


class PutBackButton(
    SafeButton,
    template=rf"void-back:(?P<member>[0-9]{{1,20}}):(?P<day>{DAY}):(?P<slug>[a-z0-9-]+)",
):
    """Counts again what was taken out, for those who manage the server."""

    def __init__(self, member_id: int, day: date, slug: str, label: str = "…") -> None:
        self.member_id, self.day, self.slug = member_id, day, slug
        super().__init__(
            ui.Button(
                label=label,
                style=discord.ButtonStyle.secondary,
                custom_id=f"void-back:{member_id}:{day.isoformat()}:{slug}",
            )
        )

    @classmethod
    async def from_custom_id(cls, interaction: Any, item: Any, match: re.Match[str], /) -> Self:
        """Rebuild the button."""
        return cls(int(match["member"]), parse_day(match["day"]), match["slug"])

    async def click(self, interaction: Interaction) -> None:
        """Put it back, and say how the member stands now."""
        app = interaction.client.app
        voided = await app.voids.put_back(
            managed_club(interaction), self.member_id, self.day, self.slug
        )
        card = VoidedCard(voided, app.texts.speaking(interaction.locale))
        await interaction.response.edit_message(view=card)


def entry_choices(
    typed: str, entries: Iterable[tuple[Entry, Exercise | None]], today: date, t: Say
) -> list[app_commands.Choice[str]]:
    """Return the entries whose words match what was typed, as choices of an option."""
    choices = (
        app_commands.Choice(
            name=t(
                "void.choice",
                name=entry_name(entry, exercise, t),
                day=dated(entry.day, today, t),
            )[:LONGEST_CHOICE],
            value=f"{entry.day.isoformat()}:{entry.slug}",
        )
        for entry, exercise in entries
    )
    near = (choice for choice in choices if typed.casefold() in choice.name.casefold())
    return list(islice(near, MOST_CHOICES))


def parse_entry(value: str) -> tuple[date, str]:
    """Return the day and the slug of a choice.

    Raises:
        NothingToVoid: it is none.
    """
    match = CHOICE.fullmatch(value)
    if match is None:
        raise NothingToVoid
    return parse_day(match["day"]), match["slug"]
