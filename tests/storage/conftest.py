from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.storage.database import Database, open_database


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "club.db"


@pytest.fixture
async def database(file: Path) -> AsyncIterator[Database]:
    database = await open_database(f"sqlite+aiosqlite:///{file}")
    yield database
    await database.close()
