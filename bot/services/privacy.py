"""What is stored about a member: showing, hiding, exporting and deleting it."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from bot.domain.days import Clock
from bot.domain.personal import Entry
from bot.services.archive import pack
from bot.services.clubs import existing_club
from bot.services.daily import Daily
from bot.services.scores import take_out
from bot.storage.database import Database, Stores

RECENT = timedelta(days=2)


class Privacy:
    """What a member can ask about themselves: in one club or, without one, in all of them."""

    def __init__(
        self, database: Database, daily: Daily, clock: Clock, retention: timedelta
    ) -> None:
        self._database = database
        self._daily = daily
        self._clock = clock
        self.retention = retention

    async def stored(self, member_id: int, club_id: int | None) -> list[Entry]:
        """Return everything that is stored about the member."""
        async with self._database.read() as stores:
            return await stores.personal.entries(member_id, club_id)

    async def hide(
        self, member_id: int, club_id: int | None, name: str, *, is_hidden: bool
    ) -> Sequence[int]:
        """Name the member nowhere, or where others are; return the ids of the clubs concerned.

        Raises:
            NotSetUp: this server is no club yet.
        """
        async with self._database.write(*_lock(club_id)) as stores:
            if club_id is None:
                found = await stores.personal.clubs_of(member_id)
            else:
                found = [(await existing_club(stores, club_id)).id]
            for each in found:
                await stores.personal.hide(each, member_id, name, is_hidden=is_hidden)
        return found

    async def export(self, member_id: int, club_id: int | None, most: int) -> list[bytes]:
        """Return everything stored about the member as zip files of at most `most` bytes.

        Nothing stored gives no file.
        """
        entries = await self.stored(member_id, club_id)
        if not entries:
            return []
        return await asyncio.to_thread(pack, entries, member_id, self._clock(), most)

    async def delete(self, member_id: int, club_id: int | None) -> list[Entry]:
        """Delete everything stored about the member, and return what it was."""
        async with self._database.write(*_lock(club_id)) as stores:
            entries = await stores.personal.entries(member_id, club_id)
            for each in {entry.club_id for entry in entries if entry.club_id is not None}:
                await _uncount(stores, each, member_id)
            await stores.personal.delete(member_id, club_id)
        for club, day in _recent(entries, self._clock().date()):
            self._daily.outdate(club, day)
        return entries


def _lock(club_id: int | None) -> tuple[int, ...]:
    """Return the clubs to take turns in; none named means all."""
    return () if club_id is None else (club_id,)


def _recent(entries: Iterable[Entry], today: date) -> set[tuple[int, date]]:
    """Return club and day of what was done so lately that a card in the channel still counts it."""
    return {
        (entry.club_id, day)
        for entry in entries
        if entry.table == "completions" and entry.club_id is not None
        if isinstance(day := entry.values["day"], date) and day >= today - RECENT
    }


async def _uncount(stores: Stores, club_id: int, member_id: int) -> None:
    club = await stores.clubs.get(club_id)
    if club is not None:
        history = await stores.members.history(club_id, member_id)
        await take_out(stores, club, member_id, history.record)
