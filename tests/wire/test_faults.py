"""What goes wrong between the bot and Discord loses no post, doubles none, and stays one club's."""

from __future__ import annotations

from bot.domain.challenge import PostState

from .conftest import Start
from .discord_stand_in import DiscordStandIn
from .model import Guild
from .records import Records


async def test_a_club_is_not_kept_waiting_by_another_whose_answer_does_not_come(
    discord: DiscordStandIn, club: Guild, records: Records, start: Start
) -> None:
    held = discord.hold("POST", f"/channels/{club.channels[-1].id}/messages")
    await records.set_up(club)
    async with start() as bot:
        await bot.until(held.arrived.wait())
        other = discord.add_guild("Hill Harriers", channels=["hips"])
        await records.set_up(other)
        await bot.until(records.becomes(other, PostState.SENT))
        held.release()
        await bot.until(records.becomes(club, PostState.SENT))
    assert [len(discord.channel_messages(g.channels[-1])) for g in (club, other)] == [1, 1]
