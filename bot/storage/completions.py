"""Who did which move on which club day."""

from datetime import date, datetime

from sqlalchemy import bindparam, delete, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.exercise import Level
from bot.domain.history import Entry
from bot.storage.statements import insert, insert_new
from bot.storage.tables import completions, members

# Built once: for a statement this short, SQLAlchemy takes longer to build it than to run it.
_COUNT_ON = select(func.count()).where(
    completions.c.club_id == bindparam("club_id"),
    completions.c.day == bindparam("day"),
    completions.c.slug == bindparam("slug"),
)


class CompletionStore:
    """Reads and writes completions and the names their members go by."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(
        self, club_id: int, member_id: int, day: date, slug: str, level: Level, done_at: datetime
    ) -> bool:
        """Record a completion and return whether it is new; one that exists stays as it is."""
        values = {
            "club_id": club_id,
            "member_id": member_id,
            "day": day,
            "slug": slug,
            "level": level.value,
            "done_at": done_at,
        }
        statement = insert_new(self._connection, completions)
        result = await self._connection.execute(statement, values)
        return bool(result.rowcount == 1)

    async def remove(self, club_id: int, member_id: int, entry: Entry) -> bool:
        """Delete a completion and return whether it was there."""
        result = await self._connection.execute(
            delete(completions).where(
                completions.c.club_id == club_id,
                completions.c.member_id == member_id,
                completions.c.day == entry.day,
                completions.c.slug == entry.slug,
            )
        )
        return bool(result.rowcount == 1)

    async def last_recorded(self, club_id: int, member_id: int, since: date) -> Entry | None:
        """Return which completion of the days from `since` on the member recorded last."""
        query = (
            select(completions.c.day, completions.c.slug, completions.c.level)
            .where(
                completions.c.club_id == club_id,
                completions.c.member_id == member_id,
                completions.c.day >= since,
            )
            .order_by(completions.c.done_at.desc(), completions.c.day.desc(), completions.c.slug)
            .limit(1)
        )
        row = (await self._connection.execute(query)).one_or_none()
        return Entry(row.day, row.slug, Level(row.level)) if row else None

    async def save_name(self, club_id: int, member_id: int, name: str, today: date) -> None:
        """Record what the member is called in this club, and the first time that they began.

        Who had left is back.
        """
        statement = insert(self._connection, members).values(
            club_id=club_id, member_id=member_id, name=name, joined_on=today
        )
        await self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=[members.c.club_id, members.c.member_id],
                set_={"name": name, "left_at": None},
                where=or_(members.c.name != name, members.c.left_at.is_not(None)),
            )
        )

    async def count_on(self, club_id: int, day: date, slug: str) -> int:
        """Return how many members did this exercise on this day."""
        which = {"club_id": club_id, "day": day, "slug": slug}
        return await self._connection.scalar(_COUNT_ON, which) or 0
