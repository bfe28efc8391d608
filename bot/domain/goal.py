"""The club's goal: sessions a week, chosen by its coach or suggested from the last weeks."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from statistics import median

GOAL_WEEKS = 4  # full weeks that a suggestion looks back
MORE = 1.1
STEP = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """What the club wants to do this week, and how much of it is done."""

    target: int
    done: int
    is_suggested: bool

    @property
    def share(self) -> float:
        """How far the club is, from 0 to 1."""
        return min(1.0, self.done / self.target)

    @property
    def is_reached(self) -> bool:
        """Whether the target is done."""
        return self.done >= self.target


def suggest(weeks: Sequence[int]) -> int | None:
    """Return a goal for a club with so many sessions in its last full weeks, or None.

    A tenth more than the middle one of the weeks in which anything was done, rounded up to five:
    one very good week does not make the next too hard, nor a holiday the goal too easy.
    """
    done = [sessions for sessions in weeks if sessions]
    if not done:
        return None
    # Rounded before it is rounded up: 50 x 1.1 is a little more than 55 to a computer.
    return ceil(round(median(done) * MORE / STEP, 6)) * STEP


def goal_of(chosen: int | None, weeks: Sequence[int], done: int) -> Goal | None:
    """Return the club's goal: what its coach chose, where 0 is none, else the suggestion."""
    target = suggest(weeks) if chosen is None else chosen
    return Goal(target=target, done=done, is_suggested=chosen is None) if target else None
