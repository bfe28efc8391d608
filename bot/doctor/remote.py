"""What Discord says: the token, the application, the gateway, every club, and the time."""

import asyncio
import contextlib
from collections.abc import Sequence
from email.utils import parsedate_to_datetime
from types import SimpleNamespace

import aiohttp
import discord
from discord.http import Route

from bot.doctor.report import Finding, ok, problem, warning
from bot.doctor.trouble import PATIENCE, attempt, left_out, why
from bot.domain.days import Clock
from bot.settings import Settings
from bot.storage.checkup import ClubRecord
from bot.ui.permissions import NEEDED, look_up

SKEW_WARNING, SKEW_PROBLEM = 5, 60  # seconds
AT_ONCE = 2  # clubs, so that a running bot keeps most of the rate limit
PRIVILEGED = ("gateway_presence", "gateway_guild_members", "gateway_message_content")
_PORTAL = "discord.com/developers/applications"


async def check_discord(
    settings: Settings, records: Sequence[ClubRecord], clock: Clock
) -> list[Finding]:
    """Return what Discord says, asked over REST alone: a running bot is not disturbed."""
    if settings.discord_token is None:
        remedy = f"Put the bot's token, from {_PORTAL}, page Bot, into .env: DISCORD_TOKEN=…"
        return [problem("token", "DISCORD_TOKEN", "DISCORD_TOKEN is not set.", remedy)]
    Route.BASE = settings.discord_api_base.rstrip("/")  # discord.py offers no other way
    skews: list[float] = []
    intents = discord.Intents(guilds=True)
    client = discord.Client(intents=intents, http_trace=_trace(skews, clock), max_messages=None)
    async with client:
        findings = await _log_in(client, settings.discord_token.get_secret_value(), settings)
        if client.user is not None:
            findings += await attempt("gateway", "", _gateway(client, settings), why)
            findings += await _clubs(client, client.user.id, records)
    return [*_clock(skews), *findings]


def _trace(skews: list[float], clock: Clock) -> aiohttp.TraceConfig:
    """Return what notes, for every answer of Discord, how many seconds we are ahead of it."""

    async def note(
        _session: aiohttp.ClientSession,
        _context: SimpleNamespace,
        params: aiohttp.TraceRequestEndParams,
    ) -> None:
        with contextlib.suppress(TypeError, ValueError):  # no date, or none that can be read
            theirs = parsedate_to_datetime(params.response.headers.get("Date", ""))
            skews.append((clock() - theirs).total_seconds() - 0.5)  # theirs is in whole seconds

    trace = aiohttp.TraceConfig()
    trace.on_request_end.append(note)
    return trace


def _clock(skews: list[float]) -> list[Finding]:
    if not skews:
        return []
    skew = min(skews, key=abs)  # a slow answer only adds to it
    what = f"This machine's clock is {abs(skew):.0f} s {'ahead of' if skew > 0 else 'behind'} "
    if abs(skew) <= SKEW_WARNING:
        return [ok("clock", "", "This machine's clock agrees with Discord's.")]
    make = problem if abs(skew) > SKEW_PROBLEM else warning
    remedy = "Have it set from the network, for example with `timedatectl set-ntp true`."
    return [make("clock", "", f"{what}Discord's.", remedy)]


async def _log_in(client: discord.Client, token: str, settings: Settings) -> list[Finding]:
    try:
        async with asyncio.timeout(PATIENCE):
            await client.login(token)
    except Exception as error:
        if client.user is None:
            return _not_let_in(error, settings)
        return [_accepted(client.user), problem("application", "", *why(error))]
    assert client.user and client.application  # noqa: S101 - login sets both
    return [_accepted(client.user), *_application(client.application)]


def _not_let_in(error: Exception, settings: Settings) -> list[Finding]:
    what, remedy = why(error)
    if isinstance(error, KeyError | TypeError):  # what came is no user
        what = f"What answers at {settings.discord_api_base} is not Discord's API."
        remedy = "Mend DISCORD_API_BASE, or leave it out."
    rest = left_out(
        "Application, gateway and clubs are", "the bot cannot log in", "Mend that first."
    )
    return [problem("token", "DISCORD_TOKEN", what, remedy), rest]


def _accepted(user: discord.ClientUser) -> Finding:
    return ok("token", "DISCORD_TOKEN", f"Discord knows it as the bot {user}.")


