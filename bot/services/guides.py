"""Following a set along: beginning it, what a member can tap, and what the clock does to it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.days import Clock
from bot.domain.exercise import Exercise, Rung
from bot.domain.guide import READY_S, TOKEN_HOLDS, Guide, Phase, phases
from bot.errors import TooManyGuides, UnknownExercise
from bot.services.moves import Moves
from bot.storage.database import Database, Stores


@dataclass(frozen=True, slots=True)
class GuidedSet:
    """A set to follow along, with what there is to do and where the member is in it."""

    guide: Guide
    exercise: Exercise
    phases: tuple[Phase, ...]

    @property
    def rung(self) -> Rung:
        """What is being done."""
        return self.exercise.ladder[self.guide.rung]

    @property
    def is_finished(self) -> bool:
        """Whether its last phase is over."""
        return self.guide.phase >= len(self.phases)


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """Who wants to follow what along, and where; `id` and `token` are the interaction's."""

    id: int
    token: str
    member_id: int
    club_id: int | None
    locale: str
    slug: str
    rung: int
    day: date | None
    message_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tap:
    """A tap on the message of the set `guide_id` while it showed the phase of this index."""

    guide_id: int
    phase: int
    member_id: int
    club_id: int | None
    token: str


Change = Callable[[GuidedSet, datetime], Guide | None]


class Guides:
    """What members who follow a set along, and the clock, can ask for.

    At most `most` sets are stored at once, by all processes that share the database.
    """

    def __init__(self, database: Database, moves: Moves, clock: Clock, most: int) -> None:
        self._database = database
        self._moves = moves
        self._clock = clock
        self._most = most

    async def begin(self, start: Start) -> tuple[GuidedSet, GuidedSet | None]:
        """Begin a set; return it, and the member's earlier one if its message can tell that.

        Raises:
            TooManyGuides: so many others follow one along that there is no room.
            UnknownExercise: the library has lost the exercise of an old card.
        """
        now = self._clock()
        async with self._database.write() as stores:  # names no club: the limit is for all
            exercise = await self._exercise(stores, start.club_id, start.slug)
            guide = _begun(start, exercise, now)
            if await stores.guides.count_others(start.member_id) >= self._most:
                raise TooManyGuides
            earlier = await stores.guides.get(start.member_id)
            await stores.guides.put(guide)
            can_tell = earlier is not None and earlier.token_ends_at > now
            before = await self._found(stores, earlier) if earlier and can_tell else None
        return GuidedSet(guide, exercise, phases(exercise, guide.rung)), before

    async def pause(self, tap: Tap) -> GuidedSet | None:
        """Let the set stand still; return it, or None if it is over."""
        return await self._tapped(tap, lambda found, now: found.guide.pause(now))

    async def go(self, tap: Tap) -> GuidedSet | None:
        """Let the set go on; return it, or None if it is over."""
        return await self._tapped(tap, lambda found, now: found.guide.go(now))

    async def skip(self, tap: Tap) -> GuidedSet | None:
        """Go on to the next phase, if the one that was shown still runs; return as `pause`."""

        def skip(found: GuidedSet, now: datetime) -> Guide:
            guide = found.guide
            is_shown = guide.phase == tap.phase and not guide.is_paused
            return guide.skip(now, found.phases) if is_shown else guide

        return await self._tapped(tap, skip)

    async def end(self, tap: Tap) -> GuidedSet | None:
        """Forget the set; return it as it was, or None if it was over."""
        return await self._tapped(tap, lambda _found, _now: None)

    async def _tapped(self, tap: Tap, change: Change) -> GuidedSet | None:
        """Return the set changed, with the tap's token; a change to None forgets it."""
        now = self._clock()
        async with self._database.write(*_clubs(tap.club_id)) as stores:
            guide = await stores.guides.get(tap.member_id)
            if guide is None or guide.id != tap.guide_id or _is_forgotten(guide, now):
                return None
            found = await self._found(stores, guide.tapped(tap.token, now), now)
            if found is None:
                return None
            changed = None if found.is_finished else change(found, now)
            if changed is None:
                await stores.guides.remove(guide)
                return found
            after = GuidedSet(changed, found.exercise, found.phases)
            if after.is_finished:
                await stores.guides.remove(guide)
            else:
                await stores.guides.update(changed)
            return after

    async def leads(self) -> bool:
        """Return whether this process is the one that moves the sets on."""
        return await self._database.lead()

    async def due(self) -> list[Guide]:
        """Return the sets to be moved on, the longest due first."""
        async with self._database.read() as stores:
            return await stores.guides.due(self._clock())

    async def moved(self, guide: Guide) -> GuidedSet | None:
        """Return where a set that is due is by now; None if its message cannot tell any more."""
        now = self._clock()
        if guide.token_ends_at <= now or _is_forgotten(guide, now):
            return None
        async with self._database.read() as stores:
            return await self._found(stores, guide, now)

    async def record(self, before: Guide, shown: Guide | None) -> GuidedSet | None:
        """Record what was shown of a set, None for nothing any more.

        Returns the set where it is instead, if the member tapped meanwhile.
        """
        async with self._database.write(*_clubs(before.club_id)) as stores:
            current = await stores.guides.get(before.member_id)
            if current != before:
                is_same = current is not None and current.id == before.id
                return await self._found(stores, current) if current and is_same else None
            found = None if shown is None else await self._found(stores, shown)
            if found is None or found.is_finished:
                await stores.guides.remove(before)
            else:
                await stores.guides.update(found.guide)
        return None

    async def _exercise(self, stores: Stores, club_id: int | None, slug: str) -> Exercise:
        club = await stores.clubs.get(club_id) if club_id else None
        return (await self._moves.of(stores, club)).recall(slug)

    async def _found(
        self, stores: Stores, guide: Guide, now: datetime | None = None
    ) -> GuidedSet | None:
        """Return the set, where it is `now` if that is given; None if its rung is lost."""
        try:
            exercise = await self._exercise(stores, guide.club_id, guide.slug)
        except UnknownExercise:
            return None
        if guide.rung >= len(exercise.ladder):
            return None
        of = phases(exercise, guide.rung)
        return GuidedSet(guide if now is None else guide.at(now, of), exercise, of)


def _clubs(club_id: int | None) -> tuple[int, ...]:
    return () if club_id is None else (club_id,)


def _begun(start: Start, exercise: Exercise, now: datetime) -> Guide:
    return Guide(
        id=start.id,
        member_id=start.member_id,
        club_id=start.club_id,
        slug=exercise.slug,
        rung=min(start.rung, len(exercise.ladder) - 1),
        day=start.day,
        locale=start.locale,
        token=start.token,
        token_ends_at=now + TOKEN_HOLDS,
        due_at=now + timedelta(seconds=READY_S),
        message_id=start.message_id,
    )


def _is_forgotten(guide: Guide, now: datetime) -> bool:
    return guide.is_paused and guide.due_at <= now
