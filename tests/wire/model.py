"""What exists on the stand-in for Discord: people, clubs, messages, and the bot's answers."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import IntFlag
from pathlib import Path
from typing import Any

Json = dict[str, Any]

# The parts of Discord's objects that are the same in every test.
PAYLOADS: dict[str, Json] = json.loads(Path(__file__).with_name("payloads.json").read_text())
DISCORD_EPOCH_MS = 1420070400000
EPHEMERAL, LOADING = 1 << 6, 1 << 7  # message flags
MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE = 4, 5, 6, 7  # ways to answer an interaction


class Permission(IntFlag):
    NOTHING = 0
    MANAGE_GUILD = 1 << 5
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    USE_APPLICATION_COMMANDS = 1 << 31
    MEMBER = (
        VIEW_CHANNEL
        | SEND_MESSAGES
        | EMBED_LINKS
        | ATTACH_FILES
        | READ_MESSAGE_HISTORY
        | USE_APPLICATION_COMMANDS
    )
    COACH = MEMBER | MANAGE_GUILD


class NotPossible(AssertionError):
    """The test asked for what no user of Discord could do."""


@dataclass
class User:
    id: int
    name: str
    permissions: Permission = Permission.MEMBER  # in every club
    locale: str = "en-GB"
    bot: bool = False

    def json(self) -> Json:
        names = {"username": self.name, "global_name": self.name.title()}
        return {**PAYLOADS["user"], **names, "id": str(self.id), "bot": self.bot}

    def member(self, roles: Sequence[Role] = ()) -> Json:
        own = {"user": self.json(), "permissions": str(int(self.permissions))}
        return {**PAYLOADS["member"], **own, "roles": [str(role.id) for role in roles]}


@dataclass
class Role:
    id: int
    name: str
    permissions: Permission = Permission.NOTHING

    def json(self) -> Json:
        own = {"id": str(self.id), "name": self.name, "permissions": str(int(self.permissions))}
        return {**PAYLOADS["role"], **own}


@dataclass
class Channel:
    """A text channel of a club, or a direct message."""

    id: int
    name: str
    guild: Guild | None = field(default=None, repr=False)
    recipient: User | None = None
    denied: Permission = Permission.NOTHING  # what the bot may not do in this channel alone

    @property
    def bot_permissions(self) -> Permission:
        return self.guild.bot_role.permissions & ~self.denied if self.guild else Permission.MEMBER

    def json(self) -> Json:
        if self.guild is None:
            recipients = [self.recipient.json()] if self.recipient else []
            return {**PAYLOADS["direct_channel"], "id": str(self.id), "recipients": recipients}
        overwrite = {"id": str(self.guild.bot_role.id), "type": 0, "allow": "0"}
        own: Json = {"id": str(self.id), "name": self.name, "guild_id": str(self.guild.id)}
        own["permission_overwrites"] = [{**overwrite, "deny": str(int(self.denied))}]
        return {**PAYLOADS["channel"], **own, "permissions": str(int(Permission.MEMBER))}


@dataclass
class Guild:
    """A club. @everyone is allowed nothing, so the bot's role alone decides what it may do."""

    id: int
    name: str
    bot: User
    bot_role: Role
    channels: list[Channel] = field(default_factory=list)
    roles: list[Role] = field(default_factory=list)
    locale: str = "en-GB"

    def json(self) -> Json:
        roles = [Role(self.id, "@everyone"), self.bot_role, *self.roles]
        own: Json = {"id": str(self.id), "name": self.name, "preferred_locale": self.locale}
        own["channels"] = [channel.json() for channel in self.channels]
        own["members"] = [self.bot.member([self.bot_role])]
        return {**PAYLOADS["guild"], **own, "roles": [r.json() for r in roles], "member_count": 2}


@dataclass
class File:
    filename: str
    content_type: str
    data: bytes = field(repr=False)


@dataclass
class Request:
    """One REST request of the bot, and the status it was answered with."""

    method: str
    path: str  # below /api/v10
    route: str  # the path's pattern: /channels/{channel}
    query: dict[str, str]
    headers: dict[str, str]
    values: dict[str, str]  # what the route's pattern names: {"channel": "123"}
    body: Any = None
    files: list[File] = field(default_factory=list)
    status: int = 0


