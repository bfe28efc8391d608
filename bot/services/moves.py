"""What each club can do: the library and its own moves, read again only when they changed."""

import logging
from collections import OrderedDict
from contextlib import suppress

from pydantic import ValidationError

from bot.content.own_moves import MoveReader
from bot.domain.catalogue import Catalogue
from bot.domain.club import Club
from bot.domain.own_moves import OwnMove, Repertoire, StoredMove
from bot.errors import StorageUnavailable
from bot.storage.database import Database, Stores

log = logging.getLogger(__name__)

KEPT = 500  # repertoires in memory: those of the clubs that asked last


class Moves:
    """Hands out the repertoires of clubs."""

    def __init__(self, database: Database, reader: MoveReader) -> None:
        self._database = database
        self._reader = reader
        self._library = Repertoire(reader.catalogue)
        self._kept: OrderedDict[tuple[int, str], Repertoire] = OrderedDict()

    @property
    def shipped(self) -> Catalogue:
        """The moves that every club has."""
        return self._reader.catalogue

    async def of(self, stores: Stores, club: Club | None) -> Repertoire:
        """Return what the club, as it was just read, can do; the library where there is none."""
        if club is None or club.moves_version is None:
            return self._library
        # A version is never used twice, so what is kept by it can be old but not wrong.
        key = club.id, club.moves_version
        found = self._kept.pop(key, None)
        if found is None:
            stored = await stores.own_moves.of_club(club.id)
            found = Repertoire(self._reader.catalogue, self._readable(club.id, stored))
        self._kept[key] = found  # as the latest
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return found

    async def offered(self, club_id: int | None) -> Catalogue:
        """Return the moves that the club offers.

        The library's where there is no club, or while the database cannot say.
        """
        with suppress(StorageUnavailable):
            if club_id is not None:
                async with self._database.read() as stores:
                    return (await self.of(stores, await stores.clubs.get(club_id))).offered
        return self._library.offered

    def _readable(self, club_id: int, stored: list[StoredMove]) -> list[OwnMove]:
        moves = []
        for one in stored:
            try:
                moves.append(self._reader.restore(one))
            except ValidationError as error:
                log.warning(
                    "club %s: its own move %s is left out, for this version does not take it: %s",
                    club_id,
                    one.slug,
                    error.errors(include_url=False)[0]["msg"],
                )
        return moves
