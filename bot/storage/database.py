"""Opens and migrates the database, and hands out the stores, one transaction at a time."""

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager, nullcontext
from pathlib import Path
from types import ModuleType
from typing import Any, TypeAlias, TypeVar, cast

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from asyncpg import InterfaceError, PostgresError
from sqlalchemy import URL, Connection, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.errors import StartError, StorageUnavailable
from bot.logs import hide_password
from bot.storage import postgresql, sqlite
from bot.storage.at_once import AtOnce, InThread
from bot.storage.buddies import BuddyStore
from bot.storage.clubs import ClubStore
from bot.storage.completions import CompletionStore
from bot.storage.guides import GuideStore
from bot.storage.leader import Leader
from bot.storage.members import MemberStore
from bot.storage.notes import NoteStore
from bot.storage.own_moves import OwnMoveStore
from bot.storage.personal import PersonalStore
from bot.storage.posts import PostStore
from bot.storage.reminders import ReminderStore
from bot.storage.scores import ScoreStore
from bot.storage.voids import VoidStore

log = logging.getLogger(__name__)

Outcome = TypeVar("Outcome")

FAILURES = DBAPIError, sqlite3.Error, PoolTimeout, PostgresError, InterfaceError, OSError
MIGRATIONS = Path(__file__).parent / "migrations"


