import pytest

from bot.app import App
from bot.services.clubs import Saved
from tests.services.helpers import set_up


@pytest.fixture
async def london(app: App) -> Saved:
    """A club that posts at seven in London, set up on Thursday 2 July 2026 at 13:00 there."""
    return await set_up(app)
