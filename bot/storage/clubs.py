"""Clubs, their settings and their targets."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import groupby
from typing import Any

from sqlalchemy import Row, bindparam, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.challenge import Reason
from bot.domain.club import Club
from bot.domain.days import Span
from bot.domain.streaks import Target
from bot.storage.statements import insert
from bot.storage.tables import clubs, metadata, targets

# Built once: for a statement this short, SQLAlchemy takes longer to build it than to run it.
WITH_TARGETS = (
    select(clubs, targets.c.from_week, targets.c.days)
    .outerjoin(targets, targets.c.club_id == clubs.c.id)
    .order_by(clubs.c.id, targets.c.from_week)
)
ONE_WITH_TARGETS = WITH_TARGETS.where(clubs.c.id == bindparam("club_id"))
_GET_ALL = WITH_TARGETS.where(clubs.c.id.in_(bindparam("club_ids", expanding=True)))
_DUE = (
    select(clubs.c.id)
    .where(
        clubs.c.next_due_at <= bindparam("now"),
        clubs.c.paused_at.is_(None),
        clubs.c.trouble.is_(None),
        clubs.c.left_at.is_(None),
    )
    .order_by(clubs.c.next_due_at)
)
_UPDATE = update(clubs).where(clubs.c.id == bindparam("club_id"))


class ClubStore:
    """Reads and writes clubs."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, club_id: int) -> Club | None:
        """Return the club, or None if this server is none."""
        rows = (await self._connection.execute(ONE_WITH_TARGETS, {"club_id": club_id})).all()
        return club_of(tuple(rows)) if rows else None

    async def get_all(self, club_ids: Collection[int]) -> dict[int, Club]:
        """Return the clubs among these servers, by id."""
        ids = sorted(set(club_ids))
        if len(ids) == 1:  # SQLAlchemy takes longer over a list
            club = await self.get(ids[0])
            return {club.id: club} if club else {}
        rows = await self._connection.execute(_GET_ALL, {"club_ids": ids})
        return {club_id: club_of(tuple(of)) for club_id, of in groupby(rows, lambda row: row.id)}

    async def due(self, now: datetime) -> list[int]:
        """Return the ids of the clubs whose next post is due, the longest due first."""
        return list(await self._connection.scalars(_DUE, {"now": now}))

    async def save(self, club: Club) -> None:
        """Write all about the club but its targets."""
        values = {
            "id": club.id,
            "channel_id": club.channel_id,
            "zone": club.zone,
            "post_time": club.post_time,
            "role_id": club.role_id,
            "day_end_hour": club.day_end_hour,
            "credit_days": club.credit_days,
            "catch_up_s": int(club.catch_up.total_seconds()),
            "paused_at": club.paused_at,
            "trouble": club.trouble,
            "next_due_at": club.next_due,
            "set_up_by": club.set_up_by,
            "set_up_at": club.set_up_at,
            "locale": club.locale,
            **_training(club.long_runs, club.races),
            "has_ranking": club.has_ranking,
            "goal": club.goal,
            "season_first": club.season and club.season.first,
            "season_last": club.season and club.season.last,
        }
        statement = insert(self._connection, clubs).values(values)
        await self._connection.execute(
            statement.on_conflict_do_update(index_elements=[clubs.c.id], set_=values)
        )

    async def save_target(self, club_id: int, target: Target) -> None:
        """Record a target from its week on."""
        statement = insert(self._connection, targets).values(
            club_id=club_id, from_week=target.from_week, days=target.days
        )
        await self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=[targets.c.club_id, targets.c.from_week], set_={"days": target.days}
            )
        )

    async def set_next_due(self, club_id: int, next_due: datetime) -> None:
        """Record when the club's next post is due."""
        await self._connection.execute(_UPDATE, {"club_id": club_id, "next_due_at": next_due})

    async def set_training(
        self, club_id: int, long_runs: Iterable[int], races: Iterable[date]
    ) -> None:
        """Record the weekdays of the club's long runs and the days of its races."""
        values = {"club_id": club_id, **_training(long_runs, races)}
        await self._connection.execute(_UPDATE, values)

    async def set_paused(self, club_id: int, paused_at: datetime | None) -> None:
        """Record since when the club is paused, or that it is not."""
        await self._connection.execute(_UPDATE, {"club_id": club_id, "paused_at": paused_at})

    async def counted_otherwise(self, rules: int) -> list[int]:
        """Return the ids of the clubs whose scores were not counted by these rules."""
        query = select(clubs.c.id).where(clubs.c.counted_by.is_distinct_from(rules))
        return list(await self._connection.scalars(query.order_by(clubs.c.id)))

    async def set_counted(self, club_id: int, rules: int | None) -> None:
        """Record by which rules the club's scores are counted, or that they are to be."""
        await self._connection.execute(_UPDATE, {"club_id": club_id, "counted_by": rules})

    async def ids(self) -> list[int]:
        """Return the ids of all clubs."""
        return list(await self._connection.scalars(select(clubs.c.id).order_by(clubs.c.id)))

    async def presence(self) -> dict[int, bool]:
        """Return of every club, by id, whether the bot is in its server as far as it knows."""
        rows = await self._connection.execute(select(clubs.c.id, clubs.c.left_at))
        return {row.id: row.left_at is None for row in rows}

    async def locales(self) -> dict[int, str | None]:
        """Return the language of every club's server, by id."""
        rows = await self._connection.execute(select(clubs.c.id, clubs.c.locale))
        return {row.id: row.locale for row in rows}

    async def set_locales(self, locales: Mapping[int, str]) -> None:
        """Record the languages of these clubs' servers, by id."""
        await self._connection.execute(
            _UPDATE,
            [{"club_id": club_id, "locale": locale} for club_id, locale in locales.items()],
        )

    async def is_left(self, club_id: int) -> bool:
        """Return whether the bot is no longer in the club's server."""
        query = select(clubs.c.left_at).where(clubs.c.id == club_id)
        return await self._connection.scalar(query) is not None

    async def set_left(self, club_id: int, left_at: datetime | None) -> None:
        """Record since when the bot is no longer in the club's server, or that it is."""
        await self._connection.execute(_UPDATE, {"club_id": club_id, "left_at": left_at})

    async def left_before(self, moment: datetime) -> list[int]:
        """Return the ids of the clubs whose server the bot left before this moment."""
        query = select(clubs.c.id).where(clubs.c.left_at < moment)
        return list(await self._connection.scalars(query))

    async def delete(self, club_id: int) -> None:
        """Delete everything that is stored about the club, in every table."""
        for table in metadata.sorted_tables:
            column = table.c.id if table is clubs else table.c.get("club_id")
            if column is not None:
                await self._connection.execute(delete(table).where(column == club_id))

    async def set_trouble(self, club_id: int, trouble: Reason | None) -> None:
        """Record what keeps the club from being posted to, or that nothing does."""
        await self._connection.execute(_UPDATE, {"club_id": club_id, "trouble": trouble})

    async def set_moves_version(self, club_id: int, version: str) -> None:
        """Record that the club's own moves have changed."""
        await self._connection.execute(_UPDATE, {"club_id": club_id, "moves_version": version})

    async def troubled_channel(self, club_id: int) -> int | None:
        """Return the club's channel if something keeps the club from being posted to."""
        query = select(clubs.c.channel_id).where(
            clubs.c.id == club_id, clubs.c.trouble.is_not(None)
        )
        channel_id: int | None = await self._connection.scalar(query)
        return channel_id


