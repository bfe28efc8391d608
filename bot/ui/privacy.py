"""What is stored about a member, in words, as files, and the two buttons that delete it."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Self, TypeAlias

import discord
from discord import ui

from bot.domain.pauses import Pause, PauseReason
from bot.domain.personal import Entry
from bot.errors import NotYours
from bot.texts import Say
from bot.ui.days import dated
from bot.ui.pause import pause_line
from bot.ui.safe import SafeButton
from bot.ui.wording import ACCENT, harmless

if TYPE_CHECKING:
    from bot.client import Interaction

ROOM = 2500  # letters of what is stored, so that the rest of a message has room
MOST_PAUSES = 5
WHOSE = r"(?P<member>[0-9]{1,20}):(?P<club>[0-9]{1,20})"  # club 0 is everywhere

Rows: TypeAlias = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Scope:
    """Where it is about: the club of this name, or everywhere; and the day, to word others by."""

    club_id: int | None
    club: str
    today: date
    days_kept: int
    """How long a server that removed the bot, and a backup, are kept."""

    def key(self, key: str) -> str:
        """Return the key of a text for here or for everywhere."""
        return f"privacy.{key}_everywhere" if self.club_id is None else f"privacy.{key}"


def scope_of(interaction: Interaction, club_id: int | None) -> Scope:
    """Return the scope with all it takes to word it."""
    app = interaction.client.app
    return Scope(
        club_id,
        _club_name(interaction, club_id, app.texts.speaking(interaction.locale)),
        app.clock().date(),
        app.privacy.retention.days,
    )


def _club_name(interaction: Interaction, club_id: int | None, t: Say) -> str:
    if club_id is None:
        return t("privacy.no_club")
    guild = interaction.client.get_guild(club_id)  # none where another process serves it
    return harmless(guild.name, t) if guild else t("privacy.some_club", id=club_id)


class StoredCard(ui.LayoutView):
    """Everything stored about a member, club by club."""

    def __init__(
        self, entries: Sequence[Entry], scope: Scope, name_of: Callable[[int | None], str], t: Say
    ) -> None:
        super().__init__(timeout=None)
        lines = [f"## {t(scope.key('title'), club=scope.club)}"]
        lines += stored_lines(entries, scope, name_of, t) or [t(scope.key("nothing"))]
        lines += ["", t("privacy.never"), t("privacy.kept", n=scope.days_kept), t("privacy.ways")]
        self.add_item(ui.Container(ui.TextDisplay("\n".join(lines)), accent_colour=ACCENT))


class DeleteCard(ui.LayoutView):
    """What would be deleted, and the first button; or with `is_last` the second."""

    def __init__(
        self,
        entries: Sequence[Entry],
        member_id: int,
        scope: Scope,
        name_of: Callable[[int | None], str],
        t: Say,
        *,
        is_last: bool = False,
    ) -> None:
        super().__init__(timeout=None)
        lines = [f"## {t(scope.key('delete_last' if is_last else 'delete'), club=scope.club)}"]
        stored = stored_lines(entries, scope, name_of, t)
        if not stored:
            lines.append(t(scope.key("nothing")))
        elif is_last:
            lines.append(t("privacy.last_word"))
        else:
            lines += [*stored, "", *_staying(entries, t), t("privacy.backups", n=scope.days_kept)]
        container: ui.Container[Any] = ui.Container(
            ui.TextDisplay("\n".join(lines)), accent_colour=discord.Colour.red()
        )
        if stored:
            kind = ReallyDeleteButton if is_last else DeleteButton
            label = t("privacy.button_last" if is_last else "privacy.button")
            container.add_item(ui.ActionRow(kind(member_id, scope.club_id, label)))
        self.add_item(container)


class DeletedCard(ui.LayoutView):
    """What was deleted, what stays in Discord, and how to begin anew."""

    def __init__(self, entries: Sequence[Entry], scope: Scope, t: Say) -> None:
        super().__init__(timeout=None)
        lines = [
            f"## {t(scope.key('deleted'), club=scope.club)}",
            *_staying(entries, t),
            t("privacy.shared"),
            t("privacy.backups", n=scope.days_kept),
            t("privacy.anew"),
        ]
        self.add_item(ui.Container(ui.TextDisplay("\n".join(lines)), accent_colour=ACCENT))


def _staying(entries: Iterable[Entry], t: Say) -> list[str]:
    tables = {entry.table for entry in entries}
    return [t(f"privacy.stays_{table}") for table in ("clubs", "exercises") if table in tables]


def stored_lines(
    entries: Sequence[Entry], scope: Scope, name_of: Callable[[int | None], str], t: Say
) -> list[str]:
    """Return what is stored in words; of many clubs, as many as a message has room for."""
    by_club: dict[int | None, dict[str, list[Mapping[str, Any]]]] = {}
    for entry in sorted(entries, key=lambda entry: entry.club_id or math.inf):
        by_club.setdefault(entry.club_id, {}).setdefault(entry.table, []).append(entry.values)
    lines: list[str] = []
    for n, (club_id, tables) in enumerate(by_club.items()):
        told = [] if club_id is not None and club_id == scope.club_id else [_head(club_id, name_of)]
        told += [
            t("privacy.entry", what=TOLD[table](rows, scope.today, t))
            for table, rows in sorted(tables.items(), key=lambda each: _ORDER[each[0]])
        ]
        if lines and len("\n".join([*lines, *told])) > ROOM:
            return [*lines, t("privacy.more", n=len(by_club) - n)]
        lines += told
    return lines


def _head(club_id: int | None, name_of: Callable[[int | None], str]) -> str:
    return f"**{name_of(club_id)}**"


def namer(interaction: Interaction) -> Callable[[int | None], str]:
    """Return what names a club by its id."""
    t = interaction.client.app.texts.speaking(interaction.locale)
    return lambda club_id: _club_name(interaction, club_id, t)


def _set_up(rows: Rows, today: date, t: Say) -> str:
    moment: datetime = rows[0]["set_up_at"]
    return t("privacy.clubs", day=dated(moment.date(), today, t))


def _member(rows: Rows, today: date, t: Say) -> str:
    [row] = rows
    parts = [t("privacy.members", name=harmless(row["name"], t))]
    if row["joined_on"]:
        parts.append(t("privacy.joined", day=dated(row["joined_on"], today, t)))
    if row["is_hidden"]:
        parts.append(t("privacy.hidden"))
    if row["left_at"]:
        parts.append(t("privacy.left"))
    return "; ".join(parts)


def _completions(rows: Rows, today: date, t: Say) -> str:
    days = {row["day"] for row in rows}
    first, last = dated(min(days), today, t), dated(max(days), today, t)
    on_days = t("privacy.days", n=len(days), first=first, last=last)
    return t("privacy.completions", n=len(rows), days=on_days)


def _pauses(rows: Rows, today: date, t: Say) -> str:
    shown = [
        pause_line(Pause(row["first_day"], row["last_day"], PauseReason(row["reason"])), today, t)
        for row in rows[-MOST_PAUSES:]
    ]
    return t("privacy.pauses", n=len(rows), shown="; ".join(shown))


def _count(key: str) -> Callable[[Rows, date, Say], str]:
    return lambda rows, _today, t: t(f"privacy.{key}", n=len(rows))


# How the entries of each table are told, in this order.
TOLD: Mapping[str, Callable[[Rows, date, Say], str]] = {
    "members": _member,
    "completions": _completions,
    "voids": _count("voids"),
    "pauses": _pauses,
    "awards": _count("awards"),
    "scores": _count("scores"),
    "clubs": _set_up,
    "exercises": _count("exercises"),
    "drafts": _count("drafts"),
    "guides": _count("guides"),
    "reminders": _count("reminders"),
    "buddies": _count("buddies"),
}
_ORDER = {table: n for n, table in enumerate(TOLD)}


def files_of(parts: Sequence[bytes], day: date) -> list[discord.File]:
    """Return the parts of an export as files that can be told apart."""
    stem, count = f"hipstride-{day.isoformat()}", len(parts)
    return [
        discord.File(io.BytesIO(part), f"{stem}-{n}-of-{count}.zip" if count > 1 else f"{stem}.zip")
        for n, part in enumerate(parts, start=1)
    ]


class DeleteButton(SafeButton, template=rf"delete-me:{WHOSE}"):
    """Asks once more whether everything about the member is to go."""

    def __init__(self, member_id: int, club_id: int | None, label: str = "…") -> None:
        self.member_id, self.club_id = member_id, club_id
        super().__init__(
            ui.Button(
                label=label,
                style=discord.ButtonStyle.danger,
                custom_id=f"delete-me:{member_id}:{club_id or 0}",
            )
        )

    @classmethod
    async def from_custom_id(cls, interaction: Any, item: Any, match: re.Match[str], /) -> Self:
        """Rebuild the button."""
        return cls(int(match["member"]), int(match["club"]) or None)

    async def click(self, interaction: Interaction) -> None:
        """Ask, with the button that deletes."""
        _check_own(self.member_id, interaction)
        app = interaction.client.app
        entries = await app.privacy.stored(self.member_id, self.club_id)
        card = DeleteCard(
            entries,
            self.member_id,
            scope_of(interaction, self.club_id),
            namer(interaction),
            app.texts.speaking(interaction.locale),
            is_last=True,
        )
        await interaction.response.edit_message(view=card)


class ReallyDeleteButton(SafeButton, template=rf"delete-me-really:{WHOSE}"):
    """Deletes everything about the member."""

    def __init__(self, member_id: int, club_id: int | None, label: str = "…") -> None:
        self.member_id, self.club_id = member_id, club_id
        super().__init__(
            ui.Button(
                label=label,
                style=discord.ButtonStyle.danger,
                custom_id=f"delete-me-really:{member_id}:{club_id or 0}",
            )
        )

    @classmethod
    async def from_custom_id(cls, interaction: Any, item: Any, match: re.Match[str], /) -> Self:
        """Rebuild the button."""
        return cls(int(match["member"]), int(match["club"]) or None)

    async def click(self, interaction: Interaction) -> None:
        """Delete it, and say what stays."""
        _check_own(self.member_id, interaction)
        app = interaction.client.app
        entries = await app.privacy.delete(self.member_id, self.club_id)
        card = DeletedCard(
            entries,
            scope_of(interaction, self.club_id),
            app.texts.speaking(interaction.locale),
        )
        await interaction.response.edit_message(view=card)


def _check_own(member_id: int, interaction: Interaction) -> None:
    if interaction.user.id != member_id:
        raise NotYours
