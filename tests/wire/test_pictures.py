"""A picture never costs a club its challenge: by link, by upload, or left out."""

from __future__ import annotations

from functools import partial

import pytest

from bot.domain.challenge import PostState

from .conftest import Start
from .discord_stand_in import DiscordStandIn
from .model import Guild, Json, Permission, Request, User, media_of, walk
from .process import eventually
from .records import Records

pytestmark = pytest.mark.slow


def posts(discord: DiscordStandIn, club: Guild) -> list[Request]:
    """The requests that posted to the club's channel."""
    path = f"/channels/{club.channels[-1].id}/messages"
    return [r for r in discord.requests if r.method == "POST" and r.path == path]


def edits(discord: DiscordStandIn) -> list[Request]:
    return [r for r in discord.requests if r.method == "PATCH"]


def new_edits(discord: DiscordStandIn, known: int) -> list[Request]:
    return edits(discord)[known:]


def pictures(message: Json) -> list[Json]:
    return [media for c in walk(message["components"]) for media in media_of(c)]


def card_of(discord: DiscordStandIn, club: Guild) -> Json:
    [card] = discord.channel_messages(club.channels[-1])
    return card


def done_of(card: Json) -> str:
    ids = (c["custom_id"] for c in walk(card["components"]) if c["type"] == 2)
    return next(custom_id for custom_id in ids if custom_id.startswith("done:"))


async def test_a_tally_leaves_the_picture_as_it_is_before_and_after_a_restart(
    discord: DiscordStandIn, club: Guild, runner: User, coach: User, records: Records, start: Start
) -> None:
    await records.set_up(club)
    for who in (runner, coach):  # the second one after a restart
        async with start() as bot:
            await bot.until(records.becomes(club, PostState.SENT))
            card = card_of(discord, club)
            [before] = pictures(card)
            seen = edits(discord)
            await bot.until(discord.connected())
            await bot.until(discord.click(card, custom_id=done_of(card), user=who))
            await bot.until(eventually(partial(new_edits, discord, len(seen))))
        [after] = pictures(card_of(discord, club))
        assert after == before
        assert not any(edit.files for edit in edits(discord))
    assert len(card_of(discord, club)["attachments"]) == 1


@pytest.mark.parametrize("status", [400, 413])
async def test_a_refused_picture_is_left_out_at_once_with_the_same_nonce_and_named_once(
    discord: DiscordStandIn, records: Records, start: Start, status: int
) -> None:
    first, second = (discord.add_guild(name, channels=["hips"]) for name in ("one", "two"))
    discord.fault("POST", f"/channels/{first.channels[-1].id}/messages$", status=status)
    await records.set_up(first)
    async with start() as bot:
        await bot.until(records.becomes(first, PostState.SENT))
        await records.set_up(second)
        await bot.until(records.becomes(second, PostState.SENT))

    refused, taken = posts(discord, first)
    assert refused.files
    assert not taken.files
    assert refused.body["nonce"] == taken.body["nonce"]
    assert pictures(card_of(discord, first)) == []
    post = await records.post(first)
    assert post is not None
    assert (post.attempts, post.message_id) == (1, int(card_of(discord, first)["id"]))
    assert len(posts(discord, second)) == 1
    named = [line for line in bot.stderr if "Discord refuses" in line]
    assert len(named) == 1


async def test_where_no_files_may_be_attached_the_card_is_text_and_others_keep_their_picture(
    discord: DiscordStandIn, records: Records, start: Start
) -> None:
    closed, free = (discord.add_guild(name, channels=["hips"]) for name in ("closed", "free"))
    closed.channels[-1].denied = Permission.ATTACH_FILES
    async with start() as bot:
        for club in (closed, free):
            await records.set_up(club)
            await bot.until(records.becomes(club, PostState.SENT))

    assert pictures(card_of(discord, closed)) == []
    assert len(pictures(card_of(discord, free))) == 1
    assert not any("Discord refuses" in line for line in bot.stderr)


async def test_with_a_channel_for_pictures_each_is_uploaded_once_for_all_clubs_and_all_starts(
    discord: DiscordStandIn, records: Records, start: Start
) -> None:
    shelf = discord.add_guild("Operators", channels=["pictures"]).channels[-1]
    clubs = [discord.add_guild(f"Club {n}", channels=["hips"]) for n in range(6)]
    for batch in (clubs[:4], clubs[4:]):
        for club in batch:
            await records.set_up(club)
        async with start(MEDIA_CHANNEL_ID=str(shelf.id)) as bot:
            for club in batch:
                await bot.until(records.becomes(club, PostState.SENT))

    uploads = [r for r in discord.requests if r.files]
    kept = {a["url"] for m in discord.channel_messages(shelf) for a in m["attachments"]}
    shown = {media["url"] for club in clubs for media in pictures(card_of(discord, club))}
    assert shown == kept
    assert {r.path for r in uploads} == {f"/channels/{shelf.id}/messages"}
    assert len(uploads) == len(kept)
    assert all(not card_of(discord, club)["attachments"] for club in clubs)


async def test_trouble_with_the_channel_for_pictures_costs_no_club_its_picture(
    discord: DiscordStandIn, club: Guild, records: Records, start: Start
) -> None:
    await records.set_up(club)
    async with start(MEDIA_CHANNEL_ID="1") as bot:
        await bot.until(records.becomes(club, PostState.SENT))

    assert len(card_of(discord, club)["attachments"]) == 1
    assert [line for line in bot.stderr if "MEDIA_CHANNEL_ID" in line]
