"""The demo's club: eight runners, six weeks of history, and a clock that can jump a day."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from time import monotonic
from typing import Any
from zoneinfo import ZoneInfo

import discord
import simcord
from discord import app_commands

from bot.app import App, open_app
from bot.client import Bot, Interaction
from bot.domain.days import week_of
from bot.domain.exercise import Level
from bot.services.clubs import SetUp, Training
from bot.settings import Settings

ZONE = ZoneInfo("Europe/London")
POST_TIME = time(7)
WEEKS = 6
TOPIC = (
    "Answers appear at the bottom. Switch who you are at the top left. /next-day jumps to tomorrow."
)
WELCOME = (
    "Morning all! Press **Done** under today’s move once you did it, "
    "or look one up with `/exercise`."
)


@dataclass(frozen=True, slots=True)
class Runner:
    """A member of the demo's club: how likely they do the move on a day, and since which week."""

    name: str
    eagerness: float
    since_week: int = 0
    is_coach: bool = False


RUNNERS = (
    Runner("Carol (coach)", 0.72, is_coach=True),
    Runner("Ben", 0.55),
    Runner("Amina", 0.8),
    Runner("Chidi", 0.6),
    Runner("Dana", 0.45),
    Runner("Émile", 0.5, since_week=2),
    Runner("Fatima", 0.66, since_week=1),
    Runner("Goran", 0.35, since_week=4),
)
VISITORS = 3  # the first few are played by the visitor, so today is still theirs to do


class DemoClock:
    """A clock that goes on from wherever it is set."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    @property
    def now(self) -> datetime:
        """The demo's time."""
        return self._start + timedelta(seconds=monotonic() - self._set_at)

    @now.setter
    def now(self, moment: datetime) -> None:
        self._start, self._set_at = moment, monotonic()

    def __call__(self) -> datetime:
        """Return the demo's time."""
        return self.now


class World:
    """The running demo: simulated Discord, the bot in it, and what the visitor may do."""

    def __init__(
        self, env: simcord.Env, bot: Bot, clock: DemoClock, guild: simcord.GuildHandle
    ) -> None:
        self.env = env
        self.bot = bot
        self.app: App = bot.app
        self.clock = clock
        self.guild = guild
        self.channel = guild.create_text_channel("running-club", topic=TOPIC)
        role = guild.create_role("Coach", permissions=discord.Permissions(manage_guild=True))
        self.members = [
            guild.add_member(
                env.create_user(f"runner{n}", global_name=runner.name),
                roles=[role] if runner.is_coach else [],
            )
            for n, runner in enumerate(RUNNERS)
        ]
        self.jumps: asyncio.Queue[Interaction] = asyncio.Queue()
        bot.add_listener(self._tick_after, "on_interaction")
        self._dice = Random(61)  # noqa: S311 - the same club every time

    @property
    def visitors(self) -> list[simcord.MemberActor]:
        """The members that the visitor can be; the coach first."""
        return self.members[:VISITORS]

    async def live_through(self, first: date, last: date) -> None:
        """Let six weeks pass: set the club up, and let each runner do what they would."""
        self.clock.now = _at(first, POST_TIME)
        await self.app.clubs.set_up(
            SetUp(
                club_id=self.guild.id,
                channel_id=self.channel.id,
                time=f"{POST_TIME:%H:%M}",
                timezone=ZONE.key,
                role_id=None,
                target=3,
                coach_id=self.members[0].id,
            )
        )
        await self.app.clubs.train(Training(club_id=self.guild.id, long_run="Sun"))
        day = first
        while day < last:
            week = (day - first).days // 7
            runners = [n for n, runner in enumerate(RUNNERS) if runner.since_week <= week]
            await self._let_do(day, runners)
            day += timedelta(days=1)
        self.app.daily.take_outdated()  # nothing was posted in those weeks

    async def begin_day(self, day: date) -> None:
        """Jump to the post of `day`; some of the runners have done the move within the minute."""
        await self.wait_until(_at(day, POST_TIME))
        await self.tick()
        await self._let_do(day, list(range(VISITORS, len(RUNNERS))))
        await self.tick()

    async def wait_until(self, moment: datetime) -> None:
        """Move the bot's clock and simulated Discord's to this moment."""
        self.clock.now = moment
        await self.env.advance_time((moment - self.env.now()).total_seconds())

    async def next_day(self) -> None:
        """Jump to tomorrow's post."""
        await self.begin_day(self.clock.now.astimezone(ZONE).date() + timedelta(days=1))

    def keep_time(self) -> None:
        """Let simulated Discord's clock follow the bot's, for the countdowns; no timer needs it."""
        behind = (self.clock.now - self.env.now()).total_seconds()
        self.env.backend.clock.advance(max(behind, 0))

    async def tick(self) -> None:
        """Play the metronomes."""
        self.keep_time()
        for name in ("DailyCog", "GuideCog", "RemindersCog"):
            await self.bot.get_cog(name).tick()  # type: ignore[union-attr]

    async def _tick_after(self, interaction: Interaction) -> None:
        """Write a Done into the tally as part of the click, so that the page shows both at once."""
        for _ in range(100):
            if interaction.response.is_done():
                return await self.tick()
            await asyncio.sleep(0.01)
        return None

    async def _let_do(self, day: date, runners: list[int]) -> None:
        start = _at(day, POST_TIME)
        self.clock.now = start
        slug = (await self.app.daily.today(self.guild.id)).exercise.slug
        for n in runners:
            if self._dice.random() < RUNNERS[n].eagerness:
                level = self._dice.choices(list(Level), weights=(2, 6, 1))[0]
                await self.app.practice.mark_done(
                    self.guild.id, self.members[n].id, RUNNERS[n].name, slug, day, level
                )


