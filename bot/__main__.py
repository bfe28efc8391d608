"""The command line: `hipstride run` starts the bot, `hipstride demo` shows it without a token."""

import asyncio
import contextlib
import gc
import logging
import os
import shutil
import signal
import sys
from collections.abc import Iterator
from typing import Annotated

import aiohttp
import discord
import typer
from discord.webhook.async_ import async_context

from bot.app import open_app
from bot.client import Bot
from bot.clock import utc_now
from bot.errors import StartError
from bot.lean import LeanAdapter
from bot.logs import configure_logging
from bot.settings import Settings, load_settings

log = logging.getLogger("bot")  # __name__ says __main__

# No rich tracebacks: they print local variables, and one of them is the token.
cli = typer.Typer(pretty_exceptions_enable=False, add_completion=False, help=__doc__)


YOUNG = 10_000  # objects made since the last round of the garbage collector; Python's own: 700
AUTHENTICATION_FAILED = 4004  # the gateway's close code
_REFUSED = (
    "Discord refuses DISCORD_TOKEN. Make a new one at "
    "discord.com/developers/applications, page Bot, Reset Token, and put it into .env."
)


@cli.callback(invoke_without_command=True)
def main(context: typer.Context) -> None:
    """Hipstride, a Discord bot for running clubs; without a command it runs."""
    if context.invoked_subcommand is None:
        run()


@cli.command()
def run() -> None:
    """Run the bot with the settings of the environment and .env, until Ctrl+C or SIGTERM."""
    with _one_sentence():
        settings = load_settings()
        configure_logging(settings.log_level, settings.log_format, settings.discord_token)
        asyncio.run(_serve(settings))


@cli.command()
def demo(
    text: Annotated[bool, typer.Option(help="In this terminal instead of a page.")] = False,
    port: Annotated[int, typer.Option(help="The page's port; 0 for any free one.")] = 0,
    browser: Annotated[bool, typer.Option(help="Open the page in the browser.")] = True,
) -> None:
    """Try the bot in a club that is not real: no account, no token, no network."""
    with _one_sentence():
        try:
            from bot.demo import play, show  # noqa: PLC0415 - the extra may be missing
        except ImportError as error:
            raise StartError(
                f"The demo needs more than the bot does ({error.name} is missing): "
                "`make demo` sets it up, or pip install 'hipstride[demo]'."
            ) from error
        configure_logging("WARNING", "console", None)
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(play() if text else show(port=port, open_browser=browser))


@cli.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="As a JSON list, for machines.")] = False,
) -> None:
    """Check settings, data, Discord and clubs, with a remedy; exit code 1 if there is a problem."""
    from bot import doctor  # noqa: PLC0415 - only this command needs it

    configure_logging("CRITICAL", "console", None)  # what goes wrong is in the report
    findings = asyncio.run(doctor.examine(utc_now))
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    typer.echo(doctor.as_json(findings) if as_json else doctor.as_table(findings, width))
    raise typer.Exit(1 if doctor.has_problem(findings) else 0)


@cli.command()
def recount(
    check: Annotated[bool, typer.Option("--check", help="Only compare, change nothing.")] = False,
) -> None:
    """Count all boards anew from what members did; exit code 1 if --check finds a difference."""
    from bot import recount as counting  # noqa: PLC0415 - only this command needs it

    with _one_sentence("Nothing was counted", "run it again to count what is left"):
        settings = load_settings()
        configure_logging("CRITICAL", "console", None)  # what goes wrong is said in a sentence
        found = asyncio.run(counting.recount(settings.database_url, utc_now, is_mended=not check))
    typer.echo(counting.as_sentences(found, is_mended=not check))
    raise typer.Exit(1 if check and found.wrong else 0)


