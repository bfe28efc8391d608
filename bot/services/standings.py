"""Boards: who did how many sessions, and what the club did together."""

from bot.domain.days import Clock
from bot.domain.standings import Board, Period, rank
from bot.services.clubs import existing_club
from bot.storage.database import Database

TOP = 10


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
