"""How the database stands, looked at without making, migrating or changing it."""

import os
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum, auto
from pathlib import Path
from typing import Any

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, inspect, make_url, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import create_async_engine

from bot.domain.challenge import PostState, Reason
from bot.errors import ZoneGone
from bot.storage.clubs import ONE_WITH_TARGETS, club_of
from bot.storage.database import MIGRATIONS
from bot.storage.postgresql import check_writable
from bot.storage.sqlite import file_of
from bot.storage.tables import clubs, metadata, posts


class Shape(Enum):
    """What there is at the database's address."""

    MISSING = auto()  # no file yet, in a folder that is there
    UNUSABLE = auto()  # cannot be opened, read or written
    EMPTY = auto()
    FOREIGN = auto()  # another program's tables
    OLDER = auto()
    CURRENT = auto()
    NEWER = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClubRecord:
    """What the database says about a club and its latest post, if it has one."""

    id: int
    channel_id: int
    paused_at: datetime | None
    trouble: Reason | None
    next_due: datetime
    day: date | None
    state: PostState | None
    reason: Reason | None
    retry_at: datetime | None

    @property
    def claim_due_at(self) -> datetime | None:
        """When the latest post is to be taken up again, if nothing has come of it yet."""
        return self.retry_at if self.state is PostState.CLAIMED else None


@dataclass(frozen=True, slots=True)
class Checkup:
    """What was found; `where` never holds a password, clubs are read if the shape is current.

    `unreadable` says of a club, by its id, which value means nothing; it is not among `clubs`.
    """

    where: str
    shape: Shape
    detail: str = ""
    damage: tuple[str, ...] = ()
    clubs: tuple[ClubRecord, ...] = ()
    unreadable: Mapping[int, str] = field(default_factory=dict)

    @property
    def is_readable(self) -> bool:
        """Whether `clubs` is all there is."""
        return not self.damage and self.shape in (Shape.CURRENT, Shape.EMPTY, Shape.MISSING)


async def examine_database(url: str) -> Checkup:
    """Return how the database at `url` stands; nothing is raised for what is wrong with it."""
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        return await _read(address, address.render_as_string(hide_password=True))
    return await _examine_file(address, file_of(address))


async def _examine_file(address: URL, file: Path) -> Checkup:
    if missing := _not_there(file):
        return missing
    try:
        # Open until all is read: whoever closes a WAL database last tidies up, if it may write.
        with closing(_open_for_writing(file)):
            read_only = address.set(database=file.as_uri(), query={"mode": "ro", "uri": "true"})
            return await _read(read_only, str(file))
    except sqlite3.Error as error:
        return Checkup(str(file), Shape.UNUSABLE, str(error))


def _not_there(file: Path) -> Checkup | None:
    """Return that there is no such file, and whether it could be made."""
    folder = file.parent
    if not folder.is_dir():
        return Checkup(str(file), Shape.UNUSABLE, f"there is no folder {folder}")
    if file.exists():
        return None
    if not os.access(folder, os.W_OK):
        return Checkup(str(file), Shape.UNUSABLE, f"the folder {folder} may not be written")
    return Checkup(str(file), Shape.MISSING)


def _open_for_writing(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{file.as_uri()}?mode=rw", uri=True, isolation_level=None)
    try:
        [version] = connection.execute("PRAGMA user_version").fetchone()
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(f"PRAGMA user_version = {version}")  # the least there is to write
        connection.execute("ROLLBACK")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


async def _read(address: URL, where: str) -> Checkup:
    engine = create_async_engine(address)
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(_examine, where)
    except (SQLAlchemyError, OSError, TypeError) as error:  # TypeError: an option there is not
        return Checkup(where, Shape.UNUSABLE, str(getattr(error, "orig", error)))
    finally:
        await engine.dispose()


def _examine(connection: Connection, where: str) -> Checkup:
    damage = damage_of(connection)
    shape, version = shape_of(connection)
    if connection.dialect.name == "postgresql" and shape is Shape.CURRENT:
        check_writable(connection)
    if shape is not Shape.CURRENT or damage:
        return Checkup(where, shape, version, damage)
    for table in metadata.sorted_tables:
        connection.execute(select(table).limit(0))  # none is missing, nor any column
    records: list[ClubRecord] = []
    unreadable: dict[int, str] = {}
    here = select(clubs.c.id).where(clubs.c.left_at.is_(None)).order_by(clubs.c.id)
    for club_id in connection.scalars(here).all():
        try:  # one by one: a row that means nothing keeps no other from being read
            records.append(_record(connection, club_id))
        except ValueError as error:
            unreadable[club_id] = str(error)
    return Checkup(where, shape, version, damage, tuple(records), unreadable)


def damage_of(connection: Connection) -> tuple[str, ...]:
    """Return what is broken in a SQLite file; PostgreSQL looks after itself."""
    if connection.dialect.name != "sqlite":
        return ()
    lines = connection.exec_driver_sql("PRAGMA integrity_check").scalars()
    return tuple(line for line in lines if line != "ok")


def shape_of(connection: Connection) -> tuple[Shape, str]:
    """Return the shape with the schema's version; with some of its tables if it is foreign."""
    tables = set(inspect(connection).get_table_names())
    version = MigrationContext.configure(connection).get_current_revision()
    scripts = ScriptDirectory(str(MIGRATIONS))
    if not tables:
        return Shape.EMPTY, ""
    if version is None or clubs.name not in tables:
        return Shape.FOREIGN, ", ".join(sorted(tables)[:3])
    if version == scripts.get_current_head():
        return Shape.CURRENT, version
    is_known = version in {script.revision for script in scripts.walk_revisions()}
    return (Shape.OLDER if is_known else Shape.NEWER), version


def _record(connection: Connection, club_id: int) -> ClubRecord:
    rows = connection.execute(ONE_WITH_TARGETS, {"club_id": club_id}).all()
    club = club_of(tuple(rows))
    trouble = club.trouble
    try:
        club.calendar.begin(club.next_due.date())
    except ZoneGone:  # the bot itself notices it when the next post is due
        trouble = Reason.ZONE_GONE
    query = select(posts).where(posts.c.club_id == club_id).order_by(posts.c.day.desc()).limit(1)
    post: Any = connection.execute(query).one_or_none()
    return ClubRecord(
        id=club.id,
        channel_id=club.channel_id,
        paused_at=club.paused_at,
        trouble=trouble,
        next_due=club.next_due,
        day=None if post is None else post.day,
        state=None if post is None else PostState(post.state),
        reason=None if post is None or post.reason is None else Reason(post.reason),
        retry_at=None if post is None else post.retry_at,
    )
