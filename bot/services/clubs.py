"""Setting a club up, pausing it, and saying how it stands."""

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.domain.challenge import NOT_POSTED, Post
from bot.domain.club import Club
from bot.domain.dates import parse_date
from bot.domain.days import DAY, Clock, Span, parse_time, week_of
from bot.domain.goal import Goal
from bot.domain.streaks import Target
from bot.domain.training import coming, parse_weekdays, with_race, without_race
from bot.domain.zones import Gazetteer
from bot.errors import (
    ChannelGone,
    EveryoneRole,
    HalfASeason,
    MissingPermission,
    NotSetUp,
    Problems,
    SeasonBackwards,
    SeasonTooLong,
    UserError,
    ZoneGone,
)
from bot.services.scores import Scores, goal
from bot.storage.database import Database, Stores

DEFAULT_TARGET = 3  # days a week: the strength trials trained three times
WEEK = timedelta(weeks=1)
SEASON_DAYS = 366
FARTHEST_SEASON = timedelta(days=3 * 366)
FARTHEST_MOVE = 2 * DAY  # from where a day begins first to where it begins last


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUp:
    """What a coach asks for, as typed: no role pings nobody, no target keeps the club's."""

    club_id: int
    channel_id: int
    time: str
    timezone: str
    role_id: int | None
    target: int | None
    coach_id: int
    locale: str | None = None
    """The language of the server."""
    has_channel: bool = True
    """Whether the channel is there; somebody may just have deleted it."""
    missing: Sequence[str] = ()
    """Permissions that the bot lacks in the channel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Training:
    """What a coach says of the club's own training, as typed; None leaves it as it is."""

    club_id: int
    long_run: str | None = None
    race: str | None = None
    remove_race: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """The club as it is now, and what it replaced.

    `may_post_now`: today's challenge is not in the channel, so it can be posted ahead of time.
    """

    club: Club
    before: Club | None
    may_post_now: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """How a club stands: its settings and its latest post."""

    club: Club
    latest: Post | None


