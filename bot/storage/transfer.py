"""Copies a database into an empty one, and keeps the copy only if it reads back the same."""

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass
from enum import Enum, auto
from functools import partial
from hashlib import blake2b
from typing import Any

from asyncpg import InterfaceError, PostgresError
from sqlalchemy import URL, Connection, Row, Table, exists, func, insert, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import StartError
from bot.logs import hide_password
from bot.storage import postgresql
from bot.storage.checkup import Shape, damage_of, shape_of
from bot.storage.database import dialect_of, open_database, parse_url
from bot.storage.sqlite import file_of
from bot.storage.tables import metadata

BATCH = 5_000  # rows in memory at a time

# ValueError: SQLite takes anything for a date.
_TROUBLE = SQLAlchemyError, PostgresError, InterfaceError, OSError, ValueError

_OF_A_SOURCE = {
    Shape.EMPTY: "is empty: there is nothing to copy",
    Shape.FOREIGN: "belongs to another program (it holds {detail})",
    Shape.OLDER: "was made by an older Hipstride (version {detail}): start this one once on it, "
    "then run this again",
    Shape.NEWER: "was made by a newer Hipstride (version {detail}): update this one",
}
_OF_A_TARGET = {
    Shape.FOREIGN: "belongs to another program (it holds {detail}): give the bot a database of "
    "its own",
    Shape.OLDER: "was made by an older Hipstride (version {detail}): name a new, empty one",
    Shape.NEWER: "was made by a newer Hipstride (version {detail}): name a new, empty one",
}


class Step(Enum):
    """What goes on, once through all rows each."""

    COPY = auto()
    CHECK = auto()  # that the copy reads back the same
    COMPARE = auto()  # whether the source is still what was copied


# Called at the start of a step with the number of its rows; yields what to call with each
# number of rows that is done.
Progress = Callable[[Step, int], AbstractContextManager[Callable[[int], None]]]


@dataclass(frozen=True, slots=True)
class Digest:
    """What a table holds, the same in every order and every kind of database."""

    table: str
    rows: int = 0
    checksum: int = 0  # 64 bits

    def plus(self, rows: Sequence[Sequence[Any]]) -> "Digest":
        """Return the digest with these rows as well."""
        # A sum, unlike XOR, tells a row that is there twice from none.
        values = (int.from_bytes(_hash(row)) for row in rows)
        checksum = (self.checksum + sum(values)) % 2**64
        return Digest(self.table, self.rows + len(rows), checksum)


def _hash(row: Sequence[Any]) -> bytes:
    return blake2b(repr(tuple(row)).encode(), digest_size=8).digest()


@dataclass(frozen=True, slots=True)
class _Place:
    """One of the two databases, by the name of its argument."""

    name: str
    address: URL

    def __str__(self) -> str:
        url = self.address.render_as_string(hide_password=False)
        return f"{self.name}, {hide_password(url)},"


async def copy_database(source: str, target: str, progress: Progress) -> tuple[Digest, ...]:
    """Copy every row of the database at URL `source` as it is now; return what each table held.

    It is one state of the source, which is only read; others may write to it meanwhile. All of
    it is in the target afterwards, or none.

    Raises:
        StartError: the source cannot be read, the target not be written or not empty, or what
            it gave back was not what it was given. It then holds no row.
    """
    origin, goal = _place("FROM", source), _place("TO", target)
    _check_files(origin, goal)
    async with _snapshot(origin) as connection:
        await connection.run_sync(_check_source, origin)
    if not _is_missing_file(goal):
        async with _snapshot(goal) as connection:
            await connection.run_sync(_check_shape, goal, _OF_A_TARGET)
    with _speaking_of(goal.name):
        database = await open_database(target)
    try:
        with _blaming(goal, "cannot take the copy"):
            async with database.write() as stores:
                return await _fill(stores.connection, origin, goal, progress)
    finally:
        await database.close()


async def growth_since(source: str, copied: Sequence[Digest], progress: Progress) -> dict[str, int]:
    """Return the tables of the source that changed since, and by how many rows each has grown.

    Raises:
        StartError: the source can no longer be read.
    """
    origin = _place("FROM", source)
    async with _snapshot(origin) as connection:
        now = await _digests(origin, connection, progress, Step.COMPARE)
    pairs = zip(copied, now, strict=True)
    return {new.table: new.rows - old.rows for old, new in pairs if new != old}


def _place(name: str, url: str) -> _Place:
    with _speaking_of(name):
        address = parse_url(url)
    is_known = address.drivername in ("sqlite+aiosqlite", "postgresql+asyncpg")
    if not is_known or address.database in (None, "", ":memory:"):
        raise StartError(
            f"{name}={hide_password(url)} is no database that Hipstride can use: write "
            "sqlite+aiosqlite:///FILE or postgresql+asyncpg://USER:PASSWORD@HOST/DATABASE."
        )
    return _Place(name, address)


@asynccontextmanager
async def _snapshot(place: _Place) -> AsyncIterator[AsyncConnection]:
    """Yield a connection that can only read, and sees one state of the database."""
    dialect = dialect_of(place.address)
    with _speaking_of(place.name):
        engine = dialect.open_reader(place.address)
        try:
            async with engine.connect() as connection:
                with _blaming(place, "cannot be read"):
                    yield connection
        except _TROUBLE as error:
            raise dialect.unusable(place.address, error) from error
        finally:
            await engine.dispose()


@contextmanager
def _speaking_of(name: str) -> Iterator[None]:
    """Let a sentence about the setting speak of the argument in its place."""
    try:
        yield
    except StartError as error:
        raise StartError(str(error).replace("DATABASE_URL", name)) from error


