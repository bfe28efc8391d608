"""The daily challenge: what is due, who may send it, and what became of it."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.domain.catalogue import Catalogue
from bot.domain.challenge import Post, PostState, Reason
from bot.domain.club import Club
from bot.domain.days import DAY, Clock
from bot.domain.exercise import Exercise
from bot.domain.rotation import pick_daily
from bot.errors import AlreadyPosted, ClubPaused
from bot.services.clubs import existing_club
from bot.storage.database import Database, Stores

# After this a claim without an outcome is tried again, with the same nonce.
RETRY_AFTER = timedelta(minutes=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """A club day's exercise, how many members did it, and its post if there is one."""

    club: Club
    day: date
    exercise: Exercise
    done_by: int
    post: Post | None


class Daily:
    """What the clock, and a coach or member in a hurry, can ask for."""

    def __init__(self, database: Database, catalogue: Catalogue, clock: Clock) -> None:
        self._database = database
        self._catalogue = catalogue
        self._clock = clock

    async def due(self) -> list[int]:
        """Return the ids of the clubs that `claim` has something to do for, longest due first."""
        now = self._clock()
        async with self._database.read() as stores:
            due = await stores.clubs.due(now)
            unfinished = await stores.posts.unfinished(now - RETRY_AFTER)
        return list(dict.fromkeys([club_id for club_id, _ in unfinished] + due))

    async def claim(self, club_id: int) -> Challenge | None:
        """Claim what the club is due and return the challenge to send, or None.

        Whoever gets a challenge sends it and then reports `sent` or `failed`. Days missed while
        the bot was away, and posts later than the club's catch-up window, are recorded as skipped.
        """
        now = self._clock()
        async with self._database.write() as stores:
            club = await existing_club(stores, club_id)
            retry = await self._take_up(stores, club, now)
            next_due = await stores.clubs.next_due(club_id)
            if next_due is None or next_due > now or club.is_paused:
                return retry
            calendar = club.calendar
            last = calendar.last_due(now)
            day = calendar.last_due(next_due)
            while day < last:
                await self._record(stores, club, day, now, PostState.SKIPPED)
                day += DAY
            is_in_time = now - calendar.due(last) <= club.catch_up
            state = PostState.CLAIMED if is_in_time else PostState.SKIPPED
            post = await self._record(stores, club, last, now, state)
            await stores.clubs.set_next_due(club_id, calendar.next_due(now))
            if post is None or not is_in_time:
                return retry
            return await self._challenge(stores, club, last, post)

    async def claim_now(self, club_id: int) -> Challenge:
        """Claim today's challenge ahead of its time, because a coach asks for it.

        Raises:
            NotSetUp: this server is no club yet.
            ClubPaused: nothing is posted while the club is paused.
            AlreadyPosted: today's is in the channel, or on its way.
        """
        now = self._clock()
        async with self._database.write() as stores:
            club = await existing_club(stores, club_id)
            if club.is_paused:
                raise ClubPaused
            today = club.calendar.day(now)
            post = await self._record(stores, club, today, now, PostState.CLAIMED)
            if post is None:
                before = await stores.posts.get(club_id, today)
                if before is None or before.state in (PostState.SENT, PostState.CLAIMED):
                    raise AlreadyPosted
                post = replace(
                    before, state=PostState.CLAIMED, reason=None, channel_id=club.channel_id
                )
                await stores.posts.update(post, now)
            return await self._challenge(stores, club, today, post)

    async def sent(self, post: Post, message_id: int) -> None:
        """Record that the post is in its channel as this message."""
        await self._settle(replace(post, state=PostState.SENT, message_id=message_id))

    async def failed(self, post: Post, reason: Reason) -> None:
        """Record that the post cannot be sent."""
        await self._settle(replace(post, state=PostState.FAILED, reason=reason))

    async def today(self, club_id: int) -> Challenge:
        """Return the challenge of the club's current day, posted or not.

        Raises:
            NotSetUp: this server is no club yet.
        """
        async with self._database.read() as stores:
            club = await existing_club(stores, club_id)
            day = club.calendar.day(self._clock())
            post = await stores.posts.get(club_id, day)
            return await self._challenge(stores, club, day, post)

    async def posted(self, club_id: int, day: date) -> Challenge | None:
        """Return the challenge that stands in the channel for this day, or None."""
        async with self._database.read() as stores:
            club = await existing_club(stores, club_id)
            post = await stores.posts.get(club_id, day)
            if post is None or post.message_id is None:
                return None
            return await self._challenge(stores, club, day, post)

    async def _settle(self, post: Post) -> None:
        async with self._database.write() as stores:
            await stores.posts.update(post, self._clock())

    async def _take_up(self, stores: Stores, club: Club, now: datetime) -> Challenge | None:
        """Take up the club's claim that never got an outcome, unless it is too late for it."""
        post = await stores.posts.latest(club.id)
        if post is None or post.state is not PostState.CLAIMED:
            return None
        if now - post.due_at > club.catch_up:
            skipped = replace(post, state=PostState.SKIPPED, reason=Reason.MISSED)
            await stores.posts.update(skipped, now)
            return None
        await stores.posts.update(post, now)
        return await self._challenge(stores, club, post.day, post)

    async def _record(
        self, stores: Stores, club: Club, day: date, now: datetime, state: PostState
    ) -> Post | None:
        """Record the post of a day and return it, or None if the day has one already."""
        post = Post(
            club_id=club.id,
            day=day,
            slug=pick_daily(self._catalogue, club.id, day).slug,
            channel_id=club.channel_id,
            due_at=club.calendar.due(day),
            state=state,
            reason=Reason.MISSED if state is PostState.SKIPPED else None,
        )
        return post if await stores.posts.add(post, now) else None

    async def _challenge(
        self, stores: Stores, club: Club, day: date, post: Post | None
    ) -> Challenge:
        picked = pick_daily(self._catalogue, club.id, day)
        exercise = self._catalogue.get(post.slug) if post else picked
        done_by = await stores.completions.count_on(club.id, day, exercise.slug)
        return Challenge(club=club, day=day, exercise=exercise, done_by=done_by, post=post)
