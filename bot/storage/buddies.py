"""Who is whose buddy."""

from datetime import date

from sqlalchemy import Update, bindparam, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.buddies import Buddies
from bot.storage.tables import buddies

_OTHER = buddies.alias()
# Built once: for a statement this short, SQLAlchemy takes longer to build it than to run it.
_GET = (
    select(
        buddies,
        _OTHER.c.member_id.label("buddy_id"),
        _OTHER.c.takes_nudges.label("they_take_nudges"),
    )
    .join(
        _OTHER,
        (_OTHER.c.pair_id == buddies.c.pair_id)
        & (_OTHER.c.club_id == buddies.c.club_id)
        & (_OTHER.c.member_id != buddies.c.member_id),
    )
    .where(buddies.c.club_id == bindparam("club_id"), buddies.c.member_id == bindparam("member_id"))
)


class BuddyStore:
    """Reads and writes pairs; a member has one buddy in a club at most."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, club_id: int, member_id: int) -> Buddies | None:
        """Return the member's pair, or None if there is none, or nobody else in it any more."""
        which = {"club_id": club_id, "member_id": member_id}
        row = (await self._connection.execute(_GET, which)).one_or_none()
        if row is None:
            return None
        return Buddies(
            member_id=row.member_id,
            buddy_id=row.buddy_id,
            since=row.since,
            takes_nudges=row.they_take_nudges,
            i_take_nudges=row.takes_nudges,
            nudged_on=row.nudged_on,
        )

    async def pair(self, club_id: int, members: tuple[int, int], pair_id: int, day: date) -> None:
        """Record that these two are buddies from this club day on."""
        for member_id in members:
            await self.remove(club_id, member_id)  # what may be left of an earlier pair
        rows = [
            {
                "club_id": club_id,
                "member_id": member_id,
                "pair_id": pair_id,
                "since": day,
                "takes_nudges": True,
            }
            for member_id in members
        ]
        await self._connection.execute(insert(buddies), rows)

    async def set_nudged(self, club_id: int, member_id: int, day: date) -> None:
        """Record that the member nudged their buddy on this day."""
        await self._connection.execute(_of(club_id, member_id).values(nudged_on=day))

    async def set_takes_nudges(self, club_id: int, member_id: int, *, takes: bool) -> None:
        """Record whether the member wants to be nudged."""
        await self._connection.execute(_of(club_id, member_id).values(takes_nudges=takes))

    async def remove(self, club_id: int, member_id: int) -> None:
        """Delete the pair that the member is in, if there is one."""
        pair_id = (
            select(buddies.c.pair_id)
            .where(buddies.c.club_id == club_id, buddies.c.member_id == member_id)
            .scalar_subquery()
        )
        await self._connection.execute(
            delete(buddies).where(buddies.c.club_id == club_id, buddies.c.pair_id == pair_id)
        )


def _of(club_id: int, member_id: int) -> Update:
    return update(buddies).where(buddies.c.club_id == club_id, buddies.c.member_id == member_id)
