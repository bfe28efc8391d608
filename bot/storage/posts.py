"""The one post of each club day, from claim to outcome."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.challenge import Post, PostState, Reason
from bot.storage.statements import insert
from bot.storage.tables import posts


class PostStore:
    """Reads and writes posts."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, club_id: int, day: date) -> Post | None:
        """Return the post of this day, or None if there is none yet."""
        query = select(posts).where(posts.c.club_id == club_id, posts.c.day == day)
        row = (await self._connection.execute(query)).one_or_none()
        return None if row is None else _post(row)

    async def latest(self, club_id: int, until: date = date.max) -> Post | None:
        """Return the post of the latest day, not after `until`, that has one."""
        of_club = select(posts).where(posts.c.club_id == club_id, posts.c.day <= until)
        query = of_club.order_by(posts.c.day.desc())
        row = (await self._connection.execute(query.limit(1))).one_or_none()
        return None if row is None else _post(row)

    async def add(self, post: Post) -> bool:
        """Record the post and return whether the day was free: only then may it be sent."""
        statement = insert(self._connection, posts).values(
            club_id=post.club_id,
            day=post.day,
            slug=post.slug,
            channel_id=post.channel_id,
            due_at=post.due_at,
            state=post.state.value,
            reason=post.reason,
            attempts=post.attempts,
            attempted_at=post.attempted_at,
            retry_at=post.retry_at,
        )
        result = await self._connection.execute(statement.on_conflict_do_nothing())
        return bool(result.rowcount == 1)

    async def unfinished(self, now: datetime) -> list[tuple[int, date]]:
        """Return club and day of the claims without outcome that are to be taken up by `now`."""
        query = (
            select(posts.c.club_id, posts.c.day)
            .where(posts.c.state == PostState.CLAIMED.value, posts.c.retry_at <= now)
            .order_by(posts.c.retry_at)
        )
        rows = await self._connection.execute(query)
        return [(row.club_id, row.day) for row in rows]

    async def update(self, post: Post, before: PostState) -> None:
        """Write what may change about the post, if its state still is `before`."""
        await self._connection.execute(
            update(posts)
            .where(
                posts.c.club_id == post.club_id,
                posts.c.day == post.day,
                posts.c.state == before.value,
            )
            .values(
                channel_id=post.channel_id,
                due_at=post.due_at,
                state=post.state.value,
                reason=post.reason,
                message_id=post.message_id,
                attempts=post.attempts,
                attempted_at=post.attempted_at,
                retry_at=post.retry_at,
            )
        )


def _post(row: Row[Any]) -> Post:
    return Post(
        club_id=row.club_id,
        day=row.day,
        slug=row.slug,
        channel_id=row.channel_id,
        due_at=row.due_at,
        state=PostState(row.state),
        attempts=row.attempts,
        attempted_at=row.attempted_at,
        reason=row.reason and Reason(row.reason),
        message_id=row.message_id,
    )
