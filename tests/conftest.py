"""A club in simulated Discord: the real bot, a real database, and a clock that we turn."""

import asyncio
import io
import os
import shutil
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import discord
import pytest
import simcord
from PIL import Image

from bot.app import App, Library, load_library, open_app
from bot.client import Bot
from bot.pictures import studio
from bot.settings import SHIPPED_DATA, Settings
from bot.storage.database import open_database
from tests.postgres import NONE_HERE, Server, find_binaries, serve
from tests.simcord_gaps import fast_settle

fast_settle()

DETAILS = ["Feel", "Mistakes", "Why", "Pain?"]  # what every card of a move offers at the end

# A Thursday, early afternoon in London; July is an hour ahead of UTC there.
NOON = datetime(2026, 7, 2, 12, tzinfo=UTC)


class FrozenClock:
    """A clock that moves only when told to."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **delta: float) -> None:
        self.now += timedelta(**delta)


@pytest.fixture(scope="session", autouse=True)
def patience() -> None:
    """On a busy machine a picture may come later than Discord would wait for it."""
    studio.PATIENCE = 60


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with all tables and no rows; copying it spares each test the migrations."""

    async def make() -> None:
        await (await open_database(f"sqlite+aiosqlite:///{file}")).close()

    file = tmp_path_factory.mktemp("migrated") / "club.db"
    asyncio.run(make())
    return file


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL server, each test process its own; without one, tests are skipped, in CI not."""
    binaries = find_binaries()
    if binaries is None:
        if os.environ.get("CI") == "true":
            pytest.fail(f"{NONE_HERE}, and in CI nothing is skipped")
        pytest.skip(NONE_HERE)
    with serve(binaries) as server:
        yield server


@pytest.fixture
def engine() -> str:
    """The kind of database; the tests of storage and services take both."""
    return "sqlite"


@pytest.fixture
def database_url(request: pytest.FixtureRequest, engine: str, tmp_path: Path) -> str:
    """A database with all tables and no rows."""
    if engine == "postgresql":
        return request.getfixturevalue("postgres").migrated()
    file = shutil.copy(request.getfixturevalue("migrated"), tmp_path / "club.db")
    return f"sqlite+aiosqlite:///{file}"


@pytest.fixture
def settings(database_url: str) -> Settings:
    return Settings(_env_file=None, database_url=database_url, shard_count=1)


@pytest.fixture(scope="session")
def library() -> Library:
    """What ships, read once for all tests."""
    return load_library(SHIPPED_DATA)


@pytest.fixture
async def app(settings: Settings, clock: FrozenClock, library: Library) -> AsyncIterator[App]:
    async with open_app(settings, clock, library) as app:
        yield app


@pytest.fixture
async def simcord_bot(app: App) -> AsyncIterator[Bot]:
    """The bot that simcord runs; simcord never closes it, so this does."""
    bot = Bot(app, is_ticking=False)
    yield bot
    if not bot.is_closed():
        await bot.close()


class World:
    """A server with a channel, a coach, two runners and the bot."""

    def __init__(self, env: simcord.Env, app: App) -> None:
        self.env = env
        self.app = app
        self.guild = env.create_guild("Riverside Runners")
        self.channel = self.guild.create_text_channel("hips")
        manager = discord.Permissions(manage_guild=True)
        coach = self.guild.create_role("Coach", permissions=manager)
        self.coach_user = env.create_user("carol")
        self.coach = self.guild.add_member(self.coach_user, roles=[coach])
        self.ann = self.guild.add_member(env.create_user("ann"))
        self.ben = self.guild.add_member(env.create_user("ben"))

    @property
    def club_id(self) -> int:
        return self.guild.id

    @property
    def messages(self) -> list[discord.Message]:
        """What everybody sees in the channel, oldest first."""
        return [m for m in self.channel.history() if not m.flags.ephemeral]

    def say(self, key: str, **values: object) -> str:
        """Return a text as the bot words it in English."""
        return self.app.texts.speaking("en-US")(key, **values)

    def requests(self, method: str, end: str) -> list[dict[str, Any]]:
        """Return what the bot sent to Discord by this method to paths with this end."""
        calls = self.env.http_requests
        return [c.json for c in calls if c.method == method and c.path.endswith(end)]

    def completions(self) -> list[tuple[int, str, str, str]]:
        """Return member, club day, exercise and level of everything done, as the file has it."""
        file = self.app.settings.database_url.removeprefix("sqlite+aiosqlite:///")
        with closing(sqlite3.connect(file)) as connection:
            query = (
                "SELECT member_id, day, slug, level FROM completions ORDER BY done_at, member_id"
            )
            return connection.execute(query).fetchall()

    async def set_up(self, **options: object) -> simcord.InteractionResult:
        """Let the coach set the club up: seven o'clock in London, unless told otherwise."""
        wanted = {"channel": self.channel, "time": "07:00", "timezone": "Europe/London", **options}
        return await self.coach.slash(self.channel, "club setup", **wanted)

    async def put(self, card: discord.ui.LayoutView, **options: Any) -> discord.Message:
        """Let the bot put a card into the channel; return it."""
        channel = self.env.bot.get_partial_messageable(self.channel.id)

        async def send(files: list[discord.File]) -> discord.Message:
            return await channel.send(view=card, files=files, **options)

        return await self.env.bot.pictures.deliver(card, send)

    async def tick(self) -> None:
        """Let the metronome tick once."""
        await self.env.bot.get_cog("DailyCog").tick()
        await self.env.settle()


