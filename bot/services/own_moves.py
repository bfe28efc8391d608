"""A club's own moves: proposed by a form or a pack, looked at, saved, listed and retired."""

import asyncio
import json
import secrets
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from bot.content.own_moves import (
    MOST_BYTES,
    BadForm,
    FormProblem,
    MoveReader,
    OwnMoveModel,
    definition_of,
)
from bot.domain.catalogue import Catalogue
from bot.domain.club import Club
from bot.domain.days import Clock
from bot.domain.exercise import Category, Difficulty, Equipment, Exercise, Muscle
from bot.domain.own_moves import (
    MOST_KEPT,
    MOST_OFFERED,
    Form,
    MoveState,
    OwnMove,
    StoredMove,
)
from bot.errors import DraftGone, NoPack, TooManyMoves, UnknownExercise, UnknownOwnMove
from bot.services.clubs import existing_club
from bot.services.moves import Moves
from bot.storage.database import Database, Stores

DRAFT_KEPT = timedelta(days=1)


class Change(StrEnum):
    """What saving a move does."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """A move to save, as members will see it."""

    exercise: Exercise
    change: Change
    definition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a coach looks at: of a form one move or what is wrong with it, of a pack its moves.

    `token` is the draft's; each coach has one draft at a time. `day` is the club's.
    """

    token: str
    day: date
    form: Form | None
    moves: tuple[Proposed, ...]
    problems: tuple[FormProblem, ...] = ()

    def named(self, change: Change) -> tuple[str, ...]:
        """Return the names of the moves that are new, changed or the same."""
        return tuple(move.exercise.name for move in self.moves if move.change is change)

    @property
    def changes_something(self) -> bool:
        """Whether there is anything to save."""
        return any(move.change is not Change.SAME for move in self.moves)


