"""What coaches take out of the count, and put back: an entry by mistake, or one that was none."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from bot.domain.badges import Badge, earned
from bot.domain.club import Club
from bot.domain.days import Clock
from bot.domain.exercise import Exercise
from bot.domain.history import Entry, History, latest_first
from bot.domain.streaks import Streak, streak
from bot.errors import NothingToVoid
from bot.services.clubs import existing_club
from bot.services.daily import Daily
from bot.services.moves import Moves
from bot.services.scores import Change, keep_scores
from bot.storage.database import Database, Stores
from bot.storage.members import Award


@dataclass(frozen=True, slots=True, kw_only=True)
class Voided:
    """An entry of a member that counts no more, or again; and how they stand with that.

    `exercise` is None if the library has lost it; `badges` went with the entry, or came back.
    """

    member_id: int
    entry: Entry
    exercise: Exercise | None
    counts: bool
    streak: Streak
    badges: tuple[Badge, ...]
    today: date


class Voids:
    """What coaches can ask for about the entries of a member."""

    def __init__(
        self,
        database: Database,
        moves: Moves,
        daily: Daily,
        clock: Clock,
        badges: Sequence[Badge] = (),
    ) -> None:
        self._database = database
        self._moves = moves
        self._daily = daily
        self._clock = clock
        self._badges = badges

    async def entries(
        self, club_id: int, member_id: int
    ) -> tuple[date, list[tuple[Entry, Exercise | None]]]:
        """Return the club's day, and what the member has in the count, the latest day first.

        Raises:
            NotSetUp: this server is no club yet.
        """
        async with self._database.read() as stores:
            club = await existing_club(stores, club_id)
            history = await stores.members.history(club_id, member_id)
            known = (await self._moves.of(stores, club)).known
        today = club.calendar.day(self._clock())
        return today, [(entry, known.get(entry.slug)) for entry in latest_first(history.entries)]

    async def take_out(self, club_id: int, member_id: int, day: date, slug: str) -> Voided:
        """Count this no more; the badges that rest on it go too.

        Raises:
            NotSetUp: this server is no club yet.
            NothingToVoid: the member has no such entry in the count.
        """
        return await self._change(club_id, member_id, day, slug, counts=False)

    async def put_back(self, club_id: int, member_id: int, day: date, slug: str) -> Voided:
        """Count this again, as if it had never been taken out.

        Raises:
            NotSetUp: this server is no club yet.
            NothingToVoid: it was not taken out, or is counted again already.
        """
        return await self._change(club_id, member_id, day, slug, counts=True)

    async def _change(
        self, club_id: int, member_id: int, day: date, slug: str, *, counts: bool
    ) -> Voided:
        async with self._database.write(club_id) as stores:
            club = await existing_club(stores, club_id)
            today = club.calendar.day(self._clock())
            before = await stores.members.history(club_id, member_id)
            entry = _find(before.voided if counts else before.entries, day, slug)
            if counts:
                await stores.voids.put_back(club_id, member_id, entry)
                after = before.plus([entry], today)
            else:
                await stores.voids.take_out(club_id, member_id, entry)
                after = before.without({(day, slug)})
            change = Change(
                club=club, member_id=member_id, before=before.record, after=after.record
            )
            await keep_scores(stores, [change], {club_id: today})
            badges = await self._keep_badges(stores, club, member_id, today, before, after)
            known = (await self._moves.of(stores, club)).known
        self._daily.outdate(club_id, day)
        return Voided(
            member_id=member_id,
            entry=entry,
            exercise=known.get(slug),
            counts=counts,
            streak=streak(after.record, club.targets, today, club.calendar),
            badges=badges,
            today=today,
        )

    async def _keep_badges(
        self,
        stores: Stores,
        club: Club,
        member_id: int,
        today: date,
        before: History,
        after: History,
    ) -> tuple[Badge, ...]:
        """Take away the badges that only what was before deserves, award those of what is after."""
        then, now = (self._deserved(history, club, today) for history in (before, after))
        gone, new = (then - now) & before.badges, now - then - before.badges
        if gone:
            await stores.members.revoke(club.id, member_id, gone)
        await stores.members.award(Award(club.id, member_id, badge, today) for badge in sorted(new))
        return tuple(badge for badge in self._badges if badge.id in gone | new)

    def _deserved(self, history: History, club: Club, today: date) -> set[str]:
        best = streak(history.record, club.targets, today, club.calendar).best
        return {badge.id for badge in earned(self._badges, history.entries, best)}


def _find(entries: Collection[Entry], day: date, slug: str) -> Entry:
    found = [entry for entry in entries if (entry.day, entry.slug) == (day, slug)]
    if not found:
        raise NothingToVoid
    return found[0]
