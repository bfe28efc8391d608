"""Putting a routine together, and counting it as done."""

from dataclasses import dataclass
from datetime import date

from bot.domain.catalogue import Catalogue
from bot.domain.days import Clock, check_credit
from bot.domain.exercise import Level
from bot.domain.routine import Routine, Wish, build_routine
from bot.errors import RoutineChanged, UserError
from bot.services.clubs import existing_club
from bot.services.moves import Moves
from bot.services.practice import Practice
from bot.services.recording import Gain, Recorder, Report
from bot.storage.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A routine, and the club day that it would count for; None where there is no club."""

    routine: Routine
    day: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutineDone:
    """A routine done: how many of its moves are new that day, and how the member stands now."""

    routine: Routine
    new: int
    is_today: bool
    gain: Gain


class Routines:
    """What members can ask for when they have some minutes."""

    def __init__(
        self,
        database: Database,
        moves: Moves,
        practice: Practice,
        recorder: Recorder,
        clock: Clock,
    ) -> None:
        self._database = database
        self._moves = moves
        self._practice = practice
        self._recorder = recorder
        self._clock = clock

    async def build(self, club_id: int | None, member_id: int, wish: Wish) -> Offer:
        """Return today's routine for the wish: a server's for all in it, else the member's own.

        Raises:
            MissingEquipment, NoMoves, TooFewMinutes, TooManyMinutes: there is none for this wish.
        """
        day = await self._practice.day(club_id)
        seed = member_id if club_id is None else club_id
        on = day or self._clock().date()
        offered = await self._moves.offered(club_id)
        return Offer(routine=build_routine(offered, wish, seed, on), day=day)

    async def mark_done(
        self, club_id: int, member_id: int, name: str, wish: Wish, day: date, stamp: str
    ) -> RoutineDone:
        """Record every move of a club's routine of this day; return once all are durable.

        Raises:
            NotSetUp: this server is no club (any more).
            TooLate, TooEarly: the day can no longer, or not yet, be credited.
            RoutineChanged: the library puts other moves together now than those of this stamp.
        """
        async with self._database.read() as stores:
            club = await existing_club(stores, club_id)
            offered = (await self._moves.of(stores, club)).offered
        check_credit(day, club.calendar.day(self._clock()), club.credit_days, club.calendar)
        routine = _again(offered, club_id, wish, day, stamp)
        if routine is None:
            raise RoutineChanged
        moves = tuple((turn.exercise.slug, Level.STANDARD) for turn in routine.turns)
        report = Report(club_id=club_id, member_id=member_id, name=name, day=day, moves=moves)
        recorded = await self._recorder.record(report)
        return RoutineDone(
            routine=routine,
            new=recorded.new,
            is_today=recorded.is_today,
            gain=recorded.gain,
        )


def _again(offered: Catalogue, club_id: int, wish: Wish, day: date, stamp: str) -> Routine | None:
    """Return the routine of this stamp, or None if these are not its moves any more."""
    try:
        routine = build_routine(offered, wish, club_id, day)
    except UserError:
        return None
    return routine if routine.stamp == stamp else None
