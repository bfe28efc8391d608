from collections.abc import AsyncIterator

import pytest

from bot.app import App, Library, open_app
from bot.services.clubs import Saved
from bot.settings import Settings
from tests.conftest import FrozenClock
from tests.services.helpers import set_up


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def engine(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
async def other_process(
    settings: Settings, clock: FrozenClock, library: Library
) -> AsyncIterator[App]:
    """The same clubs in another process, as far as the database can tell."""
    async with open_app(settings, clock, library) as app:
        yield app


@pytest.fixture
async def london(app: App) -> Saved:
    """A club that posts at seven in London, set up on Thursday 2 July 2026 at 13:00 there."""
    return await set_up(app)
