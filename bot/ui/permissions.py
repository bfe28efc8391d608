"""What the bot may do in a channel, and what to do where it may not."""

import discord

from bot.domain.challenge import Reason
from bot.domain.club import Club
from bot.texts import Say
from bot.ui.wording import permission_names

NEEDED = ("view_channel", "send_messages", "embed_links", "attach_files")


def missing_permissions(channel: discord.abc.GuildChannel) -> list[str]:
    """Return the names of the needed permissions that the bot lacks in the channel."""
    granted = channel.permissions_for(channel.guild.me)
    return [name for name in NEEDED if not getattr(granted, name)]


def remedy(reason: Reason, club: Club, t: Say) -> str:
    """Return what to do about a post that was skipped or failed."""
    names = permission_names(NEEDED, t)
    return t(f"remedy.{reason.value}", channel=club.channel_id, permissions=names, zone=club.zone)
