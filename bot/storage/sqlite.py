"""What only SQLite needs: a file that can be written, durable commits, one writer at a time."""

import sqlite3
import time
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.errors import StartError
from bot.storage.one_trip import connect

PATIENCE = 5  # seconds that a start waits for another process
BUSY = 2  # seconds that a command does: Discord gives it three for its answer

_ROOM = "Make room on its disk."
_RIGHTS = "Let the user that runs the bot write the file and its folder."
_OTHER = "Another program holds it: find that one and close it."
_DISK = "Look at its disk and its folder."
_BACKUP = "Stop the bot, keep a copy of the file, and restore a backup."
_REMEDIES = {
    sqlite3.SQLITE_FULL: _ROOM,
    sqlite3.SQLITE_READONLY: _RIGHTS,
    sqlite3.SQLITE_PERM: _RIGHTS,
    sqlite3.SQLITE_BUSY: _OTHER,
    sqlite3.SQLITE_LOCKED: _OTHER,
    sqlite3.SQLITE_IOERR: _DISK,
    sqlite3.SQLITE_CANTOPEN: _DISK,
    sqlite3.SQLITE_CORRUPT: _BACKUP,
    sqlite3.SQLITE_NOTADB: _BACKUP,
}


def open_engine(url: URL) -> AsyncEngine:
    """Return the engine of the file.

    Raises:
        StartError: SQLite cannot open or write it.
    """
    _check_file(url)
    engine = create_async_engine(
        url,
        hide_parameters=True,  # an error's text may end in a log
        async_creator=partial(connect, file_of(url)),
    )
    event.listen(engine.sync_engine, "connect", _configure)
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


def open_blocking(url: URL) -> Engine:
    """Return an engine of the same file, for threads that begin their transactions themselves."""
    file = file_of(url)
    engine = create_engine(
        url.set(drivername="sqlite"),
        hide_parameters=True,
        creator=lambda: sqlite3.connect(file, check_same_thread=False),
    )
    event.listen(engine, "connect", _configure)
    return engine


def open_reader(url: URL) -> AsyncEngine:
    """Return an engine that can only read, one state a transaction, and makes no file.

    Raises:
        StartError: there is no such file, or SQLite cannot read it.
    """
    file = file_of(url)
    if not file.exists():
        raise StartError(f"There is no file {file}. Correct DATABASE_URL.")
    # "rw", as the readers of a file in WAL mode write beside it.
    readable = url.set(database=file.as_uri(), query={"mode": "rw", "uri": "true"})
    try:
        with closing(sqlite3.connect(f"{file.as_uri()}?mode=rw", uri=True)) as connection:
            connection.execute("PRAGMA schema_version")
    except sqlite3.Error as error:
        raise unusable(url, error) from error
    engine = create_async_engine(readable)
    event.listen(engine.sync_engine, "connect", _only_read)
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


def file_of(url: URL) -> Path:
    """Return the absolute path of the file."""
    return Path.cwd() / (url.database or "")


def unusable(url: URL, error: Exception) -> StartError:
    """Return the sentence for a file that cannot be used."""
    reason = error.orig if isinstance(error, DBAPIError) else error
    return StartError(
        f"The database {url} cannot be used: {reason}. DATABASE_URL must name a file "
        "in a folder that exists and that this user may write to."
    )


def trouble(error: BaseException) -> str | None:
    """Return what is wrong with the file and the remedy, or None if our own SQL is."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    code = getattr(cause, "sqlite_errorcode", None)
    remedy = None if code is None else _REMEDIES.get(code & 0xFF)
    return remedy and f"{cause}. {remedy}"


class OpenFile:
    """The file as it was when it was opened: who deletes or replaces it tells nobody."""

    def __init__(self, url: URL) -> None:
        self._path = Path(url.database or "")
        self._identity = self._look()

    def trouble(self) -> str | None:
        """Return what is wrong if there is no file or another one in its place, else None."""
        if self._look() == self._identity:
            return None
        return (
            f"{self._path} was deleted or replaced. Stop the bot, put the right file in its place, "
            "and start the bot again."
        )

    def _look(self) -> tuple[int, int] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino


def _check_file(url: URL) -> None:
    """Raise StartError if SQLite cannot open and write the file.

    Asked of the standard library first: a connection that aiosqlite fails to open leaves a
    thread behind that complains when the process ends.
    """
    try:
        with closing(sqlite3.connect(url.database or "", isolation_level=None)) as connection:
            _log_ahead(connection)
            [version] = connection.execute("PRAGMA user_version").fetchone()
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(f"PRAGMA user_version = {version}")  # the least there is to write
            connection.execute("ROLLBACK")
    except sqlite3.Error as error:
        raise unusable(url, error) from error


def _log_ahead(connection: sqlite3.Connection) -> None:
    """Put the file into WAL mode, where it stays.

    Of processes that start at once SQLite lets one do that, and turns the others away unheard.
    """
    give_up = time.monotonic() + PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            is_busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
            if not is_busy or time.monotonic() > give_up:
                raise
            time.sleep(0.02)
        else:
            return


def _configure(connection: Any, _record: object) -> None:
    """Make a new connection durable."""
    _set(connection, "journal_mode=WAL", "synchronous=FULL")


def _only_read(connection: Any, _record: object) -> None:
    """Keep a new connection from changing anything."""
    _set(connection, "query_only=ON")


def _set(connection: Any, *pragmas: str) -> None:
    """Leave transactions to SQLAlchemy's events, and be patient."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (*pragmas, f"busy_timeout={BUSY * 1000}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    # A writer takes the lock at once: upgrading a read lock later can fail half-way.
    is_write = connection.get_execution_options().get("is_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_write else "BEGIN")
