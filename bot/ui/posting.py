"""Sends a challenge to its channel, records what became of it, and keeps its tally fresh."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import discord

from bot.domain.challenge import Reason
from bot.services.daily import Challenge
from bot.texts import Say
from bot.ui.challenge_card import ChallengeCard

if TYPE_CHECKING:
    from bot.client import Bot

log = logging.getLogger(__name__)


async def send_challenge(bot: Bot, challenge: Challenge) -> Reason | None:
    """Send a claimed challenge and return None, or why Discord will never take it.

    Raises:
        discord.HTTPException, OSError: trouble that may pass; the claim stays and is tried again.
    """
    post = challenge.post
    role_id = challenge.club.role_id
    roles = [discord.Object(role_id)] if role_id else False
    channel = bot.get_partial_messageable(post.channel_id, guild_id=post.club_id)
    try:
        message = await channel.send(
            view=ChallengeCard(challenge, _speaking(bot, post.club_id)),
            nonce=post.nonce,  # a retry that Discord took the first time is recognised by it
            allowed_mentions=discord.AllowedMentions(everyone=False, users=False, roles=roles),
        )
    except discord.HTTPException as error:
        reason = _permanent(error)
        if reason is None:
            raise
        log.warning("club %s: challenge of %s: %s (%s)", post.club_id, post.day, reason, error)
        await bot.app.daily.failed(post, reason)
        return reason
    await bot.app.daily.sent(post, message.id)
    return None


async def refresh_challenge(bot: Bot, challenge: Challenge) -> None:
    """Write the tally into the posted card anew, if the card is still there to be written.

    Raises:
        discord.HTTPException, OSError: trouble that may pass.
    """
    post = challenge.post
    if post.message_id is None:
        return
    channel = bot.get_partial_messageable(post.channel_id, guild_id=post.club_id)
    card = ChallengeCard(challenge, _speaking(bot, post.club_id))
    try:
        await channel.get_partial_message(post.message_id).edit(view=card)
    except discord.HTTPException as error:
        if _permanent(error) is None:
            raise
        log.warning("club %s: the card of %s stays as it is: %s", post.club_id, post.day, error)


def _permanent(error: discord.HTTPException) -> Reason | None:
    """Return why it is no use to try again, or None if it may be."""
    if isinstance(error, discord.NotFound):
        return Reason.CHANNEL_GONE
    if isinstance(error, discord.Forbidden):
        return Reason.FORBIDDEN
    return Reason.REJECTED if error.status == 400 else None


def _speaking(bot: Bot, club_id: int) -> Say:
    guild = bot.get_guild(club_id)
    return bot.app.texts.speaking(guild.preferred_locale if guild else None)
