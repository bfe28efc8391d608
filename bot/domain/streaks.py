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
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """A week of a member: what was done of what was asked, and what that did to the streak.

    `before` and `streak` are the streak at its beginning and at its end, `freezes` what is held
    at its end.
    """

    monday: date
    done: int
    target: int
    rule: WeekRule
    before: int
    streak: int
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


@dataclass(frozen=True, slots=True)
class Consistency:
    """Days done of days asked, in the full weeks that count; more than asked is as asked."""

    done: int
    asked: int

    @property
    def percent(self) -> int:
        """The share in whole percent."""
        return 100 * self.done // self.asked


def target_in(week: date, targets: Sequence[Target]) -> int:
    """Return the target in force in the week of Monday `week`; the first one before all."""
    ordered = sorted(targets, key=lambda target: target.from_week)
    in_force = [target for target in ordered if target.from_week <= week]
    return (in_force or ordered)[-1 if in_force else 0].days


def streak(record: Record, targets: Sequence[Target], today: date, calendar: Calendar) -> Streak:
    """Return the streak on club day `today`."""
    return summary(weeks(record, targets, today, calendar))


def summary(passed: Sequence[Week]) -> Streak:
    """Return the streak at the end of the weeks that `weeks` returned."""
    this = passed[-1]
    return Streak(
        weeks=this.streak,
        best=max(week.streak for week in passed),
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
    """Return every week from the first with a completion, or that of `since`, to that of `today`.

    There is always one: that of `today`.
    """
    return list(_walk(record, targets, today, calendar, since or today))


def consistency(passed: Sequence[Week], joined: date | None) -> Consistency | None:
    """Return the share of the target met in the last four full weeks of those `weeks` returned.

    Paused weeks are left out, and so are those up to the member's first, but for what was hit in
    spite of it. None if no week is left. Freezes do not show here.
    """
    this = passed[-1].monday
    first = week_of(joined) if joined else this
    counted = [
        week
        for week in passed
        if this - CONSISTENCY_WEEKS * WEEK <= week.monday < this
        and (
            week.rule is WeekRule.HIT or (week.rule is not WeekRule.PAUSED and week.monday > first)
        )
    ]
    if not counted:
        return None
    done = sum(min(week.done, week.target) for week in counted)
    return Consistency(done, sum(week.target for week in counted))


def _walk(
    record: Record, targets: Sequence[Target], today: date, calendar: Calendar, since: date
) -> Iterator[Week]:
    counts = Counter(week_of(day) for day in record.days)
    this = week_of(today)
    monday = min([*counts, week_of(since), this])
    # A freeze in fourths, so that one number tells those held and the part of the next.
    run, fourths = 0, 0
    while monday <= this:
        done, target = counts[monday], target_in(monday, targets)
        target = _possible(monday, done, target, calendar)
        rule = _rule(record, monday, today, done >= target, is_frozen=fourths >= FREEZE_WEEKS)
        before = run
        match rule:
            case WeekRule.HIT:
                run, fourths = run + 1, min(fourths + 1, MOST_FREEZES * FREEZE_WEEKS)
            case WeekRule.FROZEN:
                fourths -= FREEZE_WEEKS
            case WeekRule.MISSED:
                rule = rule if before else _why_nothing_was_lost(record, monday)
                run, fourths = 0, 0
        held, part = divmod(fourths, FREEZE_WEEKS)
        yield Week(
            monday=monday,
            done=done,
            target=target,
            rule=rule,
            before=before,
            streak=run,
            freezes=held,
            to_freeze=None if held == MOST_FREEZES else FREEZE_WEEKS - part,
        )
        monday += WEEK


def _rule(record: Record, monday: date, today: date, is_hit: bool, is_frozen: bool) -> WeekRule:
    sunday = monday + 6 * DAY
    if is_hit:
        return WeekRule.HIT
    if any(pause.touches(monday, sunday) for pause in record.pauses):
        return WeekRule.PAUSED
    if today <= sunday:
        return WeekRule.OPEN
    return WeekRule.FROZEN if is_frozen else WeekRule.MISSED


def _why_nothing_was_lost(record: Record, monday: date) -> WeekRule:
    """Return the rule of a week that was not hit and had no streak to end."""
    first = week_of(record.joined) if record.joined else date.max
    if monday < first:
        return WeekRule.BEFORE
    return WeekRule.STARTED if monday == first else WeekRule.MISSED


def _possible(monday: date, done: int, target: int, calendar: Calendar) -> int:
    """Return the target, but no more days than the week has: its zone may skip one."""
    if target < 7 or done != 6:  # only there does it matter, and a calendar takes its time
        return target
    return len(calendar.days(monday, monday + 6 * DAY))
