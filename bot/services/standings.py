"""Boards: who did how many sessions, and what the club did together."""

from dataclasses import dataclass

from bot.domain.days import Clock
from bot.domain.standings import Board, Period, rank
from bot.services.clubs import existing_club
from bot.storage.database import Database

TOP = 10


@dataclass(frozen=True, slots=True)
class Sessions:
    """What boards show of one member: their sessions this week, this month and in all."""

    week: int
    month: int
    total: int


class Standings:
    """What anybody can ask about the club's sessions."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def board(self, club_id: int, viewer_id: int, period: Period) -> Board:
        """Return the club's board of the period with the viewer's own row.

        Raises:
            NotSetUp: this server is no club yet.
        """
        async with self._database.read() as stores:
            club = await existing_club(stores, club_id)
            since = period.since(club.calendar.day(self._clock()))
            ranked = rank(await stores.completions.totals(club_id, since))
        return Board(
            period=period,
            top=tuple(ranked[:TOP]),
            own=next((row for row in ranked if row.member_id == viewer_id), None),
            club_sessions=sum(row.sessions for row in ranked),
            members=len(ranked),
        )

    async def sessions(self, club_id: int, member_id: int) -> Sessions:
        """Return what the boards of the club show of this member.

        Raises:
            NotSetUp: this server is no club yet.
        """
        async with self._database.read() as stores:
            club = await existing_club(stores, club_id)
            days = (await stores.members.history(club_id, member_id)).days
        today = club.calendar.day(self._clock())
        periods = (Period.WEEK, Period.MONTH, Period.ALL)
        week, month, total = (sum(day >= p.since(today) for day in days) for p in periods)
        return Sessions(week, month, total)
