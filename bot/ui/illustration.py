"""The picture below a message's text: described for those who do not see it, and never needed."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.pictures.studio import Picture
from bot.ui.pictures import may_be_the_picture

if TYPE_CHECKING:
    from bot.client import Interaction

log = logging.getLogger(__name__)

MAX_DESCRIPTION = 1024  # Discord's limit


@dataclass(frozen=True, slots=True)
class Illustration:
    """What is to be drawn, the file's name, and the same in words."""

    picture: Picture
    filename: str
    description: str


class IllustratedCard(ui.LayoutView):
    """A text, and below it a picture of the same once `show` has had it drawn."""

    def __init__(
        self, lines: Iterable[str], colour: discord.Colour, illustration: Illustration | None
    ) -> None:
        super().__init__(timeout=None)
        self.illustration = illustration
        text: ui.TextDisplay[Any] = ui.TextDisplay("\n".join(lines))
        self.container: ui.Container[Any] = ui.Container(text, accent_colour=colour)
        self.add_item(self.container)


async def show(
    interaction: Interaction, card: IllustratedCard, *, ephemeral: bool, in_place: bool = False
) -> None:
    """Answer with the card and its picture, if it can be drawn in time and Discord takes it.

    `in_place` puts both where the message is whose button was pressed.

    Raises:
        discord.HTTPException: Discord does not take the card without its picture either.
    """
    wanted = card.illustration
    png = await interaction.client.app.studio.draw(wanted.picture) if wanted else None
    if wanted and png:
        file = discord.File(io.BytesIO(png), wanted.filename)
        item = discord.MediaGalleryItem(file, description=shortened(wanted.description))
        gallery: ui.MediaGallery[Any] = ui.MediaGallery(item)
        below = card.container.children[1:]  # buttons stand below the picture
        for part in below:
            card.container.remove_item(part)
        for part in (gallery, *below):
            card.container.add_item(part)
        try:
            await _respond(interaction, card, [file], ephemeral=ephemeral, in_place=in_place)
            return
        except discord.HTTPException as error:
            if not may_be_the_picture(error):
                raise
            log.warning("Discord refused %s: its message goes without: %s", wanted.filename, error)
            card.container.remove_item(gallery)
    await _respond(interaction, card, [], ephemeral=ephemeral, in_place=in_place)


async def _respond(
    interaction: Interaction,
    card: IllustratedCard,
    files: list[discord.File],
    *,
    ephemeral: bool,
    in_place: bool,
) -> None:
    if in_place:
        await interaction.response.edit_message(view=card, attachments=files)
    else:
        await interaction.response.send_message(view=card, files=files, ephemeral=ephemeral)


def described(lines: Iterable[str]) -> str:
    """Return the lines of a message as one text without Markdown."""
    bare = (re.sub(r"^(## |-# )|\*\*", "", line).strip() for line in lines)
    return " ".join(line if line.endswith((".", "!", "?", ":")) else f"{line}." for line in bare)


def shortened(text: str) -> str:
    """Return the text, or as many of its words as a description may have."""
    if len(text) <= MAX_DESCRIPTION:
        return text
    return text[: MAX_DESCRIPTION - 2].rsplit(" ", 1)[0] + " …"
