"""Two members who look after each other: the weeks in a row in which both were at the target."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.domain.streaks import Week, WeekRule

_FORGIVEN = (WeekRule.OPEN, WeekRule.PAUSED, WeekRule.FROZEN)


@dataclass(frozen=True, slots=True)
class Buddies:
    """The members of a pair as one of them sees it, and since which club day there is one.

    `takes_nudges`: whether the buddy does; `nudged_on`: when the member last nudged them.
    """

    member_id: int
    buddy_id: int
    since: date
    takes_nudges: bool = True
    i_take_nudges: bool = True
    nudged_on: date | None = None


def shared_streak(mine: Sequence[Week], theirs: Sequence[Week]) -> int:
    """Return the weeks in a row that both hit, of the weeks that are in both.

    As for one alone, the running week never ends it, and a pause or a freeze of either passes the
    week over.
    """
    others = {week.monday: week.rule for week in theirs}
    run = 0
    for week in mine:
        if week.monday not in others:
            continue
        rules = {week.rule, others[week.monday]}
        if rules == {WeekRule.HIT}:
            run += 1
        elif rules - {WeekRule.HIT, *_FORGIVEN}:
            run = 0
    return run
