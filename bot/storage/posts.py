"""The one post of each club day, from claim to outcome."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.challenge import Post, PostState, Reason
from bot.storage.statements import insert_new
from bot.storage.tables import posts

# Built once: for a statement this short, SQLAlchemy takes longer to build it than to run it.
_GET = select(posts).where(posts.c.club_id == bindparam("club_id"), posts.c.day == bindparam("day"))
_LATEST = (
    select(posts)
    .where(posts.c.club_id == bindparam("club_id"), posts.c.day <= bindparam("until"))
    .order_by(posts.c.day.desc())
    .limit(1)
)
_UNFINISHED = (
    select(posts.c.club_id, posts.c.day)
    .where(posts.c.state == PostState.CLAIMED.value, posts.c.retry_at <= bindparam("now"))
    .order_by(posts.c.retry_at)
)
_UPDATE = update(posts).where(
    posts.c.club_id == bindparam("of_club"),
    posts.c.day == bindparam("of_day"),
    posts.c.state == bindparam("before"),
)


class PostStore:
    """Reads and writes posts."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, club_id: int, day: date) -> Post | None:
        """Return the post of this day, or None if there is none yet."""
        row = (await self._connection.execute(_GET, {"club_id": club_id, "day": day})).one_or_none()
        return None if row is None else _post(row)

    async def latest(self, club_id: int, until: date = date.max) -> Post | None:
        """Return the post of the latest day, not after `until`, that has one."""
        values = {"club_id": club_id, "until": until}
        row = (await self._connection.execute(_LATEST, values)).one_or_none()
        return None if row is None else _post(row)

    async def add(self, post: Post) -> bool:
        """Record the post and return whether the day was free: only then may it be sent."""
        values = {"club_id": post.club_id, "day": post.day, "slug": post.slug}
        values |= _changeable(post)
        claim = insert_new(self._connection, posts).returning(posts.c.day)
        return (await self._connection.execute(claim, values)).first() is not None

    async def unfinished(self, now: datetime) -> list[tuple[int, date]]:
        """Return club and day of the claims without outcome that are to be taken up by `now`."""
        rows = await self._connection.execute(_UNFINISHED, {"now": now})
        return [(row.club_id, row.day) for row in rows]

    async def update(self, post: Post, before: PostState) -> None:
        """Write what may change about the post, if its state still is `before`."""
        which = {"of_club": post.club_id, "of_day": post.day, "before": before.value}
        await self._connection.execute(_UPDATE, which | _changeable(post))


def _changeable(post: Post) -> dict[str, Any]:
    """Return the columns of all but what makes it this post."""
    return {
        "channel_id": post.channel_id,
        "due_at": post.due_at,
        "state": post.state.value,
        "reason": post.reason,
        "message_id": post.message_id,
        "attempts": post.attempts,
        "attempted_at": post.attempted_at,
        "retry_at": post.retry_at,
    }


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
