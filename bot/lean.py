"""What the bot keeps of each server, and does for each: less than discord.py does by itself."""

import asyncio
import re
from collections.abc import Callable, Sequence
from time import monotonic
from typing import Any

import discord
from discord import InteractionResponseType, InteractionType
from discord.http import HTTPClient, Route
from discord.state import AutoShardedConnectionState
from discord.ui import DynamicItem, Modal
from discord.webhook.async_ import AsyncWebhookAdapter

from bot.ui.safe import SafeButton

HEARD = (
    "READY",
    "RESUMED",
    "GUILD_CREATE",
    "GUILD_UPDATE",
    "GUILD_DELETE",
    "INTERACTION_CREATE",
    "USER_UPDATE",
)
# What can give the bot a permission; without the intent, of members only the bot itself is told.
CHANGES = ("CHANNEL_UPDATE", "GUILD_ROLE_UPDATE", "GUILD_ROLE_DELETE", "GUILD_MEMBER_UPDATE")
SWEEP = 60  # seconds
PLACE = ("message", "channel")  # of what is pressed
KEPT = ("id", "name", "owner_id", "preferred_locale", "unavailable")


class LeanState(AutoShardedConnectionState[Any]):
    """discord.py's picture of Discord, without what makes it large.

    Where a server changed, `on_server_change` is called with its id: discord.py itself reports
    only what happens to a channel or role that it has kept. Any other event is dropped. When
    somebody asks for something, `asked` is called first: discord.py would make a task of that.
    A press goes straight to that one of the `buttons`: discord.py would rebuild the message first.
    """

    def __init__(
        self, *, asked: Callable[[], None], buttons: Sequence[type[SafeButton]], **options: Any
    ) -> None:
        super().__init__(**options)
        self._asked = asked
        self._buttons = buttons
        self.parsers = {event: self.parsers[event] for event in HEARD}
        self.parsers |= dict.fromkeys(CHANGES, self._report_change)

    def parse_guild_create(self, data: Any) -> None:
        """Take note of a server that is there, or there again."""
        super().parse_guild_create(_kept(data))

    def parse_guild_update(self, data: Any) -> None:
        """Take note of what its admins changed."""
        super().parse_guild_update(_kept(data))

    def parse_interaction_create(self, data: Any) -> None:
        """Hand on what somebody asks for."""
        self._asked()
        if data["type"] == InteractionType.component.value:
            custom_id = data["data"]["custom_id"]
            for button in self._buttons:
                if match := button.fullmatch(custom_id):
                    self._press(button, match, data)
                    return
        super().parse_interaction_create(data)

    def _press(self, button: type[SafeButton], match: re.Match[str], data: Any) -> None:
        if button.is_placeless:  # discord.py takes longer over it than over all the rest
            data = {name: value for name, value in data.items() if name not in PLACE}
        interaction = discord.Interaction(data=data, state=self)
        pressing = asyncio.create_task(button.press(interaction, match), name=f"press {match[0]}")
        self._view_store.add_task(pressing)

    def store_view(self, view: Any, message_id: int | None = None) -> None:
        """Keep a message's view only if there is something in it that cannot be rebuilt.

        discord.py keeps every private answer with buttons for a quarter of an hour.
        """
        parts = [part for part in view.walk_children() if not isinstance(part, DynamicItem)]
        if isinstance(view, Modal) or any(part.is_dispatchable() for part in parts):
            super().store_view(view, message_id)

    def _report_change(self, data: Any) -> None:
        if "guild_id" in data:  # else a direct message's
            self.dispatch("server_change", int(data["guild_id"]))


class LeanAdapter(AsyncWebhookAdapter):
    """What answers interactions; a message that nobody can press needs not come back from Discord.

    discord.py asks for every message that it has just sent, and builds it anew.
    """

    async def request(
        self,
        route: Route,
        session: Any,
        *,
        payload: Any = None,
        params: Any = None,
        **options: Any,
    ) -> Any:
        """Return what Discord answers, or as much of it as discord.py needs."""
        if not (params and "with_response" in params and payload and _is_plain(payload)):
            return await super().request(route, session, payload=payload, params=params, **options)
        await super().request(route, session, payload=payload, **options)
        return {"interaction": {"id": route.webhook_id}}


def sweep_seldom(http: HTTPClient, clock: Callable[[], float] = monotonic) -> None:
    """Let it forget the rate limits of quiet channels once a minute.

    discord.py goes through all of them with each that is new: with thousands of clubs that takes
    longer than all else about a post. `clock` is in seconds.
    """
    sweep = http._try_clear_expired_ratelimits
    swept_at = clock()

    def sweep_if_time() -> None:
        nonlocal swept_at
        if clock() - swept_at >= SWEEP:
            swept_at = clock()
            sweep()

    http._try_clear_expired_ratelimits = sweep_if_time  # type: ignore[method-assign]


def _kept(guild: dict[str, Any]) -> Any:
    return {name: guild[name] for name in KEPT if name in guild}


def _is_plain(answer: dict[str, Any]) -> bool:
    is_message = answer["type"] == InteractionResponseType.channel_message.value
    return is_message and "components" not in answer["data"]
