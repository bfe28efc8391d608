"""A set to follow along: its phases, how long each lasts, and where a member is in them.

A library says how often, rarely how long. Of a range it is the lower end of sets, holds and rests
that counts, and the upper end of repeats and metres, so that nobody is hurried. What no number
says is estimated as for a routine, and members can always go on before the time is up.
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from math import ceil

from bot.domain.duration import METRE_S, repeat_seconds
from bot.domain.exercise import Exercise, Per, Rung, Sides

READY_S = 15  # to put the phone down and get into position
SOME_S = 30  # for a dose that says nothing
LONGEST_S = 600  # so that one tap is always enough for a phase, see TOKEN_HOLDS

# Discord lets a message that only one member sees be changed for 15 minutes after their last tap.
TOKEN_HOLDS = timedelta(minutes=14)
PAUSE_HOLDS = timedelta(minutes=30)  # then a set that stands still is forgotten


class Kind(StrEnum):
    """What a phase is for."""

    READY = "ready"
    WORK = "work"
    REST = "rest"


class Side(StrEnum):
    """The side that works."""

    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """A stretch of time in a set; before the work, `number` and `side` are those of what follows.

    `side` is None where both work, together or in turn. `is_estimate` says that nothing but the
    member knows when it is over.
    """

    kind: Kind
    seconds: int
    number: int
    side: Side | None
    is_estimate: bool = False


def phases(exercise: Exercise, position: int) -> tuple[Phase, ...]:
    """Return the phases of the rung at `position`: get ready, then work and rest in turn."""
    rung = exercise.ladder[position]
    seconds = _work_s(exercise, rung)
    result: list[Phase] = []
    for number in range(1, (rung.dose.sets or 1) + 1):
        for side in tuple(Side) if rung.changes_sides else (None,):
            kind, before = (Kind.REST, exercise.rest.min_s) if result else (Kind.READY, READY_S)
            result += [
                Phase(kind=kind, seconds=min(before, LONGEST_S), number=number, side=side),
                Phase(
                    kind=Kind.WORK,
                    seconds=seconds,
                    number=number,
                    side=side,
                    is_estimate=rung.dose.reps_min is not None or rung.dose.hold_s is None,
                ),
            ]
    return tuple(result)


def _work_s(exercise: Exercise, rung: Rung) -> int:
    """Return the seconds of one phase of work, estimated where no number says it."""
    dose = rung.dose
    hold = dose.hold_s or 0
    repeats = dose.reps_max or dose.reps_min
    if repeats is not None:
        repeat = repeat_seconds(exercise.category, rung.tempo or exercise.tempo)
        once = repeats * (repeat + hold)
    else:
        once = hold or METRE_S * (dose.distance_max_m or dose.distance_m or 0) or SOME_S
    times = 2 if dose.per is Per.LEG_AND_DIRECTION else 1
    if rung.sides is Sides.ALTERNATING and dose.per is not Per.BOTH:
        times *= 2
    return min(once * times, LONGEST_S)


def duration(of: tuple[Phase, ...]) -> timedelta:
    """Return how long these phases take if nobody goes on early."""
    return timedelta(seconds=sum(phase.seconds for phase in of))


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """Where a member is in a set; a member has one at most.

    `id` tells it from the member's earlier ones. A phase that runs ends at `due_at`; one that
    stands still has `left_s` seconds to go and is forgotten at `due_at`. `token` changes the
    message until `token_ends_at`; whoever has it could, so it is shown nowhere. Without a
    `message_id` there is none to change.
    """

    id: int
    member_id: int
    club_id: int | None
    slug: str
    rung: int
    day: date | None
    locale: str
    token: str = field(repr=False)
    token_ends_at: datetime
    due_at: datetime
    phase: int = 0
    left_s: int | None = None
    message_id: int | None = None

    @property
    def is_paused(self) -> bool:
        """Whether it stands still until the member taps."""
        return self.left_s is not None

    @property
    def needs_tap(self) -> bool:
        """Whether it stands still because the token does not last to the end of the phase."""
        if self.left_s is None:
            return False
        return self.due_at - PAUSE_HOLDS + timedelta(seconds=self.left_s) > self.token_ends_at

    def tapped(self, token: str, now: datetime) -> "Guide":
        """Return it with the token of a new tap."""
        return replace(self, token=token, token_ends_at=now + TOKEN_HOLDS)

    def at(self, now: datetime, of: tuple[Phase, ...]) -> "Guide":
        """Return where it is `now`: in the phase of this moment, or past the last of them.

        Times add up from phase to phase, whatever kept anybody from looking meanwhile. It stops
        before a phase that the token does not outlast.
        """
        guide = self
        while not guide.is_paused and guide.due_at <= now and guide.phase < len(of):
            guide = guide._begin(guide.phase + 1, guide.due_at, of)
        return guide

    def skip(self, now: datetime, of: tuple[Phase, ...]) -> "Guide":
        """Return it in the phase after the one that runs."""
        return self._begin(self.phase + 1, now, of)

    def _begin(self, phase: int, start: datetime, of: tuple[Phase, ...]) -> "Guide":
        if phase == len(of):
            return replace(self, phase=phase)
        begun = replace(self, phase=phase, due_at=start + timedelta(seconds=of[phase].seconds))
        return begun if begun.due_at <= self.token_ends_at else begun.pause(start)

    def pause(self, now: datetime) -> "Guide":
        """Return it standing still, with what is left of the phase."""
        if self.is_paused:
            return self
        left = ceil((self.due_at - now).total_seconds())
        return replace(self, left_s=left, due_at=now + PAUSE_HOLDS)

    def go(self, now: datetime) -> "Guide":
        """Return it running again."""
        if self.left_s is None:
            return self
        return replace(self, left_s=None, due_at=now + timedelta(seconds=self.left_s))