def _application(application: discord.AppInfo) -> list[Finding]:
    """Return what in the developer portal keeps the bot from being invited or asked."""
    name, page = application.name, f"At {_PORTAL}, "
    findings = []
    if application.interactions_endpoint_url:
        what = "Discord sends slash commands to an Interactions Endpoint URL, not to the bot."
        remedy = f"{page}page General Information, empty that field."
        findings.append(problem("application", name, what, remedy))
    if application.bot_require_code_grant:
        what = "Requires OAuth2 Code Grant is on: the bot cannot be invited."
        findings.append(problem("application", name, what, f"{page}page Bot, switch it off."))
    flags = application.flags
    on = [f for f in PRIVILEGED if getattr(flags, f) or getattr(flags, f"{f}_limited")]
    if on:
        intents = ", ".join(_title(flag.removeprefix("gateway_")) for flag in on)
        what = f"Privileged intents are on that the bot does not need: {intents}."
        findings.append(warning("application", name, what, f"{page}page Bot, switch them off."))
    asked = application.install_params
    lacking = [_title(n) for n in NEEDED if asked and not getattr(asked.permissions, n)]
    if asked and (lacking or not {"bot", "applications.commands"} <= {*asked.scopes}):
        what = "Its own install link does not ask for all that the bot needs."
        remedy = f"Invite the bot with {_invitation(application.id)}"
        findings.append(warning("application", name, what, remedy))
    return findings or [ok("application", name, "It exists, and no privileged intent is needed.")]


async def _gateway(client: discord.Client, settings: Settings) -> list[Finding]:
    shards, url, limit = await client.http.get_bot_gateway()
    ours = settings.shard_ids or range(settings.shard_count or shards)
    remaining, total = limit["remaining"], limit["total"]
    what = f"{remaining} of {total} sessions remain, and a start takes {len(ours)}."
    anew = f"They are counted anew in {limit['reset_after'] / 3_600_000:.0f} h."
    if remaining < len(ours):
        return [problem("gateway", url, what, f"Do not restart the bot before. {anew}")]
    if remaining < total / 10:
        remedy = f"Find out, from its log, why the bot restarts so often. {anew}"
        return [warning("gateway", url, what, remedy)]
    return [ok("gateway", url, what)]


async def _clubs(
    client: discord.Client, bot_id: int, records: Sequence[ClubRecord]
) -> list[Finding]:
    """Return a finding for each club, in their order."""
    turns = asyncio.Semaphore(AT_ONCE)

    async def examine(record: ClubRecord) -> list[Finding]:
        async with turns:
            return await attempt("club", f"club {record.id}", _club(client, bot_id, record), why)

    return [f for found in await asyncio.gather(*map(examine, records)) for f in found]


async def _club(client: discord.Client, bot_id: int, record: ClubRecord) -> list[Finding]:
    subject = f"club {record.id}"
    place = await look_up(client, record.id, record.channel_id)
    guild = place.guild
    if guild is None:
        remedy = f"Invite it again with {_invitation(client.application_id or bot_id)}"
        return [problem("club", subject, "The bot is not in this server.", remedy)]
    if isinstance(place.channel, discord.Thread):
        what = f"#{place.channel} in “{guild}” is a thread."
        return [problem("club", subject, what, "Choose a text channel with `/club setup`.")]
    if place.granted is None:
        what = f"The channel {record.channel_id} no longer exists in “{guild}”."
        remedy = "A coach can choose another there with `/club setup`."
        return [problem("club", subject, what, remedy)]
    channel = f"#{place.channel}" if place.channel else f"channel {record.channel_id}"
    if place.missing:
        what = f"In {channel} of “{guild}” the bot lacks {', '.join(map(_title, place.missing))}."
        remedy = "An admin can allow it in the channel's settings, under Permissions."
        return [problem("club", subject, what, remedy)]
    paused = " The club is paused." if record.paused_at else ""
    what = f"“{guild}”: the bot is there and has all it needs in {channel}.{paused}"
    return [ok("club", subject, what)]


def _invitation(application_id: int) -> str:
    wanted = discord.Permissions(**dict.fromkeys(NEEDED, True))
    return discord.utils.oauth_url(
        application_id, permissions=wanted, scopes=("bot", "applications.commands")
    )


def _title(name: str) -> str:
    """Return a permission or intent as Discord's own pages spell it."""
    return name.replace("_", " ").title()
