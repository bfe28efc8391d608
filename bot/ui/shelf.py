"""A channel of the operator's where each picture lies once, for all cards to link to."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import discord

from bot.errors import StorageUnavailable
from bot.ui.permissions import NO_ANSWER, understood

if TYPE_CHECKING:
    from bot.client import Bot

log = logging.getLogger(__name__)

# Discord's links end at the time they name, a day ahead; it gives a new one to who asks again.
MARGIN = timedelta(hours=1)
UNNAMED = timedelta(hours=12)  # how long one is used that names no end
CLOSED = timedelta(minutes=15)  # after trouble, before the next try


@dataclass(frozen=True, slots=True)
class Link:
    """An address of a picture, and until when to use it."""

    url: str
    until: datetime


class Shelf:
    """Puts each picture into the channel when it is first needed, and hands out links to it."""

    def __init__(self, bot: Bot, channel_id: int) -> None:
        self._bot = bot
        self._channel_id = channel_id
        self._links: dict[Path, Link] = {}
        self._locks: dict[Path, asyncio.Lock] = {}
        self._fetching: set[asyncio.Task[str | None]] = set()
        self._closed_until = datetime.min.replace(tzinfo=UTC)

    def link_at_hand(self, file: Path) -> str | None:
        """Return the link if it is known now; else see to it that it will be."""
        link = self._known(file)
        if link is None and not self._is_closed():
            task = asyncio.create_task(self.link(file))
            self._fetching.add(task)
            task.add_done_callback(self._fetching.discard)
        return link

    async def link(self, file: Path) -> str | None:
        """Return a link to the picture, None if there is trouble with the channel."""
        async with self._locks.setdefault(file, asyncio.Lock()):
            if self._is_closed() or (url := self._known(file)):
                return None if self._is_closed() else url
            try:
                with understood():
                    message = await self._found(file) or await self._put(file)
                    url = message.attachments[0].url
            except (StorageUnavailable, LookupError, *NO_ANSWER) as error:
                self._closed_until = self._bot.app.clock() + CLOSED
                log.warning(
                    "MEDIA_CHANNEL_ID: no link to %s, cards carry their pictures themselves: %r",
                    file.name,
                    error,
                )
                return None
            self._links[file] = Link(url, self._end(url))
            return url

    def _is_closed(self) -> bool:
        return self._bot.app.clock() < self._closed_until

    def _known(self, file: Path) -> str | None:
        link = self._links.get(file)
        return link.url if link and self._bot.app.clock() < link.until else None

    def _end(self, url: str) -> datetime:
        named = parse_qs(urlsplit(url).query).get("ex")
        if not named:
            return self._bot.app.clock() + UNNAMED
        return datetime.fromtimestamp(int(named[0], 16), UTC) - MARGIN

    async def _found(self, file: Path) -> discord.Message | None:
        """Return the message that holds the picture, if it was put there and still is."""
        async with self._bot.app.database.read() as stores:
            message_id = await stores.notes.get(self._note(file))
        if message_id is None:
            return None
        channel = self._bot.get_partial_messageable(self._channel_id)
        try:
            return await channel.fetch_message(int(message_id))
        except discord.NotFound:
            return None

    async def _put(self, file: Path) -> discord.Message:
        channel = self._bot.get_partial_messageable(self._channel_id)
        message = await channel.send(f"`{file.name}`", file=discord.File(file), silent=True)
        async with self._bot.app.database.write() as stores:
            await stores.notes.set(self._note(file), str(message.id))
        return message

    def _note(self, file: Path) -> str:
        digest = sha256(file.read_bytes()).hexdigest()[:16]  # a picture drawn anew is another
        return f"picture:{self._channel_id}:{file.name}:{digest}"
