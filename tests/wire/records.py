"""The clubs and posts in the database of a running bot, as a test arranges and reads them."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, timedelta

from bot.clock import utc_now
from bot.domain.challenge import Post, PostState
from bot.domain.club import Club
from bot.domain.streaks import Target
from bot.storage.database import Database

from .model import Guild, User

# A claim without outcome is taken up again after a minute, and by its nonce for two. The tests
# do not wait: they let the attempt be so long ago.
A_MINUTE = timedelta(seconds=80)
LONG = timedelta(minutes=10)
FIRST_WEEK = date(2024, 1, 1)


class Records:
    """Reads and writes beside the bot's process, through the project's own stores."""

    def __init__(self, database: Database) -> None:
        self.database = database

    async def set_up(self, guild: Guild, *, by: User | None = None, minutes_ago: float = 1) -> None:
        """A club whose challenge is due in its last channel since so many minutes."""
        due = utc_now() - timedelta(minutes=minutes_ago)
        club = Club(
            id=guild.id,
            channel_id=guild.channels[-1].id,
            zone="UTC",
            post_time=due.time().replace(second=0, microsecond=0),
            set_up_by=(by or guild.bot).id,
            set_up_at=due,
            next_due=due,
            targets=(),
        )
        async with self.database.write() as stores:
            await stores.clubs.save(club)
            await stores.clubs.save_target(club.id, Target(FIRST_WEEK, 3))

    async def post(self, guild: Guild) -> Post | None:
        async with self.database.read() as stores:
            return await stores.posts.latest(guild.id)

    async def becomes(self, guild: Guild, state: PostState) -> Post:
        """The club's post, as soon as it is in this state."""
        while (post := await self.post(guild)) is None or post.state is not state:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        return post

    async def set_back(self, guild: Guild, by: timedelta) -> None:
        """Let the last attempt be that much longer ago, instead of waiting."""
        post = await self.post(guild)
        assert post is not None
        earlier = replace(post, attempted_at=post.attempted_at - by)
        async with self.database.write() as stores:
            await stores.posts.update(earlier, PostState.CLAIMED)
