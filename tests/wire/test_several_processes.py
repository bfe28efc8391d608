"""Several processes share one PostgreSQL database: one posts for all, and nothing comes twice."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.postgres import Server, query

from .conftest import TOKEN
from .discord_stand_in import DiscordStandIn
from .model import Guild
from .process import BotProcess

pytestmark = pytest.mark.slow

SHARDS = 2
LEADS = "this process runs the clock now"
Start = Callable[[int], BotProcess]
MakeDue = Callable[[int], Guild]


@pytest.fixture
def database(postgres: Server) -> str:
    return postgres.migrated()


@pytest.fixture
def start(discord: DiscordStandIn, tmp_path: Path, database: str) -> Start:
    """A process that runs one of the shards."""

    def start(shard: int) -> BotProcess:
        return BotProcess(
            tmp_path,
            DISCORD_TOKEN=TOKEN,
            DISCORD_API_BASE=discord.api_base,
            DATABASE_URL=database,
            SHARD_COUNT=str(SHARDS),
            SHARD_IDS=str(shard),
        )

    return start


@pytest.fixture
def servers(discord: DiscordStandIn) -> dict[int, list[Guild]]:
    """Two servers on each shard; ids count milliseconds, so they have to be tried."""
    servers: dict[int, list[Guild]] = {shard: [] for shard in range(SHARDS)}
    while min(len(guilds) for guilds in servers.values()) < 2:
        guild = discord.add_guild("Harriers", channels=["hips"])
        servers[(guild.id >> 22) % SHARDS].append(guild)
    return servers


@pytest.fixture
def make_due(servers: dict[int, list[Guild]], database: str) -> MakeDue:
    """Set a server of the shard up as a club whose challenge is due this minute."""

    def make_due(shard: int) -> Guild:
        guild = servers[shard].pop()
        due = datetime.now(UTC).replace(second=0, microsecond=0)
        names = "id, channel_id, zone, post_time, day_end_hour, credit_days, catch_up_s, "
        values = f"{guild.id}, {guild.channels[0].id}, 'UTC', '{due:%H:%M}', 3, 1, 21600, "
        names += "next_due_at, set_up_by, set_up_at"
        values += f"'{due}', 1, '{due - timedelta(days=30)}'"
        query(database, f"INSERT INTO clubs ({names}) VALUES ({values})")
        return guild

    return make_due


async def settled(is_settled: Callable[[], bool]) -> None:
    """Wait for what only the bot and its database know."""
    while not is_settled():  # noqa: ASYNC110 - neither tells us when
        await asyncio.sleep(0.05)


async def challenges(discord: DiscordStandIn, guild: Guild) -> list[str]:
    """The ids of the challenges in the club's channel, as soon as there is one."""
    await settled(lambda: bool(discord.channel_messages(guild.channels[0])))
    return [message["id"] for message in discord.channel_messages(guild.channels[0])]


async def recorded(database: str, guild: Guild) -> list[tuple[Any, ...]]:
    """The club's posts, once the day's has an outcome."""
    posts = f"SELECT state, message_id FROM posts WHERE club_id = {guild.id}"
    await settled(lambda: any(state != "claimed" for state, _ in query(database, posts)))
    return query(database, posts)


def make_older(database: str, guild: Guild) -> None:
    """Let the attempt to post be 80 seconds old: a retry is due, and its nonce still holds."""
    earlier = "attempted_at = attempted_at - interval '80 s', retry_at = retry_at - interval '80 s'"
    query(database, f"UPDATE posts SET {earlier} WHERE club_id = {guild.id}")


async def leads(process: BotProcess) -> None:
    """Wait until the process runs the clock."""
    await settled(lambda: LEADS in process.output)


async def test_the_leader_posts_for_all_shards_and_when_killed_another_takes_over(
    discord: DiscordStandIn, database: str, start: Start, make_due: MakeDue
) -> None:
    async with start(0) as first:
        await first.until(discord.connected())
        await first.until(leads(first))
        async with start(1) as second:
            await second.until(discord.connected())
            for guild in (make_due(0), make_due(1)):
                [message] = await first.until(challenges(discord, guild))
                assert await recorded(database, guild) == [("sent", int(message))]
            assert LEADS not in second.output

            # The challenge reaches Discord, and the leader dies before it hears so.
            held = discord.hold("POST", "/messages$", applied=True)
            unsettled = make_due(1)
            await first.until(held.arrived.wait())
            first.kill()
            await first.wait(5)
            held.drop()
            make_older(database, unsettled)
            await second.until(leads(second), 60)
            [message] = await second.until(challenges(discord, unsettled))
            rows = await second.until(recorded(database, unsettled))
            assert rows == [("sent", int(message))]

            late = make_due(0)  # of the shard that nobody runs now
            [message] = await second.until(challenges(discord, late))
            assert await second.until(recorded(database, late)) == [("sent", int(message))]
            assert len(await challenges(discord, unsettled)) == 1
