"""Who of those on a board has left the server: asked of Discord before they are named."""

import asyncio
import time
from collections.abc import Callable, Iterable

import discord

from bot.ui.permissions import NO_ANSWER

GONE = (10007, 10013)  # Discord's codes for an unknown member and an unknown user
PATIENCE = 0.4  # seconds; whoever asks for a board waits for it, and then for its picture
HOLDS = 3600.0  # seconds that somebody who was there is not asked about again
MOST = 10_000  # of whom that is remembered


class Membership:
    """Asks for members one by one: without a privileged intent, Discord reports nobody's leaving.

    Whoever is on a page was there within the hour, unless Discord was slow to say.
    """

    def __init__(self, bot: discord.Client, now: Callable[[], float] = time.monotonic) -> None:
        self._bot = bot
        self._now = now
        self._seen: dict[tuple[int, int], float] = {}

    async def leavers(self, club_id: int, member_ids: Iterable[int]) -> set[int]:
        """Return which of these members have left the server, as far as Discord says in time."""
        asked = {
            member_id: asyncio.create_task(self._is_gone(club_id, member_id))
            for member_id in member_ids
            if self._now() - self._seen.get((club_id, member_id), -HOLDS) >= HOLDS
        }
        if not asked:
            return set()
        _, late = await asyncio.wait(asked.values(), timeout=PATIENCE)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        return {
            member_id for member_id, task in asked.items() if task not in late and task.result()
        }

    async def _is_gone(self, club_id: int, member_id: int) -> bool:
        try:
            await self._bot.http.get_member(club_id, member_id)
        except discord.NotFound as error:
            return error.code in GONE
        except NO_ANSWER:
            return False
        if len(self._seen) >= MOST:
            del self._seen[next(iter(self._seen))]
        self._seen[club_id, member_id] = self._now()
        return False
