"""What only PostgreSQL needs: isolation, writers in turn, and what is wrong in a sentence."""

from collections.abc import Collection
from inspect import signature

from asyncpg import (
    CannotConnectNowError,
    IdleInTransactionSessionTimeoutError,
    InsufficientResourcesError,
    InterfaceError,
    InvalidAuthorizationSpecificationError,
    InvalidCatalogNameError,
    OperatorInterventionError,
    PostgresConnectionError,
    ReadOnlySQLTransactionError,
    TooManyConnectionsError,
    connect,
)
from sqlalchemy import URL, Connection, func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.errors import StartError
from bot.logs import hide_password

CONNECT_WITHIN = 10  # seconds

# What a reader finds is one state, and never held up; a writer finds what was committed last.
READER = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
WRITER = {"isolation_level": "READ COMMITTED"}

# Locks that are pairs never meet those that are single numbers, which are the clubs'.
ALL_CLUBS = int.from_bytes(b"hips"), 0
MIGRATIONS = int.from_bytes(b"hips"), 1
CLOCK = int.from_bytes(b"hips"), 2

OUT_OF_REACH = OSError, PostgresConnectionError, CannotConnectNowError, TooManyConnectionsError
LOST = InterfaceError, OperatorInterventionError, IdleInTransactionSessionTimeoutError, PoolTimeout


def open_engine(url: URL) -> AsyncEngine:
    """Return the engine of the server; it connects when it is first used.

    Raises:
        StartError: the URL has options that there are not.
    """
    _check_options(url)
    return create_async_engine(
        url,
        hide_parameters=True,  # an error's text may end in a log
        pool_pre_ping=True,  # the server may have been restarted since
        connect_args={
            "timeout": CONNECT_WITHIN,
            "server_settings": {
                "application_name": "hipstride",
                # A machine that vanishes must not keep its locks for hours: neither those of a
                # transaction, nor the clock, which is noticed after 15 + 3 x 5 seconds.
                "idle_in_transaction_session_timeout": "60s",
                "tcp_keepalives_idle": "15",
                "tcp_keepalives_interval": "5",
                "tcp_keepalives_count": "3",
            },
        },
    )


def open_reader(url: URL) -> AsyncEngine:
    """Return an engine that can only read, one state a transaction.

    Raises:
        StartError: the URL has options that there are not.
    """
    return open_engine(url).execution_options(**READER)


def _check_options(url: URL) -> None:
    unknown = url.query.keys() - signature(connect).parameters.keys()
    if unknown:
        raise StartError(
            f"DATABASE_URL has options that asyncpg does not know: {', '.join(sorted(unknown))}. "
            "Its options are those of asyncpg.connect; sslmode=require is ssl=require there."
        )


async def take_turn(connection: AsyncConnection, club_ids: Collection[int]) -> None:
    """Wait for the turn to write to these clubs, or to all; it lasts until the transaction ends.

    The services read, decide and write. Nobody of the same club does so in between, and READ
    COMMITTED shows each what the one before it committed. Locks, as a new club has no row yet;
    taken before any row and in one order, so that no two wait for each other.
    """
    if not club_ids:
        await connection.execute(select(func.pg_advisory_xact_lock(*ALL_CLUBS)))
        return
    some_clubs = func.pg_advisory_xact_lock_shared(*ALL_CLUBS)
    turns = [func.pg_advisory_xact_lock(club_id) for club_id in sorted(set(club_ids))]
    await connection.execute(select(some_clubs, *turns))


async def allow_pauses(connection: AsyncConnection) -> None:
    """Let this transaction wait for another database, which may have much to sort."""
    await connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = '10min'")


def await_migrations(connection: Connection) -> None:
    """Wait until no other process migrates; our own turn lasts until the transaction ends."""
    connection.execute(select(func.pg_advisory_xact_lock(*MIGRATIONS)))


def check_writable(connection: Connection) -> None:
    """Fail in a standby, or where this user may only read."""
    connection.exec_driver_sql("UPDATE alembic_version SET version_num = version_num WHERE false")


def unusable(url: URL, error: BaseException) -> StartError:
    """Return the sentence for what keeps the database from being used, without its password."""
    cause = said_by_driver(error)
    why = str(cause) or f"no answer within {CONNECT_WITHIN} seconds"
    if isinstance(cause, InvalidAuthorizationSpecificationError):
        what, remedy = "refuses this user", "Correct the user or the password in DATABASE_URL."
    elif isinstance(cause, InvalidCatalogNameError):
        what, remedy = "does not exist", "Make it with createdb, or correct DATABASE_URL."
    elif isinstance(cause, OUT_OF_REACH):
        what, remedy = "cannot be reached", "See that PostgreSQL runs, or correct DATABASE_URL."
    else:
        what = "cannot be used"
        remedy = "DATABASE_URL must name a database in which its user may make and change tables."
    shown = hide_password(url.render_as_string(hide_password=False))
    return StartError(f"The database {shown} {what}: {why}. {remedy}")


def trouble(error: BaseException) -> str | None:
    """Return what is wrong with the server and the remedy, or None if our own SQL is."""
    cause = said_by_driver(error)
    why = str(cause) or type(cause).__name__
    if isinstance(cause, ReadOnlySQLTransactionError):
        return f"{why}. Set DATABASE_URL to the server that may be written."
    if isinstance(cause, InsufficientResourcesError):
        return f"{why}. Give the server what it lacks."
    is_broken_off = isinstance(error, DBAPIError) and error.connection_invalidated
    if is_broken_off or isinstance(cause, OUT_OF_REACH + LOST):
        return f"{why}. See that PostgreSQL runs and can be reached."
    return None


def said_by_driver(error: BaseException) -> BaseException:
    """Return the error without what SQLAlchemy wraps it in."""
    if isinstance(error, DBAPIError) and error.orig is not None:
        return error.orig.__cause__ or error.orig
    return error
