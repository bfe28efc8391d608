import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.app import App, open_app
from bot.domain.days import Clock
from bot.services.clubs import Clubs, Saved
from bot.services.daily import Daily
from bot.services.practice import Practice
from bot.services.standings import Standings
from bot.settings import Settings
from bot.storage.database import open_database
from tests.conftest import FrozenClock
from tests.services.helpers import set_up


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def first_app(tmp_path_factory: pytest.TempPathFactory) -> App:
    """An app that was opened once: its library never changes, its database is new and closed."""
    file = tmp_path_factory.mktemp("first") / "club.db"
    settings = Settings(_env_file=None, database_url=f"sqlite+aiosqlite:///{file}")
    async with open_app(settings, FrozenClock()) as app:
        return app


@pytest.fixture
async def app(first_app: App, settings: Settings, clock: Clock) -> AsyncIterator[App]:
    """An app as `open_app` makes it, in a quarter of the time."""
    shutil.copy(file_of(first_app.settings), file_of(settings))
    database = await open_database(settings.database_url)
    daily = Daily(database, first_app.catalogue, clock)
    yield App(
        settings=settings,
        clock=clock,
        database=database,
        catalogue=first_app.catalogue,
        zones=first_app.zones,
        texts=first_app.texts,
        clubs=Clubs(database, first_app.zones, clock),
        daily=daily,
        practice=Practice(database, first_app.catalogue, daily, clock),
        standings=Standings(database, clock),
    )
    await database.close()


def file_of(settings: Settings) -> Path:
    return Path(settings.database_url.removeprefix("sqlite+aiosqlite:///"))


@pytest.fixture
async def london(app: App) -> Saved:
    """A club that posts at seven in London, set up on Thursday 2 July 2026 at 13:00 there."""
    return await set_up(app)
