"""Buddies: asking and accepting, the streak that two share, a nudge a day, and the end of it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.domain.buddies import Buddies, shared_streak
from bot.domain.challenge import Assignment
from bot.domain.club import Club
from bot.domain.days import DAY, Clock
from bot.domain.history import History
from bot.domain.streaks import weeks
from bot.errors import (
    BuddyIsBot,
    BuddyIsSelf,
    BuddyNotAsked,
    BuddyNotFree,
    BuddyTaken,
    BuddyTooLate,
    NoBuddy,
)
from bot.services.clubs import existing_club
from bot.services.daily import Daily
from bot.storage.database import Database, Stores

HOLDS = 7 * DAY  # how long a request can be accepted


@dataclass(frozen=True, slots=True)
class Request:
    """Who asked whom to be their buddy, in which club, and on which club day."""

    club_id: int
    asker_id: int
    asked_id: int
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A pair with the weeks in a row that both hit, and which of them has moved today."""

    club_id: int
    pair: Buddies
    weeks: int
    i_am_done: bool
    they_are_done: bool
    may_nudge: bool


class Nudged(StrEnum):
    """What became of a nudge."""

    SENT = "sent"
    AGAIN = "again"  # one a day is enough
    DONE = "done"  # the buddy has moved today already
    QUIET = "quiet"  # the buddy pauses or takes none; which of it is theirs to say


@dataclass(frozen=True, slots=True, kw_only=True)
class Poke:
    """A nudge: whether to send it, and if so to whom and for which move."""

    outcome: Nudged
    buddy_id: int
    assignment: Assignment


class BuddyService:
    """What members can ask for."""

    def __init__(self, database: Database, daily: Daily, clock: Clock) -> None:
        self._database = database
        self._daily = daily
        self._clock = clock

    async def ask(self, club_id: int, asker_id: int, asked_id: int, *, is_bot: bool) -> Request:
        """Return the request to show to who is asked.

        Raises:
            NotSetUp: this server is no club yet.
            BuddyIsBot, BuddyIsSelf, BuddyTaken, BuddyNotFree: why that cannot be.
        """
        if is_bot:
            raise BuddyIsBot
        if asked_id == asker_id:
            raise BuddyIsSelf
        async with self._database.read() as stores:
            club = await existing_club(stores, club_id)
            if await stores.buddies.get(club_id, asker_id) is not None:
                raise BuddyTaken
            await _check_free(stores, club_id, asked_id)
        return Request(club_id, asker_id, asked_id, club.calendar.day(self._clock()))

    def decline(self, request: Request, member_id: int) -> None:
        """Return if it is for this member to say no; nothing is stored of a request.

        Raises:
            BuddyNotAsked: it was made to another.
        """
        if member_id != request.asked_id:
            raise BuddyNotAsked

    async def accept(self, request: Request, member_id: int, pair_id: int) -> Standing:
        """Make the two buddies and return how they stand; `pair_id` is of no other pair.

        Raises:
            NotSetUp: this server is no club any more.
            BuddyNotAsked, BuddyTooLate, BuddyTaken, BuddyNotFree: why that cannot be.
        """
        self.decline(request, member_id)
        club_id = request.club_id
        async with self._database.write(club_id) as stores:
            club = await existing_club(stores, club_id)
            today = club.calendar.day(self._clock())
            if today - request.day > HOLDS:
                raise BuddyTooLate
            mine = await stores.buddies.get(club_id, member_id)
            if mine is not None and mine.buddy_id != request.asker_id:
                raise BuddyTaken
            if mine is None:
                await _check_free(stores, club_id, request.asker_id)
                both = (request.asker_id, member_id)
                await stores.buddies.pair(club_id, both, pair_id, today)
            return await _standing(stores, club, member_id, today)

    async def standing(self, club_id: int, member_id: int) -> Standing | None:
        """Return how the member and their buddy stand, None if they have none.

        Raises:
            NotSetUp: this server is no club yet.
        """
        async with self._database.read() as stores:
            club = await existing_club(stores, club_id)
            if await stores.buddies.get(club_id, member_id) is None:
                return None
            return await _standing(stores, club, member_id, club.calendar.day(self._clock()))

    async def nudge(self, club_id: int, member_id: int) -> Poke:
        """Return whether to nudge the member's buddy now; it counts as sent from then on.

        Raises:
            NotSetUp: this server is no club any more.
            NoBuddy: the member has none.
        """
        async with self._database.write(club_id) as stores:
            club = await existing_club(stores, club_id)
            pair = await _existing(stores, club_id, member_id)
            today = club.calendar.day(self._clock())
            history = await stores.members.history(club_id, pair.buddy_id)
            outcome = _outcome(pair, history, today)
            if outcome is Nudged.SENT:
                await stores.buddies.set_nudged(club_id, member_id, today)
            assignment = await self._daily.assigned(stores, club, today)
        return Poke(outcome=outcome, buddy_id=pair.buddy_id, assignment=assignment)

    async def take_nudges(self, club_id: int, member_id: int, *, takes: bool) -> None:
        """Record whether the member wants to be nudged.

        Raises:
            NoBuddy: there is nobody who could.
        """
        async with self._database.write(club_id) as stores:
            await _existing(stores, club_id, member_id)
            await stores.buddies.set_takes_nudges(club_id, member_id, takes=takes)

    async def end(self, club_id: int, member_id: int) -> None:
        """Let the two go their own ways; nothing that either did is lost."""
        async with self._database.write(club_id) as stores:
            await stores.buddies.remove(club_id, member_id)


