"""Gateway v10: the websocket over which the bot learns what happens."""

from __future__ import annotations

import asyncio
import json
import secrets
import zlib
from collections.abc import Callable
from typing import Any

from aiohttp import web

from .model import Json, NotPossible, World

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT = 0, 1, 2, 6, 7
INVALID_SESSION, HELLO, HEARTBEAT_ACK = 9, 10, 11
GUILDS_INTENT = 1 << 0
AUTHENTICATION_FAILED = 4004


class Connection:
    """One websocket, compressed as the bot asked for."""

    def __init__(self, socket: web.WebSocketResponse, compression: str | None) -> None:
        self.socket = socket
        self._compress = compressor(compression) if compression else None

    async def send(self, op: int, d: Any, s: int | None = None, t: str | None = None) -> None:
        payload = json.dumps({"op": op, "d": d, "s": s, "t": t})
        if self._compress is None:
            await self.socket.send_str(payload)
        else:
            await self.socket.send_bytes(self._compress(payload.encode()))


class Gateway:
    """Accepts connections and tells the bot that came last what happens."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._connections: list[Connection] = []
        self._current: Connection | None = None
        self._session_ids: set[str] = set()
        self._sequence = 0
        self._arrivals = asyncio.Semaphore(0)
        self.shards: list[list[int]] = []  # [id, count] of each that identified

    async def arrival(self) -> None:
        """Wait for the next bot that was told of all its clubs; each is waited for once."""
        await self._arrivals.acquire()

    async def dispatch(self, event: str, data: Json) -> None:
        if self._current is None or self._current.socket.closed:
            raise NotPossible(f"no bot is connected that could be told of {event}")
        self._sequence += 1
        await self._current.send(DISPATCH, data, self._sequence, event)

    async def ask_to_reconnect(self) -> None:
        for connection in self._connections:
            await connection.send(RECONNECT, None)

    async def close(self) -> None:
        for connection in list(self._connections):  # each leaves the list as it closes
            await connection.socket.close(code=1001)

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(compress=False)
        await socket.prepare(request)
        connection = Connection(socket, request.query.get("compress"))
        self._connections.append(connection)
        await connection.send(HELLO, {"heartbeat_interval": 41250})
        try:
            async for message in socket:
                await self._receive(connection, json.loads(message.data))
        finally:
            self._connections.remove(connection)
        return socket

    async def _receive(self, connection: Connection, payload: Json) -> None:
        op, data = payload["op"], payload["d"]
        if op == HEARTBEAT:
            await connection.send(HEARTBEAT_ACK, None)
        elif op in (IDENTIFY, RESUME) and data["token"] != self.world.token:
            await connection.socket.close(code=AUTHENTICATION_FAILED)
        elif op == IDENTIFY:
            self._current = connection
            await self._identify(data)
        elif op == RESUME and data["session_id"] in self._session_ids:
            self._current = connection
            await self.dispatch("RESUMED", {})
        elif op == RESUME:
            await connection.send(INVALID_SESSION, False)

    async def _identify(self, data: Json) -> None:
        session_id = secrets.token_hex(8)
        self.shards.append(data.get("shard", [0, 1]))
        self._session_ids.add(session_id)
        bot, guilds = self.world.bot, list(self.world.guilds.values())
        ready: Json = {"v": 10, "session_id": session_id, "user": bot.json()}
        ready["resume_gateway_url"] = self.world.gateway_url
        ready["application"] = {"id": str(bot.id), "flags": 0}
        ready["shard"] = data.get("shard", [0, 1])
        ready["guilds"] = [{"id": str(guild.id), "unavailable": True} for guild in guilds]
        await self.dispatch("READY", ready)
        if data["intents"] & GUILDS_INTENT:
            for guild in guilds:
                await self.dispatch("GUILD_CREATE", guild.json())
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
