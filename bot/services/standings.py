"""Boards: who stands where, and what the club did together."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from bot.domain.club import Club
from bot.domain.days import Clock
from bot.domain.scores import ALL, month_board, sessions, week_board
from bot.domain.standings import (
    MOST_NEWCOMERS,
    PAGE,
    Board,
    Cohort,
    Kind,
    Period,
    Ranked,
    Spread,
    Viewer,
    board_name,
)
from bot.errors import MemberHides, NoSeason
from bot.services.clubs import existing_club
from bot.services.scores import goal_boards, goal_from
from bot.storage.database import Database, Stores

_EXPIRES = (Kind.STREAK, Kind.CONSISTENCY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which board, which page of it from 0 on, and who looks; None if it is for all to see."""

    kind: Kind = Kind.SESSIONS
    period: Period = Period.WEEK
    page: int = 0
    viewer_id: int | None = None


@dataclass(frozen=True, slots=True)
class Sessions:
    """What boards show of one member: their sessions this week, this month and in all."""

    week: int
    month: int
    total: int


class Standings:
    """What anybody can ask about how the club stands."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def board(self, club_id: int, wanted: Wanted) -> Board:
        """Return a page of a board, the last one for a page beyond it.

        Raises:
            NotSetUp: this server is no club yet.
            NoSeason: the club has none.
        """
        async with self._database.read() as stores:
            club = await existing_club(stores, club_id)
            if wanted.period is Period.SEASON and wanted.kind is Kind.SESSIONS and not club.season:
                raise NoSeason
            return await _board(stores, club, wanted, club.calendar.day(self._clock()))

    async def sessions(self, club_id: int, member_id: int) -> Sessions:
        """Return what the boards of the club show of this member.

        Raises:
            NotSetUp: this server is no club yet.
            MemberHides: the boards do not name them.
        """
        async with self._database.read() as stores:
            club = await existing_club(stores, club_id)
            if await stores.members.is_hidden(club_id, member_id):
                raise MemberHides
            days = (await stores.members.history(club_id, member_id)).days
        today = club.calendar.day(self._clock())
        counted = sessions(days, [today], None)
        return Sessions(counted[week_board(today)], counted[month_board(today)], counted[ALL])

    async def left(self, club_id: int, member_ids: Collection[int]) -> None:
        """Name these members on no board any more, until they do a move in the club again."""
        async with self._database.write(club_id) as stores:
            await stores.members.set_left(club_id, member_ids, self._clock())


async def _board(stores: Stores, club: Club, wanted: Wanted, today: date) -> Board:
    name = board_name(wanted.kind, wanted.period, today)
    spreads = await stores.scores.spreads(club.id, {*goal_boards(today), name})
    everybody = spreads[name]
    if wanted.kind in _EXPIRES:
        everybody = await stores.scores.spread_now(club.id, name, today)
    listed = everybody.without(await stores.scores.unlisted(club.id, name, today))
    viewer, own_name = Viewer(), ""
    if wanted.viewer_id is not None:
        viewer, own_name = await stores.scores.viewer(club.id, name, today, wanted.viewer_id)
    is_ranking = club.has_ranking and wanted.kind is not Kind.GOAL
    own, cohort = None, None
    rows: tuple[Ranked, ...] = ()
    pages = max(1, -(-listed.members // PAGE)) if is_ranking else 1
    page = max(0, min(wanted.page, pages - 1))
    if is_ranking:
        rows = await _rows(stores, club.id, name, today, listed, page)
        if wanted.viewer_id is not None and viewer.points and not viewer.is_hidden:
            place = listed.place(viewer.points)
            own = Ranked(place, wanted.viewer_id, own_name, viewer.points)
            cohort = await _cohort(stores, club.id, name, today, viewer)
    club_goal, weeks = goal_from(club, spreads, today)
    return Board(
        kind=wanted.kind,
        period=wanted.period,
        rows=rows,
        page=page,
        pages=pages,
        own=own,
        viewer=viewer,
        cohort=cohort,
        club_points=everybody.total,
        members=everybody.members,
        ranked=listed.members,
        is_ranking=is_ranking,
        goal=club_goal,
        weeks=weeks,
        season=club.season,
    )


async def _rows(
    stores: Stores, club_id: int, name: str, today: date, listed: Spread, page: int
) -> tuple[Ranked, ...]:
    found = await stores.scores.page(club_id, name, today, PAGE, page * PAGE)
    return tuple(
        Ranked(listed.place(row.points), row.member_id, row.name, row.points) for row in found
    )


async def _cohort(
    stores: Stores, club_id: int, name: str, today: date, viewer: Viewer
) -> Cohort | None:
    """Return the viewer's place among those who began this month, if they are one of several."""
    since = today.replace(day=1)
    if viewer.joined is None or viewer.joined < since:
        return None
    most = MOST_NEWCOMERS + 1
    points = await stores.scores.newcomers(club_id, name, today, since, most)
    if not 1 < len(points) < most:
        return None
    return Cohort(place=1 + sum(p > viewer.points for p in points), members=len(points))