@dataclass
class Matching:
    """Some requests: those of this method whose path the expression is found in."""

    method: str
    path_regex: str

    def matches(self, request: Request) -> bool:
        return self.method == request.method and bool(re.search(self.path_regex, request.path))


@dataclass
class Fault(Matching):
    """A wrong answer to some requests; ``apply``: after doing as asked.

    Status 0 is no answer: the connection is closed. ``body``: not Discord's way to say an error.
    """

    status: int
    code: int = 0
    times: int = 1
    apply: bool = False
    body: bytes | None = None
    content_type: str = "application/json"


@dataclass
class Hold(Matching):
    """Keeps the next such request waiting; ``applied``: done as asked, but not answered."""

    applied: bool = False
    request: Request | None = None  # the one that came
    arrived: asyncio.Event = field(default_factory=asyncio.Event, repr=False)
    _ended: asyncio.Event = field(default_factory=asyncio.Event, repr=False)
    is_dropped: bool = False

    def release(self) -> None:
        """Let the request go on."""
        self._ended.set()

    def drop(self) -> None:
        """Go no further, and close the connection without an answer."""
        self.is_dropped = True
        self._ended.set()

    async def pause(self, request: Request) -> None:
        self.request = request
        self.arrived.set()
        await self._ended.wait()


@dataclass
class Reply:
    """What the bot answered to one interaction."""

    id: int
    interaction_type: int
    token: str
    user: User
    channel: Channel
    source: Json | None = None  # the message whose component was used
    sent: float = field(default_factory=time.monotonic)
    type: int | None = None
    data: Json = field(default_factory=dict)
    original: Json | None = None
    followups: list[Json] = field(default_factory=list)
    acknowledged: asyncio.Event = field(default_factory=asyncio.Event, repr=False)
    answered: asyncio.Event = field(default_factory=asyncio.Event, repr=False)

    @property
    def message(self) -> Json:
        """What the user got to see: after a silent deferral the follow-up, else the original."""
        if self.type == DEFERRED_UPDATE and self.followups:
            return self.followups[0]
        return self.original or self.data

    @property
    def content(self) -> str:
        return str(self.message.get("content") or "")

    @property
    def components(self) -> list[Json]:
        return list(self.message.get("components") or [])

    @property
    def text(self) -> str:
        """All words of the message: its content and its text displays."""
        texts = [c["content"] for c in walk(self.components) if c["type"] == 10]
        return "\n".join(filter(None, [self.content, *texts]))

    @property
    def flags(self) -> int:
        return int(self.message.get("flags") or 0)

    @property
    def ephemeral(self) -> bool:
        return bool(self.flags & EPHEMERAL)


