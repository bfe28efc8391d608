"""Keeps the scores of all boards as events come in, and counts them anew from the events."""

import asyncio
import logging
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.domain.club import Club
from bot.domain.days import Clock
from bot.domain.goal import GOAL_WEEKS, Goal, goal_of
from bot.domain.scores import RULES, Score, scores, spans, week_board
from bot.domain.standings import Spread
from bot.domain.streaks import WEEK, Record, Streak
from bot.errors import ZoneGone
from bot.storage.database import Database, Stores
from bot.storage.scores import MemberScore

log = logging.getLogger(__name__)

AT_ONCE = 50  # members that are counted anew before others may write again


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What became of a member's events in a club, in the transaction that changed them.

    `stands` is their streak now, if it is known.
    """

    club: Club
    member_id: int
    before: Record
    after: Record
    stands: Streak | None = None

    @property
    def days(self) -> frozenset[date]:
        """The days that became a session, or are none any more."""
        return self.before.days ^ self.after.days

    @property
    def may_lower(self) -> bool:
        """Whether a score may be lower now; doing something never lowers any."""
        return self.before.pauses != self.after.pauses or not self.before.days <= self.after.days


@dataclass(frozen=True, slots=True)
class Recount:
    """How many members of how many clubs were counted anew, and how many rows were wrong.

    `left_out` are the clubs without a time zone: their day cannot be told.
    """

    clubs: int = 0
    members: int = 0
    wrong: int = 0
    left_out: tuple[int, ...] = ()

    def plus(self, other: "Recount") -> "Recount":
        """Return both together."""
        return Recount(
            self.clubs + other.clubs,
            self.members + other.members,
            self.wrong + other.wrong,
            self.left_out + other.left_out,
        )


async def keep_scores(stores: Stores, changes: Sequence[Change], today: Mapping[int, date]) -> None:
    """Write what the changes make of the scores; `today` is the club day, by club.

    Two statements for all of them, whatever their number; a third where something was taken back.
    """
    rows: list[MemberScore] = []
    gone: list[tuple[int, int, str]] = []
    moved: Counter[tuple[int, str, int]] = Counter()
    for change in changes:
        if change.before == change.after:
            continue
        club_id, member_id = change.club.id, change.member_id
        day = today[club_id]
        new = scores(change.after, change.days, change.club, day, change.stands)
        rows += [MemberScore(club_id, member_id, board, score) for board, score in new.items()]
        if change.may_lower:
            old = scores(change.before, change.days, change.club, day)
            gone += [(club_id, member_id, board) for board in old if board not in new]
        moved.update(_moved(change, new))
    await stores.scores.save(rows)
    await stores.scores.delete(gone)
    await stores.scores.shift(moved)


async def take_out(stores: Stores, club: Club, member_id: int, record: Record) -> None:
    """Count the member, whose events these are, no more; their own scores are not touched."""
    change = Change(club=club, member_id=member_id, before=record, after=Record())
    await stores.scores.shift(_moved(change, {}))


def _moved(change: Change, new: Mapping[str, Score]) -> dict[tuple[int, str, int], int]:
    """Return by how many members each number of sessions grew, by club, board and number."""
    grown: Counter[str] = Counter()
    for day in change.days:
        sign = 1 if day in change.after.days else -1
        for board in spans(day, change.club.season):
            grown[board] += sign
    moved: dict[tuple[int, str, int], int] = {}
    for board, more in grown.items():
        points = new[board].points if board in new else 0
        if more and points:
            moved[change.club.id, board, points] = 1
        if more and points - more:
            moved[change.club.id, board, points - more] = -1
    return moved


def goal_boards(today: date) -> list[str]:
    """Return the boards that the goal derives from: the last full weeks, and this one."""
    return [week_board(today - n * WEEK) for n in range(GOAL_WEEKS, -1, -1)]


def goal_from(
    club: Club, spreads: Mapping[str, Spread], today: date
) -> tuple[Goal | None, tuple[int, ...]]:
    """Return the club's goal this week, and its sessions in the last full weeks."""
    *weeks, done = (spreads[board].total for board in goal_boards(today))
    return goal_of(club.goal, weeks, done), tuple(weeks)


async def goal(stores: Stores, club: Club, today: date) -> Goal | None:
    """Return the club's goal in the week of this day, and how much of it is done."""
    spreads = await stores.scores.spreads(club.id, goal_boards(today))
    return goal_from(club, spreads, today)[0]


class Scores:
    """Counts the scores anew, for whoever starts the bot, runs it, or changes a club's rules."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def catch_up(self) -> Recount:
        """Count the clubs whose scores were never counted, or by other rules than today's."""
        async with self._database.read() as stores:
            waiting = await stores.clubs.counted_otherwise(RULES)
        if waiting:
            log.info("counting the boards of %d clubs", len(waiting))
        return await self._count(waiting, is_mended=True)

    async def recount(self, *, is_mended: bool) -> Recount:
        """Return how many scores of all clubs are not what the events say; mend them if so."""
        async with self._database.read() as stores:
            ids = await stores.clubs.ids()
        return await self._count(ids, is_mended=is_mended)

    async def recount_club(self, club_id: int, *, is_mended: bool = True) -> Recount:
        """Return the same of one club; its rules may have changed."""
        return await self._count([club_id], is_mended=is_mended)

    async def _count(self, club_ids: Iterable[int], *, is_mended: bool) -> Recount:
        found = Recount()
        for club_id in club_ids:
            try:
                found = found.plus(await self._count_club(club_id, is_mended=is_mended))
            except ZoneGone:
                found = found.plus(Recount(left_out=(club_id,)))
        return found

    async def _count_club(self, club_id: int, *, is_mended: bool) -> Recount:
        """Count a club in short transactions, between which its members may do what they like."""
        last, counted, wrong = -1, 0, 0
        while True:
            async with self._database.write(club_id) as stores:
                club = await stores.clubs.get(club_id)
                if club is None:
                    return Recount()
                ids = await stores.scores.members_after(club_id, last, AT_ONCE)
                if not ids:
                    wrong += await stores.scores.recount(club_id, is_mended=is_mended)
                    if is_mended:
                        await stores.clubs.set_counted(club_id, RULES)
                    return Recount(1, counted, wrong)
                wrong += await self._count_members(
                    stores, club, ids[0], ids[-1], is_mended=is_mended
                )
            last, counted = ids[-1], counted + len(ids)

    async def _count_members(
        self, stores: Stores, club: Club, first: int, last: int, *, is_mended: bool
    ) -> int:
        today = club.calendar.day(self._clock())
        records = await stores.scores.records(club.id, first, last)
        stored = await stores.scores.stored(club.id, first, last)
        right = await asyncio.to_thread(_all_scores, records, club, today)
        wrong = {key for key, score in right.items() if stored.get(key) != score}
        holding = {key for key, score in stored.items() if _holds(score, today)}
        if is_mended:
            await stores.scores.save(
                MemberScore(club.id, member_id, board, right[member_id, board])
                for member_id, board in sorted(wrong)
            )
            await stores.scores.delete(
                (club.id, member_id, board) for member_id, board in stored.keys() - right.keys()
            )
        return len(wrong | (holding - right.keys()))


def _all_scores(
    records: Mapping[int, Record], club: Club, today: date
) -> dict[tuple[int, str], Score]:
    return {
        (member_id, board): score
        for member_id, record in records.items()
        for board, score in scores(record, record.days, club, today).items()
    }


def _holds(score: Score, today: date) -> bool:
    return score.until is None or score.until >= today
