"""Weeks in a row at the target, and what forgives a missed one: derived from events alone.

Week by week, from the first day a member did a move: a week at its target makes the streak a
week longer. Four of them in one streak earn a freeze; two at most are held, and none is on its
way while two are. A missed week uses a freeze up and leaves the streak as it is; without one the
streak ends, and all that was on its way to a freeze with it. Would that part stay, a day more in
a week long ago could cost a freeze later, and so a streak: nothing that somebody did may do that.

A week with a paused day in it that is not at its target is passed over, however short the pause:
who comes home on a Saturday, or races on a Sunday, owes that week nothing, and it costs no
freeze. The target is not made smaller instead, so a pause never makes a streak longer either.
The running week is never missed.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from bot.domain.days import DAY, Calendar, week_of
from bot.domain.pauses import Pause

WEEK = timedelta(weeks=1)
FREEZE_WEEKS, MOST_FREEZES = 4, 2
CONSISTENCY_WEEKS = 4


@dataclass(frozen=True, slots=True)
class Target:
    """Days a week that keep a streak, in force from the week of this Monday on."""

    from_week: date
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The events of a member in a club that a streak derives from.

    `joined` is the club day on which the club's first word of them was recorded.
    """

    days: frozenset[date] = frozenset()
    pauses: tuple[Pause, ...] = ()
    joined: date | None = None

    def is_paused(self, day: date) -> bool:
        """Return whether the member pauses on this day."""
        return any(pause.covers(day) for pause in self.pauses)


class WeekRule(StrEnum):
    """What a week did to the streak."""

    HIT = "hit"  # at the target: a week longer
    OPEN = "open"  # it is not over
    PAUSED = "paused"  # passed over
    FROZEN = "frozen"  # missed, and a freeze covered it
    MISSED = "missed"  # the streak ended, or there was none
    STARTED = "started"  # the week in which the member began: nothing was missed yet
    BEFORE = "before"  # before the member began


class Week(NamedTuple):
    """A week of a member: what was done of what was asked, and what that did to the streak.

    `before` and `streak` are the streak at its beginning and at its end, `best` the longest up to
    there, `freezes` what is held then.
    """

    monday: date
    done: int
    target: int
    rule: WeekRule
    before: int
    streak: int
    best: int
    freezes: int
    to_freeze: int | None
    """Weeks at the target until the next freeze; None while as many are held as can be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Streak:
    """How a member stands: weeks in a row and the best ever, days done this week, freezes held."""

    weeks: int
    best: int
    this_week: int
    target: int
    freezes: int = 0
    to_freeze: int | None = FREEZE_WEEKS

    @property
    def is_hit(self) -> bool:
        """Whether this week's target is reached."""
        return self.this_week >= self.target


class Consistency(NamedTuple):
    """Days done of days asked, in the full weeks that count; more than asked is as asked."""

    done: int
    asked: int

    @property
    def percent(self) -> int:
        """The share in whole percent."""
        return 100 * self.done // self.asked


def target_in(week: date, targets: Sequence[Target]) -> int:
    """Return the target in force in the week of Monday `week`; the first one before all."""
    return _Targets(targets).of(_number(week))


def streak(record: Record, targets: Sequence[Target], today: date, calendar: Calendar) -> Streak:
    """Return the streak on club day `today`."""
    return summary(weeks(record, targets, today, calendar, since=today))


def summary(passed: Sequence[Week]) -> Streak:
    """Return the streak at the end of the weeks that `weeks` returned."""
    this = passed[-1]
    return Streak(
        weeks=this.streak,
        best=this.best,
        this_week=this.done,
        target=this.target,
        freezes=this.freezes,
        to_freeze=this.to_freeze,
    )


def weeks(
    record: Record,
    targets: Sequence[Target],
    today: date,
    calendar: Calendar,
    since: date | None = None,
) -> list[Week]:
    """Return every week from that of `since`, or the first with a completion, to that of `today`.

    There is always one: that of `today`. What went before `since` is in them all the same.
    """
    return list(_walk(record, targets, today, calendar, since))


def consistency(
    record: Record, targets: Sequence[Target], today: date, calendar: Calendar
) -> Consistency | None:
    """Return the share of the target met in the last four full weeks.

    Paused weeks are left out, and so are those up to the member's first, but for what was hit in
    spite of it. None if no week is left. Freezes do not show here.
    """
    return consistencies(record, targets, today, today, calendar).get(week_of(today))


