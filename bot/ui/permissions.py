"""What the bot may do in a club's channel, asked of Discord, and what to do where it may not."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import aiohttp
import discord

from bot.domain.challenge import Reason
from bot.domain.club import Club
from bot.texts import Say
from bot.ui.wording import permission_names

NEEDED = ("view_channel", "send_messages", "embed_links", "attach_files")


class Nonsense(Exception):
    """Discord, or a proxy before it, answered what is no answer to the request."""


# What asking Discord may raise where it does not answer, or not what was asked.
NO_ANSWER = (discord.HTTPException, aiohttp.ClientError, OSError, Nonsense)


@dataclass(frozen=True, slots=True)
class Place:
    """A club's channel as Discord shows it to the bot.

    There is no `guild` if the bot is not in that server, no `channel` if it is gone or may not be
    viewed. `granted` is what the bot may do there, None if there is nowhere to do it.
    """

    guild: discord.Guild | None = None
    channel: discord.abc.GuildChannel | discord.Thread | None = None
    granted: discord.Permissions | None = None

    @property
    def missing(self) -> list[str]:
        """The names of the needed permissions that the bot lacks, none if there is no channel."""
        return [n for n in NEEDED if self.granted and not getattr(self.granted, n)]

    @property
    def may_post(self) -> bool:
        """Whether a challenge can be posted there."""
        return self.granted is not None and not self.missing

    @property
    def may_look(self) -> bool:
        """Whether the bot may read what is there; else Discord answers that there is nothing."""
        granted = self.granted
        return granted is not None and granted.view_channel and granted.read_message_history


@contextmanager
def understood() -> Iterator[None]:
    """Turn into Nonsense what the library stumbles over when an answer is not Discord's."""
    try:
        yield
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise Nonsense(f"no answer of Discord's: {error!r}") from error


async def look_up(client: discord.Client, club_id: int, channel_id: int) -> Place:
    """Return what Discord says about a club's channel, which takes up to three requests.

    Raises:
        one of NO_ANSWER: Discord does not say.
    """
    assert client.user is not None  # noqa: S101 - known since the login
    try:
        guild = await client.fetch_guild(club_id, with_counts=False)
        me = await guild.fetch_member(client.user.id)
    except (discord.NotFound, discord.Forbidden):
        return Place()
    try:
        channel = await guild.fetch_channel(channel_id)  # the client's knows no roles
    except (discord.NotFound, discord.InvalidData):
        return Place(guild)
    except discord.Forbidden:  # a channel that may not be viewed tells nothing else
        granted = me.guild_permissions
        granted.update(view_channel=False)
        return Place(guild, None, granted)
    if isinstance(channel, discord.Thread):
        return Place(guild, channel)
    # The base class's: a TextChannel's denies the rest along with Send Messages.
    return Place(guild, channel, discord.abc.GuildChannel.permissions_for(channel, me))


def remedy(reason: Reason, club: Club, t: Say, channel_id: int | None = None) -> str:
    """Return what to do about a post that was skipped or failed, in the club's or this channel."""
    names, channel_id = permission_names(NEEDED, t), channel_id or club.channel_id
    return t(f"remedy.{reason.value}", channel=channel_id, permissions=names, zone=club.zone)
