"""A club's own moves beside the library: how one is typed, what is offered, what is remembered."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.catalogue import Catalogue
from bot.domain.exercise import Category, Difficulty, Equipment, Exercise, Muscle

OWN = "own-"  # how the slug of a club's own move begins, and that of no move in the library
MOST_OFFERED = 50  # own moves of a club at a time
MOST_KEPT = 200  # with those that are retired


class MoveState(StrEnum):
    """Whether an own move is offered; one that is retired is only remembered."""

    ACTIVE = "active"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A move as a coach types it; `steps` has one a line, `stop` may be empty."""

    name: str
    steps: str
    dose: str
    level: Difficulty
    stop: str
    muscle: Muscle
    category: Category
    equipment: Equipment
    in_rotation: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredMove:
    """An own move as it is kept: `definition` is what its coach gave, as JSON."""

    slug: str
    name: str
    definition: str
    state: MoveState
    member_id: int | None
    """Who added it or changed it last; None once they had their data deleted."""
    added_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnMove:
    """An own move of a club; `in_rotation`: it can be the challenge of a day."""

    exercise: Exercise
    state: MoveState
    in_rotation: bool


class Repertoire:
    """What a club can do: the library and its own moves; those retired are only recalled."""

    def __init__(self, library: Catalogue, own: Iterable[OwnMove] = ()) -> None:
        moves = list(own)
        active = [move for move in moves if move.state is MoveState.ACTIVE]
        drawn = [move.exercise for move in active if move.in_rotation]
        self.own = tuple(moves)
        self.offered = library.plus(move.exercise for move in active)
        self.rotation = library.plus(drawn)
        self.known: Mapping[str, Exercise] = {
            e.slug: e for e in (*library, *(move.exercise for move in moves))
        }

    def recall(self, slug: str) -> Exercise:
        """Return the move of this slug, also if it is retired.

        Raises:
            UnknownExercise: there never was one, or the library has lost it.
        """
        return self.known.get(slug) or self.offered.get(slug)
