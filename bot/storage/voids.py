"""Which completions a coach took out of the count."""

from typing import Any

from sqlalchemy import Table, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.history import Entry
from bot.storage.tables import completions, voids


class VoidStore:
    """Moves completions out of the count and back."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def take_out(self, club_id: int, member_id: int, entry: Entry) -> None:
        """Keep the completion as one that does not count."""
        await self._move(completions, voids, club_id, member_id, entry)

    async def put_back(self, club_id: int, member_id: int, entry: Entry) -> None:
        """Let it count again, as if nothing had been."""
        await self._move(voids, completions, club_id, member_id, entry)

    async def _move(
        self, origin: Table, goal: Table, club_id: int, member_id: int, entry: Entry
    ) -> None:
        which: Any = (
            origin.c.club_id == club_id,
            origin.c.member_id == member_id,
            origin.c.day == entry.day,
            origin.c.slug == entry.slug,
        )
        columns = [column.name for column in goal.columns]
        row = select(*(origin.c[name] for name in columns)).where(*which)
        await self._connection.execute(insert(goal).from_select(columns, row))
        await self._connection.execute(delete(origin).where(*which))
