"""A process of the bot: it starts on the file, ticks, stops, and may crash at any point."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable
from datetime import datetime, timedelta
from random import Random
from types import SimpleNamespace
from typing import Any

import discord

from bot.app import App, Library, open_app
from bot.pace import Pace
from bot.settings import Settings
from bot.ui.pictures import Pictures
from cogs.daily import DailyCog
from cogs.servers import ServersCog
from tests.simulation.database import RUNNING, Turns
from tests.simulation.life import Crash, Life
from tests.simulation.simulated_discord import ME, PartialChannel, Server, SimulatedDiscord
from tests.simulation.thin import thin_out


class StandIn:
    """The bot object, as far as the cogs and the posting use it."""

    is_ticking = False

    def __init__(self, life: Life, app: App, discord: SimulatedDiscord) -> None:
        self.app = app
        self.user = SimpleNamespace(id=ME)
        self.pace = Pace(clock=asyncio.get_running_loop().time)
        self.pictures = Pictures()
        self.http = self
        self._life = life
        self._discord = discord

    async def fetch_guild(self, guild_id: int, *, with_counts: bool) -> Server:
        await self._discord.show_server(self._life, guild_id)
        return Server(self._discord, self._life, guild_id)

    async def get_guild(self, guild_id: int, *, with_counts: bool) -> dict[str, Any]:
        await self._discord.show_server(self._life, guild_id)
        return {"name": "a server", "system_channel_id": None}

    async def create_dm(self, _coach: discord.Object) -> DirectMessages:
        return DirectMessages(self._discord, self._life)

    def get_partial_messageable(self, channel_id: int, *, guild_id: int) -> PartialChannel:
        return PartialChannel(self._discord, self._life, channel_id, guild_id)


class DirectMessages:
    """The coach's direct messages, which may be closed."""

    def __init__(self, discord: SimulatedDiscord, life: Life) -> None:
        self._discord = discord
        self._life = life

    async def send(self, _text: str) -> None:
        await self._discord.tell(self._life)


class Process:
    """One process over the shared file; `offset` is how far its clock is from the other's."""

    def __init__(
        self, name: str, offset: timedelta, now: Any, discord: SimulatedDiscord, is_thin: bool
    ) -> None:
        self.name = name
        self.offset = offset
        self.discord = discord
        self.steps = 0
        self.life: Life | None = None
        self._now = now
        self._is_thin = is_thin

    @property
    def is_up(self) -> bool:
        return self.life is not None

    def now(self) -> datetime:
        """Return what this process takes for the time."""
        return self._now() + self.offset

    async def start(self, settings: Settings, library: Library, turns: Turns, rng: Random) -> None:
        self.life = Life(turns, rng)
        RUNNING.set(self.life)
        self._stack = contextlib.AsyncExitStack()
        self.app = await self._stack.enter_async_context(open_app(settings, self.now, library))
        if self._is_thin:
            thin_out(self.app.database)
        self.bot = StandIn(self.life, self.app, self.discord)
        self.daily = DailyCog(self.bot)
        self.servers = ServersCog(self.bot)

    async def stop(self) -> None:
        """End in good order."""
        RUNNING.set(self.life)
        await self._stack.aclose()
        self._end()

    async def run(self, work: Awaitable[Any]) -> Any:
        """Do the work in this process; raises Crash if the process ended in it."""
        life = self.life
        RUNNING.set(life)
        try:
            done = await work
        except Crash:
            pass
        else:
            if life.is_up:  # else what crashed was a task that nobody awaits
                return done
        if life is self.life:
            await self._bury()
        raise Crash(life.crashed_at)

    async def _bury(self) -> None:
        """Unwind now what the garbage collector would unwind some time later."""
        with contextlib.suppress(Crash):
            await self._stack.aclose()
        self.discord.disconnected(self.life)
        self._end()

    def _end(self) -> None:
        self.life.end()
        self.steps += self.life.steps
        self.life = None