async def weeks_with_buddy(
    stores: Stores, club: Club, member_id: int, mine: History, today: date
) -> int | None:
    """Return the weeks in a row that a member and their buddy both hit, None without a buddy."""
    pair = await stores.buddies.get(club.id, member_id)
    if pair is None:
        return None
    theirs = await stores.members.history(club.id, pair.buddy_id)
    return _shared(club, pair, mine, theirs, today)


def _shared(club: Club, pair: Buddies, mine: History, theirs: History, today: date) -> int:
    """Return the weeks in a row that both hit, from that on in which they became buddies."""
    both = (
        weeks(each.record, club.targets, today, club.calendar, since=pair.since)
        for each in (mine, theirs)
    )
    return shared_streak(*both)


async def _standing(stores: Stores, club: Club, member_id: int, today: date) -> Standing:
    pair = await _existing(stores, club.id, member_id)
    mine = await stores.members.history(club.id, member_id)
    theirs = await stores.members.history(club.id, pair.buddy_id)
    return Standing(
        club_id=club.id,
        pair=pair,
        weeks=_shared(club, pair, mine, theirs, today),
        i_am_done=today in mine.days,
        they_are_done=today in theirs.days,
        may_nudge=_outcome(pair, theirs, today) is not Nudged.AGAIN and today not in theirs.days,
    )


async def _existing(stores: Stores, club_id: int, member_id: int) -> Buddies:
    pair = await stores.buddies.get(club_id, member_id)
    if pair is None:
        raise NoBuddy
    return pair


async def _check_free(stores: Stores, club_id: int, member_id: int) -> None:
    """Return if the member can become somebody's buddy, or raise BuddyNotFree."""
    is_taken = await stores.buddies.get(club_id, member_id) is not None
    if is_taken or await stores.members.is_hidden(club_id, member_id):
        raise BuddyNotFree


def _outcome(pair: Buddies, history: History, today: date) -> Nudged:
    if today in history.days:
        return Nudged.DONE
    if pair.nudged_on == today:
        return Nudged.AGAIN
    is_quiet = not pair.takes_nudges or history.has_left or history.record.is_paused(today)
    return Nudged.QUIET if is_quiet else Nudged.SENT
