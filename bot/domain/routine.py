"""A routine out of the library: warm-up, main moves and stretches that fit the minutes."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from hashlib import sha256
from itertools import chain
from math import inf

from bot.domain.duration import exercise_seconds, set_range
from bot.domain.exercise import Category, Dose, Equipment, Exercise, Muscle, Rung
from bot.domain.focus import Focus, focus_of
from bot.errors import MissingEquipment, NoMoves, TooFewMinutes, TooManyMinutes, UserError

LEAST_MINUTES, MOST_MINUTES = 5, 60
HALF_AN_HOUR = 30
# So many moves fit a card with a figure each; in a longer routine more moves do without.
FEW_MOVES, MOST_MOVES = 8, 15
ROUND_MINUTES = 20  # for each, one more move warms up and one more stretches
FILLED = 0.75  # of the minutes, what there is to do must be able to fill this much
# What every home has, for those who name nothing.
AT_HOME = frozenset({Equipment.MAT, Equipment.WALL, Equipment.CHAIR, Equipment.CUSHION})
# A weight is a weight, a box is a step, and one can sit down on a bench or a box.
_SERVES_AS = {
    Equipment.KETTLEBELL: {Equipment.DUMBBELL},
    Equipment.DUMBBELL: {Equipment.KETTLEBELL},
    Equipment.BOX: {Equipment.STEP, Equipment.CHAIR},
    Equipment.BENCH: {Equipment.CHAIR},
}


class Part(StrEnum):
    """What a move is there for in a routine."""

    WARM_UP = "warm_up"
    MAIN = "main"
    COOL_DOWN = "cool_down"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a routine is built for; without a focus, for all parts of the hips."""

    minutes: int
    equipment: frozenset[Equipment] = AT_HOME
    focus: Focus | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A move in a routine, at its standard rung with so many sets."""

    exercise: Exercise
    part: Part
    sets: int

    @property
    def rung(self) -> Rung:
        """The rung it is done at."""
        return self.exercise.ladder[self.exercise.standard]

    @property
    def dose(self) -> Dose:
        """The dose of the rung with the sets of this routine."""
        dose = self.rung.dose
        return dose if dose.sets is None else replace(dose, sets=self.sets, sets_max=None)

    @property
    def seconds(self) -> int:
        """How long it takes."""
        return exercise_seconds(self.exercise, self.rung, self.sets)


@dataclass(frozen=True, slots=True, kw_only=True)
class Routine:
    """A routine: its moves in their order."""

    wish: Wish
    day: date
    turns: tuple[Turn, ...]

    @property
    def seconds(self) -> int:
        """How long it takes in all."""
        return sum(turn.seconds for turn in self.turns)

    @property
    def stamp(self) -> str:
        """Eight hexadecimal digits that tell these moves from others."""
        slugs = sorted(turn.exercise.slug for turn in self.turns)
        return sha256(" ".join(slugs).encode()).hexdigest()[:8]


def build_routine(library: Iterable[Exercise], wish: Wish, seed: int, day: date) -> Routine:
    """Return the routine for a wish: the same for the same arguments, another on another day.

    Only with what is at hand, no move twice, at most one demanding move and never first. The main
    moves' leader changes from day to day, so that each has its turn; parts and muscles take turns.

    Raises:
        MissingEquipment, NoMoves: nothing gentle can be done for the focus.
        TooFewMinutes: not even one main move fits after a warm-up; with the least that would do.
        TooManyMinutes: all that can be done fills too little of them; with the most that it fills.
    """
    moves = list(library)
    pools = _pools(moves, wish)
    _check(pools, moves, wish)

    def draw(exercise: Exercise) -> bytes:
        return sha256(f"{seed}:{day}:{exercise.slug}".encode()).digest()

    draft = _Draft({part: sorted(pool, key=draw) for part, pool in pools.items()}, wish)
    draft.add(_leader(pools, wish, seed, day), Part.MAIN)
    for most in (1, 1 + wish.minutes // ROUND_MINUTES):
        draft.fill(Part.WARM_UP, most)
        draft.fill(Part.COOL_DOWN, most)
    draft.fill(Part.MAIN)
    draft.extend(Part.MAIN)
    for part in (Part.COOL_DOWN, Part.WARM_UP):
        draft.fill(part)
    for part in (Part.COOL_DOWN, Part.WARM_UP):
        draft.extend(part)
    return Routine(wish=wish, day=day, turns=tuple(draft.in_order()))


def can_be_done_with(exercise: Exercise, equipment: frozenset[Equipment]) -> bool:
    """Whether this is enough for the standard rung; some things serve as others."""
    return not _missing(exercise, equipment)


def _missing(exercise: Exercise, equipment: frozenset[Equipment]) -> frozenset[Equipment]:
    at_hand = {Equipment.NONE, *equipment}
    at_hand.update(*(_SERVES_AS.get(item, set()) for item in equipment))
    return frozenset(exercise.ladder[exercise.standard].equipment) - at_hand


class _Draft:
    """A routine in the making; `pools` holds what may come into each part, the best first."""

    def __init__(self, pools: dict[Part, list[Exercise]], wish: Wish) -> None:
        self._pools = pools
        self._group = _grouping(wish)
        self._most = FEW_MOVES if wish.minutes <= HALF_AN_HOUR else MOST_MOVES
        self._left = wish.minutes * 60
        self._turns: dict[str, Turn] = {}

    def add(self, exercise: Exercise, part: Part) -> None:
        """Add a move with the fewest sets."""
        turn = _shortest(exercise, part)
        self._turns[exercise.slug] = turn
        self._left -= turn.seconds

    def fill(self, part: Part, most: int = MOST_MOVES) -> None:
        """Add moves to a part while they fit, up to so many in it; rare groups go first."""
        while len(self._of(part)) < most and len(self._turns) < self._most:
            groups = Counter(self._group(turn.exercise) for turn in self._of(part))
            fitting = [e for e in self._pools[part] if self._takes(e, part)]
            if not fitting:
                return
            self.add(min(fitting, key=lambda e: groups[self._group(e)]), part)

    def extend(self, part: Part) -> None:
        """Add sets to the moves of a part, one each in turn, while they fit and the dose allows."""
        is_growing = True
        while is_growing:
            is_growing = False
            for turn in self._of(part):
                longer = replace(turn, sets=turn.sets + 1)
                extra = longer.seconds - turn.seconds
                if longer.sets <= set_range(turn.rung.dose)[1] and extra <= self._left:
                    self._turns[turn.exercise.slug] = longer
                    self._left -= extra
                    is_growing = True

    def in_order(self) -> list[Turn]:
        """Return the moves as they are done: what moves before what is held, groups in turn."""
        main = _alternate(self._of(Part.MAIN), self._group)
        before, after = (_moving_first(self._of(p)) for p in (Part.WARM_UP, Part.COOL_DOWN))
        return [*before, *main, *after]

    def _of(self, part: Part) -> list[Turn]:
        return [turn for turn in self._turns.values() if turn.part is part]

    def _takes(self, exercise: Exercise, part: Part) -> bool:
        if exercise.slug in self._turns or _shortest(exercise, part).seconds > self._left:
            return False
        is_second = any(turn.exercise.is_demanding for turn in self._turns.values())
        return not (exercise.is_demanding and is_second)


def _shortest(exercise: Exercise, part: Part) -> Turn:
    dose = exercise.ladder[exercise.standard].dose
    return Turn(exercise=exercise, part=part, sets=set_range(dose)[0])


def _longest(exercise: Exercise) -> Turn:
    dose = exercise.ladder[exercise.standard].dose
    return Turn(exercise=exercise, part=Part.MAIN, sets=set_range(dose)[1])


def _pools(moves: Iterable[Exercise], wish: Wish) -> dict[Part, list[Exercise]]:
    """Return what may come into each part with what is at hand."""
    usable = [e for e in moves if can_be_done_with(e, wish.equipment)]
    moving = [e for e in usable if e.category is Category.MOBILITY_DYNAMIC]
    held = [e for e in usable if e.category is Category.STRETCH_STATIC]
    activating = [e for e in usable if e.category is Category.ACTIVATION]
    main = [e for e in usable if not e.is_mobility and e not in activating]
    if wish.focus is Focus.MOBILITY:
        main = moving
    elif wish.focus is not None:
        main = [e for e in main if focus_of(e) is wish.focus]
    warming = [e for e in (*moving, *activating) if not e.is_demanding]
    return {Part.WARM_UP: warming, Part.MAIN: main, Part.COOL_DOWN: held or moving}


def _check(pools: dict[Part, list[Exercise]], moves: Iterable[Exercise], wish: Wish) -> None:
    """Raise what is wrong with the wish."""
    needed = _needed_seconds(pools)
    if not needed:
        raise _nothing_for(wish, moves)
    least = min(needed.values())
    if least > wish.minutes * 60:
        raise TooFewMinutes(least=_minutes(least))
    lasting = {e.slug: _longest(e).seconds for e in chain(*pools.values()) if not e.is_demanding}
    demanding = [_longest(e).seconds for e in chain(*pools.values()) if e.is_demanding]
    most = sum(lasting.values()) + max(demanding, default=0)
    if wish.minutes > LEAST_MINUTES and most < FILLED * wish.minutes * 60:
        raise TooManyMinutes(most=max(_minutes(most), LEAST_MINUTES))


def _needed_seconds(pools: dict[Part, list[Exercise]]) -> dict[str, int]:
    """Return for each gentle main move how long it takes after the shortest warm-up."""
    warming = {e.slug: _shortest(e, Part.WARM_UP).seconds for e in pools[Part.WARM_UP]}
    return {
        e.slug: _shortest(e, Part.MAIN).seconds
        + min((seconds for slug, seconds in warming.items() if slug != e.slug), default=0)
        for e in pools[Part.MAIN]
        if not e.is_demanding
    }


def _nothing_for(wish: Wish, moves: Iterable[Exercise]) -> UserError:
    """Return what to tell somebody who can do no gentle move of the focus: what it takes."""
    anywhere = _pools(moves, replace(wish, equipment=frozenset(Equipment)))
    missing = [_missing(e, wish.equipment) for e in anywhere[Part.MAIN] if not e.is_demanding]
    if not missing:
        return NoMoves(focus=wish.focus)
    fewest = min(map(len, missing))
    [(most_helpful, _)] = Counter(m for m in missing if len(m) == fewest).most_common(1)
    return MissingEquipment(focus=wish.focus, equipment=tuple(sorted(most_helpful)))


def _leader(pools: dict[Part, list[Exercise]], wish: Wish, seed: int, day: date) -> Exercise:
    """Return the main move of the day: those that the minutes allow take turns."""
    needed = _needed_seconds(pools)
    able = [e for e in pools[Part.MAIN] if needed.get(e.slug, inf) <= wish.minutes * 60]
    able.sort(key=lambda e: sha256(f"{seed}:{e.slug}".encode()).digest())
    return able[day.toordinal() % len(able)]


def _grouping(wish: Wish) -> Callable[[Exercise], Focus | Muscle | None]:
    """Return what tells neighbours apart: the part of the hips, within one part the muscle."""
    if wish.focus is None:
        return focus_of
    return lambda exercise: next(iter(exercise.muscles), None)


def _alternate(
    turns: Sequence[Turn], group: Callable[[Exercise], Focus | Muscle | None]
) -> list[Turn]:
    """Return the turns with no two neighbours of a group, where that can be; a gentle one first.

    The group with most left goes next unless it has just been: no other order separates more.
    """
    left, ordered = list(turns), list[Turn]()
    while left:
        counts = Counter(group(turn.exercise) for turn in left)
        if ordered:
            last = group(ordered[-1].exercise)
            able = [turn for turn in left if group(turn.exercise) != last]
        else:
            able = [turn for turn in left if not turn.exercise.is_demanding]
        pick = max(able or left, key=lambda turn: counts[group(turn.exercise)])
        left.remove(pick)
        ordered.append(pick)
    return ordered


def _moving_first(turns: Iterable[Turn]) -> list[Turn]:
    order = (Category.MOBILITY_DYNAMIC, Category.ACTIVATION, Category.STRETCH_STATIC)
    return sorted(turns, key=lambda turn: order.index(turn.exercise.category))


def _minutes(seconds: int) -> int:
    return -(-seconds // 60)
