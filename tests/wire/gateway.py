"""Gateway v10: the websocket over which the bot learns what happens."""

from __future__ import annotations

import asyncio
import json
import secrets
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from .model import Json, NotPossible, World

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT = 0, 1, 2, 6, 7
INVALID_SESSION, HELLO, HEARTBEAT_ACK = 9, 10, 11
GUILDS_INTENT = 1 << 0
AUTHENTICATION_FAILED = 4004


class Connection:
    """One websocket, compressed as the bot asked for."""

    def __init__(self, request: web.Request, socket: web.WebSocketResponse) -> None:
        self.socket, self._request = socket, request
        self.is_frozen = False
        compression = request.query.get("compress")
        self._compress = compressor(compression) if compression else None

    async def send(self, op: int, d: Any, s: int | None = None, t: str | None = None) -> None:
        if self.is_frozen or self.socket.closed:
            return  # Discord does not know that nobody hears it
        payload = json.dumps({"op": op, "d": d, "s": s, "t": t})
        with suppress(ConnectionError):
            if self._compress is None:
                await self.socket.send_str(payload)
            else:
                await self.socket.send_bytes(self._compress(payload.encode()))

    def abort(self) -> None:
        if self._request.transport is not None:
            self._request.transport.abort()


@dataclass
class Session:
    """What a bot that identified was told, so that it can be told again after a break."""

    id: str
    shard: tuple[int, int]  # id and count
    connection: Connection | None
    events: list[tuple[str, Json]] = field(default_factory=list)  # the first has sequence 1

    def covers(self, guild_id: int) -> bool:
        """Whether it is told of this club; 0 stands for direct messages."""
        shard, count = self.shard
        return (guild_id >> 22) % count == shard

    async def dispatch(self, event: str, data: Json) -> None:
        self.events.append((event, data))
        await self._send(len(self.events))

    async def replay(self, last_seen: int) -> None:
        for sequence in range(last_seen + 1, len(self.events) + 1):
            await self._send(sequence)

    async def _send(self, sequence: int) -> None:
        if self.connection is not None:
            event, data = self.events[sequence - 1]
            await self.connection.send(DISPATCH, data, sequence, event)


class Gateway:
    """Accepts connections, and tells the bot that identified last for a shard what happens."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.heartbeat_interval = 41.25  # seconds, Discord's own
        self.shards: list[list[int]] = []  # [id, count] of each that identified
        self._connections: list[Connection] = []
        self._sessions: list[Session] = []
        self._arrivals = asyncio.Semaphore(0)
        self._resumptions = asyncio.Semaphore(0)

    async def arrival(self) -> None:
        """Wait for the next bot that was told of all its clubs; each is waited for once."""
        await self._arrivals.acquire()

    async def resumption(self) -> None:
        """Wait for the next bot that resumed its session; each is waited for once."""
        await self._resumptions.acquire()

    async def dispatch(self, event: str, data: Json, guild_id: int = 0) -> None:
        """Tell of an event; a bot that is away is told when it resumes its session."""
        covering = [session for session in self._sessions if session.covers(guild_id)]
        if not covering:
            raise NotPossible(f"no bot has identified that could be told of {event}")
        await covering[-1].dispatch(event, data)

    async def ask_to_reconnect(self) -> None:
        for connection in self._connections:
            await connection.send(RECONNECT, None)

    async def invalidate(self, *, resumable: bool) -> None:
        """Tell every bot that its session is invalid: for this connection, or for good."""
        if not resumable:
            self._sessions.clear()
        for connection in self._connections:
            await connection.send(INVALID_SESSION, resumable)

    def forget(self) -> None:
        """Know no session any more; whoever tries to resume one hears of it then."""
        self._sessions.clear()

    async def drop(self) -> None:
        """Cut every connection, as a broken network does."""
        for connection in self._connections:
            connection.abort()
        self._part()

    def freeze(self) -> None:
        """Hear and say nothing more on the present connections, but leave them open."""
        for connection in self._connections:
            connection.is_frozen = True

    def _part(self, connection: Connection | None = None) -> None:
        for session in self._sessions:
            if connection in (None, session.connection):
                session.connection = None

    async def close(self) -> None:
        for connection in list(self._connections):  # each leaves the list as it closes
            await connection.socket.close(code=1001)

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(compress=False)
        await socket.prepare(request)
        connection = Connection(request, socket)
        self._connections.append(connection)
        await connection.send(HELLO, {"heartbeat_interval": int(self.heartbeat_interval * 1000)})
        try:
            async for message in socket:
                if not connection.is_frozen:
                    await self._receive(connection, json.loads(message.data))
        finally:
            self._connections.remove(connection)
            self._part(connection)
        return socket

    async def _receive(self, connection: Connection, payload: Json) -> None:
        op, data = payload["op"], payload["d"]
        if op == HEARTBEAT:
            await connection.send(HEARTBEAT_ACK, None)
        elif op in (IDENTIFY, RESUME) and data["token"] != self.world.token:
            await connection.socket.close(code=AUTHENTICATION_FAILED)
        elif op == IDENTIFY:
            await self._identify(connection, data)
        elif op == RESUME:
            await self._resume(connection, data)

    async def _resume(self, connection: Connection, data: Json) -> None:
        known = {session.id: session for session in self._sessions}
        session = known.get(data["session_id"])
        if session is None:
            await connection.send(INVALID_SESSION, False)
            return
        session.connection = connection
        await session.replay(data["seq"])
        await session.dispatch("RESUMED", {})
        self._resumptions.release()

    async def _identify(self, connection: Connection, data: Json) -> None:
        shard, count = data.get("shard", [0, 1])
        session = Session(secrets.token_hex(8), (shard, count), connection)
        self.shards.append([shard, count])
        self._sessions.append(session)
        guilds = [guild for guild in self.world.guilds.values() if session.covers(guild.id)]
        bot = self.world.bot
        ready: Json = {"v": 10, "session_id": session.id, "user": bot.json()}
        ready["resume_gateway_url"] = self.world.gateway_url
        ready["application"] = {"id": str(bot.id), "flags": 0}
        ready["shard"] = [shard, count]
        ready["guilds"] = [{"id": str(guild.id), "unavailable": True} for guild in guilds]
        await session.dispatch("READY", ready)
        if data["intents"] & GUILDS_INTENT:
            for guild in guilds:
                await session.dispatch("GUILD_CREATE", guild.json())
        self._arrivals.release()


def compressor(name: str) -> Callable[[bytes], bytes]:
    """One stream for the whole connection; every message ends with a flush."""
    if name == "zlib-stream":
        stream = zlib.compressobj()
        return lambda data: stream.compress(data) + stream.flush(zlib.Z_SYNC_FLUSH)
    # discord.py asks for zstd-stream where Python has it (3.14).
    from compression.zstd import ZstdCompressor  # noqa: PLC0415

    zstd = ZstdCompressor()
    return lambda data: zstd.compress(data, ZstdCompressor.FLUSH_BLOCK)
