"""The Discord client: what it listens to, its commands and buttons, and where Discord is."""

import asyncio
import hashlib
import json
import logging
from typing import Any, TypeAlias

import discord
import yarl
from discord import app_commands
from discord.ext import commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.app import App
from bot.lean import LeanState, sweep_seldom
from bot.pace import Pace
from bot.settings import DISCORD_API
from bot.ui.browse import FilterButton, PageButton
from bot.ui.buddy import BuddyAnswerButton, EndBuddyButton, NudgeButton, TakeNudgesButton
from bot.ui.club import PostNowButton
from bot.ui.details import DetailButton
from bot.ui.done import DoneButton
from bot.ui.exercise_card import MoveButton, RungButton
from bot.ui.guide import FollowButton, GuideButton
from bot.ui.history import HistoryButton
from bot.ui.leaderboard import BoardButton
from bot.ui.membership import Membership
from bot.ui.own_moves import DiscardButton, EditButton, LookButton, SaveButton
from bot.ui.pause import DeletePauseButton, EndPauseButton
from bot.ui.pictures import Pictures
from bot.ui.privacy import DeleteButton, ReallyDeleteButton
from bot.ui.reminder import RemindDoneButton, RemindOffButton
from bot.ui.routine import RoutineDoneButton
from bot.ui.safe import report_failure
from bot.ui.shelf import Shelf
from bot.ui.streak import WhyStreakButton
from bot.ui.voids import PutBackButton
from bot.ui.why import SourcesButton

log = logging.getLogger(__name__)

EXTENSIONS = (
    "cogs.exercise",
    "cogs.exercises",
    "cogs.why",
    "cogs.routine",
    "cogs.today",
    "cogs.log",
    "cogs.undo",
    "cogs.streak",
    "cogs.pause",
    "cogs.remind",
    "cogs.buddy",
    "cogs.history",
    "cogs.leaderboard",
    "cogs.me",
    "cogs.privacy",
    "cogs.club",
    "cogs.own_moves",
    "cogs.help",
    "cogs.daily",
    "cogs.guide",
    "cogs.reminders",
    "cogs.servers",
)
# What the tasks are called that run a command, a button, a form or a listener.
ANSWERING = ("CommandTree-invoker", "press ", "discord-ui-", "discord.py: on_")
DRAIN = 5  # seconds that a stop waits for answers; Discord itself waits three for their beginning
BUTTONS = (
    DoneButton,
    RungButton,
    DetailButton,
    PageButton,
    FilterButton,
    PostNowButton,
    PutBackButton,
    MoveButton,
    SourcesButton,
    RoutineDoneButton,
    DeleteButton,
    ReallyDeleteButton,
    WhyStreakButton,
    EndPauseButton,
    DeletePauseButton,
    HistoryButton,
    SaveButton,
    LookButton,
    EditButton,
    DiscardButton,
    FollowButton,
    GuideButton,
    BoardButton,
    RemindDoneButton,
    RemindOffButton,
    BuddyAnswerButton,
    NudgeButton,
    TakeNudgesButton,
    EndBuddyButton,
)


class Tree(app_commands.CommandTree["Bot"]):
    """The slash commands."""

    async def on_error(
        self, interaction: "Interaction", error: app_commands.AppCommandError, /
    ) -> None:
        """Report every failed command in the same way."""
        await report_failure(interaction, error)


class Bot(commands.AutoShardedBot):
    """Connects the app to Discord. `is_ticking` is off where somebody else plays the clock."""

    def __init__(self, app: App, *, is_ticking: bool = True) -> None:
        if app.settings.discord_api_base != DISCORD_API:
            Route.BASE = app.settings.discord_api_base.rstrip("/")  # discord.py offers no other way
        shards: dict[str, Any] = {"shard_count": app.settings.shard_count}
        if app.settings.shard_ids is not None:
            shards["shard_ids"] = app.settings.shard_ids
        self.pace = Pace()  # for what nobody waits for; people are answered at once
        super().__init__(
            command_prefix=(),
            help_command=None,
            intents=discord.Intents(guilds=True),
            member_cache_flags=discord.MemberCacheFlags.none(),
            max_messages=None,
            allowed_mentions=discord.AllowedMentions.none(),
            tree_cls=Tree,
            http_trace=self.pace.trace(),
            **shards,
        )
        sweep_seldom(self.http)
        self.app = app
        self.membership = Membership(self)
        self.is_ticking = is_ticking
        shelf = app.settings.media_channel_id
        self.pictures = Pictures(Shelf(self, shelf) if shelf else None)

    def _get_state(self, **options: Any) -> LeanState:
        return LeanState(
            asked=self.pace.step_aside,  # what nobody waits for lets it pass
            buttons=BUTTONS,
            dispatch=self.dispatch,
            handlers=self._handlers,
            hooks=self._hooks,
            http=self.http,
            **options,
        )

    async def setup_hook(self) -> None:
        """Register the commands before events arrive, and find the gateway."""
        for extension in EXTENSIONS:
            await self.load_extension(extension)
        await self._find_gateway()
        await self._sync_commands()

    async def close(self) -> None:
        """Let finish what is being answered and noticed, then disconnect."""
        answering = {task for task in asyncio.all_tasks() if task.get_name().startswith(ANSWERING)}
        if answering:
            await asyncio.wait(answering, timeout=DRAIN)
        await super().close()

    async def _find_gateway(self) -> None:
        """Take another gateway than discord.py's own if the settings lead to one."""
        settings = self.app.settings
        if settings.discord_api_base == DISCORD_API and settings.discord_gateway_url is None:
            return
        shards, url, _ = await self.http.get_bot_gateway()
        self.shard_count = self.shard_count or shards
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(settings.discord_gateway_url or url)

    async def _sync_commands(self) -> None:
        """Tell Discord the commands, but only if they changed since it was last told."""
        if self.app.settings.dev_guild_id is not None:
            guild = discord.Object(self.app.settings.dev_guild_id)
            self.tree.copy_global_to(guild=guild)
            await self.tree.sync(guild=guild)
            return
        payload = [command.to_dict(self.tree) for command in self.tree.get_commands()]
        digest = hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()
        key = f"commands:{self.application_id}"
        async with self.app.database.read() as stores:
            if await stores.notes.get(key) == digest:
                return
        await self.tree.sync()
        async with self.app.database.write() as stores:
            await stores.notes.set(key, digest)
        log.info("told Discord of %d commands", len(payload))


Interaction: TypeAlias = discord.Interaction[Bot]
