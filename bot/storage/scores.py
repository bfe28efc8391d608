"""The scores of every board: kept as events change them, read a page at a time."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, delete, func, literal, or_, select, union
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.pauses import Pause, PauseReason
from bot.domain.scores import Score
from bot.domain.standings import Spread, Viewer
from bot.domain.streaks import Record
from bot.storage.statements import insert_by
from bot.storage.tables import UNLISTED, completions, members, pauses, score_counts, scores


class MemberScore(NamedTuple):
    """What a member of a club has on a board."""

    club_id: int
    member_id: int
    board: str
    score: Score


@dataclass(frozen=True, slots=True)
class Place:
    """A row of a board: whose it is, by what name, and their score."""

    member_id: int
    name: str
    points: int


# Built once: for a statement this short, SQLAlchemy takes longer to build it than to run it.
_CLUB = scores.c.club_id == bindparam("club_id")
_BOARD = and_(_CLUB, scores.c.board == bindparam("board"))
_HOLDS = or_(scores.c.until.is_(None), scores.c.until >= bindparam("today"))
_UNLISTED = select(members.c.member_id).where(members.c.club_id == bindparam("club_id"), UNLISTED)
_SPREADS = select(score_counts.c.board, score_counts.c.points, score_counts.c.members).where(
    score_counts.c.club_id == bindparam("club_id"),
    score_counts.c.board.in_(bindparam("boards", expanding=True)),
    score_counts.c.members > 0,
)
_SPREAD_NOW = (
    select(scores.c.points, func.count().label("members"))
    .where(_BOARD, _HOLDS)
    .group_by(scores.c.points)
)
# For each of the few: as a join, SQLite would go through the whole board to find them.
_OF_THIS_MEMBER = scores.c.member_id == members.c.member_id
_UNLISTED_POINTS = select(
    select(scores.c.points).where(_BOARD, _HOLDS, _OF_THIS_MEMBER).scalar_subquery()
).where(members.c.club_id == bindparam("club_id"), UNLISTED)
_PAGE = (
    select(scores.c.member_id, scores.c.points)
    .where(_BOARD, _HOLDS, scores.c.member_id.not_in(_UNLISTED))
    .order_by(scores.c.points.desc(), scores.c.member_id)
    .limit(bindparam("limit"))
    .offset(bindparam("offset"))
).subquery()
_NAMED_PAGE = (
    select(_PAGE.c.member_id, _PAGE.c.points, func.coalesce(members.c.name, "").label("name"))
    .outerjoin(
        members,
        (members.c.club_id == bindparam("club_id")) & (members.c.member_id == _PAGE.c.member_id),
    )
    .order_by(_PAGE.c.points.desc(), _PAGE.c.member_id)
)
_ONE = select(literal(1).label("one")).subquery()
_VIEWER = (
    select(
        members.c.name,
        members.c.is_hidden,
        members.c.joined_on,
        func.coalesce(scores.c.points, 0).label("points"),
    )
    .select_from(_ONE)
    .outerjoin(
        members,
        (members.c.club_id == bindparam("club_id"))
        & (members.c.member_id == bindparam("member_id")),
    )
    .outerjoin(scores, and_(_BOARD, _HOLDS, scores.c.member_id == bindparam("member_id")))
)
_NEWCOMERS = (
    select(func.coalesce(scores.c.points, 0))
    .select_from(members)
    .outerjoin(scores, and_(_BOARD, _HOLDS, scores.c.member_id == members.c.member_id))
    .where(
        members.c.club_id == bindparam("club_id"),
        members.c.joined_on >= bindparam("since"),
        ~UNLISTED,
    )
    .limit(bindparam("limit"))
)
_COUNTED_ANEW = (
    select(scores.c.board, scores.c.points, func.count().label("members"))
    .where(_CLUB, scores.c.until.is_(None))
    .group_by(scores.c.board, scores.c.points)
)


class ScoreStore:
    """Reads and writes the scores, which derive from the events alone."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def save(self, rows: Iterable[MemberScore]) -> None:
        """Record what these members have now on these boards, of any number of clubs."""
        values = [
            {
                "club_id": row.club_id,
                "member_id": row.member_id,
                "board": row.board,
                "points": row.score.points,
                "until": row.score.until,
            }
            for row in rows
        ]
        if values:
            await self._connection.execute(_upsert(self._connection.dialect.name), values)

    async def shift(self, moved: Mapping[tuple[int, str, int], int]) -> None:
        """Add to how many members have a score, by club, board and points."""
        values = [
            {"club_id": club_id, "board": board, "points": points, "members": members}
            for (club_id, board, points), members in moved.items()
            if members
        ]
        if values:
            await self._connection.execute(_add(self._connection.dialect.name), values)

    async def delete(self, rows: Iterable[tuple[int, int, str]]) -> None:
        """Delete what members have on boards, by club, member and board."""
        values = [{"of_club": c, "of_member": m, "of_board": board} for c, m, board in rows]
        if values:
            await self._connection.execute(
                delete(scores).where(
                    scores.c.club_id == bindparam("of_club"),
                    scores.c.member_id == bindparam("of_member"),
                    scores.c.board == bindparam("of_board"),
                ),
                values,
            )

    async def spreads(self, club_id: int, boards: Collection[str]) -> dict[str, Spread]:
        """Return how many members have each number of sessions, by board of sessions."""
        counts: dict[str, dict[int, int]] = {board: {} for board in boards}
        which = {"club_id": club_id, "boards": list(boards)}
        for row in await self._connection.execute(_SPREADS, which):
            counts[row.board][row.points] = row.members
        return {board: Spread(of_board) for board, of_board in counts.items()}

    async def spread_now(self, club_id: int, board: str, today: date) -> Spread:
        """Return the same of a board that expires: of the scores that hold on this club day."""
        which = {"club_id": club_id, "board": board, "today": today}
        rows = await self._connection.execute(_SPREAD_NOW, which)
        return Spread({row.points: row.members for row in rows})

    async def unlisted(self, club_id: int, board: str, today: date) -> Spread:
        """Return the same of those who are named on no board: hidden, or no longer there."""
        which = {"club_id": club_id, "board": board, "today": today}
        points = await self._connection.scalars(_UNLISTED_POINTS, which)
        return Spread(Counter(found for found in points if found is not None))

    async def page(
        self, club_id: int, board: str, today: date, limit: int, offset: int
    ) -> list[Place]:
        """Return the rows from `offset` on, the highest first, equals always in one order."""
        values = {
            "club_id": club_id,
            "board": board,
            "today": today,
            "limit": limit,
            "offset": offset,
        }
        rows = await self._connection.execute(_NAMED_PAGE, values)
        return [Place(row.member_id, row.name, row.points) for row in rows]

    async def viewer(
        self, club_id: int, board: str, today: date, member_id: int
    ) -> tuple[Viewer, str]:
        """Return who looks at the board, and their name."""
        values = {"club_id": club_id, "board": board, "today": today, "member_id": member_id}
        row = (await self._connection.execute(_VIEWER, values)).one()
        viewer = Viewer(points=row.points, is_hidden=bool(row.is_hidden), joined=row.joined_on)
        return viewer, row.name or ""

    async def newcomers(
        self, club_id: int, board: str, today: date, since: date, most: int
    ) -> list[int]:
        """Return the scores of those who began on the day `since` or later, 0 for none.

        Not more than `most` of them.
        """
        values = {
            "club_id": club_id,
            "board": board,
            "today": today,
            "since": since,
            "limit": most,
        }
        return list(await self._connection.scalars(_NEWCOMERS, values))

    async def members_after(self, club_id: int, member_id: int, limit: int) -> list[int]:
        """Return the next ids, in order, of those who did anything or have a score."""
        both = union(
            *(
                select(table.c.member_id).where(
                    table.c.club_id == club_id, table.c.member_id > member_id
                )
                for table in (completions, scores)
            )
        ).subquery()
        query = select(both.c.member_id).order_by(both.c.member_id).limit(limit)
        return list(await self._connection.scalars(query))

    async def records(self, club_id: int, first: int, last: int) -> dict[int, Record]:
        """Return the events of all members with an id from `first` to `last`, by id."""
        days: dict[int, set[date]] = {}
        for row in await self._between(completions, club_id, first, last, "day"):
            days.setdefault(row.member_id, set()).add(row.day)
        paused: dict[int, list[Pause]] = {}
        columns = "first_day", "last_day", "reason"
        for row in await self._between(pauses, club_id, first, last, *columns):
            pause = Pause(row.first_day, row.last_day, PauseReason(row.reason))
            paused.setdefault(row.member_id, []).append(pause)
        joined = {
            row.member_id: row.joined_on
            for row in await self._between(members, club_id, first, last, "joined_on")
        }
        return {
            member_id: Record(
                days=frozenset(days.get(member_id, ())),
                pauses=tuple(sorted(paused.get(member_id, ()), key=lambda p: p.first)),
                joined=joined.get(member_id),
            )
            for member_id in days.keys() | paused.keys() | joined.keys()
        }

    async def stored(self, club_id: int, first: int, last: int) -> dict[tuple[int, str], Score]:
        """Return the scores of all members with an id from `first` to `last`."""
        found = await self._between(scores, club_id, first, last, "board", "points", "until")
        return {(row.member_id, row.board): Score(row.points, row.until) for row in found}

    async def _between(self, table: Any, club_id: int, first: int, last: int, *columns: str) -> Any:
        return await self._connection.execute(
            select(table.c.member_id, *(table.c[name] for name in columns)).where(
                table.c.club_id == club_id, table.c.member_id.between(first, last)
            )
        )

    async def recount(self, club_id: int, *, is_mended: bool) -> int:
        """Return how many rows of the club's counts are not what the scores say; mend them if so.

        Those that came down to nobody are no rows.
        """
        which = {"club_id": club_id}
        right = {tuple(row) for row in await self._connection.execute(_COUNTED_ANEW, which)}
        query = select(score_counts.c.board, score_counts.c.points, score_counts.c.members)
        found = await self._connection.execute(
            query.where(score_counts.c.club_id == club_id, score_counts.c.members != 0)
        )
        stored = {tuple(row) for row in found}
        if is_mended:
            await self._connection.execute(
                delete(score_counts).where(score_counts.c.club_id == club_id)
            )
            await self.shift({(club_id, board, points): n for board, points, n in right})
        return len({row[:2] for row in right ^ stored})


@cache
def _upsert(dialect: str) -> Any:
    statement = insert_by(dialect, scores)
    new = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=scores.primary_key.columns,
        set_={"points": new.points, "until": new.until},
    )


@cache
def _add(dialect: str) -> Any:
    statement = insert_by(dialect, score_counts)
    return statement.on_conflict_do_update(
        index_elements=score_counts.primary_key.columns,
        set_={"members": score_counts.c.members + statement.excluded.members},
    )
