"""What goes wrong between the bot and Discord loses no post, doubles none, and stays one club's."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.challenge import PostState, Reason

from .conftest import Start
from .discord_stand_in import DiscordStandIn
from .model import Guild, Permission, User
from .process import eventually
from .records import A_MINUTE, Records

pytestmark = pytest.mark.slow

PAGE = {"body": b"<html>Sorry</html>", "content_type": "text/html"}
# The library itself tries again after a 500 or a 502; whatever else happens the bot makes good.
PASSING: dict[str, dict[str, Any]] = {
    "500": {"status": 500},
    "502, although it was posted": {"status": 502, "apply": True},
}
LASTING: dict[str, dict[str, Any]] = {
    "503": {"status": 503},
    "503, although it was posted": {"status": 503, "apply": True},
    "429 of a proxy": {"status": 429, **PAGE},
    "no answer": {"status": 0},
    "no answer, although it was posted": {"status": 0, "apply": True},
    "a page": {"status": 200, **PAGE},
    "a page, although it was posted": {"status": 200, **PAGE, "apply": True},
    "nothing": {"status": 200, "body": b""},
    "another kind of JSON": {"status": 200, "body": b"[1]"},
    "no id, although it was posted": {"status": 200, "body": b"{}", "apply": True},
}


def post_of(club: Guild) -> tuple[str, str]:
    """What matches the request that posts the club's challenge."""
    return "POST", f"/channels/{club.channels[-1].id}/messages$"


async def is_posted_once(discord: DiscordStandIn, records: Records, club: Guild) -> None:
    post = await records.becomes(club, PostState.SENT)
    [message] = discord.channel_messages(club.channels[-1])
    assert post.message_id == int(message["id"])


async def test_whatever_discord_answers_each_club_gets_its_challenge_once(
    discord: DiscordStandIn, records: Records, start: Start
) -> None:
    faults = {**PASSING, **LASTING}
    clubs = {name: discord.add_guild(name, channels=["hips"]) for name in [*faults, "well"]}
    for name, club in clubs.items():
        await records.set_up(club)
        if name in faults:
            discord.fault(*post_of(club), **faults[name])
    async with start() as bot:
        for name in ("well", *PASSING):
            await bot.until(is_posted_once(discord, records, clubs[name]))
        for name in LASTING:
            await bot.until(bot.says(f"WARNING .* club {clubs[name].id}: "))
        for name in LASTING:  # the bot would try again in a minute
            await records.set_back(clubs[name], A_MINUTE)
        for name in LASTING:
            await bot.until(is_posted_once(discord, records, clubs[name]))
    said = [line for line in bot.stderr if "cogs.daily" in line]
    assert len(said) == len(LASTING)  # one line each, and none that has no club
    assert "Traceback" not in bot.output


async def test_a_post_that_can_never_be_is_tried_once_and_its_coach_told(
    discord: DiscordStandIn, coach: User, records: Records, start: Start
) -> None:
    forbidden, gone, well = (discord.add_guild(n, channels=["hips"]) for n in ("A", "B", "C"))
    forbidden.channels[-1].denied = Permission.SEND_MESSAGES
    del discord.channels[gone.channels[-1].id]
    for minutes, club in enumerate((well, gone, forbidden), 1):
        await records.set_up(club, by=coach, minutes_ago=minutes)
    async with start() as bot:
        await bot.until(is_posted_once(discord, records, well))
        failed = [await bot.until(records.becomes(c, PostState.FAILED)) for c in (forbidden, gone)]
        told = discord.direct_channel(coach)
        await bot.until(eventually(lambda: len(discord.channel_messages(told)) == 2))
    assert [post.reason for post in failed] == [Reason.FORBIDDEN, Reason.CHANNEL_GONE]
    for club, tries in ((forbidden, 2), (gone, 1)):  # a second one without the picture
        assert len([r for r in discord.requests if str(club.channels[-1].id) in r.path]) == tries


async def test_a_club_is_not_kept_waiting_by_another_whose_answer_does_not_come(
    discord: DiscordStandIn, club: Guild, records: Records, start: Start
) -> None:
    held = discord.hold(*post_of(club))
    await records.set_up(club)
    async with start() as bot:
        await bot.until(held.arrived.wait())
        other = discord.add_guild("Hill Harriers", channels=["hips"])
        await records.set_up(other)
        await bot.until(is_posted_once(discord, records, other))
        held.release()
        await bot.until(is_posted_once(discord, records, club))


async def test_a_fan_out_that_meets_limits_loses_and_doubles_nothing(
    discord: DiscordStandIn, records: Records, start: Start
) -> None:
    clubs = [discord.add_guild(f"Club {n}", channels=["hips"]) for n in range(60)]
    for club in clubs:
        await records.set_up(club)
    one, another = (discord.hold(*post_of(club)) for club in (clubs[0], clubs[-1]))
    async with start() as bot:
        await bot.until(one.arrived.wait())
        discord.block("global", 1)
        one.release()
        await bot.until(another.arrived.wait())
        discord.block("shared", 1, *post_of(clubs[-1]))
        another.release()
        for club in clubs:
            await bot.until(is_posted_once(discord, records, club))
    assert discord.limits.refused["global"] > 0
    assert discord.limits.refused["shared"] > 0
    assert "Traceback" not in bot.output
