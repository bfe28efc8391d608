"""The one place where a failed interaction is answered.

discord.py logs and drops an exception raised in a DynamicItem; nothing reaches
CommandTree.on_error. So every button here derives from SafeButton, which `LeanState` presses.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

import discord
from discord import ui

from bot.errors import MayNotManage, NotSetUp, Problems, UserError
from bot.texts import Say
from bot.ui.wording import day_line, equipment_words, focus_words, listing, permission_names

if TYPE_CHECKING:
    from bot.client import Interaction

LONGEST_BLOCK = 1600  # of the 2,000 characters that a message holds

log = logging.getLogger(__name__)


async def report_failure(interaction: Interaction, error: BaseException) -> None:
    """Explain a user's mistake, or log a bug and apologise with its reference."""
    error = getattr(error, "original", error)
    t = interaction.client.app.texts.speaking(interaction.locale)
    text = None
    if isinstance(error, UserError):
        try:
            text = explain(error, interaction, t)
        except (KeyError, ValueError) as broken:  # a sentence that asks for another value
            error = broken
    if text is None:
        log.error("interaction %s failed", interaction.id, exc_info=error)
        text = t("error.bug", reference=interaction.id)
    try:
        await answer(interaction, text)
    except discord.HTTPException:
        log.warning("interaction %s could not be answered", interaction.id, exc_info=True)


def club_id(interaction: Interaction) -> int:
    """Return the id of the server the interaction comes from.

    Raises:
        NotSetUp: it comes from a direct message.
    """
    if interaction.guild_id is None:
        raise NotSetUp
    return interaction.guild_id


async def answer(interaction: Interaction, text: str) -> None:
    """Tell the user `text` privately, whether or not they have been answered before."""
    if interaction.response.is_done():
        await interaction.followup.send(text, ephemeral=True)
    else:
        await interaction.response.send_message(text, ephemeral=True)


def explain(error: UserError, interaction: Interaction, t: Say) -> str:
    """Return the sentence for a user's mistake, saying what would be right."""
    if isinstance(error, Problems):
        lines = [t("error.problem", problem=explain(e, interaction, t)) for e in error.problems]
        return "\n".join([t("error.problems"), *lines])
    values: dict[str, Any] = dict(error.values)
    values.update((key, word(values[key], t)) for key, word in _WORDED.items() if key in values)
    for key, value in values.items():
        if isinstance(value, date):
            values[key] = day_line(value, t)
    for key in ("name", "time", "zone", "typed", "dose"):
        if key in values:
            values[key] = discord.utils.escape_markdown(str(values[key])[:60])
    return t(_key(error, interaction), **values)


def _either(names: Iterable[str], t: Say) -> str:
    return listing([f"**{name}**" for name in names], t, last="or")


def _block(lines: Sequence[str], _: Say) -> str:
    """Return the lines such that nothing in them formats, each cut so that all fit a message."""
    most = LONGEST_BLOCK // len(lines)
    plain = [line.replace("`", "’") for line in lines]
    return "\n".join(line if len(line) < most else f"{line[: most - 2]}…" for line in plain)


# How the values of a mistake are put into words.
_WORDED: dict[str, Callable[[Any, Say], str]] = {
    "nearest": _either,
    "permissions": permission_names,
    "equipment": equipment_words,
    "focus": focus_words,
    "lines": _block,
}


def _key(error: UserError, interaction: Interaction) -> str:
    if isinstance(error, MayNotManage) and error.values["owner"] is None:
        return "error.may_not_manage_ask"
    if not isinstance(error, NotSetUp):
        return error.key
    if interaction.guild_id is None:
        return "error.no_club_here"
    return "error.not_set_up_coach" if interaction.permissions.manage_guild else error.key


DAY = r"\d{4}-\d\d-\d\d"


def parse_day(text: str) -> date:
    """Return the day in a custom_id; the first of all days, long past, for one that never was."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return date.min


class SafeButton(ui.DynamicItem[ui.Button[Any]], template="(?!)"):
    """A button that lasts: its state is its custom_id. Subclasses give a template and `click`."""

    is_placeless: ClassVar[bool] = False
    """Whether `click` looks neither at the button's message nor at its channel."""

    @classmethod
    def fullmatch(cls, custom_id: str) -> re.Match[str] | None:
        """Return how the template matches a custom_id; None: it is another button's."""
        return cls.__discord_ui_compiled_template__.fullmatch(custom_id)

    @classmethod
    async def press(cls, interaction: Interaction, match: re.Match[str]) -> None:
        """Rebuild the button from its custom_id and run `click`; report whatever they raise."""
        try:
            button = await cls.from_custom_id(interaction, ui.Button(custom_id=match[0]), match)
            await button.click(interaction)
        except Exception as error:
            await report_failure(interaction, error)

    async def click(self, interaction: Interaction) -> None:
        """React to the click."""
        raise NotImplementedError


class SafeModal(ui.Modal):
    """A form whose failures are reported like those of everything else."""

    async def on_error(  # type: ignore[override]
        self, interaction: Interaction, error: Exception, /
    ) -> None:
        """Report whatever went wrong with what was typed."""
        await report_failure(interaction, error)
