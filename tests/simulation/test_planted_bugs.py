"""Bugs that the simulation must catch, each planted here and caught in the world of one seed."""

import logging
from dataclasses import replace

import pytest
from sqlalchemy import delete, select

from bot.domain.challenge import PostState
from bot.services.daily import Daily
from bot.storage.clubs import ClubStore
from bot.storage.tables import clubs, posts
from bot.ui.posting import resend_challenge, send_challenge
from cogs.daily import DailyCog
from tests.simulation.rules import RuleBroken
from tests.simulation.simulate import simulate
from tests.simulation.simulated_discord import PartialChannel

pytestmark = pytest.mark.slow

DAYS = 20
log = logging.getLogger("cogs.daily")


def leave_the_nonce_out(monkeypatch):
    send = PartialChannel.send

    async def without_nonce(self, *, nonce, **rest):
        return await send(self, **rest)

    monkeypatch.setattr(PartialChannel, "send", without_nonce)


def claim_after_sending(monkeypatch):
    claim, sent = Daily.claim, Daily.sent

    async def look_only(self, club_id):
        async with self._database.read() as stores:
            next_due = await stores.clubs.next_due(club_id)
        challenge = await claim(self, club_id)
        if challenge is not None:
            await forget(self, challenge.post, next_due)
        return challenge

    async def forget(self, post, next_due):
        async with self._database.write() as stores:
            mine = (posts.c.club_id == post.club_id) & (posts.c.day == post.day)
            await stores.posts._connection.execute(delete(posts).where(mine))
            await stores.clubs.set_next_due(post.club_id, next_due)

    async def claim_and_record(self, post, message_id):
        async with self._database.write() as stores:
            club = await stores.clubs.get(post.club_id)
            await stores.posts.add(replace(post, state=PostState.CLAIMED))
            await stores.clubs.set_next_due(club.id, club.calendar.next_due(self._clock()))
        await sent(self, post, message_id)

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
            log.exception("a tick failed")

    monkeypatch.setattr(DailyCog, "tick", tick)


def look_into_no_history(monkeypatch):
    monkeypatch.setattr("cogs.daily.resend_challenge", send_challenge)


def leave_trouble_alone_for_good(monkeypatch):
    async def mend(self, club_id):
        return None

    monkeypatch.setattr(Daily, "mend", mend)


@pytest.mark.parametrize(
    ("plant", "seed", "caught_as"),
    [
        (leave_the_nonce_out, 1, "two messages of club"),
        (claim_after_sending, 1, "without a claim"),
        (ask_for_equality_on_the_clock, 1, "got no message|was left due"),
        (look_into_no_history, 6, "two messages of club"),
        (leave_trouble_alone_for_good, 1, "still left alone"),
        (share_one_try, 1, "was left due|got no message"),
    ],
)
def test_a_planted_bug_is_caught_by_its_seed(plant, seed, caught_as, monkeypatch):
    plant(monkeypatch)
    with pytest.raises(RuleBroken, match=caught_as):
        simulate(seed, days=DAYS)
