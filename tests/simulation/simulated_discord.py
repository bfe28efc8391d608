"""A Discord that keeps what it accepted, forgets nonces in time, and fails as Discord does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import discord
from discord.components import _component_factory

from bot.domain.exercise import Level
from tests.simulation.profile import Profile

if TYPE_CHECKING:
    from tests.simulation.process import Process

Button = tuple[str, date, Level]

ME, MEMBER = 1, 2  # user ids


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A challenge in a channel, with the Done buttons that members see."""

    id: int
    club_id: int
    channel_id: int
    buttons: tuple[Button, ...]
    components: list[Any] = field(repr=False, compare=False)

    @property
    def day(self) -> date:
        return self.buttons[0][1]


@dataclass(slots=True)
class Channel:
    """A text channel: `problem` is the permanent error that it answers, if any."""

    problem: type[discord.HTTPException] | None = None
    is_readable: bool = True  # whether the bot may read what was written before
    nonces: dict[str, tuple[datetime, Message]] = field(default_factory=dict)


class SimulatedDiscord:
    """Channels and their messages; `on_*` tell the rules what happened."""

    def __init__(self, rng: Random, profile: Profile, now: Callable[[], datetime]) -> None:
        self._rng = rng
        self._window = profile.dedupe_window
        self._now = now
        self.channels: defaultdict[int, Channel] = defaultdict(Channel)
        self.messages: dict[int, Message] = {}
        self.trouble = 0.0  # how often a request fails in a way that may pass
        self.troubled: dict[int, float] = {}  # the same, for one club only
        self.is_calm: Callable[[int], bool] = lambda _club_id: False
        self.on_accept: Callable[[Message], None] = lambda _message: None
        self.on_fault: Callable[[int, date | None, Exception], None] = lambda *_: None
        self.let_pass: Callable[[timedelta], None] = lambda _delta: None

    async def send(
        self, process: Process, channel_id: int, club_id: int, view: Any, nonce: str | None
    ) -> Message:
        components = view.to_components()  # what discord.py would put on the wire
        buttons = tuple(_buttons(view))
        self.let_pass(timedelta(seconds=self._rng.choice((0.1, 0.2, 0.5, 2))))
        await process.point("before the message is accepted")
        channel = self.channels[channel_id]
        if channel.problem is not None:
            raise self._fault(club_id, buttons[0][1], channel.problem)
        trouble = self._draw(club_id)
        if trouble not in (None, "lost", "lost by reset"):
            raise self._fault(club_id, None, trouble)
        message = self._accept(channel, channel_id, club_id, buttons, components, nonce)
        await process.point("after the message was accepted")
        if trouble is not None:
            raise self._fault(club_id, None, trouble)
        return message

    async def edit(self, process: Process, channel_id: int, message_id: int, view: Any) -> None:
        view.to_components()
        await process.point("before an edit")
        message = self.messages[message_id]
        if problem := self.channels[channel_id].problem:
            raise self._fault(message.club_id, None, problem)
        if trouble := self._draw(message.club_id):
            raise self._fault(message.club_id, None, trouble)
        await process.point("after an edit")

    async def history(self, process: Process, channel_id: int, club_id: int) -> list[Any]:
        """Return what is in the channel, the newest first; nothing where it may not be read."""
        await process.point("before the history is read")
        channel = self.channels[channel_id]
        if channel.problem is discord.NotFound:
            raise self._fault(club_id, None, discord.NotFound)
        if trouble := self._draw(club_id):
            raise self._fault(club_id, None, trouble)
        await process.point("after the history was read")
        if not channel.is_readable:
            return []
        cards = [m for m in self.messages.values() if m.channel_id == channel_id]
        return [_as_read(MEMBER, 0, []), *(_as_read(ME, m.id, m.components) for m in cards[::-1])]

    async def tell(self, process: Process) -> None:
        """Write to a coach, whose direct messages are often closed."""
        await process.point("before the coach is told")
        if self._rng.random() < 0.3:
            raise discord.Forbidden(_response(403), "direct messages are closed")
        await process.point("after the coach was told")

    def _draw(self, club_id: int) -> str | None:
        if self.is_calm(club_id):
            return None
        if self._rng.random() >= max(self.trouble, self.troubled.get(club_id, 0)):
            return None
        return self._rng.choice(("5xx", "429", "reset", "lost", "lost by reset"))

    def _fault(
        self, club_id: int, day: date | None, kind: str | type[discord.HTTPException]
    ) -> Exception:
        """Return the error to raise; `day` is given where the post of that day is refused."""
        error: Exception
        if kind in ("reset", "lost by reset"):
            error = ConnectionResetError(kind)
        elif kind == "429":
            error = discord.HTTPException(_response(429), kind)
        elif isinstance(kind, str):
            error = discord.DiscordServerError(_response(self._rng.choice((500, 502, 503))), kind)
        else:
            error = kind(_response(404 if kind is discord.NotFound else 403), kind.__name__)
        self.on_fault(club_id, day, error)
        return error

    def _accept(
        self,
        channel: Channel,
        channel_id: int,
        club_id: int,
        buttons: tuple[Button, ...],
        components: list[Any],
        nonce: str | None,
    ) -> Message:
        if nonce in channel.nonces:
            since, message = channel.nonces[nonce]
            if self._now() - since <= self._window:
                return message
        message = Message(
            id=len(self.messages) + 1,
            club_id=club_id,
            channel_id=channel_id,
            buttons=buttons,
            components=components,
        )
        if nonce is not None:
            channel.nonces[nonce] = (self._now(), message)
        self.messages[message.id] = message
        self.on_accept(message)
        return message


