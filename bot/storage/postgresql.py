"""What only PostgreSQL needs: isolation, a lock for migrations, and what is wrong in a sentence."""

from asyncpg import (
    CannotConnectNowError,
    InvalidAuthorizationSpecificationError,
    InvalidCatalogNameError,
    PostgresConnectionError,
    TooManyConnectionsError,
)
from sqlalchemy import URL, Connection, func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.errors import StartError
from bot.logs import hide_password

CONNECT_WITHIN = 10  # seconds

# What a reader finds is one state, and never held up; a writer finds what was committed last.
READER = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
WRITER = {"isolation_level": "READ COMMITTED"}

# A pair, since locks of pairs never meet those of single numbers, which are the clubs'.
MIGRATIONS = int.from_bytes(b"hips"), 1

OUT_OF_REACH = OSError, PostgresConnectionError, CannotConnectNowError, TooManyConnectionsError


def open_engine(url: URL) -> AsyncEngine:
    """Return the engine of the server; it connects when it is first used."""
    return create_async_engine(
        url,
        pool_pre_ping=True,  # the server may have been restarted since
        connect_args={
            "timeout": CONNECT_WITHIN,
            "server_settings": {
                "application_name": "hipstride",
                # A machine that vanishes in a transaction must not keep its locks for hours.
                "idle_in_transaction_session_timeout": "60s",
            },
        },
    )


def await_migrations(connection: Connection) -> None:
    """Wait until no other process migrates; our own turn lasts until the transaction ends."""
    connection.execute(select(func.pg_advisory_xact_lock(*MIGRATIONS)))


def unusable(url: URL, error: BaseException) -> StartError:
    """Return the sentence for what keeps the database from being used, without its password."""
    cause = _said_by_asyncpg(error)
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


def _said_by_asyncpg(error: BaseException) -> BaseException:
    """Return the error without what SQLAlchemy wraps it in."""
    if isinstance(error, DBAPIError) and error.orig is not None:
        return error.orig.__cause__ or error.orig
    return error