class World:
    """What the server answers from, and the test looks at."""

    def __init__(self, token: str) -> None:
        self.token = token
        self.api_base = self.gateway_url = ""  # known once the server listens
        self.acknowledge_within = 3.0  # seconds; Discord's own limit
        self._last_id = 0
        self.bot = User(self.snowflake(), "hipstride", bot=True)
        self.users: dict[int, User] = {}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.messages: dict[int, Json] = {}
        self.nonces: dict[tuple[int, str], tuple[float, Json]] = {}  # by channel; since when
        self.nonce_holds = 180.0  # seconds; Discord says "a few minutes"
        self.commands: dict[int, dict[str, Json]] = {}  # by guild; 0: the global ones
        self.syncs = 0
        self.portal: Json = {}  # what the owner chose for the application
        self.sessions_remaining = 999
        self.links_hold = 86_400.0  # seconds, of a link to an attachment
        self.clock_ahead = 0.0  # seconds that Discord's clock is ahead of ours
        self.replies: dict[str, Reply] = {}  # by interaction token
        self.requests: list[Request] = []
        self.latency = 0.0  # seconds from a request to its answer
        self.faults: list[Fault] = []
        self.holds: list[Hold] = []
        self.problems: list[str] = []  # what the stand-in could not do; fails the test

    def snowflake(self) -> int:
        self._last_id = max(self._last_id + 1, int(time.time() * 1000 - DISCORD_EPOCH_MS) << 22)
        return self._last_id

    def add_user(self, name: str, permissions: Permission = Permission.MEMBER) -> User:
        user = User(self.snowflake(), name, permissions)
        return self.users.setdefault(user.id, user)

    def add_guild(self, name: str, channels: Sequence[str], roles: Sequence[str] = ()) -> Guild:
        bot_role = Role(self.snowflake(), self.bot.name, Permission.MEMBER)
        self._last_id += 1 << 22  # a moment later, else all clubs would be in one shard
        guild = Guild(self.snowflake(), name, self.bot, bot_role)
        guild.channels = [Channel(self.snowflake(), channel, guild) for channel in channels]
        guild.roles = [Role(self.snowflake(), role) for role in roles]
        self.channels |= {channel.id: channel for channel in guild.channels}
        return self.guilds.setdefault(guild.id, guild)

    def direct_channel(self, user: User) -> Channel:
        known = (c for c in self.channels.values() if c.recipient is user)
        channel = next(known, None) or Channel(self.snowflake(), user.name, recipient=user)
        return self.channels.setdefault(channel.id, channel)

    def channel_messages(self, channel: Channel) -> list[Json]:
        """What everybody in the channel sees, oldest first."""
        here = (m for m in self.messages.values() if m["channel_id"] == str(channel.id))
        return [message for message in here if not message["flags"] & EPHEMERAL]

    def create_message(self, channel: Channel, fields: Json, files: list[File], **own: Any) -> Json:
        own |= {"id": str(self.snowflake()), "channel_id": str(channel.id)}
        own |= {"author": self.bot.json(), "timestamp": datetime.now(UTC).isoformat()}
        message = self.messages[int(own["id"])] = {**PAYLOADS["message"], **own}
        self._write(message, fields, files)
        return message

    def edit_message(self, message: Json, fields: Json, files: list[File]) -> Json:
        ephemeral = message["flags"] & EPHEMERAL  # an edit cannot change who sees the message
        self._write(message, fields, files)
        message["flags"] = message["flags"] & ~LOADING | ephemeral
        message["edited_timestamp"] = datetime.now(UTC).isoformat()
        return message

    def _write(self, message: Json, fields: Json, files: list[File]) -> None:
        for name in fields.keys() & {"content", "embeds", "components", "flags", "nonce"}:
            message[name] = fields[name] or PAYLOADS["message"].get(name)
        described = {str(a["id"]): a for a in fields.get("attachments") or []}
        kept = message["attachments"]
        if "attachments" in fields:
            kept = [attachment for attachment in kept if attachment["id"] in described]
        place = message["channel_id"]
        new = [self._attachment(f, place, described.get(str(n), {})) for n, f in enumerate(files)]
        message["attachments"] = kept + new
        message["components"] = numbered(message["components"], message["attachments"])

    def _attachment(self, file: File, place: str, described: Json) -> Json:
        identifier, ends = str(self.snowflake()), int(time.time() + self.links_hold)
        url = f"{self.api_base}/attachments/{place}/{identifier}/{file.filename}?ex={ends:x}"
        own = {"id": identifier, "url": url, "proxy_url": url, "size": len(file.data)}
        return {**described, **own, "filename": file.filename, "content_type": file.content_type}


def walk(components: list[Json]) -> Iterator[Json]:
    """Every component, in reading order."""
    for component in components:
        yield component
        accessory = [component["accessory"]] if component.get("accessory") else []
        yield from walk([*(component.get("components") or []), *accessory])


def numbered(components: list[Json], attachments: list[Json]) -> list[Json]:
    """Components as Discord gives them back: with ids, uploaded files under their address."""
    copies: list[Json] = json.loads(json.dumps(components))
    uploaded = {f"attachment://{a['filename']}": a for a in attachments}
    for number, component in enumerate(walk(copies), 1):
        component.setdefault("id", number)
        for media in media_of(component):
            if media["url"] in uploaded:
                attachment = uploaded[media["url"]]
                media |= {"url": attachment["url"], "attachment_id": attachment["id"]}
    return copies


def media_of(component: Json) -> list[Json]:
    """The pictures that one component shows."""
    items = [*component.get("items", []), component]
    return [item["media"] for item in items if "media" in item]
