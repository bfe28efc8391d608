"""What is known of a member of a club: what they did, their pauses, their badges."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Date,
    String,
    bindparam,
    cast,
    delete,
    literal,
    null,
    select,
    union_all,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.exercise import Level
from bot.domain.history import Entry, History
from bot.domain.pauses import Pause, PauseReason
from bot.storage.statements import insert_new
from bot.storage.tables import awards, completions, members, pauses

_NO_DAY, _NO_TEXT = cast(null(), Date), cast(null(), String)


def _kind(name: str, table: Any, *columns: Any) -> Any:
    return select(literal(name).label("kind"), *columns).where(
        table.c.club_id == bindparam("club_id"), table.c.member_id == bindparam("member_id")
    )


# Every Done needs all of it, and a statement costs more than the rows that it returns.
_HISTORY = union_all(
    _kind(
        "entry",
        completions,
        completions.c.day,
        _NO_DAY.label("last_day"),
        completions.c.slug.label("what"),
        completions.c.level,
    ),
    _kind("pause", pauses, pauses.c.first_day, pauses.c.last_day, pauses.c.reason, _NO_TEXT),
    _kind("badge", awards, awards.c.day, _NO_DAY, awards.c.badge, _NO_TEXT),
    _kind("joined", members, members.c.joined_on, _NO_DAY, _NO_TEXT, _NO_TEXT),
)


class MemberStore:
    """Reads all that a member's numbers derive from; writes pauses and awards."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def history(self, club_id: int, member_id: int) -> History:
        """Return the member's events in this club; of somebody unknown there are none."""
        which = {"club_id": club_id, "member_id": member_id}
        rows: dict[str, list[Any]] = {"entry": [], "pause": [], "badge": [], "joined": []}
        for row in await self._connection.execute(_HISTORY, which):
            rows[row.kind].append(row)
        return History(
            entries=tuple(Entry(row.day, row.what, Level(row.level)) for row in rows["entry"]),
            pauses=tuple(
                sorted(
                    (Pause(row.day, row.last_day, PauseReason(row.what)) for row in rows["pause"]),
                    key=lambda pause: pause.first,
                )
            ),
            badges=frozenset(row.what for row in rows["badge"]),
            joined=next((row.day for row in rows["joined"]), None),
        )

    async def award(self, club_id: int, member_id: int, badges: Iterable[str], day: date) -> None:
        """Record that the member earned these badges on this day; one they have stays as it is."""
        rows = [
            {"club_id": club_id, "member_id": member_id, "badge": badge, "day": day}
            for badge in badges
        ]
        await self._connection.execute(insert_new(self._connection, awards), rows)

    async def set_left(self, club_id: int, member_ids: Collection[int], left_at: datetime) -> None:
        """Record that it was noticed now that these members have left the server."""
        await self._connection.execute(
            update(members)
            .where(members.c.club_id == club_id, members.c.member_id.in_(member_ids))
            .values(left_at=left_at)
        )

    async def replace_pauses(
        self, club_id: int, member_id: int, old: Iterable[Pause], new: Pause | None
    ) -> None:
        """Delete the old pauses, and record the new one if there is one."""
        await self._connection.execute(
            delete(pauses).where(
                pauses.c.club_id == club_id,
                pauses.c.member_id == member_id,
                pauses.c.first_day.in_([pause.first for pause in old]),
            )
        )
        if new is not None:
            values = {
                "club_id": club_id,
                "member_id": member_id,
                "first_day": new.first,
                "last_day": new.last,
                "reason": new.reason.value,
            }
            await self._connection.execute(insert_new(self._connection, pauses), values)
