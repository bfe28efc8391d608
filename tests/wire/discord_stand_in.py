"""A stand-in for Discord on the loopback interface: REST v10, gateway v10, and users who act."""

from __future__ import annotations

import asyncio
import secrets
import time
from typing import Any, Self

from aiohttp import web

from .gateway import Gateway
from .interactions import command_data, component_data, interaction_event, usable_in_direct_message
from .limits import Block, RateLimits, Scope
from .model import Channel, Fault, Guild, Hold, Json, Reply, User, World
from .openapi import OpenApi
from .rest import PREFIX, Rest

COMMAND, COMPONENT, AUTOCOMPLETE = 2, 3, 4
ANSWER_WITHIN = 10.0
COME_WITHIN = 30.0  # a machine with much else to do starts a process slowly


class NoReply(AssertionError):
    """The bot left a user without an answer."""


class DiscordStandIn(World):
    """Accepts one bot token; answers the bot, and lets a test act as its users.

    Not modelled: modals, message events. A request outside of the model fails the test, and so
    does one that is wrong by Discord's OpenAPI document, if there is one to look into.
    """

    def __init__(self, token: str, openapi: OpenApi | None = None) -> None:
        super().__init__(token)
        self.gateway = Gateway(self)
        self.limits = RateLimits()
        application = web.Application()
        application.router.add_get("/gateway", self.gateway.serve)
        Rest(self, self.limits, openapi).add_routes(application.router)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=1)

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0]
        self.api_base = f"http://{host}:{port}{PREFIX}"
        self.gateway_url = f"ws://{host}:{port}/gateway"
        return self

    async def __aexit__(self, _: object, error: BaseException | None, __: object) -> None:
        for hold in self.holds:
            hold.drop()
        await self.gateway.close()
        await self._runner.cleanup()
        if error is None and self.problems:
            raise AssertionError("\n".join(self.problems))

    async def connected(self) -> None:
        """Wait until a bot has come, or come anew, and knows its clubs."""
        await asyncio.wait_for(self.gateway.arrival(), COME_WITHIN)

    async def resumed(self) -> None:
        """Wait until a bot has come back and was told what it missed."""
        await asyncio.wait_for(self.gateway.resumption(), COME_WITHIN)

    def fault(self, *fields: Any, **named: Any) -> None:
        """Answer the next matching requests with an error; takes the fields of a Fault."""
        self.faults.append(Fault(*fields, **named))

    def hold(self, *fields: Any, **named: Any) -> Hold:
        """Keep the next matching request waiting; takes the fields of a Hold."""
        self.holds.append(Hold(*fields, **named))
        return self.holds[-1]

    def block(self, scope: Scope, seconds: float, method: str = "", path_regex: str = "") -> None:
        """Refuse requests as too many for that long: matching ones, or, if global, all."""
        ends = time.monotonic() + seconds
        self.limits.blocks.append(Block(method, path_regex, scope, ends))

    async def slash(
        self, command: str, options: Json | None = None, *, user: User, guild: Guild | None = None
    ) -> Reply:
        """``user`` sends ``/command options`` in a club's first channel, or to the bot directly."""
        data = command_data(self._commands(guild), command, options or {}, user)
        return await self._interact(COMMAND, data, user, self._place(user, guild))

    async def autocomplete(
        self, command: str, options: Json, focused: str, *, user: User, guild: Guild | None = None
    ) -> list[Json]:
        """The choices that the bot offers while ``user`` types into ``focused``."""
        data = command_data(self._commands(guild), command, options, user, focused)
        reply = await self._interact(AUTOCOMPLETE, data, user, self._place(user, guild))
        return list(reply.data["choices"])

    async def click(
        self,
        target: Reply | Json,
        *,
        label: str | None = None,
        custom_id: str | None = None,
        user: User,
    ) -> Reply:
        """``user`` presses a button of a message, found by its label or custom_id."""
        message = target.message if isinstance(target, Reply) else target
        channel = self.channels[int(message["channel_id"])]
        data = component_data(message, label, custom_id)
        return await self._interact(COMPONENT, data, user, channel, message)

    def _commands(self, guild: Guild | None) -> dict[str, Json]:
        known = self.commands.get(0, {})
        if guild:
            return known | self.commands.get(guild.id, {})
        return {name: c for name, c in known.items() if usable_in_direct_message(c)}

    def _place(self, user: User, guild: Guild | None) -> Channel:
        return guild.channels[0] if guild else self.direct_channel(user)

    async def _interact(
        self, kind: int, data: Json, user: User, channel: Channel, source: Json | None = None
    ) -> Reply:
        reply = Reply(self.snowflake(), kind, secrets.token_urlsafe(24), user, channel, source)
        self.replies[reply.token] = reply
        event = interaction_event(reply, data, self.bot)
        guild_id = channel.guild.id if channel.guild else 0
        await self.gateway.dispatch("INTERACTION_CREATE", event, guild_id)
        try:
            await asyncio.wait_for(reply.acknowledged.wait(), self.acknowledge_within)
            await asyncio.wait_for(reply.answered.wait(), ANSWER_WITHIN)
        except TimeoutError:
            what = "only a deferral" if reply.acknowledged.is_set() else "no answer"
            raise NoReply(f"{what} to {data.get('name') or data['custom_id']}") from None
        return reply
