"""Clubs' own moves, and what a coach looks at before saving one."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.own_moves import MoveState, StoredMove
from bot.storage.statements import insert
from bot.storage.tables import drafts, exercises


class OwnMoveStore:
    """Reads and writes own moves and drafts; who changes moves sets the club's `moves_version`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def of_club(self, club_id: int) -> list[StoredMove]:
        """Return all own moves of the club, retired ones too, in the order of their slugs."""
        query = select(exercises).where(exercises.c.club_id == club_id).order_by(exercises.c.slug)
        return [
            StoredMove(
                slug=row.slug,
                name=row.name,
                definition=row.definition,
                state=MoveState(row.state),
                member_id=row.member_id,
                added_at=row.added_at,
                changed_at=row.changed_at,
            )
            for row in await self._connection.execute(query)
        ]

    async def save(self, club_id: int, move: StoredMove) -> None:
        """Write the move in place of the one with its slug, which keeps when it was added."""
        changeable = {
            "name": move.name,
            "definition": move.definition,
            "state": move.state.value,
            "member_id": move.member_id,
            "changed_at": move.changed_at,
        }
        statement = insert(self._connection, exercises).values(
            club_id=club_id, slug=move.slug, added_at=move.added_at, **changeable
        )
        key = [exercises.c.club_id, exercises.c.slug]
        await self._connection.execute(
            statement.on_conflict_do_update(index_elements=key, set_=changeable)
        )

    async def retire(self, club_id: int, slug: str, now: datetime) -> None:
        """Record that the move is no longer offered."""
        await self._connection.execute(
            update(exercises)
            .where(exercises.c.club_id == club_id, exercises.c.slug == slug)
            .values(state=MoveState.RETIRED.value, changed_at=now)
        )

    async def save_draft(
        self, club_id: int, member_id: int, token: str, content: str, now: datetime
    ) -> None:
        """Write the coach's draft in place of an earlier one."""
        values = {"token": token, "content": content, "made_at": now}
        statement = insert(self._connection, drafts).values(
            club_id=club_id, member_id=member_id, **values
        )
        key = [drafts.c.club_id, drafts.c.member_id]
        await self._connection.execute(
            statement.on_conflict_do_update(index_elements=key, set_=values)
        )

    async def draft(self, club_id: int, member_id: int, token: str) -> str | None:
        """Return the coach's draft if it still is the one of this token."""
        content: str | None = await self._connection.scalar(
            select(drafts.c.content).where(
                drafts.c.club_id == club_id,
                drafts.c.member_id == member_id,
                drafts.c.token == token,
            )
        )
        return content

    async def delete_draft(self, club_id: int, member_id: int) -> None:
        """Delete the coach's draft."""
        await self._connection.execute(
            delete(drafts).where(drafts.c.club_id == club_id, drafts.c.member_id == member_id)
        )

    async def delete_drafts_before(self, moment: datetime) -> None:
        """Delete the drafts that nobody came back to, of all clubs."""
        await self._connection.execute(delete(drafts).where(drafts.c.made_at < moment))
