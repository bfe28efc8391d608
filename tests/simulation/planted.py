"""Bugs to plant, which the simulation has to catch."""

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import delete, select

from bot.domain.challenge import PostState
from bot.services.daily import Daily
from bot.storage.clubs import ClubStore
from bot.storage.completions import CompletionStore
from bot.storage.tables import clubs, posts
from bot.ui.posting import resend_challenge, send_challenge
from cogs.daily import DailyCog
from tests.simulation.rules import RuleBroken
from tests.simulation.simulate import simulate
from tests.simulation.simulated_discord import PartialChannel

log = logging.getLogger("cogs.daily")


WORLDS = 150  # to look into for a bug whose seed no longer shows it


@dataclass(frozen=True)
class Bug:
    """A bug, a seed whose world shows it, and the rule that is broken there."""

    what: str
    seed: int
    rule: str
    plant: Callable[[Any], None]

    def hunt(self) -> tuple[int, RuleBroken]:
        """Return the seed of a world that shows the planted bug, and what was seen there.

        The stated seed shows it until a change of the bot makes other worlds of all seeds.
        """
        for seed in (self.seed, *range(1, WORLDS)):
            try:
                simulate(seed)
            except RuleBroken as broken:
                if re.search(self.rule, str(broken).splitlines()[1]):
                    return seed, broken
        raise AssertionError(f"{self.what}: nothing was seen in {WORLDS} worlds")


def leave_the_nonce_out(monkeypatch):
    send = PartialChannel.send

    async def without_nonce(self, *, nonce, **rest):
        return await send(self, **rest)

    monkeypatch.setattr(PartialChannel, "send", without_nonce)


def claim_after_sending(monkeypatch):
    claim, sent = Daily.claim, Daily.sent

    async def look_only(self, club_id):
        async with self._database.read() as stores:
            club = await stores.clubs.get(club_id)
        challenge = await claim(self, club_id)
        if challenge is not None:
            await forget(self, challenge.post, club.next_due)
        return challenge

    async def forget(self, post, next_due):
        async with self._database.write() as stores:
            mine = (posts.c.club_id == post.club_id) & (posts.c.day == post.day)
            await stores.posts._connection.execute(delete(posts).where(mine))
            await stores.clubs.set_next_due(post.club_id, next_due)

    async def claim_and_record(self, challenge, message_id):
        post = challenge.post
        async with self._database.write() as stores:
            club = await stores.clubs.get(post.club_id)
            await stores.posts.add(replace(post, state=PostState.CLAIMED))
            await stores.clubs.set_next_due(club.id, club.calendar.next_due(self._clock()))
        await sent(self, challenge, message_id)

    monkeypatch.setattr(Daily, "claim", look_only)
    monkeypatch.setattr(Daily, "sent", claim_and_record)


def ask_for_equality_on_the_clock(monkeypatch):
    async def due(self, now):
        is_due = (clubs.c.next_due_at == now) & clubs.c.paused_at.is_(None)
        is_due &= clubs.c.trouble.is_(None)
        return list(await self._connection.scalars(select(clubs.c.id).where(is_due)))

    monkeypatch.setattr(ClubStore, "due", due)


def share_one_try(monkeypatch):
    async def work(cog):
        for club_id in await cog.daily.due():
            if challenge := await cog.daily.claim(club_id):
                await send_challenge(cog.bot, challenge)
        for club_id, day in await cog.daily.unfinished():
            if challenge := await cog.daily.retry(club_id, day):
                await resend_challenge(cog.bot, challenge)
        await cog._refresh_tallies()

    async def tick(self):
        try:
            await work(self)
        except Exception:
            log.warning("a tick failed")

    monkeypatch.setattr(DailyCog, "tick", tick)


def look_into_no_history(monkeypatch):
    # By the function's own names: discord.py puts another module in the place of a loaded cog's.
    monkeypatch.setitem(DailyCog.tick.__globals__, "resend_challenge", send_challenge)


def leave_trouble_alone_for_good(monkeypatch):
    async def mend(self, club_id):
        return None

    monkeypatch.setattr(Daily, "mend", mend)


def tell_before_it_is_stored(monkeypatch):
    async def add(self, done, done_at):
        return None

    monkeypatch.setattr(CompletionStore, "add", add)


TWICE, NONE = "two messages of club", "got no message"
BUGS = (
    Bug("the nonce is left out", 7, TWICE, leave_the_nonce_out),
    Bug("the claim comes after the send", 1, "without a claim", claim_after_sending),
    Bug("the clock is asked for equality", 1, NONE, ask_for_equality_on_the_clock),
    Bug("all clubs share one try", 1, NONE, share_one_try),
    Bug("a retry looks into no history", 1, TWICE, look_into_no_history),
    Bug("trouble is never mended", 1, "still left alone", leave_trouble_alone_for_good),
    Bug("done is told but not stored", 1, "not in the database", tell_before_it_is_stored),
)
