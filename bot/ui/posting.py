"""Sends a challenge to its channel, records what became of it, and keeps its tally fresh."""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.domain.challenge import Post, Reason
from bot.domain.club import NOBODY, Club
from bot.domain.exercise import Level
from bot.services.daily import Challenge
from bot.texts import Say
from bot.ui.challenge_card import ChallengeCard
from bot.ui.permissions import NO_ANSWER, Place, look_up, remedy, understood
from bot.ui.pictures import Shown, edit_with_what_it_shows, pictures_of
from bot.ui.safe import parse_day

if TYPE_CHECKING:
    from bot.client import Bot

log = logging.getLogger(__name__)

PAGE = 100  # messages that one request brings
HISTORY = 10 * PAGE  # messages to look through: more than a club writes in a day
PERMISSIONS = 3  # requests at most that it takes to ask for them


class CannotTell(Exception):
    """The bot may not see what is in the channel, or so much that it gives up."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """Which channel a challenge is in, or was to be; `reason` is why it is not there."""

    channel_id: int
    reason: Reason | None = None


async def resend_challenge(bot: Bot, challenge: Challenge) -> Delivery:
    """Send a challenge again whose earlier attempt has no outcome, unless it is in the channel.

    The bot looks for its own card of the day. Where it cannot tell, it relies on the nonce, which
    Discord recognises for some minutes; later it rather posts nothing than twice, and records that.

    Raises:
        one of NO_ANSWER: trouble that may pass; the claim stays and is tried again.
    """
    post = challenge.post
    # Within those minutes too: the clock may have been set since.
    if challenge.is_uncertain or post.attempts > 1:
        try:
            message_id = await _find_card(bot, post)
        except CannotTell:
            if challenge.is_uncertain:
                await bot.app.daily.give_up(post)
                return Delivery(post.channel_id, Reason.UNCERTAIN)
        else:
            if message_id is not None:
                await bot.app.daily.sent(challenge, message_id)
                return Delivery(post.channel_id)
            challenge = await bot.app.daily.move(challenge)
    return Delivery(challenge.post.channel_id, await send_challenge(bot, challenge))


async def _find_card(bot: Bot, post: Post) -> int | None:
    """Return the id of the bot's own card of this day, if it is in the channel.

    Raises:
        CannotTell: it may be there.
        one of NO_ANSWER: Discord does not say.
    """
    channel = bot.get_partial_messageable(post.channel_id, guild_id=post.club_id)
    seen = 0
    await bot.pace.turn()
    with suppress(discord.NotFound, discord.Forbidden), understood():  # sending will say so
        async for message in channel.history(limit=HISTORY):
            is_own = bot.user is not None and message.author.id == bot.user.id
            day = _day_of_card(message) if is_own else None
            if day == post.day:
                return message.id
            if day is not None and day < post.day:
                return None  # what comes now is older still
            seen += 1
            if seen % PAGE == 0:
                await bot.pace.turn()
    if seen == HISTORY or (seen == 0 and not await _shows_all(bot, post)):
        raise CannotTell
    return None


async def _shows_all(bot: Bot, post: Post) -> bool:
    """Whether no message means that there is none: so it is too for who may not read them."""
    for _ in range(PERMISSIONS):
        await bot.pace.turn()
    with understood():
        place = await look_up(bot, post.club_id, post.channel_id)
    return place.granted is None or place.may_look  # without a channel sending says so


def _day_of_card(message: discord.Message) -> date | None:
    """Return the day of a challenge: it has Done for every level, a card that is shared has one."""
    items = ui.LayoutView.from_message(message).walk_children()
    ids = [item.custom_id or "" for item in items if isinstance(item, ui.Button)]
    done = [custom_id for custom_id in ids if custom_id.startswith("done:")]
    return parse_day(done[0].split(":")[2]) if len(done) == len(Level) else None


async def send_challenge(bot: Bot, challenge: Challenge) -> Reason | None:
    """Send a claimed challenge and return None, or why Discord will never take it.

    Raises:
        one of NO_ANSWER: trouble that may pass; the claim stays and is tried again.
    """
    post = challenge.post
    role_id = challenge.club.role_id
    roles = [discord.Object(role_id)] if role_id else False
    channel = bot.get_partial_messageable(post.channel_id, guild_id=post.club_id)
    card = ChallengeCard(challenge, _speaking(bot, challenge.club))
    attempts = 0

    async def send(files: list[discord.File]) -> discord.Message:
        nonlocal attempts
        if attempts:  # without the picture that was refused; the first has had its turn
            await bot.pace.turn()
        attempts += 1
        return await channel.send(
            view=card,
            files=files,
            nonce=post.nonce,  # a retry that Discord took the first time is recognised by it
            allowed_mentions=discord.AllowedMentions(everyone=False, users=False, roles=roles),
        )

    try:
        with understood():
            message = await bot.pictures.deliver(card, send, is_awaited=False)
    except discord.HTTPException as error:
        reason = _permanent(error)
        if reason is None:
            raise
        log.warning("club %s: challenge of %s: %s (%s)", post.club_id, post.day, reason, error)
        troubled = await bot.app.daily.failed(post, reason)
        if troubled is not None:
            await _tell_admin(bot, troubled, reason)
        return reason
    bot.pictures.remember(message)
    await bot.app.daily.sent(challenge, message.id)
    return None


async def refresh_challenge(bot: Bot, challenge: Challenge) -> None:
    """Write the tally into the posted card anew, if the card is still there to be written.

    Raises:
        one of NO_ANSWER: trouble that may pass.
    """
    post = challenge.post
    if post.message_id is None:
        return
    channel = bot.get_partial_messageable(post.channel_id, guild_id=post.club_id)
    message = channel.get_partial_message(post.message_id)
    card = ChallengeCard(challenge, _speaking(bot, challenge.club))
    try:
        with understood():
            shown = await _shown(bot, message, card)
            await edit_with_what_it_shows(message, card, shown, bot.pace.turn)
    except discord.HTTPException as error:
        if _permanent(error) is None:
            raise
        log.warning("club %s: the card of %s stays as it is: %s", post.club_id, post.day, error)


async def _shown(bot: Bot, message: discord.PartialMessage, card: ChallengeCard) -> Shown:
    """Return what the posted card shows; only Discord knows it after a restart."""
    known = bot.pictures.recall(message.id)
    if known is not None or not pictures_of(card):
        return known or {}
    await bot.pace.turn()
    return bot.pictures.remember(await message.fetch())


async def mend_club(bot: Bot, club_id: int, place: Place) -> None:
    """Post to a club in trouble again if its channel is a place for it now; else do nothing.

    Raises:
        one of NO_ANSWER: trouble that may pass; the claim stays and is tried again.
    """
    challenge = await bot.app.daily.mend(club_id) if place.may_post else None
    if challenge is not None:
        await resend_challenge(bot, challenge)


async def leave_alone(bot: Bot, club_id: int) -> None:
    """Post nothing to a club whose time zone is gone, and tell its admin; but all that once."""
    club = await bot.app.daily.suspend(club_id, Reason.ZONE_GONE)
    if club is not None:
        log.warning(
            "club %s: no time zone %s in the tz database; nothing is posted until `/club setup` "
            "chooses another, or the package tzdata has it again and somebody asks `/club status`",
            club_id,
            club.zone,
        )
        await _tell_admin(bot, club, Reason.ZONE_GONE)


async def _tell_admin(bot: Bot, club: Club, reason: Reason) -> None:
    """Tell the coach who set the club up, or else its server, what is wrong and how to mend it."""
    server: Any = {"name": club.id}
    with suppress(*NO_ANSWER):
        server = await bot.http.get_guild(club.id, with_counts=False)
    t = _speaking(bot, club)
    text = t("club.trouble", server=server["name"], problem=remedy(reason, club, t))
    if await _tell_coach(bot, club, text):
        return
    try:
        channel = bot.get_partial_messageable(int(server["system_channel_id"]))
        await channel.send(text)
    except (discord.HTTPException, KeyError, TypeError):  # none known, none there, or closed
        log.warning("club %s: nobody could be told of its trouble: %s", club.id, reason)


async def _tell_coach(bot: Bot, club: Club, text: str) -> bool:
    """Return whether the coach who set the club up could be told."""
    if club.set_up_by == NOBODY:
        return False
    try:
        coach = await bot.create_dm(discord.Object(club.set_up_by))
        await coach.send(text)
    except discord.HTTPException:
        return False
    return True


def _permanent(error: discord.HTTPException) -> Reason | None:
    """Return why it is no use to try again, or None if it may be."""
    if isinstance(error, discord.NotFound):
        return Reason.CHANNEL_GONE
    if isinstance(error, discord.Forbidden):
        return Reason.FORBIDDEN
    return Reason.REJECTED if error.status == 400 else None


def _speaking(bot: Bot, club: Club) -> Say:
    return bot.app.texts.speaking(club.locale)