class Stores:
    """Everything that one transaction may read or write."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.connection = connection  # for what is about all tables alike
        self.clubs = ClubStore(connection)
        self.completions = CompletionStore(connection)
        self.members = MemberStore(connection)
        self.personal = PersonalStore(connection)
        self.posts = PostStore(connection)
        self.own_moves = OwnMoveStore(connection)
        self.guides = GuideStore(connection)
        self.scores = ScoreStore(connection)
        self.reminders = ReminderStore(connection)
        self.buddies = BuddyStore(connection)
        self.voids = VoidStore(connection)
        self.notes = NoteStore(connection)


Work: TypeAlias = Callable[[Stores], Coroutine[Any, Any, Outcome]]


class Database:
    """The open database. What `write` yields is committed, durably, when its block ends."""

    def __init__(self, engine: AsyncEngine) -> None:
        is_sqlite = engine.dialect.name == "sqlite"
        self._engine = engine
        self._dialect = sqlite if is_sqlite else postgresql
        self._file = sqlite.OpenFile(engine.url) if is_sqlite else None
        self._troubles: dict[str, str] = {}
        self._reader = engine if is_sqlite else engine.execution_options(**postgresql.READER)
        self._writer = _writer(engine)
        # SQLite has one writer: waiting here costs nothing, waiting there a busy timeout.
        self._writing = asyncio.Lock() if is_sqlite else nullcontext()
        self._leader = None if is_sqlite else Leader(engine)
        has_thread = engine.driver == "aiosqlite"
        self._at_once = AtOnce(sqlite.open_blocking(engine.url)) if has_thread else None

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Stores]:
        """Yield the stores over one consistent state.

        Raises:
            StorageUnavailable: the database cannot be read now; the log says why.
        """
        with self._watched("read"):
            async with self._reader.connect() as connection:
                yield Stores(connection)

    @asynccontextmanager
    async def write(self, *club_ids: int) -> AsyncIterator[Stores]:
        """Yield the stores in a transaction that an exception undoes.

        Writers take turns, whatever their process: what one reads, none changes until it ends.
        Who names the clubs it is about need not wait for those of other clubs.

        Raises:
            StorageUnavailable: the database cannot be written now, so nothing is; the log says why.
        """
        with self._watched("written"):
            async with self._writing, self._writer.begin() as connection:
                if connection.dialect.name == "postgresql":
                    await postgresql.take_turn(connection, club_ids)
                yield Stores(connection)

    async def look(self, work: Work[Outcome]) -> Outcome:
        """Return what `work` makes of the stores over one state, as `read` yields them.

        Quicker on SQLite, where all of it is done in one go in a thread: `work` can wait for
        nothing but the stores, and must not touch what belongs to the event loop.

        Raises:
            StorageUnavailable: the database cannot be read now; the log says why.
        """
        if self._at_once is None:
            async with self.read() as stores:
                return await work(stores)
        with self._watched("read"):
            return await self._at_once.read(_over(work))

    async def transact(self, work: Work[Outcome], *club_ids: int) -> Outcome:
        """Return what `work` makes of the stores in a transaction like that of `write`.

        Quicker on SQLite for the same reason, with the same limits.

        Raises:
            StorageUnavailable: the database cannot be written now, so nothing is; the log says why.
        """
        if self._at_once is None:
            async with self.write(*club_ids) as stores:
                return await work(stores)
        with self._watched("written"):
            async with self._writing:
                return await self._at_once.write(_over(work))

    @contextmanager
    def _watched(self, what: str) -> Iterator[None]:
        """Translate trouble with the database, and log it when it comes, changes and goes."""
        trouble = self._file.trouble() if self._file else None
        if trouble is None:
            try:
                yield
            except FAILURES as error:
                trouble = self._dialect.trouble(error)
                if trouble is None:
                    raise
                self._log_trouble(what, trouble)
                raise StorageUnavailable from error
            self._log_recovery(what)
        else:
            self._log_trouble(what, trouble)
            raise StorageUnavailable

    def _log_trouble(self, what: str, trouble: str) -> None:
        if trouble not in self._troubles.values():
            log.error("the database cannot be %s: %s", what, trouble)
        self._troubles[what] = trouble

    def _log_recovery(self, what: str) -> None:
        if not self._troubles:
            return
        # What can be written can be read; what can be read may still be closed to writers.
        gone = self._troubles.get(what)
        is_gone = {k: what == "written" or trouble == gone for k, trouble in self._troubles.items()}
        self._troubles = {k: t for k, t in self._troubles.items() if not is_gone[k]}
        if not self._troubles:
            log.info("the database is well again; what is due follows")

    async def lead(self) -> bool:
        """Return whether this process runs the clock: of all that share the database, one does.

        It takes over if nobody does; who shares a SQLite file is not asked.

        Raises:
            StorageUnavailable: the database cannot be asked now; the log says why.
        """
        if self._leader is None:
            return True
        with self._watched("read"):
            return await self._leader.lead()

    async def close(self) -> None:
        """Close every connection, and leave the clock to another process."""
        if self._leader is not None:
            await self._leader.step_down()
        if self._at_once is not None:
            await asyncio.to_thread(self._at_once.close)  # it waits for what was begun
        await self._engine.dispose()


def _over(work: Work[Outcome]) -> Callable[[InThread], Coroutine[Any, Any, Outcome]]:
    return lambda connection: work(Stores(cast(AsyncConnection, connection)))


async def open_database(url: str) -> Database:
    """Return the database at `url`, migrated to the newest version.

    Raises:
        StartError: it cannot be opened, written or migrated.
    """
    parsed = parse_url(url)
    dialect = dialect_of(parsed)
    engine = dialect.open_engine(parsed)
    try:
        async with _writer(engine).begin() as connection:
            await connection.run_sync(_migrate)
    except CommandError as error:
        await engine.dispose()
        raise StartError(
            f"The database {hide_password(url)} was made by a newer Hipstride ({error}). "
            "Update Hipstride, or restore a backup of that time."
        ) from error
    except (DBAPIError, PostgresError, InterfaceError, OSError) as error:
        await engine.dispose()
        raise dialect.unusable(parsed, error) from error
    return Database(engine)


def parse_url(url: str) -> URL:
    """Return the URL in its parts.

    Raises:
        StartError: it has none.
    """
    try:
        return make_url(url)
    except (ArgumentError, ValueError):
        # Neither its text nor its cause: they may hold the password.
        raise StartError(
            f"DATABASE_URL={hide_password(url)} cannot be read: write @ : / in a user or password "
            "as %40 %3A %2F, and the port as a number."
        ) from None


def dialect_of(url: URL) -> ModuleType:
    """Return the module with what only this kind of database needs."""
    return sqlite if url.get_backend_name() == "sqlite" else postgresql


def _writer(engine: AsyncEngine) -> AsyncEngine:
    is_sqlite = engine.dialect.name == "sqlite"
    return engine.execution_options(**{"is_write": True} if is_sqlite else postgresql.WRITER)


def _migrate(connection: Connection) -> None:
    is_postgresql = connection.dialect.name == "postgresql"
    if is_postgresql:
        postgresql.await_migrations(connection)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    if is_postgresql:
        postgresql.check_writable(connection)