class Clubs:
    """What coaches can ask for."""

    def __init__(
        self,
        database: Database,
        zones: Gazetteer,
        scores: Scores,
        clock: Clock,
        retention: timedelta,
    ) -> None:
        self._database = database
        self._zones = zones
        self._scores = scores
        self._clock = clock
        self._retention = retention

    async def set_up(self, wanted: SetUp) -> Saved:
        """Save the settings and return them; the last of two coaches wins.

        Raises:
            UserError: what is wrong, or Problems if it is more than one thing; nothing is saved.
        """
        post_time, zone = self._check(wanted)
        now = self._clock()
        async with self._database.write(wanted.club_id) as stores:
            before = await stores.clubs.get(wanted.club_id)
            chosen: dict[str, Any] = {
                "channel_id": wanted.channel_id,
                "zone": zone,
                "post_time": post_time,
                "role_id": wanted.role_id,
                "paused_at": None,
                "trouble": None,
                "set_up_by": wanted.coach_id,
                "set_up_at": now,
                "next_due": now,
                "locale": wanted.locale,
            }
            club = (
                replace(before, **chosen)
                if before
                else Club(id=wanted.club_id, targets=(), **chosen)
            )
            club = replace(club, next_due=await _next_due(stores, club, before, now))
            await stores.clubs.save(club)
            target = _target(club, before, wanted.target, now)
            if target:
                await stores.clubs.save_target(club.id, target)
                await stores.clubs.set_counted(club.id, None)
                kept = [t for t in club.targets if t.from_week != target.from_week]
                club = replace(club, targets=(*kept, target))
            post = await latest_post(stores, club, now)
        if target:  # the consistency of the weeks to come derives from it
            await self._scores.recount_club(club.id)
        may_post_now = not is_settled(post, club.calendar.day(now))
        return Saved(club=club, before=before, may_post_now=may_post_now)

    async def train(self, wanted: Training) -> Club:
        """Save the weekdays of long runs and the races, and return the club with them.

        The next challenges go by them; those already posted stay.

        Raises:
            NotSetUp: this server is no club yet.
            UserError: what is wrong, or Problems if it is more than one thing; nothing is saved.
        """
        async with self._database.write(wanted.club_id) as stores:
            club = await existing_club(stores, wanted.club_id)
            trained = _trained(club, wanted, club.calendar.day(self._clock()))
            if trained != club:
                await stores.clubs.set_training(club.id, trained.long_runs, trained.races)
        return trained

    async def races(self, club_id: int) -> tuple[date, ...]:
        """Return the club's races to come, none if this server is no club."""
        async with self._database.read() as stores:
            club = await stores.clubs.get(club_id)
        with suppress(ZoneGone):  # then nobody can tell which are to come
            return coming(club.races, club.calendar.day(self._clock())) if club else ()
        return ()

    async def status(self, club_id: int) -> Status:
        """Return how the club stands.

        Raises:
            NotSetUp: this server is no club yet.
        """
        async with self._database.read() as stores:
            club = await existing_club(stores, club_id)
            latest = await stores.posts.latest(club_id)
        return Status(club=club, latest=latest)

    async def troubled_channel(self, club_id: int) -> int | None:
        """Return the channel of a club in trouble, for an admin may have mended that.

        None if nothing is wrong, or the server is no club.
        """
        async with self._database.read() as stores:
            return await stores.clubs.troubled_channel(club_id)

    async def left(self, club_id: int) -> None:
        """Remember that the bot is no longer in the club's server; its data stays for a while."""
        async with self._database.write(club_id) as stores:
            await stores.clubs.set_left(club_id, self._clock())

    async def returned(self, club_id: int) -> None:
        """Go on as before in a server that took the bot back; do nothing if it is no club."""
        now = self._clock()
        async with self._database.write(club_id) as stores:
            club = await stores.clubs.get(club_id)
            if club is not None:
                await stores.clubs.set_left(club_id, None)
                with suppress(ZoneGone):  # then what was due stays so
                    await stores.clubs.set_next_due(club_id, await upcoming(stores, club, now))

    async def reconcile(self, server_ids: Container[int], is_ours: Callable[[int], bool]) -> None:
        """Notice who removed the bot or took it back while it was away.

        `server_ids` are the servers it is in; of the others only those that `is_ours` count.
        """
        async with self._database.read() as stores:
            known = await stores.clubs.presence()
        for club_id, is_present in known.items():
            if is_present and club_id not in server_ids and is_ours(club_id):
                await self.left(club_id)
            elif not is_present and club_id in server_ids:
                await self.returned(club_id)

    async def learn_locales(self, locales: Mapping[int, str]) -> None:
        """Remember the languages of these servers, by id, where they are clubs."""
        async with self._database.read() as stores:
            known = await stores.clubs.locales()
        changed = {i: new for i, new in locales.items() if i in known and known[i] != new}
        if changed:
            async with self._database.write() as stores:
                await stores.clubs.set_locales(changed)

    async def forget(self) -> list[int]:
        """Delete all data of the clubs left longer ago than it is kept; return their ids."""
        before = self._clock() - self._retention
        async with self._database.write() as stores:
            gone = await stores.clubs.left_before(before)
            for club_id in gone:
                await stores.clubs.delete(club_id)
        return gone

    async def pause(self, club_id: int) -> None:
        """Stop posting until `resume`.

        Raises:
            NotSetUp: this server is no club yet.
        """
        async with self._database.write(club_id) as stores:
            club = await existing_club(stores, club_id)
            if not club.is_paused:
                await stores.clubs.set_paused(club_id, self._clock())

    async def resume(self, club_id: int) -> datetime:
        """Post again, and return from when on (UTC); what was due before the pause still comes.

        Raises:
            NotSetUp: this server is no club yet.
        """
        now = self._clock()
        async with self._database.write(club_id) as stores:
            club = await existing_club(stores, club_id)
            next_due = club.next_due
            if club.paused_at is not None and next_due > club.paused_at:
                next_due = await upcoming(stores, club, now)
            await stores.clubs.set_paused(club_id, None)
            await stores.clubs.set_next_due(club_id, next_due)
        return next_due

    async def set_goal(self, club_id: int, sessions: int | None) -> Goal | None:
        """Record how many sessions a week the club wants to do; return its goal as it now is.

        0 is no goal; None lets the bot suggest one, and there is none yet in a club that is new.

        Raises:
            NotSetUp: this server is no club yet.
        """
        async with self._database.write(club_id) as stores:
            club = replace(await existing_club(stores, club_id), goal=sessions)
            await stores.clubs.save(club)
            return await goal(stores, club, club.calendar.day(self._clock()))

    async def set_ranking(self, club_id: int, *, is_on: bool) -> None:
        """Record whether the club's boards name and rank its members.

        Raises:
            NotSetUp: this server is no club yet.
        """
        async with self._database.write(club_id) as stores:
            club = await existing_club(stores, club_id)
            await stores.clubs.save(replace(club, has_ranking=is_on))

    async def set_season(self, club_id: int, first: str | None, last: str | None) -> Span | None:
        """Record the club's season, by its days as typed, or that it has none; return it.

        What was done in it before counts at once: its board is counted anew.

        Raises:
            NotSetUp: this server is no club yet.
            BadDay, HalfASeason, SeasonBackwards, SeasonTooLong: what is wrong with the days.
        """
        async with self._database.write(club_id) as stores:
            club = await existing_club(stores, club_id)
            season = _parse_season(first, last, club.calendar.day(self._clock()))
            await stores.clubs.save(replace(club, season=season))
            await stores.clubs.set_counted(club_id, None)
        await self._scores.recount_club(club_id)
        return season

    def _check(self, wanted: SetUp) -> tuple[time, str]:
        problems: list[UserError] = []
        post_time, zone = time(0), ""
        with noting(problems):
            post_time = parse_time(wanted.time)
        with noting(problems):
            zone = self._zones.get(wanted.timezone).name
        if wanted.role_id == wanted.club_id:  # Discord gives @everyone the server's own id
            problems.append(EveryoneRole())
        if not wanted.has_channel:
            problems.append(ChannelGone())
        if wanted.missing:
            problems.append(
                MissingPermission(permissions=wanted.missing, channel=wanted.channel_id)
            )
        Problems.raise_any(problems)
        return post_time, zone


