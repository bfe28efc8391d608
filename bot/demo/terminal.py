"""The demo in a terminal: type a slash command, read the answer, press a button by its number."""

import asyncio
import re
import shlex
import sys
from datetime import datetime
from typing import Any

import discord
import simcord
import typer
from discord import AppCommandOptionType, app_commands, ui

from bot.demo.world import RUNNERS, ZONE, World, open_world

COUNTDOWN = 600  # seconds up to which a moment is told as one
HOW = """\
You are {name}, in the club Riverside Runners. Type, for example:
  /exercise monster-steps   a command; its options as name:value or just in their order
  2                         a number presses that button of the last answer
  as ben                    be somebody else: {names}
  /next-day                 jump to tomorrow's challenge
  /help                     all commands; quit or Ctrl+D ends it"""

Command = app_commands.Command[Any, ..., Any]


async def play() -> None:
    """Answer lines from standard input until it ends or says quit."""
    async with open_world() as world:
        terminal = Terminal(world)
        terminal.greet()
        while (line := await asyncio.to_thread(_read, terminal.name)) not in (None, "quit", "exit"):
            await terminal.answer(line or "")


def _read(name: str) -> str | None:
    """Return the next line, or None at the end of the input."""
    typer.echo(f"\n{name} > ", nl=False)
    line = sys.stdin.readline()
    if line and not sys.stdin.isatty():
        typer.echo(line, nl=False)  # a piped script should read like a conversation
    return line.strip() if line else None


class Terminal:
    """Who is typing, and which buttons the last answer has."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.people = dict(zip([runner.name for runner in RUNNERS], world.visitors, strict=False))
        self.name = RUNNERS[0].name
        self._message: discord.Message | None = None
        self._buttons: list[str] = []

    def greet(self) -> None:
        """Say what can be typed, and show today's challenge."""
        typer.echo(HOW.format(name=self.name, names=", ".join(self.people)) + "\n")
        self._show(self.world.channel.last_message)

    async def answer(self, line: str) -> None:
        """Do what one line asks for, and show the answer or what is wrong with the line."""
        try:
            if line.isdecimal():
                await self._press(int(line))
            elif line.casefold().startswith("as "):
                self._become(line[3:].strip().casefold())
            elif line.startswith("/"):
                await self._run(line[1:])
            elif line:
                typer.echo("  Type a command that begins with /, or the number of a button.")
        except (simcord.SetupError, simcord.BackendError, simcord.OptionError, ValueError) as error:
            typer.echo(f"  That did not work: {error}")

    async def _press(self, number: int) -> None:
        if self._message is None or not 1 <= number <= len(self._buttons):
            raise ValueError(f"the last answer has no button {number}")
        custom_id = self._buttons[number - 1]
        result = await self.people[self.name].click(self._message, custom_id=custom_id)
        self._show(result.response.message if result.response else None)

    def _become(self, wanted: str) -> None:
        found = [name for name in self.people if name.casefold().startswith(wanted)]
        if not found:
            raise ValueError(f"you can be {', '.join(self.people)}")
        self.name = found[0]

    async def _run(self, line: str) -> None:
        command, words = _find(self.world.bot.tree, shlex.split(line))
        options = _options(command, words, self.world)
        member = self.people[self.name]
        result = await member.slash(self.world.channel, command.qualified_name, **options)
        self._show(result.response.message if result.response else None)
        if not self.world.jumps.empty():
            self.world.jumps.get_nowait()
            await self.world.next_day()
            self._show(self.world.channel.last_message)

    def _show(self, message: discord.Message | None) -> None:
        if message is None:
            return
        self._message, self._buttons = message, []
        texts = [message.content] if message.content else []
        for child in ui.LayoutView.from_message(message).walk_children():
            if isinstance(child, ui.TextDisplay):
                texts.append(child.content)
            elif isinstance(child, ui.Button) and child.custom_id and not child.disabled:
                self._buttons.append(child.custom_id)
                texts.append(f"[{len(self._buttons)}] {child.label}")
        lines = [f"  {line}" for text in texts for line in text.splitlines()]
        typer.echo(_spelled_out("\n".join(lines), self.world))


def _spelled_out(text: str, world: World) -> str:
    """Return the text with what Discord's app would draw, mentions and times, in words."""
    names = {
        member.id: f"@{runner.name}" for member, runner in zip(world.members, RUNNERS, strict=True)
    }
    names |= {channel.id: f"#{name}" for name, channel in world.guild.channels.items()}
    names |= {role.id: f"@{name}" for name, role in world.guild.roles.items()}
    text = re.sub(r"<(?:@&|@|#)(\d+)>", lambda m: names.get(int(m[1]), m[0]), text)
    return re.sub(
        r"<t:(\d+):F> \(<t:\1:R>\)|<t:(\d+):[Rt]>",
        lambda m: _moment(datetime.fromtimestamp(int(m[1] or m[2]), ZONE), world.clock.now),
        text,
    )


def _moment(moment: datetime, now: datetime) -> str:
    seconds = round((moment - now).total_seconds())
    if 0 <= seconds < COUNTDOWN:
        return f"in {seconds} seconds"
    return f"{moment:%H:%M}" if 0 <= seconds < 3600 else f"{moment:%A %d %B, %H:%M}"


def _find(tree: app_commands.CommandTree[Any], words: list[str]) -> tuple[Command, list[str]]:
    """Return the command that the words begin with, and the words after it."""
    commands = {
        command.qualified_name: command
        for command in tree.walk_commands()
        if isinstance(command, app_commands.Command)
    }
    for length in (2, 1):
        if command := commands.get(" ".join(words[:length])):
            return command, words[length:]
    raise ValueError(f"there is no such command; there are {', '.join(sorted(commands))}")


def _options(command: Command, words: list[str], world: World) -> dict[str, Any]:
    """Return the options typed as name:value; words without a name make up the first option."""
    known = {parameter.display_name: parameter for parameter in command.parameters}
    typed: dict[str, str] = {}
    unnamed = []
    for word in words:
        name, colon, value = word.partition(":")
        if colon and name in known:
            typed[name] = value
        else:
            unnamed.append(word)
    if unnamed:
        if not known:
            raise ValueError(f"/{command.qualified_name} has no options")
        typed.setdefault(next(iter(known)), " ".join(unnamed))
    if missing := [name for name, p in known.items() if p.required and name not in typed]:
        raise ValueError(f"/{command.qualified_name} needs {', '.join(missing)} (name:value)")
    return {name: _value(known[name], text, world) for name, text in typed.items()}


def _value(parameter: app_commands.Parameter, text: str, world: World) -> Any:
    """Return what was typed as the kind of value that the option takes."""
    match parameter.type:
        case AppCommandOptionType.integer:
            return int(text)
        case AppCommandOptionType.boolean:
            return text.casefold() in ("true", "yes", "on", "1")
        case AppCommandOptionType.channel:
            return _named(world.guild.channels, text, "#")
        case AppCommandOptionType.user:
            names = [runner.name for runner in RUNNERS]
            return _named(dict(zip(names, world.members, strict=True)), text, "@")
        case AppCommandOptionType.role:
            return _named(world.guild.roles, text, "@")
        case _:
            return text


def _named(known: dict[str, Any], text: str, sign: str) -> Any:
    name = text.removeprefix(sign)
    if name not in known:
        raise ValueError(f"there is no {sign}{name}, only {', '.join(known)}")
    return known[name]
