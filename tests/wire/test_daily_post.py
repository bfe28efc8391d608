"""The daily challenge is in its channel exactly once, wherever the process is stopped."""

from __future__ import annotations

import pytest

from bot.domain.challenge import Post, PostState, Reason

from .conftest import Start
from .discord_stand_in import DiscordStandIn
from .model import Guild, Hold, Json, Permission
from .records import A_MINUTE, LONG, Records

pytestmark = pytest.mark.slow


def messages(discord: DiscordStandIn, *clubs: Guild) -> list[int]:
    """How many messages are in each club's channel."""
    return [len(discord.channel_messages(club.channels[-1])) for club in clubs]


def only_message(discord: DiscordStandIn, club: Guild) -> Json:
    [message] = discord.channel_messages(club.channels[-1])
    return message


def hold_post(discord: DiscordStandIn, club: Guild, *, applied: bool) -> Hold:
    return discord.hold("POST", f"/channels/{club.channels[-1].id}/messages", applied=applied)


def add_clubs(discord: DiscordStandIn, count: int) -> list[Guild]:
    return [discord.add_guild(f"Club {n}", channels=["hips"]) for n in range(count)]


async def test_a_kill_at_any_moment_of_a_post_ends_in_one_message_and_its_record(
    discord: DiscordStandIn, records: Records, start: Start
) -> None:
    clubs = unapplied, unanswered, unrecorded, refused, unsent = add_clubs(discord, 5)
    async with start(LOG_LEVEL="DEBUG") as bot:
        # Received but not applied; applied but not answered; and two for later.
        holds = [hold_post(discord, club, applied=False) for club in (unapplied, refused)]
        holds += [hold_post(discord, club, applied=True) for club in (unanswered, unrecorded)]
        for club in (unapplied, unanswered, unrecorded, refused):
            await records.set_up(club)
        for hold in holds:
            await bot.until(hold.arrived.wait())

        # Claimed but not requested: the library keeps requests back after a 429 for all.
        discord.block("global", 60, "POST", f"/channels/{refused.channels[-1].id}/messages")
        holds[1].release()
        await bot.until(bot.says("Global rate limit has been hit"))
        await records.set_up(unsent)
        await bot.until(records.becomes(unsent, PostState.CLAIMED))

        # Answered but not committed: the test holds the one lock that there is to write.
        async with records.database.write():
            holds[3].release()
            channel_id = unrecorded.channels[-1].id
            await bot.until(bot.says(rf"POST .*/channels/{channel_id}/messages .* returned 200"))
            bot.kill()
            await bot.wait(5)

    for hold in holds:
        hold.drop()
    discord.limits.blocks.clear()
    assert messages(discord, *clubs) == [0, 1, 1, 0, 0]
    assert not [r for r in discord.requests if str(unsent.channels[-1].id) in r.path]
    for club in clubs:
        await records.becomes(club, PostState.CLAIMED)
        await records.set_back(club, A_MINUTE)

    async with start() as bot:
        posts = [await bot.until(records.becomes(club, PostState.SENT)) for club in clubs]
    assert messages(discord, *clubs) == [1] * 5
    recorded = [post.message_id for post in posts]
    assert recorded == [int(only_message(discord, club)["id"]) for club in clubs]


async def test_when_the_nonce_no_longer_holds_the_bot_looks_or_rather_posts_nothing(
    discord: DiscordStandIn, records: Records, start: Start
) -> None:
    there, not_there, hidden = clubs = add_clubs(discord, 3)
    hidden.channels[-1].denied = Permission.READ_MESSAGE_HISTORY
    async with start() as bot:
        holds = [hold_post(discord, club, applied=club is not not_there) for club in clubs]
        for club in clubs:
            await records.set_up(club)
        for hold in holds:
            await bot.until(hold.arrived.wait())
        bot.kill()
        await bot.wait(5)
    for club, hold in zip(clubs, holds, strict=True):
        hold.drop()
        await records.set_back(club, LONG)
    discord.nonce_holds = 0
    before = messages(discord, *clubs)

    async with start() as bot:
        found: Post = await bot.until(records.becomes(there, PostState.SENT))
        made_up: Post = await bot.until(records.becomes(not_there, PostState.SENT))
        given_up: Post = await bot.until(records.becomes(hidden, PostState.SKIPPED))
    assert before == [1, 0, 1]
    assert messages(discord, *clubs) == [1, 1, 1]
    assert found.message_id == int(only_message(discord, there)["id"])
    assert made_up.message_id == int(only_message(discord, not_there)["id"])
    assert (given_up.reason, given_up.message_id) == (Reason.UNCERTAIN, None)


async def test_a_stop_waits_for_the_answer_to_a_post_and_records_it(
    discord: DiscordStandIn, club: Guild, records: Records, start: Start
) -> None:
    await records.set_up(club)
    held = hold_post(discord, club, applied=True)
    async with start() as bot:
        await bot.until(held.arrived.wait())
        bot.terminate()
        await bot.until(bot.says("asked to stop"))
        held.release()
        assert await bot.wait(5) == 0
    post = await records.becomes(club, PostState.SENT)
    assert post.message_id == int(only_message(discord, club)["id"])
    assert messages(discord, club) == [1]
