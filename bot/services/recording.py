"""Records what members did and what follows from it, for many of them in one transaction."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.badges import Badge, earned
from bot.domain.club import Club
from bot.domain.days import Clock, check_credit
from bot.domain.exercise import Exercise, Level
from bot.domain.history import Entry, History
from bot.domain.pauses import is_returning
from bot.domain.streaks import Record, Streak, streak
from bot.errors import NotSetUp, UserError, Voided, ZoneGone
from bot.services.batching import Batch
from bot.services.daily import Daily
from bot.services.moves import Moves
from bot.services.scores import Change, keep_scores
from bot.storage.completions import Done
from bot.storage.database import Database, Stores
from bot.storage.members import Award, Named, Who


@dataclass(frozen=True, slots=True, kw_only=True)
class Gain:
    """How a member stands once something is recorded, and the badges that it earned.

    `is_return`: it is the first week after a pause. `is_reminder_closed`: their reminder was
    switched off because Discord took none for them; this is said once.
    """

    streak: Streak
    badges: tuple[Badge, ...] = ()
    is_return: bool = False
    is_reminder_closed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A member, so called, says that they did these exercises, by slug, on this club day.

    `keeps_name`: they are called so elsewhere, so what the club knows of them stays.
    """

    club_id: int
    member_id: int
    name: str
    day: date
    moves: tuple[tuple[str, Level], ...]
    keeps_name: bool = False

    @property
    def who(self) -> Who:
        """The club and the member."""
        return self.club_id, self.member_id

    @property
    def entries(self) -> list[Entry]:
        """What is to be recorded."""
        return [Entry(self.day, slug, level) for slug, level in self.moves]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What was done, how much of it was not recorded before, and what the member has of it."""

    exercises: tuple[Exercise, ...]
    new: int
    is_today: bool
    gain: Gain


@dataclass(frozen=True, slots=True)
class _Granted:
    """A report that counts: its club has that day, and its exercises are known."""

    report: Report
    entries: list[Entry]
    club: Club
    today: date
    exercises: tuple[Exercise, ...]


@dataclass(frozen=True, slots=True)
class _Member:
    """A member before and after all that this transaction records of them.

    `record` is that of `after`, from which the streak derives.
    """

    club: Club
    today: date
    before: History
    after: History
    record: Record
    streak: Streak
    badges: tuple[Badge, ...]

    @property
    def new(self) -> tuple[Entry, ...]:
        """What they did that was not recorded before."""
        return self.after.entries[len(self.before.entries) :]


class Recorder:
    """Takes what members did; what comes while it writes is written together next."""

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
        self._batch = Batch(self._record_all)

    async def record(self, report: Report) -> Recorded:
        """Record what the member did; return once it is durable.

        Raises:
            NotSetUp: this server is no club (any more).
            UnknownExercise: the library has lost the exercise of an old card.
            TooLate, TooEarly: the day can no longer, or not yet, be credited.
            Voided: a coach has taken all of it out of the count.
        """
        recorded = await self._batch.ask(report)
        if recorded.new:
            self._daily.outdate(report.club_id, report.day)
        return recorded

    async def _record_all(self, reports: Sequence[Report]) -> list[Recorded | Exception]:
        """Record what counts; return of each report what came of it."""
        now = self._clock()
        club_ids = {report.club_id for report in reports}

        async def record(stores: Stores) -> list[Recorded | Exception]:
            clubs = await stores.clubs.get_all(club_ids)
            todays = {club.id: _today(club, now) for club in clubs.values()}
            checked = [await self._check(stores, report, clubs, todays) for report in reports]
            granted = [each for each in checked if isinstance(each, _Granted)]
            recorded = iter(await self._store(stores, granted, now) if granted else ())
            return [next(recorded) if isinstance(each, _Granted) else each for each in checked]

        return await self._database.transact(record, *club_ids)

    async def _check(
        self,
        stores: Stores,
        report: Report,
        clubs: Mapping[int, Club],
        todays: Mapping[int, date | UserError],
    ) -> _Granted | UserError:
        """Return the report with what it takes to record it, or why it does not count."""
        club = clubs.get(report.club_id)
        if club is None:
            return NotSetUp()
        today = todays[club.id]
        if isinstance(today, UserError):
            return today
        try:
            known = await self._moves.of(stores, club)
            exercises = tuple(known.recall(slug) for slug, _ in report.moves)
            check_credit(report.day, today, club.credit_days, club.calendar)
        except UserError as error:
            return error
        return _Granted(report, report.entries, club, today, exercises)

    async def _store(
        self, stores: Stores, granted: Sequence[_Granted], now: datetime
    ) -> list[Recorded | Exception]:
        """Record the reports with all that follows: a few statements for all."""
        reports: dict[Who, list[_Granted]] = {}
        for each in granted:
            reports.setdefault(each.report.who, []).append(each)
        histories = await stores.members.histories(reports)
        members = {who: self._member(of, histories[who]) for who, of in reports.items()}
        await stores.completions.add(
            (Done(*who, e.day, e.slug, e.level) for who, m in members.items() for e in m.new), now
        )
        await stores.members.save_names(_names(granted, histories))
        await _keep_scores(stores, members)
        await stores.members.award(
            Award(*who, badge.id, member.today)
            for who, member in members.items()
            for badge in member.badges
        )
        for who, history in histories.items():
            if history.is_reminder_closed:  # they are told now, once
                await stores.reminders.remove(*who)
        return _recorded(granted, members)

    def _member(self, reports: Sequence[_Granted], before: History) -> _Member:
        club, today = reports[0].club, reports[0].today
        there = {(entry.day, entry.slug) for entry in (*before.entries, *before.voided)}
        new: dict[tuple[date, str], Entry] = {}
        for entry in (entry for each in reports for entry in each.entries):
            if (entry.day, entry.slug) not in there:
                new.setdefault((entry.day, entry.slug), entry)
        after = before.plus(new.values(), today)
        record = after.record
        stands = streak(record, club.targets, today, club.calendar)
        missing = [badge for badge in self._badges if badge.id not in before.badges]
        badges = earned(missing, after.entries, stands.best) if new else []
        return _Member(club, today, before, after, record, stands, tuple(badges))


def _today(club: Club, now: datetime) -> date | UserError:
    """Return the club's day, or why it cannot be told."""
    try:
        return club.calendar.day(now)
    except ZoneGone as error:
        return error


