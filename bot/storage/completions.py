"""Who did which move on which club day."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.exercise import Level
from bot.domain.history import Entry
from bot.storage.statements import insert_new
from bot.storage.tables import completions

# Built once: for a statement this short, SQLAlchemy takes longer to build it than to run it.
_COUNT_ON = select(func.count()).where(
    completions.c.club_id == bindparam("club_id"),
    completions.c.day == bindparam("day"),
    completions.c.slug == bindparam("slug"),
)


class Done(NamedTuple):
    """An exercise done: by whom, for which club day, and at which level."""

    club_id: int
    member_id: int
    day: date
    slug: str
    level: Level


class CompletionStore:
    """Reads and writes completions."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, done: Iterable[Done], done_at: datetime) -> None:
        """Record completions; what exists stays as it is."""
        rows = [{**each._asdict(), "level": each.level.value, "done_at": done_at} for each in done]
        if rows:
            await self._connection.execute(insert_new(self._connection, completions), rows)

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

    async def count_on(self, club_id: int, day: date, slug: str) -> int:
        """Return how many members did this exercise on this day."""
        which = {"club_id": club_id, "day": day, "slug": slug}
        return await self._connection.scalar(_COUNT_ON, which) or 0