def _trained(club: Club, wanted: Training, today: date) -> Club:
    """Return the club as the coach wants it; raises a UserError for what is wrong."""
    problems: list[UserError] = []
    long_runs, races = club.long_runs, club.races
    with noting(problems):
        if wanted.long_run is not None:
            long_runs = parse_weekdays(wanted.long_run)
    with noting(problems):
        if wanted.remove_race is not None:
            races = without_race(races, wanted.remove_race, today)
    with noting(problems):
        if wanted.race is not None:
            races = with_race(races, wanted.race, today)
    Problems.raise_any(problems)
    return replace(club, long_runs=long_runs, races=races)


@contextmanager
def noting(problems: list[UserError]) -> Iterator[None]:
    """Note a mistake instead of raising it, so that the others are found as well."""
    try:
        yield
    except UserError as error:
        problems.append(error)


def _parse_season(first: str | None, last: str | None, today: date) -> Span | None:
    if first is None and last is None:
        return None
    if first is None or last is None:
        raise HalfASeason
    start, end = (parse_date(text, today, is_ahead=True) for text in (first, last))
    if end < start:
        raise SeasonBackwards(first=start, last=end)
    if (end - start).days >= SEASON_DAYS or abs(start - today) > FARTHEST_SEASON:
        raise SeasonTooLong(first=start, last=end)
    return Span(start, end)


async def existing_club(stores: Stores, club_id: int) -> Club:
    """Return the club, or raise NotSetUp."""
    club = await stores.clubs.get(club_id)
    if club is None:
        raise NotSetUp
    return club


async def latest_post(stores: Stores, club: Club, now: datetime) -> Post | None:
    """Return the post of the latest day that has one, be it ahead of today.

    That is where a club moved west; farther ahead, only a clock that went wrong has posted.
    """
    return await stores.posts.latest(club.id, club.calendar.day(now) + FARTHEST_MOVE)


def is_settled(latest: Post | None, today: date) -> bool:
    """Return whether no challenge of today may come any more, by the post of the latest day."""
    if latest is None or latest.day < today:
        return False
    return latest.day > today or latest.state not in NOT_POSTED


async def upcoming(stores: Stores, club: Club, now: datetime) -> datetime:
    """Return when the club's next post is due: of the first day still to come that has none."""
    latest = await latest_post(stores, club, now)
    return next_after(club, latest.day, now) if latest else club.calendar.next_due(now)


def next_after(club: Club, day: date, now: datetime) -> datetime:
    """Return when the first post is due that is still to come and of a later day than `day`."""
    return club.calendar.next_due(max(now, club.calendar.due(day)))


async def _next_due(stores: Stores, club: Club, before: Club | None, now: datetime) -> datetime:
    """Return when the next post is due under the new settings.

    A club that was still waiting for today's gets it, at once if the new time has gone by.
    """
    today = club.calendar.day(now)
    was_waiting = False
    if before is not None and not before.is_paused:
        with suppress(ZoneGone):
            was_waiting = await _waits_for(stores, before, today, now)
    return max(club.calendar.due(today), now) if was_waiting else await upcoming(stores, club, now)


async def _waits_for(stores: Stores, club: Club, day: date, now: datetime) -> bool:
    latest = await latest_post(stores, club, now)
    is_open = latest is None or latest.day < day
    return is_open and club.next_due <= club.calendar.due(day)


def _target(club: Club, before: Club | None, days: int | None, now: datetime) -> Target | None:
    """Return the target to record, if it changes: a new one counts from next week on."""
    this_week = week_of(club.calendar.day(now))
    if before is None or not before.targets:
        return Target(this_week, days or DEFAULT_TARGET)
    if days is None or days == before.targets[-1].days:
        return None
    return Target(this_week + WEEK, days)
