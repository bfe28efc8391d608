"""A Discord that keeps what it accepted, forgets nonces in time, and fails as Discord does."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice, repeat
from random import Random
from types import SimpleNamespace
from typing import Any

import discord
from discord.components import _component_factory

from bot.domain.exercise import Level
from tests.simulation.life import Life

Button = tuple[str, date, Level]

ME, MEMBER = 1, 2  # user ids
DEDUPE = timedelta(minutes=5)  # how long Discord knows a nonce; the bot counts on two
LOOKED_THROUGH = 1000  # messages, at least, before the bot gives up
LATENCIES = (0.1, 0.2, 0.5, 2)  # seconds on the way to Discord
TROUBLES = ("5xx", "429", "reset", "lost", "lost by reset")


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A challenge in a channel, with the Done buttons that members see.

    `position`: how many messages were written in the channel before.
    """

    id: int
    club_id: int
    channel_id: int
    position: int
    buttons: tuple[Button, ...]
    components: tuple[Any, ...] = ()  # what pictures there are does not matter here

    @property
    def day(self) -> date:
        return self.buttons[0][1]


@dataclass(slots=True)
class Channel:
    """A text channel: `problem` is the permanent error that it answers, if any."""

    problem: type[discord.HTTPException] | None = None
    is_readable: bool = True  # whether the bot may read what was written before
    written: int = 0
    cards: deque[tuple[Message, list[Any]]] = field(  # the newest, with their components
        default_factory=lambda: deque(maxlen=8)
    )
    nonces: dict[str, tuple[datetime, Message]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A message on its way to Discord."""

    life: Life
    channel_id: int
    club_id: int
    buttons: tuple[Button, ...]
    components: list[Any]
    nonce: str | None


class SimulatedDiscord:
    """Channels and their messages; `on_*` tell the rules what happened."""

    def __init__(self, rng: Random, now: Callable[[], datetime]) -> None:
        self._rng = rng
        self._now = now
        self._on_the_way: dict[int, Request] = {}
        self._requests = 0
        self.channels: defaultdict[int, Channel] = defaultdict(Channel)
        self.messages: dict[int, Message] = {}
        self.removed: set[int] = set()  # servers that removed the bot
        self.trouble = 0.0  # how often a request fails in a way that may pass
        self.troubled: dict[int, float] = {}  # the same, for one club only
        self.on_accept: Callable[[Message], None] = lambda _message: None
        self.on_fault: Callable[[int, date | None, Exception], None] = lambda *_: None

    def is_shut(self, club_id: int, channel_id: int) -> bool:
        """Whether nothing can be posted there until somebody mends that."""
        return club_id in self.removed or self.channels[channel_id].problem is not None

    def shows_cards(self, channel_id: int) -> bool:
        """Whether the bot can find its newest card, or that there is none."""
        channel = self.channels[channel_id]
        newest = channel.cards[-1][0].position if channel.cards else 0
        return channel.is_readable and channel.written - newest < LOOKED_THROUGH

    async def send(
        self, life: Life, channel_id: int, club_id: int, view: Any, nonce: str | None
    ) -> Message:
        request = Request(
            life=life,
            channel_id=channel_id,
            club_id=club_id,
            buttons=tuple(_buttons(view)),
            components=view.to_components(),  # what discord.py would put on the wire
            nonce=nonce,
        )
        await self._point(life, "before", "a message is sent")
        self._requests += 1
        number = self._requests
        self._on_the_way[number] = request
        await asyncio.sleep(self._rng.choice(LATENCIES))
        self._on_the_way.pop(number, None)
        if not life.is_up:
            await life.point("after", "the end")
        if (problem := self._problem(club_id, channel_id)) is not None:
            raise self._fault(club_id, request.buttons[0][1], problem)
        trouble = self._draw(club_id)
        if trouble not in (None, "lost", "lost by reset"):
            raise self._fault(club_id, None, trouble)
        message = self._accept(request)
        await self._point(life, "after", "a message was accepted")
        if trouble is not None:
            raise self._fault(club_id, None, trouble)
        return message

    def disconnected(self, life: Life) -> None:
        """Let what a crashed process still had on the way arrive, or get lost."""
        for number, request in list(self._on_the_way.items()):
            if request.life is life:
                del self._on_the_way[number]
                is_shut = self.is_shut(request.club_id, request.channel_id)
                if not is_shut and self._rng.random() < 0.5:
                    self._accept(request)

    async def edit(self, life: Life, channel_id: int, message_id: int, view: Any) -> None:
        view.to_components()
        await self._point(life, "before", "an edit")
        message = self.messages[message_id]
        self._answer(message.club_id, channel_id)
        await self._point(life, "after", "an edit")

    async def message(self, life: Life, channel_id: int, message_id: int) -> Message:
        await self._point(life, "before", "a message is asked for")
        message = self.messages[message_id]
        self._answer(message.club_id, channel_id)
        return message

    async def history(self, life: Life, channel_id: int, club_id: int, limit: int) -> list[Any]:
        """Return what is in the channel, the newest first; nothing where it may not be read."""
        await self._point(life, "before", "the history is read")
        channel = self.channels[channel_id]
        if channel.problem is discord.NotFound or club_id in self.removed:
            raise self._fault(club_id, None, self._problem(club_id, channel_id) or discord.NotFound)
        if trouble := self._draw(club_id):
            raise self._fault(club_id, None, trouble)
        await self._point(life, "after", "the history was read")
        if not channel.is_readable:
            return []
        return list(islice(_from_the_newest(channel), limit))

    async def show_server(self, life: Life, club_id: int) -> None:
        """Raise what Discord answers who asks for the server, if anything."""
        await self._point(life, "before", "a server is asked for")
        if club_id in self.removed:
            raise discord.NotFound(_response(404), "Unknown Guild")
        if trouble := self._draw(club_id):
            raise self._fault(club_id, None, trouble)

    async def show_channel(self, life: Life, club_id: int, channel_id: int) -> Channel:
        """Return the channel, or raise what Discord answers."""
        await self._point(life, "before", "a channel is asked for")
        if self.channels[channel_id].problem is discord.NotFound:
            raise discord.NotFound(_response(404), "Unknown Channel")
        if trouble := self._draw(club_id):
            raise self._fault(club_id, None, trouble)
        return self.channels[channel_id]

    async def tell(self, life: Life) -> None:
        """Write to a coach, whose direct messages are often closed."""
        await self._point(life, "before", "the coach is told")
        if self._rng.random() < 0.3:
            raise discord.Forbidden(_response(403), "direct messages are closed")
        await self._point(life, "after", "the coach was told")

    async def _point(self, life: Life, when: str, what: str) -> None:
        if not life.is_quiet:
            await life.point(when, what)

    def _answer(self, club_id: int, channel_id: int) -> None:
        if problem := self._problem(club_id, channel_id):
            raise self._fault(club_id, None, problem)
        if trouble := self._draw(club_id):
            raise self._fault(club_id, None, trouble)

    def _problem(self, club_id: int, channel_id: int) -> type[discord.HTTPException] | None:
        if club_id in self.removed:
            return discord.Forbidden  # Missing Access
        return self.channels[channel_id].problem

    def _draw(self, club_id: int) -> str | None:
        chance = max(self.trouble, self.troubled.get(club_id, 0))
        if not chance or self._rng.random() >= chance:
            return None
        return self._rng.choice(TROUBLES)

    def _fault(
        self, club_id: int, day: date | None, kind: str | type[discord.HTTPException] | None
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

    def _accept(self, request: Request) -> Message:
        channel = self.channels[request.channel_id]
        if request.nonce in channel.nonces:
            since, message = channel.nonces[request.nonce]
            if self._now() - since <= DEDUPE:
                return message
        channel.written += 1
        message = Message(
            id=len(self.messages) + 1,
            club_id=request.club_id,
            channel_id=request.channel_id,
            position=channel.written,
            buttons=request.buttons,
        )
        if request.nonce is not None:
            channel.nonces[request.nonce] = (self._now(), message)
            if len(channel.nonces) > 8:
                del channel.nonces[next(iter(channel.nonces))]
        channel.cards.append((message, request.components))
        self.messages[message.id] = message
        self.on_accept(message)
        return message


@dataclass(frozen=True, slots=True)
class PartialChannel:
    """What `get_partial_messageable` returns."""

    discord: SimulatedDiscord
    life: Life
    id: int
    club_id: int

    async def send(
        self,
        *,
        view: Any,
        files: list[discord.File],
        nonce: str | None = None,
        allowed_mentions: discord.AllowedMentions,
    ) -> Message:
        assert not allowed_mentions.everyone
        return await self.discord.send(self.life, self.id, self.club_id, view, nonce)

    async def history(self, *, limit: int) -> AsyncIterator[Any]:
        for message in await self.discord.history(self.life, self.id, self.club_id, limit):
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
        await channel.discord.edit(channel.life, channel.id, self.id, view)

    async def fetch(self) -> Message:
        channel = self.channel
        return await channel.discord.message(channel.life, channel.id, self.id)


class Server:
    """What `fetch_guild` returns."""

    owner_id = 0

    def __init__(self, discord: SimulatedDiscord, life: Life, server_id: int) -> None:
        self.id = server_id
        self._discord = discord
        self._life = life

    def get_role(self, _role_id: int) -> None:
        """Know no role but everyone's."""

    async def fetch_member(self, _user_id: int) -> Any:
        await self._discord.show_server(self._life, self.id)
        return SimpleNamespace(id=ME, _roles=(), is_timed_out=lambda: False)

    async def fetch_channel(self, channel_id: int) -> Any:
        channel = await self._discord.show_channel(self._life, self.id, channel_id)
        granted = discord.Permissions(
            view_channel=True,
            send_messages=channel.problem is None,
            embed_links=True,
            attach_files=True,
            read_message_history=channel.is_readable,
        )
        self.default_role = SimpleNamespace(permissions=granted)  # as if it held only here
        return SimpleNamespace(guild=self, _overwrites=[])


def _from_the_newest(channel: Channel) -> Iterator[Any]:
    """Yield the channel's messages; of cards only so many are kept that it makes no difference."""
    member, above = _as_read(MEMBER, 0, []), channel.written + 1
    for card, components in reversed(channel.cards):
        yield from repeat(member, above - card.position - 1)
        yield _as_read(ME, card.id, components)
        above = card.position
    yield from repeat(member, above - 1)


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