@contextmanager
def _blaming(place: _Place, what: str) -> Iterator[None]:
    """Turn what a database complains about into a sentence, without the values in question."""
    try:
        yield
    except _TROUBLE as error:
        why = str(postgresql.said_by_driver(error)) or type(error).__name__
        raise StartError(f"{place} {what}: {why}.") from error


def _check_files(origin: _Place, goal: _Place) -> None:
    if _is_file(origin) and _is_file(goal) and not _is_missing_file(goal):
        file = file_of(origin.address)
        if file.exists() and file.samefile(file_of(goal.address)):
            raise _same()


def _is_file(place: _Place) -> bool:
    return place.address.get_backend_name() == "sqlite"


def _is_missing_file(place: _Place) -> bool:
    return _is_file(place) and not file_of(place.address).exists()


def _same() -> StartError:
    return StartError("FROM and TO are the same database: name a new, empty one as TO.")


def _check_source(connection: Connection, place: _Place) -> None:
    if damage := damage_of(connection):
        raise StartError(f"{place} is damaged ({damage[0]}): restore a backup of it first.")
    _check_shape(connection, place, _OF_A_SOURCE)
    if not any(_holds_rows(connection).values()):
        raise StartError(f"{place} holds no rows: there is nothing to copy.")


def _check_shape(connection: Connection, place: _Place, refusals: Mapping[Shape, str]) -> None:
    shape, detail = shape_of(connection)
    if shape in refusals:
        raise StartError(f"{place} {refusals[shape].format(detail=detail)}.")


def _holds_rows(connection: Connection) -> dict[str, bool]:
    rows = {table.name: exists().select_from(table) for table in metadata.sorted_tables}
    return {name: bool(connection.scalar(select(any_row))) for name, any_row in rows.items()}


async def _fill(
    target: AsyncConnection, origin: _Place, goal: _Place, progress: Progress
) -> tuple[Digest, ...]:
    """Copy into the target's transaction, and read back what it then holds."""
    async with _snapshot(origin) as source:
        with _blaming(goal, "cannot take the copy"):
            if await _is_same_server_database(source, target):
                raise _same()
            await _check_empty(goal, target)
            if target.dialect.name == "postgresql":
                await postgresql.allow_pauses(target)
        given = await _digests(origin, source, progress, Step.COPY, partial(_insert, goal, target))
    # The source is left before: it would end a connection that is idle for long.
    found = await _digests(goal, target, progress, Step.CHECK)
    wrong = [
        f"{old.table} has {new.rows} rows with checksum {new.checksum:016x} for "
        f"{old.rows} with {old.checksum:016x}"
        for old, new in zip(given, found, strict=True)
        if old != new
    ]
    if wrong:
        raise StartError(f"{goal} gives back something else than it was given: {'; '.join(wrong)}.")
    return given


async def _check_empty(place: _Place, connection: AsyncConnection) -> None:
    held = await connection.run_sync(_holds_rows)
    if names := ", ".join(name for name, is_held in held.items() if is_held):
        raise StartError(
            f"{place} is not empty (it has rows in {names}): name a new, empty database."
        )


async def _is_same_server_database(source: AsyncConnection, target: AsyncConnection) -> bool:
    """Return whether both are one PostgreSQL database, under whatever names of its server.

    A lock that one of them holds is refused to the other only there.
    """
    if not source.dialect.name == target.dialect.name == "postgresql":
        return False
    lock = postgresql.ALL_CLUBS[0], secrets.randbelow(2**30) + 2**30  # in nobody's use
    await source.execute(select(func.pg_advisory_xact_lock(*lock)))
    return not await target.scalar(select(func.pg_try_advisory_xact_lock(*lock)))


async def _insert(
    place: _Place, connection: AsyncConnection, table: Table, rows: Sequence[Row[Any]]
) -> None:
    if connection.dialect.name == "postgresql":
        _check_text(table, rows)
    with _blaming(place, f"does not take the rows of {table.name}"):
        await connection.execute(insert(table), [dict(row._mapping) for row in rows])


def _check_text(table: Table, rows: Sequence[Row[Any]]) -> None:
    """Raise StartError for the character that PostgreSQL has no place for, naming its row."""
    for row in rows:
        if any(isinstance(value, str) and "\0" in value for value in row):
            key = ", ".join(f"{c.name} {row._mapping[c]!r}" for c in table.primary_key)
            raise StartError(
                f"PostgreSQL cannot hold the character NUL, which FROM has in a text of "
                f"{table.name}, at {key}: remove it there."
            )


Take = Callable[[Table, Sequence[Row[Any]]], Awaitable[None]]


async def _digests(
    place: _Place,
    connection: AsyncConnection,
    progress: Progress,
    step: Step,
    take: Take | None = None,
) -> tuple[Digest, ...]:
    """Read all tables once, hand every batch to `take`, and return what each held."""
    counts = [select(func.count()).select_from(table) for table in metadata.sorted_tables]
    total = sum([await connection.scalar(count) or 0 for count in counts])
    with progress(step, total) as advance:
        return tuple(
            [
                await _digest(place, connection, table, advance, take)
                for table in metadata.sorted_tables
            ]
        )


async def _digest(
    place: _Place,
    connection: AsyncConnection,
    table: Table,
    advance: Callable[[int], None],
    take: Take | None,
) -> Digest:
    digest = Digest(table.name)
    # In the order of the key, which is the order that fills the target's indexes best.
    query = select(table).order_by(*table.primary_key).execution_options(yield_per=BATCH)
    with _blaming(place, f"cannot be read, at {table.name}"):
        result = await connection.stream(query)
        async for batch in result.partitions():
            digest = digest.plus(batch)
            if take:
                await take(table, batch)
            advance(len(batch))
    return digest
