"""What coaches and members do: settings, pauses, clicks, permissions, chatter, coming and going."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Awaitable, Callable
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import discord

from bot.domain.exercise import Level
from bot.errors import AlreadyPosted, ClubPaused, TooEarly, TooLate
from bot.services.clubs import SetUp
from bot.ui.posting import resend_challenge
from tests.simulation.model import ModelClub

if TYPE_CHECKING:
    from tests.simulation.process import Process
    from tests.simulation.world import World

ZONES = (
    "Europe/London", "America/New_York", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kolkata",
    "Pacific/Kiritimati", "Pacific/Pago_Pago", "America/Santiago", "Africa/Cairo", "Asia/Tokyo",
    "Pacific/Chatham", "America/Scoresbysund",
)  # fmt: skip
SOON = timedelta(minutes=2)
Act = Callable[[ModelClub], Awaitable[None]]
TRANSIENT = (discord.HTTPException, OSError)


class People:
    """Everybody in the clubs; `next` is when one of them next does something."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._rng = rng = world.rng
        self._rules = world.rules
        self._discord = world.discord
        self._times = [time(rng.randrange(24), rng.choice((0, 15, 30, 45))) for _ in range(4)]
        self._zones = rng.sample(ZONES, 5)
        self._last_channel = 10_000
        self._next = world.now
        self._later: list[tuple[datetime, int, int, Act]] = []
        self._promises = 0

    @property
    def next(self) -> datetime:
        """When somebody next does something."""
        return min([self._next, *(at for at, *_ in self._later[:1])])

    def hurry(self) -> None:
        """Let somebody do something within minutes."""
        self._next = min(self._next, self._world.now + SOON * self._rng.expovariate(1))

    async def act(self) -> None:
        """Let somebody do something."""
        if self._later and self._later[0][0] <= self._world.now:
            _, _, club_id, follow_up = heapq.heappop(self._later)
            await follow_up(self._rules.clubs[club_id])
            return
        actions: list[tuple[int, Act]] = [
            (40, self._click),
            (10, self._change_settings),
            (5, self._pause_or_resume),
            (8, self._post_now),
            (7, self._change_permission),
            (8, self._change_reading),
            (4, self._delete_channel),
            (6, self._chat),
            (3, self._remove_or_take_back),
            (12, self._trouble_one),
        ]
        gap = self._world.temper.between_acts / self._world.size
        self._next = self._world.now + gap * self._rng.expovariate(1)
        [action] = self._rng.choices([a for _, a in actions], [weight for weight, _ in actions])
        await action(self._some_club())

    def _follow_up(self, club: ModelClub, hours: float, act: Act) -> None:
        """Let somebody see to the club again, as people mostly do before long."""
        if self._rng.random() < 0.9:
            self._promises += 1
            at = self._world.now + timedelta(hours=hours) * self._rng.expovariate(1)
            heapq.heappush(self._later, (at, self._promises, club.id, act))

    def _some_club(self) -> ModelClub:
        """Return one of the clubs; often one with a message that nobody recorded."""
        unsettled = [key[0] for key in self._rules.unsettled]
        if unsettled and self._rng.random() < 0.5:
            return self._rules.clubs[self._rng.choice(unsettled)]
        return self._rules.clubs[self._rng.choice(list(self._rules.clubs))]

    def _is_shut(self, club: ModelClub) -> bool:
        return self._discord.is_shut(club.id, club.channel_id)

    # Coaches.

    async def found_club(self, club_id: int) -> None:
        """Set a new club up."""
        await self._set_up(club_id, self._new_channel())

    async def _change_settings(self, club: ModelClub) -> None:
        if club.is_gone:
            return
        is_moving = self._rng.random() < 0.4 or self._is_shut(club)
        await self._set_up(club.id, self._new_channel() if is_moving else club.channel_id)

    async def _set_up(self, club_id: int, channel_id: int) -> None:
        if not (process := self._world.some_process()):
            return
        post_time, zone = self._rng.choice(self._times), self._rng.choice(self._zones)
        if before := self._rules.clubs.get(club_id):
            post_time = self._rng.choice((post_time, before.post_time))
            zone = self._rng.choice((zone, before.zone, before.zone))
        wanted = SetUp(
            club_id=club_id,
            channel_id=channel_id,
            time=f"{post_time:%H:%M}",
            timezone=zone,
            role_id=None,
            target=None,
            coach_id=1,
        )
        self._note(club_id, f"{post_time:%H:%M} {zone} in channel {channel_id}")
        await self._settle(process, process.app.clubs.set_up(wanted), club_id)
        club = self._rules.clubs[club_id]
        if (club.post_time, club.zone, club.channel_id) != (post_time, zone, channel_id):
            self._rules.broken.append(f"club {club_id}: the settings told are not saved: {club}")

    async def _settle(self, process: Process, work: Awaitable[Any], club_id: int) -> None:
        try:
            await self._world.do(process, work)
        finally:
            self._rules.adopt(club_id)

    async def _pause_or_resume(self, club: ModelClub) -> None:
        if process := self._world.some_process():
            clubs = process.app.clubs
            self._note(club.id, "resumes" if club.is_paused else "pauses")
            work = (clubs.resume if club.is_paused else clubs.pause)(club.id)
            await self._settle(process, work, club.id)
            if not club.is_paused:
                self._follow_up(club, 20, self._resume)

    async def _resume(self, club: ModelClub) -> None:
        if club.is_paused:
            await self._pause_or_resume(club)

    async def _post_now(self, club: ModelClub) -> None:
        process = self._world.some_process()
        if process is None or club.is_gone:
            return
        self._note(club.id, "post now")
        self._rules.reopened.add(club.id)
        club.disturbed = self._rules.high

        async def press() -> None:
            challenge = await process.app.daily.claim_now(club.id)
            await resend_challenge(process.bot, challenge)

        try:
            await self._world.do(process, press())
        except (AlreadyPosted, ClubPaused):
            pass
        except TRANSIENT as error:
            self._check_injected(error)

    def _check_injected(self, error: Exception) -> None:
        if not any(error is injected for injected in self._rules.errors):
            raise error

    async def _change_permission(self, club: ModelClub) -> None:
        channel = self._discord.channels[club.channel_id]
        if channel.problem is discord.NotFound or club.is_gone:
            return
        channel.problem = None if channel.problem else discord.Forbidden
        self._note(club.id, f"permission {'lost' if channel.problem else 'given back'}")
        await self._notice(club)
        if channel.problem is not None:
            self._follow_up(club, 8, self._see_to_it)

    async def _notice(self, club: ModelClub) -> None:
        """Let a process hear that something changed in the server, and look."""
        if not (process := self._world.some_process()):
            return
        self._rules.reopened.add(club.id)
        await self._world.do(process, process.servers.on_server_change(club.id))
        if club.id in self._rules.faulted:
            self._follow_up(club, 1, self._notice)
        elif not self._is_shut(club):
            self._rules.mended(club.id)

    async def _see_to_it(self, club: ModelClub) -> None:
        """Mend what keeps the bot from the channel."""
        if club.is_gone:
            return
        if self._discord.channels[club.channel_id].problem is discord.NotFound:
            await self._set_up(club.id, self._new_channel())
        elif self._is_shut(club):
            await self._change_permission(club)

    async def _change_reading(self, club: ModelClub) -> None:
        channel = self._discord.channels[club.channel_id]
        channel.is_readable = not channel.is_readable
        self._note(club.id, f"history {'readable' if channel.is_readable else 'hidden'}")

    async def _delete_channel(self, club: ModelClub) -> None:
        self._note(club.id, f"channel {club.channel_id} deleted")
        self._discord.channels[club.channel_id].problem = discord.NotFound
        self._follow_up(club, 8, self._see_to_it)

    async def _remove_or_take_back(self, club: ModelClub) -> None:
        """Remove the bot from the server, or take it back; while it is down, it hears nothing."""
        process = self._world.some_process()
        self._note(club.id, "takes the bot back" if club.is_gone else "removes the bot")
        if not club.is_gone:
            self._follow_up(club, 20, self._take_back)
        (self._discord.removed.discard if club.is_gone else self._discord.removed.add)(club.id)
        if process:
            clubs = process.app.clubs
            work = (clubs.returned if club.is_gone else clubs.left)(club.id)
            await self._settle(process, work, club.id)

    async def _take_back(self, club: ModelClub) -> None:
        if club.id in self._discord.removed:
            await self._remove_or_take_back(club)

    async def reconcile(self, process: Process) -> None:
        """Let a process that starts notice who came and who left."""
        present = [id_ for id_ in self._rules.clubs if id_ not in self._discord.removed]
        before = {id_: club.is_gone for id_, club in self._rules.clubs.items()}
        await process.run(process.app.clubs.reconcile(present, lambda _club_id: True))
        for club_id, was_gone in before.items():
            if was_gone != (club_id in self._discord.removed):
                self._rules.adopt(club_id)

    # Members.

    async def _chat(self, club: ModelClub) -> None:
        """Write more than the bot looks through."""
        messages = self._rng.choice((20, 100, 500, 3000))
        self._discord.channels[club.channel_id].written += messages
        self._note(club.id, f"{messages} messages of members")

    async def _trouble_one(self, club: ModelClub) -> None:
        """Let Discord fail one club for a while, and no other."""
        if club.id not in self._discord.troubled:
            self._discord.troubled[club.id] = self._rng.choice((0.5, 1))
            self._note(club.id, "is in trouble")
            self._follow_up(club, 6, self._trouble_one)
        else:
            del self._discord.troubled[club.id]
            self._note(club.id, "is out of trouble")

    async def _click(self, club: ModelClub) -> None:
        """Some members press Done, each perhaps twice, on a card that is still there."""
        if not club.messages or self._world.some_process() is None or club.is_gone:
            return
        back = self._rng.choice((1, 1, 1, 2, 2, self._rng.randint(1, 20)))
        message = self._discord.messages[club.messages[-min(back, len(club.messages))]]
        for member in self._rng.sample(range(1, 9), self._rng.randint(1, 3)):
            slug, day, level = self._rng.choice(message.buttons)
            done = (club.id, member, day, slug)
            self._rules.asked_done(done)
            times = self._rng.choice((1, 1, 2))
            clicks = [self._mark_done(club, done, level) for _ in range(times)]
            ends = await asyncio.gather(*clicks, return_exceptions=True)
            for end in ends:
                if isinstance(end, BaseException):
                    raise end

    async def _mark_done(self, club: ModelClub, done: tuple[Any, ...], level: Level) -> None:
        if not (process := self._world.some_process()):
            return
        club_id, member, day, slug = done
        work = process.app.practice.mark_done(club_id, member, f"m{member}", slug, day, level)
        try:
            completion = await self._world.do(process, work)
        except (TooLate, TooEarly):
            self._rules.judged(club, day, credited=False)
        else:
            self._rules.judged(club, day, credited=True)
            self._rules.told_done(done, level, is_new=completion.is_new)

    def _new_channel(self) -> int:
        self._last_channel += 1
        return self._last_channel

    def _note(self, club_id: int, event: str) -> None:
        self._world.note(f"club {club_id}: {event}")
