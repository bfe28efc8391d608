"""What the bot keeps of each server, and does for each: less than discord.py does by itself."""

from collections.abc import Callable
from time import monotonic
from typing import Any

from discord.http import HTTPClient
from discord.state import AutoShardedConnectionState
from discord.ui import DynamicItem, Modal

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
KEPT = ("id", "name", "owner_id", "preferred_locale", "unavailable")


class LeanState(AutoShardedConnectionState[Any]):
    """discord.py's picture of Discord, without what makes it large.

    Where a server changed, `on_server_change` is called with its id: discord.py itself reports
    only what happens to a channel or role that it has kept. Any other event is dropped. When
    somebody asks for something, `asked` is called first: discord.py would make a task of that.
    """

    def __init__(self, *, asked: Callable[[], None], **options: Any) -> None:
        super().__init__(**options)
        self._asked = asked
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
        super().parse_interaction_create(data)

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