@pytest.fixture
async def world(simcord_env: simcord.Env, app: App) -> AsyncIterator[World]:
    yield World(simcord_env, app)
    # Where simcord ends, it cancels what the bot is about, even a connection on its way back.
    await simcord_env.settle()


@pytest.fixture
async def club(world: World) -> World:
    await world.set_up()
    return world


@pytest.fixture
async def posted(club: World, clock: FrozenClock) -> World:
    """A club at seven the next morning, a Friday, with the day's challenge in its channel."""
    clock.advance(hours=18)
    await club.tick()
    return club


def text_of(message: object) -> str:
    """Return all that a message says, whether in its content or in its components."""
    shown = getattr(message, "message", message)
    view = discord.ui.LayoutView.from_message(shown)
    parts = [c.content for c in view.walk_children() if isinstance(c, discord.ui.TextDisplay)]
    return "\n".join([shown.content, *parts]).strip()


async def picture_of(message: object) -> tuple[tuple[int, int], str]:
    """Return the size of the PNG that a message shows, and its description."""
    shown = getattr(message, "message", message)
    view = discord.ui.LayoutView.from_message(shown)
    [gallery] = [c for c in view.walk_children() if isinstance(c, discord.ui.MediaGallery)]
    [item], [attached] = gallery.items, shown.attachments
    assert attached.filename in item.media.url
    with Image.open(io.BytesIO(await attached.read())) as image:
        assert image.format == "PNG"
        return image.size, item.description


def labels_of(message: object) -> list[str]:
    """Return the labels of the buttons one could press."""
    shown = getattr(message, "message", message)
    view = discord.ui.LayoutView.from_message(shown)
    buttons = [c for c in view.walk_children() if isinstance(c, discord.ui.Button)]
    return [button.label for button in buttons if not button.disabled]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell which worlds were simulated; here, for pytest-xdist loads no other file of this kind."""
    worlds = [
        value
        for report in terminalreporter.getreports("passed")
        for name, value in report.user_properties
        if name == "simulated"
    ]
    if worlds:
        terminalreporter.section("simulated worlds")
        for world, _ in sorted(worlds):
            terminalreporter.write_line(world)
        years = [years for _, years in worlds if years]
        terminalreporter.write_line(f"{sum(years):.1f} club-years in {len(years)} whole worlds")
