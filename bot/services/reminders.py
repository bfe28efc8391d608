"""Reminders: setting one, and which member is to be reminded now of what."""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.domain.challenge import Assignment, Post
from bot.domain.days import DAY, Clock, parse_time
from bot.domain.reminder import EVERY_DAY, Reminder, parse_days
from bot.domain.zones import Gazetteer
from bot.errors import NoReminderTime, Problems, UserError, ZoneGone
from bot.services.clubs import existing_club, noting
from bot.services.daily import Daily
from bot.storage.database import Database, Stores


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """When a member wants to be reminded, as typed; None leaves it as it is."""

    club_id: int
    member_id: int
    locale: str
    at: str | None = None
    days: str | None = None
    timezone: str | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is to change."""
        return self.at is None and self.days is None and self.timezone is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Nudge:
    """A reminder to send: the move of the day, and its post in the club if there is one."""

    reminder: Reminder
    assignment: Assignment
    post: Post | None


class Reminders:
    """What members and the clock can ask for."""

    def __init__(self, database: Database, zones: Gazetteer, daily: Daily, clock: Clock) -> None:
        self._database = database
        self._zones = zones
        self._daily = daily
        self._clock = clock

    async def set(self, wanted: Wanted) -> Reminder | None:
        """Save what is wanted and return the reminder, None if there is none to show.

        What is left out stays as it was; at first every day, and the club's time zone.

        Raises:
            NotSetUp: this server is no club yet.
            UserError: what is wrong, or Problems if it is more than one thing; nothing is saved.
        """
        async with self._database.write(wanted.club_id) as stores:
            club = await existing_club(stores, wanted.club_id)
            before = await stores.reminders.get(wanted.club_id, wanted.member_id)
            if wanted.is_empty:
                return before
            changes = self._changes(wanted)
            if before is None and "at" not in changes:
                raise NoReminderTime
            usual = {"weekdays": EVERY_DAY, "zone": club.zone}
            reminder = (
                replace(before, locale=wanted.locale, **changes)
                if before
                else Reminder(
                    club_id=wanted.club_id,
                    member_id=wanted.member_id,
                    locale=wanted.locale,
                    next_due=None,
                    **{**usual, **changes},
                )
            )
            reminder = reminder.settle(self._clock())
            await stores.reminders.put(reminder)
        return reminder

    def _changes(self, wanted: Wanted) -> dict[str, Any]:
        problems: list[UserError] = []
        changes: dict[str, Any] = {}
        with noting(problems):
            if wanted.at is not None:
                changes["at"] = parse_time(wanted.at)
        with noting(problems):
            if wanted.days is not None:
                changes["weekdays"] = parse_days(wanted.days)
        with noting(problems):
            if wanted.timezone is not None:
                changes["zone"] = self._zones.get(wanted.timezone).name
        Problems.raise_any(problems)
        return changes

    async def switch_off(self, club_id: int, member_id: int) -> bool:
        """Forget the member's reminder and return whether there was one."""
        async with self._database.write(club_id) as stores:
            return await stores.reminders.remove(club_id, member_id)

    async def leads(self) -> bool:
        """Return whether this process is the one that reminds."""
        return await self._database.lead()

    async def due(self) -> list[tuple[int, int]]:
        """Return club and member of the reminders to be looked at, the longest due first."""
        async with self._database.read() as stores:
            return await stores.reminders.due(self._clock())

    async def claim(self, club_id: int, member_id: int) -> Nudge | None:
        """Claim a reminder that is due and return what to send, or None if nothing is.

        Whoever gets one sends it and then reports `sent`, `dropped` or `closed`. Without such
        word, as after a crash, it is sent again as long as Discord recognises the nonce; later it
        may have arrived, and one that stays away is better than two.
        """
        now = self._clock()
        async with self._database.write(club_id) as stores:
            reminder = await stores.reminders.get(club_id, member_id)
            # Asked again in the transaction: another process may have taken it up since.
            if reminder is None or reminder.next_due is None or reminder.next_due > now:
                return None
            nudge = None
            try:
                is_owed = reminder.may_repeat(now) if reminder.claimed_at else reminder.is_owed(now)
                if is_owed:
                    nudge = await self._nudge(stores, reminder.claim(now), now)
                after = nudge.reminder if nudge else reminder.settle(now)
            except ZoneGone:  # of the member or of the club: tomorrow it may be back
                after = replace(reminder, claimed_at=None, next_due=now + DAY)
            await stores.reminders.put(after)
        return nudge

    async def _nudge(self, stores: Stores, reminder: Reminder, now: datetime) -> Nudge | None:
        """Return what to send, or None if the member is not to be reminded today."""
        club = await stores.clubs.get(reminder.club_id)
        if club is None or club.is_paused or await stores.clubs.is_left(club.id):
            return None
        today = club.calendar.day(now)
        history = await stores.members.history(club.id, reminder.member_id)
        is_silent = history.has_left or history.record.is_paused(today)
        if is_silent or today in history.days:
            return None
        return Nudge(
            reminder=reminder,
            assignment=await self._daily.assigned(stores, club, today),
            post=await stores.posts.get(club.id, today),
        )

    async def sent(self, reminder: Reminder, channel_id: int) -> None:
        """Record that it is in the member's channel of direct messages, which is this one."""
        await self._record(reminder, channel_id)

    async def dropped(self, reminder: Reminder) -> None:
        """Record that Discord refuses this one, so that it is not tried again."""
        await self._record(reminder, reminder.channel_id)

    async def _record(self, reminder: Reminder, channel_id: int | None) -> None:
        async with self._database.write(reminder.club_id) as stores:
            current = await stores.reminders.get(reminder.club_id, reminder.member_id)
            if current is None or current.claimed_at != reminder.claimed_at:
                return  # changed or switched off meanwhile
            current = replace(current, channel_id=channel_id)
            with suppress(ZoneGone):  # then the next look finds that out
                current = current.settle(self._clock())
            await stores.reminders.put(current)

    async def closed(self, reminder: Reminder) -> None:
        """Switch it off, because the member takes no messages; they hear of it in the club."""
        async with self._database.write(reminder.club_id) as stores:
            current = await stores.reminders.get(reminder.club_id, reminder.member_id)
            if current is not None:
                await stores.reminders.put(current.close())
