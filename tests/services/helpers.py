"""What the tests of the services ask for again and again."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.app import App, Library
from bot.domain.catalogue import Catalogue
from bot.domain.challenge import Post
from bot.domain.exercise import Level
from bot.services.clubs import Saved, SetUp
from bot.services.moves import Moves
from bot.services.practice import Completion
from bot.settings import Settings
from tests.postgres import query

CLUB = 1001
CHANNEL = 2002
COACH = 3003
ANN, BEN = 1, 2
TODAY = date(2026, 7, 2)  # a Thursday
DAY = timedelta(days=1)


def utc(*when: int) -> datetime:
    return datetime(*when, tzinfo=UTC)


def wanted(**changes: Any) -> SetUp:
    usual = SetUp(
        club_id=CLUB,
        channel_id=CHANNEL,
        time="07:00",
        timezone="Europe/London",
        role_id=None,
        target=None,
        coach_id=COACH,
    )
    return replace(usual, **changes)


async def set_up(app: App, **changes: Any) -> Saved:
    return await app.clubs.set_up(wanted(**changes))


async def change(app: App, **changes: Any) -> None:
    """Change settings of the club that no command changes yet."""
    async with app.database.write() as stores:
        club = await stores.clubs.get(CLUB)
        await stores.clubs.save(replace(club, **changes))


async def done(app: App, day: date = TODAY, member: int = ANN, **changes: Any) -> Completion:
    usual = {"name": f"m{member}", "slug": "a-march", "level": Level.STANDARD, "club_id": CLUB}
    return await app.practice.mark_done(**{**usual, **changes}, member_id=member, day=day)


def with_only(app: App, library: Library, catalogue: Catalogue) -> Moves:
    """The moves of clubs if the library held no more than these."""
    return Moves(app.database, replace(library.moves, catalogue=catalogue))


async def post_of(app: App, day: date, club_id: int = CLUB) -> Post | None:
    async with app.database.read() as stores:
        return await stores.posts.get(club_id, day)


def rows(settings: Settings, sql: str) -> list[Any]:
    """Run SQL on the database itself, as another program would."""
    if settings.database_url.startswith("postgresql"):
        return query(settings.database_url, sql)
    file = settings.database_url.removeprefix("sqlite+aiosqlite:///")
    with closing(sqlite3.connect(file)) as connection, connection:
        return connection.execute(sql).fetchall()
