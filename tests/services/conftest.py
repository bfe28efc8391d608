from collections.abc import AsyncIterator

import pytest

from bot.app import App
from bot.content.catalogue import load_catalogue
from bot.content.zones import load_zones
from bot.domain.catalogue import Catalogue
from bot.domain.days import Clock
from bot.domain.zones import Gazetteer
from bot.services.clubs import Clubs, Saved
from bot.services.daily import Daily
from bot.services.practice import Practice
from bot.services.standings import Standings
from bot.settings import SHIPPED_DATA, Settings
from bot.storage.database import open_database
from bot.texts import Texts, load_texts
from tests.services.helpers import set_up


@pytest.fixture(scope="session")
def shipped() -> tuple[Catalogue, Gazetteer, Texts]:
    return load_catalogue(SHIPPED_DATA), load_zones(), load_texts(SHIPPED_DATA)


@pytest.fixture
async def app(
    shipped: tuple[Catalogue, Gazetteer, Texts], settings: Settings, clock: Clock
) -> AsyncIterator[App]:
    """An app as `open_app` makes it, but for the library, which is read once for all tests."""
    catalogue, zones, texts = shipped
    database = await open_database(settings.database_url)
    daily = Daily(database, catalogue, clock)
    yield App(
        settings=settings,
        clock=clock,
        database=database,
        catalogue=catalogue,
        zones=zones,
        texts=texts,
        clubs=Clubs(database, zones, clock),
        daily=daily,
        practice=Practice(database, catalogue, daily, clock),
        standings=Standings(database, clock),
    )
    await database.close()


@pytest.fixture
async def london(app: App) -> Saved:
    """A club that posts at seven in London, set up on Thursday 2 July 2026 at 13:00 there."""
    return await set_up(app)
