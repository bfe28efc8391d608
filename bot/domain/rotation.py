"""Which exercise a club gets on which day."""

from collections.abc import Iterable
from datetime import date
from hashlib import sha256

from bot.domain.exercise import Exercise


def pick_daily(library: Iterable[Exercise], club_id: int, day: date) -> Exercise:
    """Return the challenge of `day`: the same for the same arguments, whatever happened between.

    A club goes round one order of its own, so no move repeats before all others had their turn.
    """
    order = daily_order(library, club_id)
    return order[day.toordinal() % len(order)]


def daily_order(library: Iterable[Exercise], club_id: int) -> list[Exercise]:
    """Return the club's round: all moves once, no two demanding ones side by side.

    The last and the first are side by side too. With more demanding moves than gentle ones
    that cannot be kept; then those left over close the round. Stretches make no challenge of
    their own, unless the library holds nothing else.
    """

    def draw(exercise: Exercise) -> bytes:
        # A digest, not `random`: the same on every Python, and a new move leaves the others' order.
        return sha256(f"{club_id}:{exercise.slug}".encode()).digest()

    known = list(library)
    moves = sorted([e for e in known if not e.is_mobility] or known, key=draw)
    gentle = [e for e in moves if not e.is_demanding]
    demanding = [e for e in moves if e.is_demanding]
    followed = sorted(gentle, key=lambda e: draw(e)[::-1])[: len(demanding)]
    order = []
    for exercise in gentle:
        order.append(exercise)
        if exercise in followed:
            order.append(demanding.pop())
    return order + demanding
