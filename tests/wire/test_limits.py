"""The stand-in limits rates as Discord does, in its answers and by its refusals."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator

import aiohttp
import pytest

from .conftest import TOKEN
from .discord_stand_in import DiscordStandIn
from .limits import PER_SECOND
from .model import Guild

Answer = aiohttp.ClientResponse


@pytest.fixture
async def http(discord: DiscordStandIn) -> AsyncIterator[aiohttp.ClientSession]:
    base, headers = f"{discord.api_base}/", {"Authorization": f"Bot {TOKEN}"}
    async with aiohttp.ClientSession(base, headers=headers) as http:
        yield http


async def post(http: aiohttp.ClientSession, club: Guild, channel: int = 0) -> Answer:
    path = f"channels/{club.channels[channel].id}/messages"
    return await http.post(path, json={"content": "hello"})


async def test_every_answer_says_what_is_left_in_its_bucket(
    discord: DiscordStandIn, club: Guild, http: aiohttp.ClientSession
) -> None:
    first, second = [await post(http, club) for _ in range(2)]
    elsewhere = await post(http, club, channel=1)
    left = [a.headers["X-RateLimit-Remaining"] for a in (first, second, elsewhere)]
    assert left == ["4", "3", "4"]
    assert first.headers["X-RateLimit-Limit"] == "5"
    assert 0 < float(first.headers["X-RateLimit-Reset-After"]) <= 5
    assert float(first.headers["X-RateLimit-Reset"]) > 1.7e9
    assert first.headers["X-RateLimit-Bucket"] == elsewhere.headers["X-RateLimit-Bucket"]
    other_route = await http.get(f"channels/{club.channels[0].id}")
    assert other_route.headers["X-RateLimit-Bucket"] != first.headers["X-RateLimit-Bucket"]


async def test_a_full_bucket_refuses_in_its_channel_alone(
    discord: DiscordStandIn, club: Guild, http: aiohttp.ClientSession
) -> None:
    assert [(await post(http, club)).status for _ in range(6)] == [200] * 5 + [429]
    refused = await post(http, club)
    body = await refused.json()
    assert body["global"] is False
    assert 0 < body["retry_after"] <= 5
    assert int(refused.headers["Retry-After"]) >= body["retry_after"]
    assert refused.headers["X-RateLimit-Scope"] == "user"
    assert refused.headers["X-RateLimit-Remaining"] == "0"
    assert (await post(http, club, channel=1)).status == 200
    assert len(discord.channel_messages(club.channels[0])) == 5
    assert discord.limits.refused == {"user": 2}


async def test_more_than_fifty_a_second_are_too_many_wherever_they_go(
    discord: DiscordStandIn, club: Guild, http: aiohttp.ClientSession
) -> None:
    routes = ["users/@me", "gateway/bot", "applications/@me"]
    answers = await asyncio.gather(*(http.get(routes[n % 3]) for n in range(PER_SECOND + 4)))
    assert Counter(answer.status for answer in answers) == {200: PER_SECOND, 429: 4}
    refused = next(answer for answer in answers if answer.status == 429)
    assert refused.headers["X-RateLimit-Global"] == "true"
    assert refused.headers["X-RateLimit-Scope"] == "global"
    body = await refused.json()
    assert body["global"] is True
    assert 0 < body["retry_after"] <= 1
    assert discord.limits.refused == {"global": 4}


async def test_answers_to_interactions_are_not_bound_to_the_limit_for_all(
    discord: DiscordStandIn, http: aiohttp.ClientSession
) -> None:
    discord.block("global", 60)
    assert (await http.get("users/@me")).status == 429
    assert (await http.post("interactions/1/unknown/callback", json={"type": 6})).status == 404


async def test_limits_can_be_lifted(
    discord: DiscordStandIn, club: Guild, http: aiohttp.ClientSession
) -> None:
    discord.limits.is_enforced = False
    assert {(await post(http, club)).status for _ in range(60)} == {200}


async def test_a_route_can_be_used_up_by_others(
    discord: DiscordStandIn, club: Guild, http: aiohttp.ClientSession
) -> None:
    discord.block("shared", 60, "POST", f"/channels/{club.channels[0].id}/messages")
    refused = await post(http, club)
    assert refused.status == 429
    assert refused.headers["X-RateLimit-Scope"] == "shared"
    assert 59 < (await refused.json())["retry_after"] <= 60
    assert (await post(http, club, channel=1)).status == 200
