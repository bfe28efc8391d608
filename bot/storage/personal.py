"""Everything that is stored about one member, in whatever table it is."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import BigInteger, Column, ColumnElement, Table, delete, select, union, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.club import NOBODY
from bot.domain.personal import Entry, Value
from bot.storage.statements import insert
from bot.storage.tables import clubs, exercises, members, metadata

# What stays when a member goes, and what their id becomes there: a club and its moves are not
# theirs alone. Every row of any other table with a member's id is deleted.
_STAYS: dict[Column[Any], int | None] = {clubs.c.set_up_by: NOBODY, exercises.c.member_id: None}
# Of a club, what is about who set it up.
_SHOWN = {clubs: ("id", "set_up_by", "set_up_at")}
_SECRET = "token"  # noqa: S105 - what Discord gave the bot, and nobody else


def personal_columns() -> Iterator[Column[Any]]:
    """Yield every column that holds the id of a member, one a table at most."""
    for table in metadata.sorted_tables:
        column = clubs.c.set_up_by if table is clubs else table.c.get("member_id")
        if column is not None:
            yield column


class PersonalStore:
    """Reads and deletes what is stored about a member, in one club or, without one, everywhere."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def entries(self, member_id: int, club_id: int | None) -> list[Entry]:
        """Return all of it but secrets, table by table."""
        found = []
        for column in personal_columns():
            table: Any = column.table
            query = select(*_shown(table)).where(*_which(column, member_id, club_id))
            for row in await self._connection.execute(query.order_by(*table.primary_key.columns)):
                values = {key: _plain(table, key, value) for key, value in row._mapping.items()}
                found.append(Entry(table.name, getattr(row, _club_of(table).name), values))
        return found

    async def clubs_of(self, member_id: int) -> list[int]:
        """Return the ids of the clubs in which anything is stored about the member."""
        each = [
            select(_club_of(column.table).label("club_id")).where(*_which(column, member_id, None))
            for column in personal_columns()
        ]
        found = union(*each).subquery()
        query = select(clubs.c.id).join(found, found.c.club_id == clubs.c.id).order_by(clubs.c.id)
        return list(await self._connection.scalars(query))

    async def hide(self, club_id: int, member_id: int, name: str, *, is_hidden: bool) -> None:
        """Record whether the member is named nowhere; `name` is for who did nothing yet."""
        statement = insert(self._connection, members).values(
            club_id=club_id, member_id=member_id, name=name, is_hidden=is_hidden
        )
        await self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=[members.c.club_id, members.c.member_id],
                set_={"is_hidden": is_hidden},
            )
        )

    async def delete(self, member_id: int, club_id: int | None) -> None:
        """Delete every row about the member; what stays with a club loses their id."""
        for column in personal_columns():
            table: Any = column.table
            which = _which(column, member_id, club_id)
            if column in _STAYS:
                change = update(table).where(*which).values({column: _STAYS[column]})
                await self._connection.execute(change)
            else:
                await self._connection.execute(delete(table).where(*which))


def _club_of(table: Any) -> Column[Any]:
    column: Column[Any] = table.c.id if table is clubs else table.c.club_id
    return column


def _which(column: Column[Any], member_id: int, club_id: int | None) -> list[ColumnElement[bool]]:
    """Return what a row about the member fulfils, so that an index by club finds it."""
    club = _club_of(column.table)
    is_member = column == member_id
    if club_id is not None:
        return [club == club_id, is_member]
    is_by_club = next(iter(column.table.primary_key)) is club and club is not clubs.c.id
    return [club.in_(select(clubs.c.id)), is_member] if is_by_club else [is_member]


def _shown(table: Table) -> list[Column[Any]]:
    names = _SHOWN.get(table)
    return [
        column
        for column in table.columns
        if column.name != _SECRET and (names is None or column.name in names)
    ]


def _plain(table: Table, key: str, value: Any) -> Value:
    """Return an id as text, for what reads JSON may take it for a fraction."""
    is_id = isinstance(table.c[key].type, BigInteger) and value is not None
    return str(value) if is_id else value
