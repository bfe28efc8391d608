"""Who did which move on which club day."""

from datetime import date, datetime

from sqlalchemy import distinct, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.exercise import Level
from bot.domain.standings import Total
from bot.storage.statements import insert
from bot.storage.tables import completions, members


class CompletionStore:
    """Reads and writes completions and the names their members go by."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(
        self, club_id: int, member_id: int, day: date, slug: str, level: Level, done_at: datetime
    ) -> bool:
        """Record a completion and return whether it is new; one that exists stays as it is."""
        statement = insert(self._connection, completions).values(
            club_id=club_id,
            member_id=member_id,
            day=day,
            slug=slug,
            level=level.value,
            done_at=done_at,
        )
        result = await self._connection.execute(statement.on_conflict_do_nothing())
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
        query = select(completions.c.day).where(
            completions.c.club_id == club_id, completions.c.member_id == member_id
        )
        return set(await self._connection.scalars(query))

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
        query = select(func.count()).where(
            completions.c.club_id == club_id,
            completions.c.day == day,
            completions.c.slug == slug,
        )
        return await self._connection.scalar(query) or 0

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
