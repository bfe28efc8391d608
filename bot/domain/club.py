"""A club and the settings its coach chose."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.domain.challenge import Reason
from bot.domain.days import Calendar, Span, week_of
from bot.domain.streaks import Target, target_in
from bot.domain.zones import zone_info

NOBODY = 0  # who set a club up, once nothing is stored about them; no id of Discord's


@dataclass(frozen=True, slots=True, kw_only=True)
class Club:
    """A server with Hipstride set up; its id is the server's."""

    id: int
    channel_id: int
    zone: str
    post_time: time
    role_id: int | None = None
    day_end_hour: int = 3
    credit_days: int = 1
    catch_up: timedelta = timedelta(hours=6)
    paused_at: datetime | None = None
    trouble: Reason | None = None
    """What keeps anything from being posted until an admin mends it."""
    locale: str | None = None
    """The language of its server, as Discord's code; None if it is not known yet."""
    moves_version: str | None = None
    """Another after every change to the club's own moves; None as long as it never had any."""
    has_ranking: bool = True
    goal: int | None = None
    """Sessions a week that the club wants to do; 0 is none, None lets the bot suggest one."""
    season: Span | None = None
    set_up_by: int
    set_up_at: datetime
    next_due: datetime
    """When its next post is due, in UTC; in the past while that is being seen to."""
    targets: tuple[Target, ...]
    long_runs: frozenset[int] = frozenset()
    """The weekdays of its long runs; Monday is 0."""
    races: tuple[date, ...] = ()
    """The days of its races, in their order."""

    @property
    def calendar(self) -> Calendar:
        """The club's days.

        Raises:
            ZoneGone: the tz database has lost the club's zone; no day can be told without it.
        """
        return Calendar(
            zone=zone_info(self.zone), post_time=self.post_time, day_end_hour=self.day_end_hour
        )

    @property
    def began(self) -> date:
        """The Monday of the week in which it was first set up."""
        first_set_up = self.set_up_at.date()
        return min((t.from_week for t in self.targets), default=week_of(first_set_up))

    @property
    def is_paused(self) -> bool:
        """Whether the club's posts are switched off."""
        return self.paused_at is not None

    def target_on(self, day: date) -> int:
        """Return the target, in days a week, in force on this club day."""
        return target_in(week_of(day), self.targets)
