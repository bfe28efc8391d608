"""Records what members did and what follows from it, for many of them in one transaction."""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.domain.badges import Badge, earned
from bot.domain.club import Club
from bot.domain.days import Clock, check_credit
from bot.domain.exercise import Exercise, Level
from bot.domain.history import History
from bot.domain.pauses import is_returning
from bot.domain.streaks import Streak, streak
from bot.errors import NotSetUp, UserError
from bot.services.batching import Batch
from bot.services.daily import Daily
from bot.services.moves import Moves
from bot.services.scores import Change, keep_scores
from bot.storage.completions import Done, Key
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
    def done(self) -> list[Done]:
        """What is to be recorded."""
        return [Done(*self.who, self.day, slug, level) for slug, level in self.moves]


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
    club: Club
    today: date
    exercises: tuple[Exercise, ...]


@dataclass(frozen=True, slots=True)
class _Member:
    """A member after all that this transaction records of them; `new` of it by day and slug."""

    club: Club
    today: date
    history: History
    new: AbstractSet[tuple[date, str]]
    streak: Streak
    badges: tuple[Badge, ...]


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
        """
        recorded = await self._batch.ask(report)
        if recorded.new:
            self._daily.outdate(report.club_id, report.day)
        return recorded

    async def _record_all(self, reports: Sequence[Report]) -> list[Recorded | Exception]:
        """Record what counts; return of each report what came of it."""
        now = self._clock()
        club_ids = {report.club_id for report in reports}
        async with self._database.write(*club_ids) as stores:
            clubs = await stores.clubs.get_all(club_ids)
            checked = [await self._check(stores, w, clubs.get(w.club_id), now) for w in reports]
            granted = [each for each in checked if isinstance(each, _Granted)]
            recorded = iter(await self._store(stores, granted, now) if granted else ())
        return [next(recorded) if isinstance(each, _Granted) else each for each in checked]

    async def _check(
        self, stores: Stores, report: Report, club: Club | None, now: datetime
    ) -> _Granted | UserError:
        """Return the report with what it takes to record it, or why it does not count."""
        if club is None:
            return NotSetUp()
        try:
            known = await self._moves.of(stores, club)
            exercises = tuple(known.recall(slug) for slug, _ in report.moves)
            today = club.calendar.day(now)
            check_credit(report.day, today, club.credit_days, club.calendar)
        except UserError as error:
            return error
        return _Granted(report, club, today, exercises)

    async def _store(
        self, stores: Stores, granted: Sequence[_Granted], now: datetime
    ) -> list[Recorded]:
        """Record the reports with all that follows: a few statements for all."""
        new = await stores.completions.add([d for each in granted for d in each.report.done], now)
        histories = await stores.members.histories({each.report.who for each in granted})
        members = {
            each.report.who: self._member(each, histories[each.report.who], new) for each in granted
        }
        await _save_names(stores, granted, histories)
        await _keep_scores(stores, members)
        awards = [
            Award(*who, badge.id, member.today)
            for who, member in members.items()
            for badge in member.badges
        ]
        if awards:
            await stores.members.award(awards)
        for who, history in histories.items():
            if history.is_reminder_closed:  # they are told now, once
                await stores.reminders.remove(*who)
        return _recorded(granted, members, new)

    def _member(self, granted: _Granted, history: History, new: Iterable[Key]) -> _Member:
        club, today, who = granted.club, granted.today, granted.report.who
        history = replace(history, joined=history.joined or today)
        mine = {(day, slug) for club_id, member_id, day, slug in new if (club_id, member_id) == who}
        stands = streak(history.record, club.targets, today, club.calendar)
        missing = [badge for badge in self._badges if badge.id not in history.badges]
        badges = earned(missing, history.entries, stands.best) if mine else []
        return _Member(club, today, history, mine, stands, tuple(badges))


async def _save_names(
    stores: Stores, granted: Sequence[_Granted], histories: dict[Who, History]
) -> None:
    named = {
        each.report.who: Named(*each.report.who, each.report.name, each.today)
        for each in granted
        if _is_unknown(each.report, histories[each.report.who])
    }
    if named:
        await stores.members.save_names(named.values())


def _is_unknown(report: Report, history: History) -> bool:
    """Return whether this name, or the day they began, is still to be recorded."""
    if history.joined is None:
        return True
    return history.name != report.name and not report.keeps_name


async def _keep_scores(stores: Stores, members: dict[Who, _Member]) -> None:
    changes = [
        Change(
            club=member.club,
            member_id=member_id,
            before=member.history.without(member.new).record,
            after=member.history.record,
            stands=member.streak,
        )
        for (_, member_id), member in members.items()
        if member.new
    ]
    if changes:
        today = {club_id: member.today for (club_id, _), member in members.items()}
        await keep_scores(stores, changes, today)


def _recorded(
    granted: Sequence[_Granted], members: dict[Who, _Member], new: set[Key]
) -> list[Recorded]:
    """Return what each is told; of the same thing twice, only the first hears that it is new."""
    recorded = []
    for each in granted:
        member = members[each.report.who]
        mine = {done.key for done in each.report.done} & new
        new = new - mine
        gain = Gain(
            streak=member.streak,
            badges=member.badges if mine else (),
            is_return=is_returning(member.history.pauses, each.today),
            is_reminder_closed=member.history.is_reminder_closed,
        )
        recorded.append(
            Recorded(
                exercises=each.exercises,
                new=len(mine),
                is_today=each.report.day == each.today,
                gain=gain,
            )
        )
        if mine or member.history.is_reminder_closed:
            told = replace(member.history, is_reminder_closed=False)
            badges = () if mine else member.badges
            members[each.report.who] = replace(member, history=told, badges=badges)
    return recorded