class OwnMoves:
    """What coaches can do with the moves of their club."""

    def __init__(self, database: Database, reader: MoveReader, moves: Moves, clock: Clock) -> None:
        self._database = database
        self._reader = reader
        self._moves = moves
        self._clock = clock

    async def check_room(self, club_id: int) -> None:
        """Return if the club may add a move.

        Raises:
            NotSetUp: this server is no club yet.
            TooManyMoves: it has as many as it can.
        """
        async with self._database.read() as stores:
            await existing_club(stores, club_id)
            _check_number(await stores.own_moves.of_club(club_id), 1, 0)

    async def propose_form(self, club_id: int, member_id: int, form: Form) -> Draft:
        """Keep what the coach typed as their draft, right or wrong, and return it.

        Raises:
            NotSetUp: this server is no club yet.
            TooManyMoves: the club has as many as it can.
        """
        return await self._propose(club_id, member_id, {"form": asdict(form)})

    async def propose_pack(
        self, club_id: int, member_id: int, size: int, read: Callable[[], Awaitable[bytes]]
    ) -> Draft:
        """Keep a pack as the coach's draft and return it; `read` gets its `size` bytes.

        Raises:
            NotSetUp: this server is no club yet.
            NoPack: the file is too large, which is then not read, or no text.
            BadPack: with the first problems and the number of all; nothing is kept.
            TooManyMoves: the club would have more than it can.
        """
        async with self._database.read() as stores:
            await existing_club(stores, club_id)
        if size > MOST_BYTES:
            raise NoPack(most=MOST_BYTES // 1024)
        try:
            text = (await read()).decode("utf-8-sig")
        except UnicodeDecodeError:
            raise NoPack(most=MOST_BYTES // 1024) from None
        return await self._propose(club_id, member_id, {"pack": text})

    async def draft(self, club_id: int, member_id: int, token: str) -> Draft:
        """Return the coach's draft as it stands now.

        Raises:
            DraftGone: it was saved, discarded or replaced.
            UserError: what has become wrong with it meanwhile.
        """
        async with self._database.read() as stores:
            club = await existing_club(stores, club_id)
            content = await _existing_draft(stores, club_id, member_id, token)
            stored = await stores.own_moves.of_club(club_id)
        return await self._evaluate(club, token, content, stored)

    async def form(self, club_id: int, member_id: int, token: str) -> Form:
        """Return what the coach typed.

        Raises:
            DraftGone: it was saved, discarded or replaced.
        """
        async with self._database.read() as stores:
            content = await _existing_draft(stores, club_id, member_id, token)
        if "form" not in content:
            raise DraftGone
        return _form(content["form"])

    async def save(self, club_id: int, member_id: int, token: str) -> Draft:
        """Offer the moves of the coach's draft from now on, and return what was saved.

        Raises:
            DraftGone: it was saved, discarded or replaced.
            UserError: what has become wrong with it meanwhile.
        """
        while True:
            async with self._database.read() as stores:
                club = await existing_club(stores, club_id)
                content = await _existing_draft(stores, club_id, member_id, token)
                stored = await stores.own_moves.of_club(club_id)
            draft = await self._evaluate(club, token, content, stored)  # takes long for a long pack
            async with self._database.write(club_id) as stores:
                now = await existing_club(stores, club_id)
                if now.moves_version != club.moves_version:
                    continue  # another coach was faster: what is new or taken may be another now
                await _existing_draft(stores, club_id, member_id, token)
                if not draft.problems:
                    await self._store(stores, club, member_id, draft)
                return draft

    async def discard(self, club_id: int, member_id: int, token: str) -> None:
        """Forget the coach's draft.

        Raises:
            DraftGone: it was saved, discarded or replaced.
        """
        async with self._database.write(club_id) as stores:
            await _existing_draft(stores, club_id, member_id, token)
            await stores.own_moves.delete_draft(club_id, member_id)

    async def retire(self, club_id: int, name: str) -> Exercise:
        """Offer the club's own move of this name or slug no more, and return it.

        Raises:
            NotSetUp: this server is no club yet.
            UnknownOwnMove: the club offers no such move of its own.
        """
        async with self._database.write(club_id) as stores:
            club = await existing_club(stores, club_id)
            own = (await self._moves.of(stores, club)).own
            active = Catalogue(m.exercise for m in own if m.state is MoveState.ACTIVE)
            try:
                exercise = active.get(name)
            except UnknownExercise:
                raise UnknownOwnMove(name=name) from None
            await stores.own_moves.retire(club_id, exercise.slug, self._clock())
            await _set_changed(stores, club_id)
        return exercise

    async def of(self, club_id: int) -> tuple[OwnMove, ...]:
        """Return the club's own moves, retired ones too.

        Raises:
            NotSetUp: this server is no club yet.
        """
        async with self._database.read() as stores:
            club = await existing_club(stores, club_id)
            return (await self._moves.of(stores, club)).own

    async def _propose(self, club_id: int, member_id: int, content: dict[str, Any]) -> Draft:
        token = secrets.token_hex(8)
        async with self._database.read() as stores:
            club = await existing_club(stores, club_id)
            stored = await stores.own_moves.of_club(club_id)
        draft = await self._evaluate(club, token, content, stored)
        now = self._clock()
        async with self._database.write(club_id) as stores:
            text = json.dumps(content)
            await stores.own_moves.save_draft(club_id, member_id, token, text, now)
            await stores.own_moves.delete_drafts_before(now - DRAFT_KEPT)
        return draft

    async def _evaluate(
        self, club: Club, token: str, content: dict[str, Any], stored: list[StoredMove]
    ) -> Draft:
        """Return the draft, checked against the moves that the club has now."""
        day = club.calendar.day(self._clock())
        active = [move for move in stored if move.state is MoveState.ACTIVE]
        form = _form(content["form"]) if "form" in content else None
        try:
            if form is not None:
                slug, model = self._reader.read_form(form, active)
                models = {slug: model}
            else:  # beside the loop: a long pack takes a while
                read = self._reader.read_pack
                models = await asyncio.to_thread(read, content["pack"], active)
        except BadForm as bad:
            return Draft(token=token, day=day, form=form, moves=(), problems=bad.problems)
        known = {move.slug: move for move in stored}
        moves = tuple(self._proposed(slug, m, known.get(slug)) for slug, m in models.items())
        offered = {move.slug for move in active}
        _check_number(stored, len(models.keys() - offered), len(models.keys() - known.keys()))
        return Draft(token=token, day=day, form=form, moves=moves)

    def _proposed(self, slug: str, model: OwnMoveModel, before: StoredMove | None) -> Proposed:
        definition = definition_of(model)
        change = Change.CHANGED
        if before is None or before.state is MoveState.RETIRED:
            change = Change.NEW
        elif before.definition == definition:
            change = Change.SAME
        exercise = self._reader.build(slug, model)
        return Proposed(exercise=exercise, change=change, definition=definition)

    async def _store(self, stores: Stores, club: Club, member_id: int, draft: Draft) -> None:
        now = self._clock()
        for move in draft.moves:
            if move.change is not Change.SAME:
                stored = StoredMove(
                    slug=move.exercise.slug,
                    name=move.exercise.name,
                    definition=move.definition,
                    state=MoveState.ACTIVE,
                    member_id=member_id,
                    added_at=now,
                    changed_at=now,
                )
                await stores.own_moves.save(club.id, stored)
        await stores.own_moves.delete_draft(club.id, member_id)
        if draft.changes_something:
            await _set_changed(stores, club.id)


def _check_number(stored: list[StoredMove], offered: int, added: int) -> None:
    """Raise TooManyMoves if the club cannot offer so many more, or keep so many new ones."""
    states = Counter(move.state for move in stored)
    if states[MoveState.ACTIVE] + offered > MOST_OFFERED:
        raise TooManyMoves(most=MOST_OFFERED, n=states[MoveState.ACTIVE])
    if len(stored) + added > MOST_KEPT:
        raise TooManyMoves(most=MOST_KEPT, n=len(stored))


async def _existing_draft(
    stores: Stores, club_id: int, member_id: int, token: str
) -> dict[str, Any]:
    text = await stores.own_moves.draft(club_id, member_id, token)
    if text is None:
        raise DraftGone
    content: dict[str, Any] = json.loads(text)
    return content


async def _set_changed(stores: Stores, club_id: int) -> None:
    await stores.clubs.set_moves_version(club_id, secrets.token_hex(8))


def _form(fields: dict[str, Any]) -> Form:
    kinds: dict[str, type[StrEnum]] = {
        "level": Difficulty,
        "muscle": Muscle,
        "category": Category,
        "equipment": Equipment,
    }
    words: dict[str, Any] = {name: kind(fields[name]) for name, kind in kinds.items()}
    return Form(**{**fields, **words})
