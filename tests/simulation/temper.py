"""How wild a world is: what goes wrong in it, and how often."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from random import Random


@dataclass(frozen=True, slots=True, kw_only=True)
class Temper:
    """The dials of a world; seeds of every kind are drawn, so that calm ones get far."""

    processes: int
    between_acts: timedelta
    """How much time passes in one club between two things that its people do."""
    between_blows: timedelta
    """How much time passes between two things that hit all clubs."""


def draw_temper(rng: Random) -> Temper:
    """Return the temper of the world that this chance makes."""
    return Temper(
        processes=rng.choice((1, 1, 2)),
        between_acts=timedelta(days=rng.choice((3, 10, 30))),
        between_blows=timedelta(hours=rng.choice((6, 24, 96))),
    )
