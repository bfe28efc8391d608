"""A world from one seed: clubs, coaches and members, the clock, and everything that goes wrong.

While a message is out whose reply was lost, this does not happen here: the clock is set, the
club's permission to send changes, its channel is deleted.
Nobody removes the bot from a server, and no chatter pushes a card out of the history looked at.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import discord

from bot.app import Library
from bot.domain.exercise import Level
from bot.errors import AlreadyPosted, ClubPaused, TooEarly, TooLate
from bot.services.clubs import SetUp
from bot.settings import Settings
from bot.ui.posting import mend_club, resend_challenge
from tests.simulation.model import ModelClub
from tests.simulation.process import Crash, Process
from tests.simulation.profile import Profile
from tests.simulation.rules import RuleBroken, Rules
from tests.simulation.simulated_discord import Guild, SimulatedDiscord
from tests.simulation.storage import RUNNING

TICK = timedelta(seconds=5)
ZONES = (
    "Europe/London", "America/New_York", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kolkata",
    "Pacific/Kiritimati", "Pacific/Pago_Pago", "America/Santiago", "Africa/Cairo", "Asia/Tokyo",
    "Pacific/Chatham", "America/Scoresbysund",
)  # fmt: skip
MOST_TICKS = 1000  # a day; there are some twenty
TRANSIENT = (discord.HTTPException, OSError)


class World:
    """Everything there is, moved from event to event."""

    def __init__(self, seed: int, file: Path, library: Library, profile: Profile) -> None:
        self.seed = seed
        self.rng = rng = random.Random(seed)
        self.profile = profile
        self.now = datetime(rng.randint(2024, 2027), rng.randint(1, 12), 1, tzinfo=UTC)
        self.skew = timedelta()
        self.trace: deque[str] = deque(maxlen=40)
        self.club_days = 0.0
        self.ticks = 0
        self._settings = Settings(
            _env_file=None, database_url=f"sqlite+aiosqlite:///{file}", shard_count=1
        )
        self._library = library
        self._processes = [Process(name, rng) for name in ("A", "B")[: rng.choice((1, 1, 2))]]
        self._restarts: dict[str, datetime] = {}
        self._soon = self.now
        self._patience = TICK
        self._times = [time(rng.randrange(24), rng.choice((0, 15, 30, 45))) for _ in range(3)]
        self._zones = rng.sample(ZONES, 4)
        self._next_id = 10_000
        self.discord = SimulatedDiscord(rng, profile, lambda: self.now)
        self.rules: Rules
        self._file = str(file)

    # From event to event.

    async def run(self, days: int) -> None:
        """Let the world turn; raises RuleBroken where a rule does not hold."""
        end = self.now + timedelta(days=days)
        await self._begin()
        self._next_action = self.now
        while self.now < end:
            await self._step()
        await self._end()

    def bot_now(self) -> datetime:
        return self.now + self.skew

    async def _begin(self) -> None:
        for process in self._processes:
            await self._start(process)
        self.rules = rules = Rules(self._file, self.bot_now)
        self.discord.on_accept, self.discord.on_fault = rules.accepted, self._on_fault
        rules.is_gone = lambda id_: self.discord.channels[id_].problem is discord.NotFound
        rules.is_readable = lambda id_: self.discord.channels[id_].is_readable
        self.discord.is_calm = self._is_calm
        self.discord.let_pass = self._let_pass
        for n in range(self.profile.clubs):
            await self._set_up(1000 + n, self._new_channel())

    async def _end(self) -> None:
        for process in self._processes:
            if process.is_up:
                await process.stop()
        self.rules.check_all()
        self._judge()
        self.rules.close()

    async def _step(self) -> None:
        at = self._next_event()
        self.club_days += len(self.rules.clubs) * (at - self.now) / timedelta(days=1)
        self.now = max(at, self.now)
        self.rules.pass_time()
        await self._restart_due()
        if self.now >= self._next_action:
            await self._act()
            gap = self.profile.pause_between_actions
            self._next_action = self.now + gap * self.rng.expovariate(1)
            self._soon = self.now + TICK * self.rng.random()
        else:
            await self._tick()
        self.rules.check()
        self._judge()

    def _next_event(self) -> datetime:
        events = [self._next_action, *self._restarts.values()]
        if any(process.is_up for process in self._processes):
            events.append(max(self._soon, self.now))
        return min(events)

    def _judge(self) -> None:
        if self.ticks > MOST_TICKS * (self.club_days / self.profile.clubs + 1):
            self.rules.broken.append(f"{self.ticks} ticks with work: something never comes to rest")
        if self.rules.broken:
            raise RuleBroken(
                "\n".join([f"seed {self.seed}:", *self.rules.broken, "Last events:", *self.trace])
            )

    # Processes.

    async def _start(self, process: Process) -> None:
        await process.start(self._settings, self.bot_now, self._library, self.discord)

    async def _restart_due(self) -> None:
        for process in self._processes:
            if process.name in self._restarts and self._restarts[process.name] <= self.now:
                del self._restarts[process.name]
                self._note(f"{process.name} starts")
                self.rules.check_all()
                await self._start(process)
                self._soon = self.now + TICK * self.rng.random()

    async def _in(self, process: Process, work: Awaitable[Any]) -> Any:
        """Do the work in the process, and have it started again if it crashed."""
        try:
            return await process.run(work)
        except Crash:
            self._note(f"{process.name} crashes {process.crashed_at}")
            self.rules.disturb()
            self._restarts[process.name] = self.now + self._down_for()
            raise

    def _down_for(self) -> timedelta:
        if self._is_delicate():
            return timedelta(seconds=self.rng.randint(5, 60))
        unit, most = self.rng.choices(
            (("seconds", 60), ("minutes", 30), ("hours", 12), ("days", 10)), (60, 24, 12, 4)
        )[0]
        return timedelta(**{unit: self.rng.randint(1, most)})

    def _is_delicate(self) -> bool:
        """Whether a message is out that nobody recorded, so that its retry must not be late."""
        return self.profile.retries_in_window and bool(self.rules.unsettled)

    def _is_calm(self, club_id: int) -> bool:
        unsettled = {key[0] for key in self.rules.unsettled}
        return self.profile.retries_in_window and club_id in unsettled

    def _has_unsettled(self, club_id: int) -> bool:
        return any(key[0] == club_id for key in self.rules.unsettled)

    # Ticks.

    async def _tick(self) -> None:
        up = [process for process in self._processes if process.is_up]
        if not up:
            return
        self.ticks += 1
        started = self.bot_now()
        is_race = len(up) == 2 and self.rng.random() < 0.5
        chosen = up if is_race else [self.rng.choice(up)]
        for process in chosen:
            process.is_racing = is_race
        ends = await asyncio.gather(
            *(self._in(process, process.cog.tick()) for process in chosen), return_exceptions=True
        )
        for process in chosen:
            process.is_racing = False
        for end in ends:
            if isinstance(end, BaseException) and not isinstance(end, Crash):
                raise end
        self.rules.pass_time()
        if not any(ends):
            self.rules.ticked(started)
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
        self._soon = max(due, self.now) + TICK * self.rng.uniform(0.1, 1)

    def _on_fault(self, club_id: int, day: date | None, error: Exception) -> None:
        self._note(f"club {club_id}: Discord answers {error!r}")
        self.rules.fault(club_id, day, error)

    def _let_pass(self, delta: timedelta) -> None:
        self.now += delta

    # What people and fate do.

    async def _act(self) -> None:
        actions: list[tuple[int, Callable[[], Awaitable[None]]]] = [
            (40, self._click),
            (10, self._change_settings),
            (7, self._pause_or_resume),
            (8, self._post_now),
            (12, self._change_permission),
            (8, self._change_reading),
            (4, self._delete_channel),
            (12, self._change_weather),
            (12, self._arm_crash),
            (4, self._restart),
            (5, self._jump),
        ]
        [action] = self.rng.choices([a for _, a in actions], [weight for weight, _ in actions])
        try:
            await action()
        except Crash:
            self.rules.pass_time()

    def _some_process(self) -> Process | None:
        up = [process for process in self._processes if process.is_up]
        return self.rng.choice(up) if up else None

    def _some_club(self, *, rather: Callable[[ModelClub], object] = bool) -> ModelClub:
        """Return one of the clubs; where there are some, rather one of which this is true."""
        clubs = [self.rules.clubs[club_id] for club_id in sorted(self.rules.clubs)]
        wanted = [club for club in clubs if rather(club)] if self.rng.random() < 0.6 else []
        return self.rng.choice(wanted or clubs)

    def _is_shut(self, club: ModelClub) -> bool:
        return self.discord.channels[club.channel_id].problem is not None

    async def _set_up(self, club_id: int, channel_id: int) -> None:
        if not (process := self._some_process()):
            return
        post_time, zone = self.rng.choice(self._times), self.rng.choice(self._zones)
        if before := self.rules.clubs.get(club_id):
            post_time = self.rng.choice((post_time, before.post_time))
            zone = self.rng.choice((zone, before.zone, before.zone))
        wanted = SetUp(
            club_id=club_id,
            channel_id=channel_id,
            time=f"{post_time:%H:%M}",
            timezone=zone,
            role_id=None,
            target=None,
            coach_id=1,
        )
        self._note(f"club {club_id}: {post_time:%H:%M} {zone} in channel {channel_id}")
        try:
            await self._in(process, process.app.clubs.set_up(wanted))
        finally:
            self.rules.adopt(club_id)
        club = self.rules.clubs[club_id]
        if (club.post_time, club.zone, club.channel_id) != (post_time, zone, channel_id):
            self.rules.broken.append(f"club {club_id}: the settings told are not saved: {club}")

    async def _change_settings(self) -> None:
        club = self._some_club(rather=self._is_shut)
        is_moving = self.rng.random() < 0.4 or self._is_shut(club)
        await self._set_up(club.id, self._new_channel() if is_moving else club.channel_id)

    async def _pause_or_resume(self) -> None:
        club = self._some_club(rather=lambda club: club.is_paused)
        process = self._some_process()
        if process is None or self._is_calm(club.id):
            return
        clubs = process.app.clubs
        self._note(f"club {club.id} {'resumes' if club.is_paused else 'pauses'}")
        try:
            await self._in(process, (clubs.resume if club.is_paused else clubs.pause)(club.id))
        finally:
            self.rules.adopt(club.id)

    async def _post_now(self) -> None:
        club, process = self._some_club(), self._some_process()
        if process is None or self._is_calm(club.id) or self._sees_unrecorded_card(club):
            return
        self._note(f"club {club.id}: post now")
        self.rules.reopened.add(club.id)
        club.disturbed = self.rules.high

        async def press() -> None:
            challenge = await process.app.daily.claim_now(club.id)
            await resend_challenge(process.bot, challenge)

        try:
            await self._in(process, press())
        except (AlreadyPosted, ClubPaused):
            pass
        except TRANSIENT as error:
            if error not in self.rules.errors:
                raise

    def _sees_unrecorded_card(self, club: ModelClub) -> bool:
        """Whether the coach sees a card that the bot gave up; nobody asks for a second one."""
        messages = [self.discord.messages[id_] for id_ in club.messages[-3:]]
        states = [self.rules.posts.get((club.id, message.day), ("",))[0] for message in messages]
        return any(state in ("skipped", "failed") for state in states)

    async def _click(self) -> None:
        """Some members press Done, each perhaps twice, on a card that is still there."""
        club = self._some_club()
        if not club.messages or self._some_process() is None:
            return
        back = self.rng.choice((1, 1, 1, 2, 2, self.rng.randint(1, 20)))
        message = self.discord.messages[club.messages[-min(back, len(club.messages))]]
        for member in self.rng.sample(range(1, 9), self.rng.randint(1, 4)):
            slug, day, level = self.rng.choice(message.buttons)
            done = (club.id, member, day, slug)
            self.rules.asked_done(done)
            times = self.rng.choice((1, 1, 2))
            clicks = [self._mark_done(club, done, level) for _ in range(times)]
            ends = await asyncio.gather(*clicks, return_exceptions=True)
            for end in ends:
                if isinstance(end, BaseException):
                    raise end

    async def _mark_done(self, club: ModelClub, done: tuple[Any, ...], level: Level) -> None:
        if not (process := self._some_process()):
            return
        club_id, member, day, slug = done
        work = process.app.practice.mark_done(club_id, member, f"m{member}", slug, day, level)
        try:
            completion = await self._in(process, work)
        except (TooLate, TooEarly):
            self.rules.judged(club, day, credited=False)
        else:
            self.rules.judged(club, day, credited=True)
            self.rules.told_done((club_id, member, day, slug), level, is_new=completion.is_new)

    async def _change_permission(self) -> None:
        club = self._some_club(rather=self._is_shut)
        channel, process = self.discord.channels[club.channel_id], self._some_process()
        if channel.problem is discord.NotFound or self._has_unsettled(club.id) or process is None:
            return
        channel.problem = None if channel.problem else discord.Forbidden
        self._note(f"club {club.id}: permission {'lost' if channel.problem else 'given back'}")
        self.rules.reopened.add(club.id)
        try:
            await self._in(process, mend_club(process.bot, Guild(self.discord, club.id)))
        except TRANSIENT as error:
            if error not in self.rules.errors:
                raise
        if channel.problem is None:
            self.rules.mended(club.id)

    async def _change_reading(self) -> None:
        club = self._some_club(rather=lambda c: not self.discord.channels[c.channel_id].is_readable)
        channel = self.discord.channels[club.channel_id]
        channel.is_readable = not channel.is_readable
        self._note(f"club {club.id}: history {'readable' if channel.is_readable else 'hidden'}")

    async def _delete_channel(self) -> None:
        club = self._some_club()
        if not self._has_unsettled(club.id):
            self._note(f"club {club.id}: channel {club.channel_id} deleted")
            self.discord.channels[club.channel_id].problem = discord.NotFound

    async def _change_weather(self) -> None:
        weather = self.discord
        weather.trouble = self.rng.choice((0, 0, 0, 0, 0.05, 0.2, 0.9))
        troubled = self.rng.sample(sorted(self.rules.clubs), self.rng.randint(0, 2))
        weather.troubled = {club_id: self.rng.choice((0.5, 1)) for club_id in troubled}
        self._note(f"Discord fails {weather.trouble:.0%}, {weather.troubled}")

    async def _arm_crash(self) -> None:
        process = self._some_process()
        if process is not None and not self._is_delicate():
            process.crash_in = self.rng.randint(1, 80)

    async def _restart(self) -> None:
        process = self._some_process()
        if process is not None and not self._is_delicate():
            self._note(f"{process.name} stops")
            await process.stop()
            self.rules.disturb()
            self._restarts[process.name] = self.now + self._down_for()

    async def _jump(self) -> None:
        """The machine's clock is set: forward, backward, or right again."""
        if self.rules.unsettled:
            return
        minutes = self.rng.choice((0, 0, 0, 2, 61, 600, 5000)) * self.rng.choice((-1, 1))
        self.rules.disturb()
        self.skew = timedelta(minutes=minutes)
        self._note(f"the clock is {self.skew} off")
        self.rules.pass_time()
        self.rules.disturb()

    def _new_channel(self) -> int:
        self._next_id += 1
        return self._next_id

    def _note(self, event: str) -> None:
        self.trace.append(f"  {self.now:%Y-%m-%d %H:%M:%S} {event}")


@contextmanager
def listening(rules: Callable[[], Rules]) -> Iterator[None]:
    """Hand what a tick logs as an exception to the rules, and keep all other logs quiet."""
    loggers = [logging.getLogger(name) for name in ("cogs.daily", "bot.ui.posting", "sqlalchemy")]
    before = [(logger.propagate, list(logger.handlers)) for logger in loggers]

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if RUNNING.get().is_up:  # a process that crashed says nothing any more
                rules().emit(record)

    try:
        for logger in loggers:
            logger.propagate = False
            logger.handlers = [Listener() if logger.name == "cogs.daily" else logging.NullHandler()]
        yield
    finally:
        for logger, (propagate, handlers) in zip(loggers, before, strict=True):
            logger.propagate, logger.handlers = propagate, handlers
