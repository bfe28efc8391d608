"""Who did which move on which club day."""

from datetime import date, datetime

from sqlalchemy import bindparam, distinct, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.exercise import Level
from bot.domain.standings import Total
from bot.storage.statements import insert, insert_new
from bot.storage.tables import completions, members

# Built once: for a statement this short, SQLAlchemy takes longer to build it than to run it.
_DAYS = select(completions.c.day).where(
    completions.c.club_id == bindparam("club_id"),
    completions.c.member_id == bindparam("member_id"),
)
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

    async def save_name(self, club_id: int, member_id: int, name: str) -> None:
        """Record what the member is called in this club."""
        statement = insert(self._connection, members).values(
            club_id=club_id, member_id=member_id, name=name
        )
        await self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=[members.c.club_id, members.c.member_id],
                set_={"name": name},
                where=members.c.name != name,
            )
        )

    async def days(self, club_id: int, member_id: int) -> set[date]:
        """Return the member's active days in this club."""
        which = {"club_id": club_id, "member_id": member_id}
        return set(await self._connection.scalars(_DAYS, which))

    async def counts(self, club_id: int, member_id: int) -> dict[str, int]:
        """Return how often the member did each exercise, by slug, the most frequent first."""
        times = func.count().label("times")
        query = (
            select(completions.c.slug, times)
            .where(completions.c.club_id == club_id, completions.c.member_id == member_id)
            .group_by(completions.c.slug)
            .order_by(times.desc(), completions.c.slug)
        )
        return {row.slug: row.times for row in await self._connection.execute(query)}

    async def count_on(self, club_id: int, day: date, slug: str) -> int:
        """Return how many members did this exercise on this day."""
        which = {"club_id": club_id, "day": day, "slug": slug}
        return await self._connection.scalar(_COUNT_ON, which) or 0

    async def totals(self, club_id: int, since: date) -> list[Total]:
        """Return the sessions (active days) of each member from the day `since` on."""
        query = (
            select(
                completions.c.member_id,
                func.coalesce(members.c.name, "").label("name"),
                func.count(distinct(completions.c.day)).label("sessions"),
            )
            .join(
                members,
                (members.c.club_id == completions.c.club_id)
                & (members.c.member_id == completions.c.member_id),
                isouter=True,
            )
            .where(completions.c.club_id == club_id, completions.c.day >= since)
            .group_by(completions.c.member_id, members.c.name)
        )
        rows = await self._connection.execute(query)
        return [Total(row.member_id, row.name, row.sessions) for row in rows]
