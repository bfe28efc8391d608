"""Members' reminders, and which of them are due."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.reminder import Reminder
from bot.storage.statements import insert
from bot.storage.tables import reminders

_KEY = (
    reminders.c.club_id == bindparam("club_id"),
    reminders.c.member_id == bindparam("member_id"),
)
# Built once: for a statement this short, SQLAlchemy takes longer to build it than to run it.
_GET = select(reminders).where(*_KEY)
_DUE = (
    select(reminders.c.club_id, reminders.c.member_id)
    .where(reminders.c.next_due_at <= bindparam("now"))
    .order_by(reminders.c.next_due_at)
)


class ReminderStore:
    """Reads and writes reminders, one a member and club at most."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, club_id: int, member_id: int) -> Reminder | None:
        """Return the member's reminder, or None if there is none."""
        which = {"club_id": club_id, "member_id": member_id}
        row = (await self._connection.execute(_GET, which)).one_or_none()
        return None if row is None else _reminder(row)

    async def due(self, now: datetime) -> list[tuple[int, int]]:
        """Return club and member of the reminders to be looked at, the longest due first."""
        rows = await self._connection.execute(_DUE, {"now": now})
        return [(row.club_id, row.member_id) for row in rows]

    async def put(self, reminder: Reminder) -> None:
        """Record the reminder in place of one there may be."""
        values = {
            "club_id": reminder.club_id,
            "member_id": reminder.member_id,
            "at": reminder.at,
            "weekdays": sum(1 << weekday for weekday in reminder.weekdays),
            "zone": reminder.zone,
            "locale": reminder.locale,
            "next_due_at": reminder.next_due,
            "claimed_at": reminder.claimed_at,
            "channel_id": reminder.channel_id,
        }
        statement = insert(self._connection, reminders).values(values)
        await self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=[reminders.c.club_id, reminders.c.member_id], set_=values
            )
        )

    async def remove(self, club_id: int, member_id: int) -> bool:
        """Delete the member's reminder and return whether there was one."""
        which = {"club_id": club_id, "member_id": member_id}
        result = await self._connection.execute(delete(reminders).where(*_KEY), which)
        return bool(result.rowcount)


def _reminder(row: Row[Any]) -> Reminder:
    return Reminder(
        club_id=row.club_id,
        member_id=row.member_id,
        at=row.at,
        weekdays=frozenset(d for d in range(7) if row.weekdays >> d & 1),
        zone=row.zone,
        locale=row.locale,
        next_due=row.next_due_at,
        claimed_at=row.claimed_at,
        channel_id=row.channel_id,
    )