@lru_cache(1_000)  # the rows of a club seldom change
def club_of(rows: tuple[Row[Any], ...]) -> Club:
    """Return the club of these rows, one for each of its targets.

    Raises:
        ValueError: a value means nothing; whoever wrote it was not this program.
    """
    row = rows[0]
    return Club(
        id=row.id,
        channel_id=row.channel_id,
        zone=row.zone,
        post_time=row.post_time,
        role_id=row.role_id,
        day_end_hour=row.day_end_hour,
        credit_days=row.credit_days,
        catch_up=timedelta(seconds=row.catch_up_s),
        paused_at=row.paused_at,
        trouble=row.trouble and Reason(row.trouble),
        set_up_by=row.set_up_by,
        set_up_at=row.set_up_at,
        next_due=row.next_due_at,
        locale=row.locale,
        moves_version=row.moves_version,
        has_ranking=row.has_ranking,
        goal=row.goal,
        season=Span(row.season_first, row.season_last) if row.season_first else None,
        targets=tuple(Target(r.from_week, r.days) for r in rows if r.from_week),
        long_runs=frozenset(d for d in range(7) if row.long_runs >> d & 1),
        races=tuple(map(date.fromisoformat, filter(None, row.races.split(",")))),
    )


def _training(long_runs: Iterable[int], races: Iterable[date]) -> dict[str, Any]:
    """Return the columns: a bit for each weekday, and the dates with commas between."""
    return {
        "long_runs": sum(1 << weekday for weekday in set(long_runs)),
        "races": ",".join(day.isoformat() for day in sorted(races)),
    }
