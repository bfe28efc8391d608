"""What a check ran into, as a finding: a check that fails is one too, never a traceback."""

import asyncio
from collections.abc import Awaitable, Callable

import aiohttp
import discord

from bot.doctor.report import Finding, problem, warning

PATIENCE = 30  # seconds; discord.py tries again for most of them


async def attempt(
    check: str,
    subject: str,
    examining: Awaitable[list[Finding]],
    explain: Callable[[Exception], tuple[str, str]],
) -> list[Finding]:
    """Return what the check finds, or that it failed and why."""
    try:
        async with asyncio.timeout(PATIENCE):
            return await examining
    except Exception as error:
        return [problem(check, subject, *explain(error))]


def left_out(what: str, condition: str, remedy: str) -> Finding:
    """Return that something was not looked at because of another finding."""
    return warning("doctor", "", f"{what} not checked: {condition}.", remedy)


def why(error: Exception) -> tuple[str, str]:
    """Return what came of asking Discord, and what to do about it."""
    match error:
        case discord.LoginFailure():
            return (
                "Discord refuses the token.",
                "Make a new one at discord.com/developers/applications, page Bot, Reset Token, "
                "and put it into .env.",
            )
        case discord.RateLimited():
            wait = f"Discord asks to wait {error.retry_after:.0f} s."
            return wait, "Run the doctor again later."
        case discord.HTTPException() | discord.GatewayNotFound():
            return (
                f"Discord answers with an error: {error}.",
                "Try again in some minutes; discordstatus.com says whether Discord is down.",
            )
        case TimeoutError():
            return _unreachable(f"no answer in {PATIENCE} s")
        case aiohttp.ClientError() | OSError():
            return _unreachable(str(error))
    return bug(error)


def bug(error: Exception) -> tuple[str, str]:
    """Return that a check failed where it never should, and what to do about it."""
    return (
        f"The check itself failed: {type(error).__name__}: {error}.",
        "This is a bug in Hipstride: please report it with this line.",
    )


def _unreachable(reason: str) -> tuple[str, str]:
    return (
        f"Discord cannot be reached: {reason}.",
        "Check the network, and DISCORD_API_BASE if you set it.",
    )
