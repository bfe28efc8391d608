"""Opens and migrates the database, and hands out the stores, one transaction at a time."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, event, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.errors import StartError
from bot.storage.clubs import ClubStore
from bot.storage.completions import CompletionStore
from bot.storage.notes import NoteStore
from bot.storage.posts import PostStore

MIGRATIONS = Path(__file__).parent / "migrations"


class Stores:
    """Everything that one transaction may read or write."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.clubs = ClubStore(connection)
        self.completions = CompletionStore(connection)
        self.posts = PostStore(connection)
        self.notes = NoteStore(connection)


class Database:
    """The open database. What `write` yields is committed, durably, when its block ends."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        # SQLite has one writer: waiting here costs nothing, waiting there a busy timeout.
        self._writing = asyncio.Lock()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Stores]:
        """Yield the stores over one consistent state."""
        async with self._engine.connect() as connection:
            yield Stores(connection)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Stores]:
        """Yield the stores in a transaction that an exception undoes."""
        async with self._writing, self._engine.connect() as connection:
            await connection.execution_options(is_write=True)
            async with connection.begin():
                yield Stores(connection)

    async def close(self) -> None:
        """Close every connection."""
        await self._engine.dispose()


async def open_database(url: str) -> Database:
    """Return the database at `url`, migrated to the newest version.

    Raises:
        StartError: it cannot be opened, written or migrated.
    """
    _check_file(url)
    engine = create_async_engine(url)
    event.listen(engine.sync_engine, "connect", _configure)
    event.listen(engine.sync_engine, "begin", _begin)
    try:
        async with engine.connect() as connection:
            await connection.execution_options(is_write=True)
            async with connection.begin():
                await connection.run_sync(_migrate)
    except CommandError as error:
        await engine.dispose()
        raise StartError(
            f"The database {url} was made by a newer Hipstride ({error}). "
            "Update Hipstride, or restore a backup of that time."
        ) from error
    except DBAPIError as error:
        await engine.dispose()
        raise _unusable(url, error.orig) from error
    return Database(engine)


def _unusable(url: str, reason: object) -> StartError:
    return StartError(
        f"The database {url} cannot be used: {reason}. DATABASE_URL must name a file "
        "in a folder that exists and that this user may write to."
    )


def _check_file(url: str) -> None:
    """Raise StartError if SQLite cannot open and write the file.

    Asked of the standard library first: a connection that aiosqlite fails to open leaves a
    thread behind that complains when the process ends.
    """
    try:
        with closing(sqlite3.connect(make_url(url).database or "")) as connection:
            connection.isolation_level = None
            [version] = connection.execute("PRAGMA user_version").fetchone()
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(f"PRAGMA user_version = {version}")  # the least there is to write
            connection.execute("ROLLBACK")
    except sqlite3.Error as error:
        raise _unusable(url, error) from error


def _configure(connection: Any, _record: object) -> None:
    """Make a new SQLite connection durable, and leave transactions to SQLAlchemy's events."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=5000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    # A writer takes the lock at once: upgrading a read lock later can fail half-way.
    is_write = connection.get_execution_options().get("is_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_write else "BEGIN")


def _migrate(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
