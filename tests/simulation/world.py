"""A world from one seed: clubs, processes and the clock, moved from event to event."""

from __future__ import annotations

import asyncio
import gc
import hashlib
import logging
import random
import re
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import discord

from bot.app import Library
from bot.settings import Settings
from tests.simulation.database import RUNNING, Turns
from tests.simulation.fate import Fate
from tests.simulation.life import Crash
from tests.simulation.people import People
from tests.simulation.process import Process
from tests.simulation.rules import RuleBroken, Rules
from tests.simulation.simulated_discord import SimulatedDiscord
from tests.simulation.temper import draw_temper

TICK = timedelta(seconds=5)
ODD_CLOCK = timedelta(seconds=-2)  # of the second process
MOST_TICKS = 1000  # a club day; there are some twenty a day in all
WHOLE = timedelta(days=5)  # between two looks at everything

CLUB = re.compile(r"club (\d+):")


class World:
    """Everything there is."""

    def __init__(
        self, seed: int, file: Path, library: Library, days: int, clubs: int, is_thin: bool
    ) -> None:
        self.seed = seed
        self.days = days
        self.size = clubs
        self.rng = rng = random.Random(seed)
        self.temper = draw_temper(rng)
        self.skew = timedelta()
        self.club_days = 0.0
        self.ticks = 0
        self.counts: Counter[str] = Counter()
        self._trace: deque[str] = deque(maxlen=5000)
        self._digest = hashlib.sha256()
        self._epoch = datetime(rng.randint(2024, 2027), rng.randint(1, 12), 1, tzinfo=UTC)
        self._loop = asyncio.get_running_loop()
        self._loop.set_exception_handler(self._unawaited)
        # Not validated: the driver is not one of those that an operator may name.
        self._settings = Settings.model_construct(
            database_url=f"sqlite+simulated:///{file}", retention_days=90
        )
        self._library = library
        self._turns = Turns()
        self.discord = SimulatedDiscord(rng, lambda: self.now)
        self.processes = [
            Process(name, ODD_CLOCK * n * rng.random(), self.bot_now, self.discord, is_thin)
            for n, name in enumerate("AB"[: self.temper.processes])
        ]
        self.restarts: dict[str, datetime] = {}
        self.rules = rules = Rules(str(file), self.bot_now)
        rules.is_gone = lambda id_: self.discord.channels[id_].problem is discord.NotFound
        rules.shows_cards = self.discord.shows_cards
        rules.note = self.note
        self.discord.on_accept, self.discord.on_fault = rules.accepted, self._on_fault
        self.people = People(self)
        self.fate = Fate(self)
        self.soon = self.now
        self._patience = TICK
        self._whole = self.now + WHOLE

    @property
    def now(self) -> datetime:
        """The time, by which Discord goes."""
        return self._epoch + timedelta(seconds=self._loop.time())

    def bot_now(self) -> datetime:
        """Return the time by the machine's clock, which may be wrong."""
        return self.now + self.skew

    @property
    def digest(self) -> str:
        """What happened, in order, as one number: the same for the same seed, everywhere."""
        return self._digest.hexdigest()[:16]

    # From event to event.

    async def run(self) -> None:
        """Let the world turn; raises RuleBroken where a rule does not hold."""
        for process in self.processes:
            await self._start(process)
        for n in range(self.size):
            await self.people.found_club(1000 + n)
        end = self.now + timedelta(days=self.days)
        while self.now < end:
            await self._step()
        for process in self.processes:
            if process.is_up:
                await process.stop()
        self.rules.check()
        self.rules.check_all()
        self._judge()
        self.rules.close()
        steps = [process.steps for process in self.processes]
        self._digest.update(f"{steps} {self.rng.getstate()}".encode())

    async def _step(self) -> None:
        before = self.now
        events = [self.people.next, self.fate.next, *self.restarts.values()]
        if any(process.is_up for process in self.processes):
            events.append(self.soon)
        await asyncio.sleep(max((min(events) - self.now).total_seconds(), 0.001))
        self.rules.pass_time()
        await self._restart_due()
        if self.now >= self.fate.next:
            await self._attempt(self.fate.strike)
        elif self.now >= self.people.next:
            await self._attempt(self.people.act)
        else:
            await self._tick()
        self.rules.check()
        if self.now >= self._whole:
            self.rules.check_all()
            gc.collect()  # here, where it is the same moment every time
            self._whole = self.now + WHOLE
        self.club_days += len(self.rules.clubs) * (self.now - before) / timedelta(days=1)
        self._judge()

    async def _attempt(self, action: Callable[[], Awaitable[None]]) -> None:
        try:
            await action()
        except Crash:
            self.rules.pass_time()
        self.soon = min(self.soon, self.now + TICK * self.rng.random())

    def _judge(self) -> None:
        if self.ticks > MOST_TICKS * (self.club_days + self.size):
            self.rules.broken.append(f"{self.ticks} ticks with work: something never comes to rest")
        if self.rules.broken:
            raise RuleBroken(
                "\n".join([self._replay, *self.rules.broken, "What led to it:", *self._story()])
            )

    @property
    def _replay(self) -> str:
        return f"make simulate SEED={self.seed} DAYS={self.days} CLUBS={self.size}"

    def _story(self) -> list[str]:
        """Return the last events of the first club that is named, and of the world."""
        named = re.findall(r"club (\d+)", self.rules.broken[0])[:1]
        told = [line for line in self._trace if not (c := CLUB.search(line)) or c[1] in named]
        return told[-40:]

    # Processes.

    async def _start(self, process: Process) -> None:
        await process.start(self._settings, self._library, self._turns, self.rng)

    async def _restart_due(self) -> None:
        for process in self.processes:
            if process.name in self.restarts and self.restarts[process.name] <= self.now:
                del self.restarts[process.name]
                self.note(f"{process.name} starts")
                await self._start(process)
                await self.people.reconcile(process)
                self.soon = self.now + TICK * self.rng.random()

    async def do(self, process: Process, work: Awaitable[Any]) -> Any:
        """Do the work in the process, and have it started again if it crashed."""
        try:
            return await process.run(work)
        except Crash as crash:
            if not process.is_up and process.name not in self.restarts:
                self.note(f"{process.name} crashes {crash}")
                self.counts["crashes"] += 1
                self.rules.disturb()
                self.restarts[process.name] = self.now + self.fate.down_for()
            raise

    def some_process(self) -> Process | None:
        """Return one of the processes that run, if any does."""
        up = [process for process in self.processes if process.is_up]
        return self.rng.choice(up) if up else None

    # Ticks.

    async def _tick(self) -> None:
        up = [process for process in self.processes if process.is_up]
        if not up:
            return
        self.ticks += 1
        is_race = len(up) == 2 and self.rng.random() < 0.5
        chosen = up if is_race else [self.rng.choice(up)]
        started = min(process.now() for process in chosen)
        self.rules.ticking(max(process.now() for process in chosen), is_race=is_race)
        for process in chosen:
            process.life.race(is_race)
        ends = await asyncio.gather(
            *(self.do(process, process.daily.tick()) for process in chosen), return_exceptions=True
        )
        for end in ends:
            if isinstance(end, BaseException) and not isinstance(end, Crash):
                raise end
        for process in chosen:
            if process.is_up:
                process.life.race(False)
        self.rules.pass_time()
        self.rules.ticked(started, is_whole=not any(ends))
        self._plan_tick()

    def _plan_tick(self) -> None:
        """The metronome ticks every five seconds; only ticks with something to do matter."""
        wake = self.rules.wake_up()
        due = self.now + timedelta(hours=12) if wake is None else wake - self.skew
        if self.rules.faulted:
            due = min(due, self.now + self._patience)  # a tally may be waiting to be shown
            self._patience = min(3 * self._patience, timedelta(hours=1))
        else:
            self._patience = TICK
        self.soon = max(due, self.now) + TICK * self.rng.uniform(0.5, 1)
        if self.rules.unsettled and self.rng.random() < 0.3:  # the most delicate moment there is
            self.rng.choice((self.people, self.fate)).hurry()

    # What is told of it.

    def _on_fault(self, club_id: int, day: date | None, error: Exception) -> None:
        self.note(f"club {club_id}: Discord answers {error!r}")
        self.counts["faults"] += 1
        self.rules.fault(club_id, day, error)

    def _unawaited(self, _loop: object, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if not isinstance(error, Crash):
            self.rules.broken.append(f"nobody awaited {error!r}: {context['message']}")

    def note(self, event: str) -> None:
        """Remember what happened, for the one who reads of a broken rule."""
        line = f"  {self.now:%Y-%m-%d %H:%M:%S.%f} {event}"
        self._trace.append(line)
        self._digest.update(line.encode())


@contextmanager
def listening(rules: Callable[[], Rules]) -> Iterator[None]:
    """Hand what a tick logs as an exception to the rules, and keep all other logs quiet."""
    loggers = [
        logging.getLogger(name)
        for name in (
            "cogs.daily",
            "cogs.servers",
            "bot.ui.posting",
            "bot.storage.database",
            "sqlalchemy",
        )
    ]
    before = [(logger.propagate, list(logger.handlers)) for logger in loggers]

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if RUNNING.get().is_up:  # a process that crashed says nothing any more
                rules().emit(record)

    try:
        for logger in loggers:
            logger.propagate = False
            logger.handlers = [
                Listener() if logger.name.startswith("cogs") else logging.NullHandler()
            ]
        yield
    finally:
        for logger, (propagate, handlers) in zip(loggers, before, strict=True):
            logger.propagate, logger.handlers = propagate, handlers
