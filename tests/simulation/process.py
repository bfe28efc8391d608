"""A process of the bot: it starts on the file, ticks, and may crash at any await."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable
from random import Random
from types import SimpleNamespace
from typing import Any

import discord

from bot.app import App, Library, open_app
from bot.domain.days import Clock
from bot.settings import Settings
from cogs.daily import DailyCog
from tests.simulation.simulated_discord import ME, Guild, PartialChannel, SimulatedDiscord
from tests.simulation.storage import RUNNING, Connection


class Crash(BaseException):
    """The process ends here; nothing in it may catch this."""


class StandIn:
    """The bot object, as far as the cog and the posting use it."""

    def __init__(self, process: Process, app: App, discord: SimulatedDiscord) -> None:
        self.app = app
        self._process = process
        self._discord = discord

        self.user = SimpleNamespace(id=ME)

    def get_guild(self, guild_id: int) -> Guild:
        return Guild(self._discord, guild_id)

    async def create_dm(self, _coach: discord.Object) -> DirectMessages:
        return DirectMessages(self._discord, self._process)

    def get_partial_messageable(self, channel_id: int, *, guild_id: int) -> PartialChannel:
        return PartialChannel(self._discord, self._process, channel_id, guild_id)


class DirectMessages:
    """The coach's direct messages, which may be closed."""

    def __init__(self, discord: SimulatedDiscord, process: Process) -> None:
        self._discord = discord
        self._process = process

    async def send(self, _text: str) -> None:
        await self._discord.tell(self._process)


class Process:
    """One process over the shared file."""

    def __init__(self, name: str, rng: Random) -> None:
        self.name = name
        self.connections: list[Connection] = []
        self.crash_in: int | None = None
        self.crashed_at = ""
        self.is_racing = False
        self.is_up = False
        self._rng = rng
        self._stack = contextlib.AsyncExitStack()

    async def start(
        self, settings: Settings, clock: Clock, library: Library, discord: SimulatedDiscord
    ) -> None:
        RUNNING.set(self)
        self.is_up = True
        self._stack = contextlib.AsyncExitStack()
        self.app = await self._stack.enter_async_context(open_app(settings, clock, library))
        self.bot = StandIn(self, self.app, discord)
        self.cog = DailyCog(self.bot)

    async def stop(self) -> None:
        """End in good order."""
        await self._stack.aclose()
        self._end()

    async def run(self, work: Awaitable[Any]) -> Any:
        """Do the work in this process; raises Crash if the process ended in it."""
        RUNNING.set(self)
        try:
            return await work
        except BaseExceptionGroup as group:
            if group.subgroup(Crash) is None:
                raise
            self._end()
            raise Crash(self.crashed_at) from None
        except Crash:
            self._end()
            raise

    async def point(self, name: str) -> None:
        """Crash here if it was time to; in a race, perhaps let the other process go first."""
        if not self.is_up:
            raise Crash(name)
        if self.is_racing and self._rng.random() < 0.3:
            await asyncio.sleep(0)
        if self.crash_in is None:
            return
        self.crash_in -= 1
        if self.crash_in <= 0:
            self.crash_in = None
            self.crashed_at = name
            self.is_up = False
            raise Crash(name)

    def _end(self) -> None:
        self.is_up = False
        self.crash_in = None
        for connection in self.connections:
            connection.kill()
        self.connections.clear()