def _at(day: date, wall: time) -> datetime:
    return datetime.combine(day, wall, ZONE).astimezone(UTC)


@asynccontextmanager
async def open_world() -> AsyncIterator[World]:
    """Yield the demo on the latest Thursday: a week with something in it, and days to come."""
    today = week_of(datetime.now(ZONE).date()) + timedelta(days=3)
    if today > datetime.now(ZONE).date():
        today -= timedelta(weeks=1)
    first = week_of(today) - timedelta(weeks=WEEKS)
    clock = DemoClock(_at(first, POST_TIME))
    with tempfile.TemporaryDirectory(prefix="hipstride-demo-") as folder:
        url = f"sqlite+aiosqlite:///{Path(folder) / 'demo.db'}"
        # model_construct: the demo needs no setting, and minds none of the real bot's.
        settings = Settings.model_construct(database_url=url, shard_count=1)
        nobody = discord.Client(intents=discord.Intents(guilds=True), shard_count=1)
        async with (
            open_app(settings, clock) as app,
            simcord.run(nobody, settle_timeout=15, check_errors=False) as env,
        ):
            bot = Bot(app, is_ticking=False)
            world = World(env, bot, clock, env.create_guild("Riverside Runners"))
            bot.tree.add_command(_next_day_command(world))
            await world.live_through(first, today)
            # Time moves before the bot is there, so that no timer of its own can mind.
            await world.wait_until(_at(today, POST_TIME) - timedelta(minutes=2))
            await env.restart_bot(bot)
            try:
                if bot.user is not None:
                    await bot.user.edit(username="Hipstride")
                await world.members[0].send(world.channel, WELCOME)
                await world.begin_day(today)
                await env.settle()
                yield world
            finally:
                await bot.close()


def _next_day_command(world: World) -> app_commands.Command[Any, ..., None]:
    @app_commands.command(name="next-day")
    async def next_day(interaction: Interaction) -> None:
        """Demo only: jump to tomorrow, seven o'clock, when the next challenge comes."""
        world.jumps.put_nowait(interaction)
        await interaction.response.send_message("⏩ Off to tomorrow, 07:00 …", ephemeral=True)

    return next_day