def consistencies(
    record: Record, targets: Sequence[Target], first: date, last: date, calendar: Calendar
) -> dict[date, Consistency]:
    """Return the same for each week from that of `first` to that of `last`, by its Monday."""
    numbers = range(_number(first) - CONSISTENCY_WEEKS, _number(last) + 1)
    began = _number(record.joined) if record.joined else numbers.stop
    # Up to each week, so that four of them are a difference: every Done asks for many.
    done_before, asked_before = [0], [0]
    for number, done, target in _counts(record, targets, numbers, calendar):
        counts = done >= target or (number > began and not _is_paused(record, number))
        done_before.append(done_before[-1] + (min(done, target) if counts else 0))
        asked_before.append(asked_before[-1] + (target if counts else 0))
    found = {}
    for n in range(CONSISTENCY_WEEKS, len(numbers)):
        asked = asked_before[n] - asked_before[n - CONSISTENCY_WEEKS]
        if asked:
            done = done_before[n] - done_before[n - CONSISTENCY_WEEKS]
            found[_monday(numbers[n])] = Consistency(done, asked)
    return found


def _walk(
    record: Record,
    targets: Sequence[Target],
    today: date,
    calendar: Calendar,
    since: date | None,
) -> Iterator[Week]:
    this = _number(today)
    first = _number(min([*record.days, today]))
    shown = first if since is None else _number(since)
    # A freeze in fourths, so that one number tells those held and the part of the next.
    run = best = fourths = 0
    numbers = range(min(first, shown), this + 1)
    for number, done, target in _counts(record, targets, numbers, calendar):
        before = run
        if done >= target:
            rule = WeekRule.HIT
            run, fourths = run + 1, min(fourths + 1, MOST_FREEZES * FREEZE_WEEKS)
            best = max(best, run)
        elif _is_paused(record, number):
            rule = WeekRule.PAUSED
        elif number == this:
            rule = WeekRule.OPEN
        elif fourths >= FREEZE_WEEKS:
            rule, fourths = WeekRule.FROZEN, fourths - FREEZE_WEEKS
        else:
            rule, run, fourths = WeekRule.MISSED, 0, 0
        if number >= shown:
            monday = _monday(number)
            yield Week(
                monday=monday,
                done=done,
                target=target,
                rule=rule if before else _why_nothing_was_lost(rule, record, monday),
                before=before,
                streak=run,
                best=best,
                freezes=fourths // FREEZE_WEEKS,
                to_freeze=_to_freeze(fourths),
            )


def _counts(
    record: Record, targets: Sequence[Target], numbers: range, calendar: Calendar
) -> Iterator[tuple[int, int, int]]:
    """Yield of each week its number, the days done and the days asked."""
    counts, in_force = _by_week(record.days), _Targets(targets)
    for number in numbers:
        done, target = counts.get(number, 0), in_force.of(number)
        if target == 7 and done == 6:  # only there does it matter, and a calendar takes its time
            target = _possible(_monday(number), calendar)
        yield number, done, target


@lru_cache  # every Done asks for the same twice
def _by_week(days: frozenset[date]) -> Mapping[int, int]:
    """Return how many days there are in each week, by its number: quicker than by its Monday."""
    return Counter(map(_number, days))


class _Targets:
    """Tells the target of each week, asked for in their order."""

    def __init__(self, targets: Sequence[Target]) -> None:
        ordered = sorted(targets, key=lambda target: target.from_week)
        self._days = ordered[0].days
        self._later = [(_number(t.from_week), t.days) for t in reversed(ordered)]

    def of(self, number: int) -> int:
        while self._later and self._later[-1][0] <= number:
            self._days = self._later.pop()[1]
        return self._days


def _number(day: date) -> int:
    """Return the number of the week that the day is in, from that of 1 January of the year 1."""
    return (day.toordinal() - 1) // 7


def _monday(number: int) -> date:
    return date.fromordinal(number * 7 + 1)


def _to_freeze(fourths: int) -> int | None:
    held, part = divmod(fourths, FREEZE_WEEKS)
    return None if held == MOST_FREEZES else FREEZE_WEEKS - part


def _is_paused(record: Record, number: int) -> bool:
    if not record.pauses:
        return False
    monday = _monday(number)
    return any(pause.touches(monday, monday + 6 * DAY) for pause in record.pauses)


def _why_nothing_was_lost(rule: WeekRule, record: Record, monday: date) -> WeekRule:
    """Return the rule of a week that began without a streak: a missed one may have none to miss."""
    if rule is not WeekRule.MISSED:
        return rule
    first = week_of(record.joined) if record.joined else date.max
    if monday < first:
        return WeekRule.BEFORE
    return WeekRule.STARTED if monday == first else rule


def _possible(monday: date, calendar: Calendar) -> int:
    """Return how many days the week has: its zone may skip one."""
    return len(calendar.days(monday, monday + 6 * DAY))
