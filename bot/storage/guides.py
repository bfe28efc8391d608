"""The sets that members are following along, one a member at most."""

from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.guide import Guide
from bot.storage.statements import insert
from bot.storage.tables import guides

# Built once: for a statement this short, SQLAlchemy takes longer to build it than to run it.
_GET = select(guides).where(guides.c.member_id == bindparam("member_id"))
_DUE = select(guides).where(guides.c.due_at <= bindparam("now")).order_by(guides.c.due_at)
_THIS = (guides.c.member_id == bindparam("of_member"), guides.c.id == bindparam("of_id"))
_UPDATE = update(guides).where(*_THIS)
_DELETE = delete(guides).where(*_THIS)
_FIELDS = [each.name for each in fields(Guide)]


class GuideStore:
    """Reads and writes sets that are being followed along."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, member_id: int) -> Guide | None:
        """Return the member's set, or None if there is none."""
        row = (await self._connection.execute(_GET, {"member_id": member_id})).one_or_none()
        return None if row is None else _guide(row)

    async def count_others(self, member_id: int) -> int:
        """Return how many sets there are of other members."""
        query = select(func.count()).where(guides.c.member_id != member_id)
        return await self._connection.scalar(query) or 0

    async def due(self, now: datetime) -> list[Guide]:
        """Return the sets whose phase, or whose pause, is over, the longest over first."""
        return [_guide(row) for row in await self._connection.execute(_DUE, {"now": now})]

    async def put(self, guide: Guide) -> None:
        """Record the member's set in place of one there may be."""
        statement = insert(self._connection, guides).values(asdict(guide))
        await self._connection.execute(
            statement.on_conflict_do_update(index_elements=[guides.c.member_id], set_=asdict(guide))
        )

    async def update(self, guide: Guide) -> None:
        """Write where the set is, unless it is no longer the member's."""
        await self._connection.execute(_UPDATE, _which(guide) | asdict(guide))

    async def remove(self, guide: Guide) -> None:
        """Delete the set, unless it is no longer the member's."""
        await self._connection.execute(_DELETE, _which(guide))


def _which(guide: Guide) -> dict[str, Any]:
    return {"of_member": guide.member_id, "of_id": guide.id}


def _guide(row: Row[Any]) -> Guide:
    return Guide(**{name: getattr(row, name) for name in _FIELDS})
