"""A database file with as many clubs as a benchmark needs, made without asking the bot."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, insert

from bot.domain.scores import RULES
from bot.storage.database import open_database
from bot.storage.tables import clubs, targets

BATCH = 10_000
FIRST_WEEK = date(2024, 1, 1)


def url(file: Path) -> str:
    """Return the file's DATABASE_URL."""
    return f"sqlite+aiosqlite:///{file}"


async def make(file: Path, wanted: Iterable[dict[str, Any]]) -> None:
    """Make the database and insert these clubs."""
    await (await open_database(url(file))).close()
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        for batch in _batches(wanted):
            connection.execute(insert(clubs), batch)
            connection.execute(insert(targets), [_target(row) for row in batch])
    engine.dispose()


def club(club_id: int, channel_id: int, next_due: datetime) -> dict[str, Any]:
    """Return a row of the table of clubs; its days are those of UTC."""
    return {
        "id": club_id,
        "channel_id": channel_id,
        "zone": "UTC",
        "post_time": time(next_due.hour, next_due.minute),
        "day_end_hour": 3,
        "credit_days": 1,
        "catch_up_s": int(timedelta(hours=6).total_seconds()),
        "next_due_at": next_due.astimezone(UTC),
        "set_up_by": 1,
        "set_up_at": next_due - timedelta(days=30),
        "counted_by": RULES,
    }


def _target(club: dict[str, Any]) -> dict[str, Any]:
    return {"club_id": club["id"], "from_week": FIRST_WEEK, "days": 3}


def _batches(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    rest = iter(rows)
    while batch := list(islice(rest, BATCH)):
        yield batch
