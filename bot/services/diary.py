"""What members keep about themselves: logging, undoing, pausing, and why a streak is as it is."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.challenge import Assignment
from bot.domain.club import Club
from bot.domain.dates import parse_date
from bot.domain.days import DAY, Clock, creditable
from bot.domain.exercise import Exercise, Level
from bot.domain.history import Entry, History, latest_first
from bot.domain.pauses import Pause, PauseReason, is_returning, merge
from bot.domain.recent import RecentWeek, recent
from bot.domain.streaks import WEEK, Consistency, Streak, consistency, streak, summary, weeks
from bot.errors import (
    BeforeJoining,
    NothingToUndo,
    NotYet,
    PauseBackwards,
    PauseTooEarly,
    PauseTooLong,
    TooLongAgo,
)
from bot.services.clubs import existing_club
from bot.services.daily import Daily
from bot.services.moves import Moves
from bot.services.practice import Completion, Practice
from bot.services.scores import Change, keep_scores
from bot.storage.database import Database, Stores

PAUSE_DAYS_BACK = 28  # as far back as the four full weeks that `Diary.why` shows
PAUSE_DAYS_AHEAD = 365
PAGE = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """What a member wants counted, as typed. `joined_at` is when they came to the server."""

    club_id: int
    member_id: int
    name: str
    exercise: str
    when: str = "today"
    level: Level = Level.STANDARD
    joined_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """A completion that is gone, and how the member stands without it.

    `exercise` is None if the library has lost it.
    """

    entry: Entry
    exercise: Exercise | None
    is_today: bool
    streak: Streak


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a member's streak stands, and why: the last weeks, the oldest first.

    `open_days` are the days without a move that can still be counted, each with its challenge.
    """

    club: Club
    today: date
    streak: Streak
    consistency: Consistency | None
    weeks: tuple[RecentWeek, ...]
    pauses: tuple[Pause, ...]
    open_days: tuple[Assignment, ...]
    voided: tuple[date, ...] = ()
    """The days in these weeks of which a coach took something out of the count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paused:
    """A pause as it now stands; `merged` are those that it took in, `pause` is None if it is gone.

    `today` is the club day.
    """

    pause: Pause | None
    merged: tuple[Pause, ...]
    today: date
    streak: Streak


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """The challenge of the day for one member; `is_return`: their first week after a pause."""

    assignment: Assignment
    is_return: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryPage:
    """A page of what a member did, the latest day first; pages count from 0.

    An exercise that the library has lost is None, but its entry is there. What a coach took out of
    the count is there too, but not in `count`; on this page it is `voided`.
    """

    entries: tuple[tuple[Entry, Exercise | None], ...]
    page: int
    pages: int
    count: int
    today: date
    voided: frozenset[Entry] = frozenset()


class Diary:
    """What members can ask for about themselves."""

    def __init__(
        self,
        database: Database,
        moves: Moves,
        daily: Daily,
        practice: Practice,
        clock: Clock,
    ) -> None:
        self._database = database
        self._moves = moves
        self._daily = daily
        self._practice = practice
        self._clock = clock

    async def today(self, club_id: int, member_id: int) -> Today:
        """Return the challenge of the club's current day, posted or not, for this member.

        Raises:
            NotSetUp: this server is no club yet.
        """

        async def look(stores: Stores) -> Today:
            club = await existing_club(stores, club_id)
            today = club.calendar.day(self._clock())
            history = await stores.members.history(club_id, member_id)
            assignment = await self._daily.assigned(stores, club, today)
            return Today(assignment=assignment, is_return=is_returning(history.pauses, today))

        return await self._database.look(look)

    async def days_to_log(self, club_id: int) -> list[date]:
        """Return the days that may be logged now, today first.

        Raises:
            NotSetUp: this server is no club yet.
        """
        async with self._database.read() as stores:
            club = await existing_club(stores, club_id)
        return creditable(club.calendar.day(self._clock()), club.credit_days, club.calendar)

    async def log(self, wanted: Log) -> Completion:
        """Record what a member did, today or as far back as the club counts.

        Raises:
            NotSetUp: this server is no club yet.
            UnknownExercise: with the three nearest names.
            BadDay, NotYet, BeforeJoining, TooLongAgo: what is wrong with the day.
        """
        async with self._database.read() as stores:
            club = await existing_club(stores, wanted.club_id)
            exercise = (await self._moves.of(stores, club)).offered.get(wanted.exercise)
            history = await stores.members.history(wanted.club_id, wanted.member_id)
        today = club.calendar.day(self._clock())
        day = parse_date(wanted.when, today)
        _check_log(day, today, club, _joined(club, wanted.joined_at, history))
        return await self._practice.mark_done(
            wanted.club_id, wanted.member_id, wanted.name, exercise.slug, day, wanted.level
        )

    async def undo(self, club_id: int, member_id: int) -> Undone:
        """Delete what the member recorded last, of the days that can still be logged.

        Nothing is kept of it: what somebody takes back never happened. Badges stay.

        Raises:
            NotSetUp: this server is no club yet.
            NothingToUndo: there is nothing, or it is too long ago.
        """
        async with self._database.write(club_id) as stores:
            club = await existing_club(stores, club_id)
            today = club.calendar.day(self._clock())
            oldest = creditable(today, club.credit_days, club.calendar)[-1]
            entry = await stores.completions.last_recorded(club_id, member_id, oldest)
            if entry is None:
                raise NothingToUndo(oldest=oldest)
            before = await stores.members.history(club_id, member_id)
            await stores.completions.remove(club_id, member_id, entry)
            known = (await self._moves.of(stores, club)).known
            history = before.without({(entry.day, entry.slug)})
            await _keep(stores, club, member_id, before, history, today)
        self._daily.outdate(club_id, entry.day)
        return Undone(
            entry=entry,
            exercise=known.get(entry.slug),
            is_today=entry.day == today,
            streak=streak(history.record, club.targets, today, club.calendar),
        )

    async def standing(
        self, club_id: int, member_id: int, joined_at: datetime | None = None
    ) -> Standing:
        """Return the member's streak and its last weeks, day by day.

        Raises:
            NotSetUp: this server is no club yet.
        """
        async with self._database.read() as stores:
            club = await existing_club(stores, club_id)
            today = club.calendar.day(self._clock())
            history = await stores.members.history(club_id, member_id)
            joined = _joined(club, joined_at, history) or date.min
            open_days = [
                await self._daily.assigned(stores, club, day)
                for day in creditable(today, club.credit_days, club.calendar)
                if day >= joined and day not in history.days
            ]
        record, calendar = history.record, club.calendar
        passed = weeks(record, club.targets, today, calendar, since=today - 4 * WEEK)
        return Standing(
            club=club,
            today=today,
            streak=summary(passed),
            consistency=consistency(record, club.targets, today, calendar),
            weeks=recent(passed, record, today, calendar),
            pauses=history.pauses,
            open_days=tuple(open_days),
            voided=tuple(sorted({e.day for e in history.voided if e.day >= passed[0].monday})),
        )

    async def pause(
        self, club_id: int, member_id: int, first: str, last: str | None, reason: PauseReason
    ) -> Paused:
        """Record a pause, both days in it, as typed; without `last` it goes on until ended.

        Raises:
            NotSetUp: this server is no club yet.
            BadDay, PauseBackwards, PauseTooEarly, PauseTooLong: what is wrong with the days.
        """
        async with self._database.write(club_id) as stores:
            club = await existing_club(stores, club_id)
            today = club.calendar.day(self._clock())
            wanted = _parse_pause(first, last, reason, today)
            before = await stores.members.history(club_id, member_id)
            pause, merged = merge(wanted, before.pauses)
            await stores.members.replace_pauses(club_id, member_id, merged, pause)
            history = await stores.members.history(club_id, member_id)
            await _keep(stores, club, member_id, before, history, today)
        return _paused(club, history, today, pause, merged)

    async def end_pause(self, club_id: int, member_id: int, first: date) -> Paused:
        """End the pause that began on this day, yesterday at the latest; one to come is deleted.

        One that is over stays as it is, and so does the answer if there is none (any more).

        Raises:
            NotSetUp: this server is no club yet.
        """
        async with self._database.write(club_id) as stores:
            club = await existing_club(stores, club_id)
            today = club.calendar.day(self._clock())
            history = await stores.members.history(club_id, member_id)
            found = next((pause for pause in history.pauses if pause.first == first), None)
            ended = _ended(found, today)
            if found is not None and ended != found:
                before = history
                await stores.members.replace_pauses(club_id, member_id, [found], ended)
                history = await stores.members.history(club_id, member_id)
                await _keep(stores, club, member_id, before, history, today)
        return _paused(club, history, today, ended, ())

    async def delete_pause(self, club_id: int, member_id: int, first: date) -> Paused:
        """Delete the pause that began on this day, because it was none.

        Raises:
            NotSetUp: this server is no club yet.
        """
        async with self._database.write(club_id) as stores:
            club = await existing_club(stores, club_id)
            today = club.calendar.day(self._clock())
            before = await stores.members.history(club_id, member_id)
            found = [pause for pause in before.pauses if pause.first == first]
            await stores.members.replace_pauses(club_id, member_id, found, None)
            history = await stores.members.history(club_id, member_id)
            await _keep(stores, club, member_id, before, history, today)
        return _paused(club, history, today, None, ())

    async def history(self, club_id: int, member_id: int, page: int) -> HistoryPage:
        """Return a page of what the member did, the last page for one beyond it.

        Raises:
            NotSetUp: this server is no club yet.
        """
        async with self._database.read() as stores:
            club = await existing_club(stores, club_id)
            history = await stores.members.history(club_id, member_id)
            known = (await self._moves.of(stores, club)).known
        entries = latest_first((*history.entries, *history.voided))
        pages = max(1, -(-len(entries) // PAGE))
        page = max(0, min(page, pages - 1))
        shown = entries[page * PAGE : (page + 1) * PAGE]
        return HistoryPage(
            entries=tuple((entry, known.get(entry.slug)) for entry in shown),
            page=page,
            pages=pages,
            count=len(history.entries),
            today=club.calendar.day(self._clock()),
            voided=frozenset(shown).intersection(history.voided),
        )


async def _keep(
    stores: Stores, club: Club, member_id: int, before: History, after: History, today: date
) -> None:
    change = Change(club=club, member_id=member_id, before=before.record, after=after.record)
    await keep_scores(stores, [change], {club.id: today})


def _joined(club: Club, joined_at: datetime | None, history: History) -> date | None:
    """Return the first day that a member was there; who left and came back was there before."""
    came = club.calendar.day(joined_at) if joined_at else None
    return min((day for day in (came, history.joined) if day is not None), default=None)


def _check_log(day: date, today: date, club: Club, joined: date | None) -> None:
    oldest = creditable(today, club.credit_days, club.calendar)[-1]
    if day > today:
        raise NotYet(day=day)
    if joined is not None and day < joined:
        raise BeforeJoining(day=day, joined=joined)
    if day < oldest:
        raise TooLongAgo(day=day, oldest=oldest, n=club.credit_days)


def _parse_pause(first: str, last: str | None, reason: PauseReason, today: date) -> Pause:
    start = parse_date(first, today, is_ahead=True)
    end = None if last is None else parse_date(last, today, is_ahead=True)
    if end is not None and end < start:
        raise PauseBackwards(first=start, last=end)
    earliest, latest = today - PAUSE_DAYS_BACK * DAY, today + PAUSE_DAYS_AHEAD * DAY
    if start < earliest:
        raise PauseTooEarly(day=start, oldest=earliest, weeks=PAUSE_DAYS_BACK // 7)
    if max(start, end or start) > latest:
        raise PauseTooLong(day=max(start, end or start), latest=latest)
    return Pause(start, end, reason)


def _ended(pause: Pause | None, today: date) -> Pause | None:
    """Return what is left of a pause that ends before `today`."""
    if pause is None or pause.first >= today:
        return None
    if pause.last is not None and pause.last < today:
        return pause
    return Pause(pause.first, today - DAY, pause.reason)


def _paused(
    club: Club, history: History, today: date, pause: Pause | None, merged: tuple[Pause, ...]
) -> Paused:
    stands = streak(history.record, club.targets, today, club.calendar)
    return Paused(pause=pause, merged=merged, today=today, streak=stands)