def _names(granted: Sequence[_Granted], histories: Mapping[Who, History]) -> Iterable[Named]:
    """Return what members are called, where it is not known or they are new."""
    named = {
        each.report.who: Named(*each.report.who, each.report.name, each.today)
        for each in granted
        if _is_unknown(each.report, histories[each.report.who])
    }
    return named.values()


def _is_unknown(report: Report, history: History) -> bool:
    """Return whether this name, or the day they began, is still to be recorded."""
    if history.joined is None:
        return True
    return history.name != report.name and not report.keeps_name


async def _keep_scores(stores: Stores, members: Mapping[Who, _Member]) -> None:
    changes = [
        Change(
            club=member.club,
            member_id=member_id,
            before=member.before.record,
            after=member.record,
            stands=member.streak,
        )
        for (_, member_id), member in members.items()
        if member.new
    ]
    if changes:
        today = {club_id: member.today for (club_id, _), member in members.items()}
        await keep_scores(stores, changes, today)


def _recorded(
    granted: Sequence[_Granted], members: Mapping[Who, _Member]
) -> list[Recorded | Exception]:
    """Return what each is told; of the same thing twice, only the first hears that it is new."""
    new = {who: {(e.day, e.slug) for e in member.new} for who, member in members.items()}
    badges = {who: member.badges for who, member in members.items()}
    closed = {who for who, member in members.items() if member.before.is_reminder_closed}
    recorded: list[Recorded | Exception] = []
    for each in granted:
        report, who = each.report, each.report.who
        member = members[who]
        asked = {(e.day, e.slug) for e in each.entries}
        if asked and asked <= {(e.day, e.slug) for e in member.before.voided}:
            recorded.append(Voided(day=report.day))
            continue
        mine = asked & new[who]
        new[who] -= mine
        gain = Gain(
            streak=member.streak,
            badges=badges.pop(who, ()) if mine else (),
            is_return=is_returning(member.before.pauses, each.today),
            is_reminder_closed=who in closed,
        )
        closed.discard(who)
        recorded.append(
            Recorded(
                exercises=each.exercises,
                new=len(mine),
                is_today=report.day == each.today,
                gain=gain,
            )
        )
    return recorded
