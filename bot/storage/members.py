"""What is known of a member of a club: what they did, their pauses, their badges."""

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    Date,
    Row,
    String,
    and_,
    bindparam,
    case,
    cast,
    delete,
    func,
    literal,
    null,
    select,
    tuple_,
    union_all,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.exercise import Level
from bot.domain.history import Entry, History
from bot.domain.pauses import Pause, PauseReason
from bot.storage.statements import insert_by, insert_new
from bot.storage.tables import awards, completions, members, pauses, reminders, voids

_NO_DAY, _NO_TEXT = cast(null(), Date), cast(null(), String)


def _kind(name: str, table: Any, *columns: Any) -> Any:
    return select(table.c.club_id, table.c.member_id, literal(name).label("kind"), *columns)


_KINDS = {
    completions: _kind(
        "entry",
        completions,
        completions.c.day,
        _NO_DAY.label("last_day"),
        completions.c.slug.label("what"),
        completions.c.level,
    ),
    voids: _kind("void", voids, voids.c.day, _NO_DAY, voids.c.slug, voids.c.level),
    pauses: _kind(
        "pause", pauses, pauses.c.first_day, pauses.c.last_day, pauses.c.reason, _NO_TEXT
    ),
    awards: _kind("badge", awards, awards.c.day, _NO_DAY, awards.c.badge, _NO_TEXT),
    members: _kind(
        "member",
        members,
        members.c.joined_on,
        _NO_DAY,
        case((members.c.left_at.is_(None), members.c.name)),
        _NO_TEXT,
    ),
    reminders: _kind("closed", reminders, _NO_DAY, _NO_DAY, _NO_TEXT, _NO_TEXT).where(
        reminders.c.next_due_at.is_(None)
    ),
}


def _histories(of: Callable[[Any], Any]) -> Any:
    """Return the one query for all of it: a statement costs more than the rows that it returns."""
    return union_all(*(kind.where(of(table)) for table, kind in _KINDS.items()))


# Of a list of pairs SQLite makes no use of a key, but goes through the whole table.
_EACH = func.json_each(bindparam("who")).table_valued("value")
_PAIRS = select(*(func.json_extract(_EACH.c.value, f"$[{n}]") for n in range(2)))
_OF_MANY = {
    "sqlite": _histories(lambda table: tuple_(table.c.club_id, table.c.member_id).in_(_PAIRS)),
    "postgresql": _histories(
        lambda table: tuple_(table.c.club_id, table.c.member_id).in_(
            bindparam("who", expanding=True)
        )
    ),
}
_OF_ONE = _histories(
    lambda table: and_(
        table.c.club_id == bindparam("club_id"), table.c.member_id == bindparam("member_id")
    )
)

Who = tuple[int, int]  # club and member


class Award(NamedTuple):
    """A badge that a member earned on this club day."""

    club_id: int
    member_id: int
    badge: str
    day: date


class Named(NamedTuple):
    """What a member is called; `joined_on` is the club day if they are new."""

    club_id: int
    member_id: int
    name: str
    joined_on: date


@cache
def _save_names(dialect: str) -> Any:
    statement = insert_by(dialect, members)
    return statement.on_conflict_do_update(
        index_elements=[members.c.club_id, members.c.member_id],
        set_={
            "name": statement.excluded.name,
            "left_at": None,
            "joined_on": func.coalesce(members.c.joined_on, statement.excluded.joined_on),
        },
    )


class MemberStore:
    """Reads all that a member's numbers derive from; writes pauses and awards."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def history(self, club_id: int, member_id: int) -> History:
        """Return the member's events in this club; of somebody unknown there are none."""
        return (await self.histories([(club_id, member_id)]))[club_id, member_id]

    async def histories(self, who: Collection[Who]) -> dict[Who, History]:
        """Return the events of each of these members, by club and member."""
        rows: dict[Who, list[Row[Any]]] = {each: [] for each in who}
        for row in (await self._find(list(rows))).all():
            rows[row.club_id, row.member_id].append(row)
        return {each: _history(of) for each, of in rows.items()}

    async def _find(self, who: Sequence[Who]) -> Any:
        if len(who) > 1:
            dialect = self._connection.dialect.name
            pairs = json.dumps(who) if dialect == "sqlite" else who
            return await self._connection.execute(_OF_MANY[dialect], {"who": pairs})
        [(club_id, member_id)] = who
        which = {"club_id": club_id, "member_id": member_id}
        return await self._connection.execute(_OF_ONE, which)

    async def award(self, new: Iterable[Award]) -> None:
        """Record badges that were earned; who has one already keeps it as it is."""
        rows = [each._asdict() for each in new]
        if rows:
            await self._connection.execute(insert_new(self._connection, awards), rows)

    async def revoke(self, club_id: int, member_id: int, badges: Collection[str]) -> None:
        """Delete the awards of these badges."""
        await self._connection.execute(
            delete(awards).where(
                awards.c.club_id == club_id,
                awards.c.member_id == member_id,
                awards.c.badge.in_(badges),
            )
        )

    async def save_names(self, named: Iterable[Named]) -> None:
        """Record what members are called in their clubs, and the first time that they began.

        Who had left is back.
        """
        rows = [each._asdict() for each in named]
        if rows:
            await self._connection.execute(_save_names(self._connection.dialect.name), rows)

    async def is_hidden(self, club_id: int, member_id: int) -> bool:
        """Return whether the member is to be named nowhere."""
        query = select(members.c.is_hidden).where(
            members.c.club_id == club_id, members.c.member_id == member_id
        )
        return bool(await self._connection.scalar(query))

    async def set_left(self, club_id: int, member_ids: Collection[int], left_at: datetime) -> None:
        """Record that it was noticed now that these members have left the server."""
        await self._connection.execute(
            update(members)
            .where(members.c.club_id == club_id, members.c.member_id.in_(member_ids))
            .values(left_at=left_at)
        )

    async def replace_pauses(
        self, club_id: int, member_id: int, old: Iterable[Pause], new: Pause | None
    ) -> None:
        """Delete the old pauses, and record the new one if there is one."""
        await self._connection.execute(
            delete(pauses).where(
                pauses.c.club_id == club_id,
                pauses.c.member_id == member_id,
                pauses.c.first_day.in_([pause.first for pause in old]),
            )
        )
        if new is not None:
            values = {
                "club_id": club_id,
                "member_id": member_id,
                "first_day": new.first,
                "last_day": new.last,
                "reason": new.reason.value,
            }
            await self._connection.execute(insert_new(self._connection, pauses), values)


def _entries(rows: Iterable[Any]) -> tuple[Entry, ...]:
    return tuple(Entry(row.day, row.what, Level(row.level)) for row in rows)


def _history(rows: Iterable[Row[Any]]) -> History:
    kinds = "entry", "void", "pause", "badge", "member", "closed"
    of: dict[str, list[Any]] = {kind: [] for kind in kinds}
    for row in rows:
        of[row.kind].append(row)
    pauses = [Pause(row.day, row.last_day, PauseReason(row.what)) for row in of["pause"]]
    [member] = of["member"] or [None]
    return History(
        entries=_entries(of["entry"]),
        voided=_entries(of["void"]),
        pauses=tuple(sorted(pauses, key=lambda pause: pause.first)),
        badges=frozenset(row.what for row in of["badge"]),
        joined=member and member.day,
        name=member and member.what,
        is_reminder_closed=bool(of["closed"]),
    )