@dataclass(frozen=True, slots=True)
class PartialChannel:
    """What `get_partial_messageable` returns."""

    discord: SimulatedDiscord
    process: Process
    id: int
    club_id: int

    async def send(
        self,
        *,
        view: Any,
        nonce: str | None = None,
        allowed_mentions: discord.AllowedMentions,
    ) -> Message:
        assert not allowed_mentions.everyone
        return await self.discord.send(self.process, self.id, self.club_id, view, nonce)

    async def history(self, *, limit: int) -> AsyncIterator[Any]:
        for message in (await self.discord.history(self.process, self.id, self.club_id))[:limit]:
            yield message

    def get_partial_message(self, message_id: int) -> PartialMessage:
        return PartialMessage(self, message_id)


@dataclass(frozen=True, slots=True)
class PartialMessage:
    """What `get_partial_message` returns."""

    channel: PartialChannel
    id: int

    async def edit(self, *, view: Any) -> None:
        channel = self.channel
        await channel.discord.edit(channel.process, channel.id, self.id, view)


@dataclass(frozen=True, slots=True)
class Guild:
    """What `get_guild` returns: a server without a system channel."""

    discord: SimulatedDiscord
    id: int
    name: str = "a server"
    preferred_locale: None = None
    system_channel: None = None
    me: None = None

    def get_channel(self, channel_id: int) -> GuildChannel | None:
        channel = self.discord.channels[channel_id]
        return None if channel.problem is discord.NotFound else GuildChannel(self, channel)


@dataclass(frozen=True, slots=True)
class GuildChannel:
    """What `get_channel` returns."""

    guild: Guild
    channel: Channel

    def permissions_for(self, _member: None) -> discord.Permissions:
        return discord.Permissions(
            view_channel=True,
            send_messages=self.channel.problem is None,
            embed_links=True,
            attach_files=True,
            read_message_history=self.channel.is_readable,
        )


def _as_read(author_id: int, message_id: int, components: list[Any]) -> Any:
    """Return as much of a discord.Message as a view can be made from."""
    return SimpleNamespace(
        id=message_id,
        author=SimpleNamespace(id=author_id),
        flags=SimpleNamespace(components_v2=bool(components)),
        components=[_component_factory(data) for data in components],
    )


def _buttons(view: Any) -> list[Button]:
    ids = [str(getattr(child, "custom_id", "")).split(":") for child in view.walk_children()]
    return [
        (slug_day_level[1], date.fromisoformat(slug_day_level[2]), Level(slug_day_level[3]))
        for slug_day_level in ids
        if slug_day_level[0] == "done"
    ]


def _response(status: int) -> Any:
    return SimpleNamespace(status=status, reason="simulated")
