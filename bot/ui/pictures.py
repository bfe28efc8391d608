"""Puts pictures into messages: by link where one is known, else by upload, else not at all."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import nullcontext
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar
from urllib.parse import urlsplit

import discord
from discord import ui
from discord.utils import MISSING

from bot.domain.exercise import Picture
from bot.ui.shelf import Shelf

if TYPE_CHECKING:
    from bot.client import Interaction

log = logging.getLogger(__name__)

UPLOADS = 16  # at once, of what nobody waits for: more would only slow each other down
KEPT = 64  # pictures in memory, of 300 kB at most: to read one anew for each club takes its time
CARDS = 20_000  # posted cards of which the bot remembers what they show
ACKNOWLEDGED, NO_ACCESS = 40060, 50001  # Discord's codes for what has nothing to do with pictures

T = TypeVar("T")
Shown: TypeAlias = dict[str, list[str]]  # by file, the addresses under which an edit may name it


class Figure(ui.MediaGallery[Any]):
    """Moving pictures in a card, each with its description; ten at most."""

    def __init__(self, *pictures: Picture) -> None:
        super().__init__(
            *(discord.MediaGalleryItem(_attached(p.moving), description=p.alt) for p in pictures)
        )
        self.files = {item: p.moving for item, p in zip(self.items, pictures, strict=True)}


class Caption(ui.TextDisplay[Any]):
    """A line about the figure above it, which goes where that goes."""


class Still(ui.Thumbnail[Any]):
    """A small picture that does not move, beside the text of a section."""

    def __init__(self, picture: Picture) -> None:
        super().__init__(_attached(picture.still), description=picture.alt)
        self.file = picture.still


async def show(interaction: Interaction, card: ui.LayoutView, *, ephemeral: bool = True) -> None:
    """Answer with a new message that shows the card and its pictures, as far as Discord takes them.

    Raises:
        discord.HTTPException: Discord does not take the card without pictures either.
    """

    async def send(files: list[discord.File]) -> None:
        await interaction.response.send_message(
            view=card, files=files or MISSING, ephemeral=ephemeral
        )

    await interaction.client.pictures.deliver(card, send)


async def show_in_place(interaction: Interaction, card: ui.LayoutView) -> None:
    """Replace the message whose button was clicked; what it shows already is not sent again.

    Raises:
        discord.HTTPException: Discord does not take the card without pictures either.
    """
    shown = shown_by(interaction.message) if interaction.message else {}
    wanted = {path.name for path in pictures_of(card)}
    if wanted and all(_is_own(name, shown) for name in wanted):
        place(card, {name: _attached(name) for name in wanted})
        await interaction.response.edit_message(view=card)
        return

    async def send(files: list[discord.File]) -> None:
        # An empty list takes away what the message carries; without any there is nothing to say.
        attachments = files if files or shown else MISSING
        await interaction.response.edit_message(view=card, attachments=attachments)

    await interaction.client.pictures.deliver(card, send)


async def edit_with_what_it_shows(
    message: discord.PartialMessage,
    card: ui.LayoutView,
    shown: Shown,
    turn: Callable[[], Awaitable[None]],
) -> None:
    """Write a posted card anew; its pictures stay as they are and are not sent again.

    Raises:
        discord.HTTPException: Discord takes it in no way; so it stays as it was.
    """
    ways = max((len(addresses) for addresses in shown.values()), default=1)
    for way in range(ways):
        place(card, {name: among[min(way, len(among) - 1)] for name, among in shown.items()})
        try:
            await message.edit(view=card)
        except discord.HTTPException as error:
            if error.status != 400 or way == ways - 1:
                raise
            await turn()
        else:
            return


class Pictures:
    """What the bot knows about pictures in Discord: links, refusals, and what cards show."""

    def __init__(self, shelf: Shelf | None = None) -> None:
        self._shelf = shelf
        self._refused: set[str] = set()
        self._uploads = asyncio.Semaphore(UPLOADS)
        self._shown: dict[int, Shown] = {}

    async def deliver(
        self,
        card: ui.LayoutView,
        send: Callable[[list[discord.File]], Awaitable[T]],
        *,
        is_awaited: bool = True,
    ) -> T:
        """Send the card with its pictures, or without those that Discord refuses; return `send`'s.

        `send` gets the files to upload and may be called up to three times. Where nobody waits for
        the answer, links are waited for, and uploads take turns.

        Raises:
            discord.HTTPException: it is not the pictures.
        """
        files = {p.name: p for p in pictures_of(card) if p.name not in self._refused}
        links = await self._links(files.values(), is_awaited) if self._shelf else {}
        refusal: discord.HTTPException | None = None
        for known in ([links, {}] if links else [{}]) if files else []:
            place(card, {name: known.get(name, _attached(name)) for name in files})
            uploads = [path for name, path in files.items() if name not in known]
            try:
                return await self._upload(uploads, send, is_awaited)
            except discord.HTTPException as error:
                if not may_be_the_picture(error):
                    raise
                refusal = error
        place(card, {})
        sent = await send([])
        if refusal is not None:
            self._blame(files, refusal)
        return sent

    async def _links(self, paths: Iterable[Path], is_awaited: bool) -> dict[str, str]:
        assert self._shelf is not None  # noqa: S101 - asked for only then
        if is_awaited:
            known = {path.name: self._shelf.link_at_hand(path) for path in paths}
        else:
            known = {path.name: await self._shelf.link(path) for path in paths}
        return {name: link for name, link in known.items() if link}

    async def _upload(
        self,
        paths: list[Path],
        send: Callable[[list[discord.File]], Awaitable[T]],
        is_awaited: bool,
    ) -> T:
        async with nullcontext() if is_awaited or not paths else self._uploads:
            return await send([discord.File(BytesIO(_content(p)), p.name) for p in paths])

    def _blame(self, names: Iterable[str], refusal: discord.HTTPException) -> None:
        """Leave pictures out from now on that a card was refused for; say so once."""
        if isinstance(refusal, discord.Forbidden):
            return  # not theirs: it may not attach files here, and `/club status` says so
        for name in names:
            log.warning("Discord refuses %s; cards go out without it: %s", name, refusal)
            self._refused.add(name)

    def remember(self, message: discord.Message) -> Shown:
        """Note and return what a posted card shows."""
        self._shown.pop(message.id, None)
        while len(self._shown) >= CARDS:
            del self._shown[next(iter(self._shown))]
        self._shown[message.id] = shown = shown_by(message)
        return shown

    def recall(self, message_id: int) -> Shown | None:
        """Return what `remember` noted of this card, None if nothing."""
        return self._shown.get(message_id)


def pictures_of(card: ui.LayoutView) -> list[Path]:
    """Return the files of the pictures in a card, each once."""
    files: list[Path] = []
    for item in card.walk_children():
        if isinstance(item, Figure):
            files += item.files.values()
        elif isinstance(item, Still):
            files.append(item.file)
    return list(dict.fromkeys(files))


def place(card: ui.LayoutView, addresses: Mapping[str, str]) -> None:
    """Let the card show its pictures from these addresses, by file; leave out all others."""
    for container in card.children:
        if not isinstance(container, ui.Container):
            continue
        children = [kept for child in container.children for kept in _placed(child, addresses)]
        if children != container.children:
            container.clear_items()
            for child in children:
                container.add_item(child)


def _placed(child: ui.Item[Any], addresses: Mapping[str, str]) -> Iterator[ui.Item[Any]]:
    """Yield what becomes of a part of the card; a section without its picture is only text."""
    if isinstance(child, Figure):
        child.items = [item for item in child.items if child.files[item].name in addresses]
        for item in child.items:
            item.media = addresses[child.files[item].name]
        if child.items:
            yield child
    elif isinstance(child, ui.Section) and isinstance(child.accessory, Still):
        address = addresses.get(child.accessory.file.name)
        if address is None:
            yield from child.children
        else:
            child.accessory.media = address
            yield child
    elif addresses or not isinstance(child, Caption):
        yield child


def shown_by(message: discord.Message) -> Shown:
    """Return what a message shows; a file of its own is named as such first, then by its link."""
    shown: Shown = {}
    for media in _media(message.components):
        name = urlsplit(media.url).path.rsplit("/", 1)[-1]
        own = [_attached(name)] if media.attachment_id else []
        shown[name] = [*own, media.url]
    return shown


def _media(components: Iterable[Any]) -> Iterator[discord.UnfurledMediaItem]:
    for component in components:
        for item in getattr(component, "items", ()):
            yield item.media
        accessory = getattr(component, "accessory", None)
        if isinstance(accessory, discord.ThumbnailComponent):
            yield accessory.media
        yield from _media(getattr(component, "children", ()))


@lru_cache(KEPT)
def _content(file: Path) -> bytes:
    return file.read_bytes()


def _attached(file: Path | str) -> str:
    return f"attachment://{file.name if isinstance(file, Path) else file}"


def _is_own(name: str, shown: Shown) -> bool:
    return _attached(name) in shown.get(name, ())


def may_be_the_picture(error: discord.HTTPException) -> bool:
    """Whether Discord may take the same card without its pictures."""
    return error.status in (400, 403, 413) and error.code not in (ACKNOWLEDGED, NO_ACCESS)