@cli.command()
def migrate_database(
    source: Annotated[str, typer.Argument(metavar="FROM", help="As in DATABASE_URL; only read.")],
    target: Annotated[str, typer.Argument(metavar="TO", help="As in DATABASE_URL; empty.")],
) -> None:
    """Copy all data from one database into another, SQLite or PostgreSQL, and check the copy."""
    from bot import move  # noqa: PLC0415 - only this command needs it
    from bot.storage.transfer import copy_database, growth_since  # noqa: PLC0415

    configure_logging("CRITICAL", "console", None)  # what goes wrong is said in a sentence
    last_moment = "unless the copy, complete and checked, was just being committed"
    with _one_sentence("Nothing was copied", f"TO is as empty as it was, {last_moment}"):
        copied = asyncio.run(copy_database(source, target, move.show_bar))
    typer.echo(move.as_table(copied))
    unknown = "Whether the bot wrote to FROM meanwhile is not known"
    with _one_sentence(unknown, "the copy is complete"):
        growth = asyncio.run(growth_since(source, copied, move.show_bar))
    typer.echo(move.advice(growth), err=bool(growth))
    raise typer.Exit(1 if growth else 0)


@contextlib.contextmanager
def _one_sentence(
    outcome: str = "Hipstride cannot start", if_interrupted: str = "nothing was started"
) -> Iterator[None]:
    """Turn what keeps a command from its end into a sentence and exit code 1, or 130 for Ctrl+C."""
    try:
        yield
    except StartError as error:
        typer.echo(f"{outcome}: {error}", err=True)
        raise typer.Exit(1) from error
    except KeyboardInterrupt as error:
        typer.echo(f"Interrupted: {if_interrupted}.", err=True)
        raise typer.Exit(130) from error


async def _serve(settings: Settings) -> None:
    """Run until Discord or a signal ends it.

    Raises:
        StartError: the token, the database, the library or Discord's address is wrong.
    """
    if settings.discord_token is None:
        raise StartError(
            "DISCORD_TOKEN is not set. Put the bot's token, from "
            "discord.com/developers/applications, page Bot, into .env: DISCORD_TOKEN=…"
        )
    stopped = asyncio.Event()

    def stop() -> None:
        if stopped.is_set():  # asked twice: at once, as safe as a power cut
            os._exit(1)
        log.info("asked to stop: finishing what is under way; ask again to stop at once")
        stopped.set()

    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop)
    async_context.set(LeanAdapter())  # type: ignore[no-untyped-call]
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # there is no voice here
    async with open_app(settings, utc_now) as app, Bot(app) as bot:
        bot.add_listener(_look_away, "on_ready")
        running = asyncio.create_task(bot.start(settings.discord_token.get_secret_value()))
        asked = asyncio.create_task(stopped.wait())
        await asyncio.wait({running, asked}, return_when=asyncio.FIRST_COMPLETED)
        asked.cancel()
        if stopped.is_set():
            await bot.close()
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
        else:
            await _explain(running, settings)


async def _look_away() -> None:
    """Let the garbage collector pass over all that the start has made: it stays for good.

    Otherwise each of its full rounds keeps everybody waiting for about a tenth of a second. What
    answers leave behind it looks through less often than by default: that took a tenth of all
    time when many ask at once.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG)


async def _explain(running: "asyncio.Task[None]", settings: Settings) -> None:
    """Return the result of a bot that ended by itself, its errors as sentences."""
    try:
        await running
    except discord.LoginFailure as error:
        raise StartError(_REFUSED) from error
    except discord.ConnectionClosed as error:
        is_refused = error.code == AUTHENTICATION_FAILED
        why = _REFUSED if is_refused else f"Discord ended the connection for good: {error}"
        raise StartError(why) from error
    except (discord.HTTPException, discord.GatewayNotFound) as error:
        where = settings.discord_api_base
        raise StartError(f"Discord, at {where}, will not let the bot in: {error}") from error
    except (aiohttp.ClientError, OSError) as error:
        raise StartError(
            f"Discord cannot be reached at {settings.discord_api_base}: {error}. "
            "Check the network, and DISCORD_API_BASE if you set it."
        ) from error


if __name__ == "__main__":
    cli()
