"""The daily challenge: what is due, who may send it, and what became of it."""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial

from bot.domain.challenge import NONCE_HOLDS, Assignment, Post, PostState, Reason
from bot.domain.club import Club
from bot.domain.days import DAY, Clock
from bot.domain.exercise import Exercise
from bot.domain.goal import Goal
from bot.domain.rotation import pick_daily
from bot.errors import AlreadyPosted, ClubPaused, UnknownExercise, ZoneGone
from bot.services.clubs import existing_club, is_settled, latest_post, next_after, upcoming
from bot.services.moves import Moves
from bot.services.scores import goal
from bot.storage.database import Database, Stores


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """A post with its club and exercise, and how many members did it that day.

    `is_uncertain`: it may be in the channel already, for an earlier attempt has no outcome and
    is too long ago for Discord to recognise the nonce. `goes_to` is the club's channel if the
    post was on its way to another: it belongs there once it is known not to be in that one.
    """

    club: Club
    post: Post
    exercise: Exercise
    done_by: int
    goal: Goal | None = None
    is_uncertain: bool = False
    goes_to: int | None = None


class Daily:
    """What the clock, and a coach or member in a hurry, can ask for."""

    def __init__(self, database: Database, moves: Moves, clock: Clock) -> None:
        self._database = database
        self._moves = moves
        self._clock = clock
        self._outdated: dict[tuple[int, date], datetime] = {}

    async def leads(self) -> bool:
        """Return whether this process is the one that posts, for all clubs of the database."""
        return await self._database.lead()

    async def due(self) -> list[int]:
        """Return the ids of the clubs whose post is due, the longest due first."""
        async with self._database.read() as stores:
            return await stores.clubs.due(self._clock())

    async def unfinished(self) -> list[tuple[int, date]]:
        """Return club and day of the posts that were claimed but have no outcome."""
        async with self._database.read() as stores:
            return await stores.posts.unfinished(self._clock())

    async def claim(self, club_id: int) -> Challenge | None:
        """Claim what the club is due and return the challenge to send, or None.

        Whoever gets a challenge sends it and then reports `sent` or `failed`. Days before it that
        have no post, and posts later than the club's catch-up window, are recorded as skipped.
        """
        return await self._database.transact(partial(self._claim, club_id, self._clock()), club_id)

    async def _claim(self, club_id: int, now: datetime, stores: Stores) -> Challenge | None:
        club = await existing_club(stores, club_id)
        if club.next_due > now or club.is_paused:
            return None
        calendar = club.calendar
        last = calendar.last_due(now)
        due_at = max(calendar.due(last), club.next_due)  # later than its time after a new set-up
        is_in_time = now - due_at <= club.catch_up
        reason = None if is_in_time else Reason.MISSED
        latest = await latest_post(stores, club, now)
        post = None
        if latest is None or latest.day < last:
            await self._skip_before(stores, club, last, latest)
            post = await self._record(stores, club, last, due_at, reason)
        posted = max(last, latest.day) if latest else last
        await stores.clubs.set_next_due(club_id, next_after(club, posted, now))
        return await self._challenge(stores, club, post) if post and is_in_time else None

    async def retry(self, club_id: int, day: date) -> Challenge | None:
        """Take up a claim without outcome and return its challenge to send again, or None.

        Too late for it, in a club paused since, or after another day's, it is recorded as skipped.
        """
        now = self._clock()
        async with self._database.write(club_id) as stores:
            club = await existing_club(stores, club_id)
            post = await stores.posts.get(club_id, day)
            # Asked again in the transaction: another process may have taken it up since.
            if post is None or post.state is not PostState.CLAIMED or post.retry_at > now:
                return None
            reason = await self._hindrance(stores, club, post, now)
            if reason is not None:
                skipped = replace(post, state=PostState.SKIPPED, reason=reason)
                await stores.posts.update(skipped, PostState.CLAIMED)
                return None
            again = replace(post, attempts=post.attempts + 1, attempted_at=now)
            await stores.posts.update(again, PostState.CLAIMED)
            challenge = await self._challenge(stores, club, again)
        return replace(challenge, is_uncertain=now - post.attempted_at > NONCE_HOLDS)

    async def claim_now(self, club_id: int) -> Challenge:
        """Claim today's challenge ahead of its time, because a coach asks for it.

        Raises:
            NotSetUp: this server is no club yet.
            ClubPaused: nothing is posted while the club is paused.
            AlreadyPosted: today's is in the channel, or on its way.
        """
        now = self._clock()
        async with self._database.write(club_id) as stores:
            club = await existing_club(stores, club_id)
            if club.is_paused:
                raise ClubPaused
            today = club.calendar.day(now)
            before = await latest_post(stores, club, now)
            if is_settled(before, today):
                raise AlreadyPosted
            if before is None or before.day < today:
                await self._skip_before(stores, club, today, before)
                post = await self._record(stores, club, today, now)
            else:
                post = replace(self._reclaimed(before, club, now), due_at=now)
                await stores.posts.update(post, before.state)
            if post is None:
                raise AlreadyPosted
            await stores.clubs.set_next_due(club_id, await upcoming(stores, club, now))
            challenge = await self._challenge(stores, club, post)
        return replace(challenge, is_uncertain=post.may_be_there)

    async def sent(self, challenge: Challenge, message_id: int) -> None:
        """Record that it is in its channel as this message, so that all is well there."""
        club = challenge.club
        sent = replace(challenge.post, state=PostState.SENT, message_id=message_id)

        async def record(stores: Stores) -> None:
            await stores.posts.update(sent, PostState.CLAIMED)
            if club.trouble is not None:
                await stores.clubs.set_trouble(club.id, None)

        await self._database.transact(record, club.id)

    async def failed(self, post: Post, reason: Reason) -> Club | None:
        """Record that the post cannot be sent.

        Returns the club if nothing can be posted to it until an admin mends that, and none was
        told yet: it is then left alone until `mend`.
        """
        async with self._database.write(post.club_id) as stores:
            failed = replace(post, state=PostState.FAILED, reason=reason)
            await stores.posts.update(failed, PostState.CLAIMED)
            return await self._suspend(stores, post.club_id, reason)

    async def suspend(self, club_id: int, reason: Reason) -> Club | None:
        """Record that nothing can be posted to the club; return it if none was told yet."""
        async with self._database.write(club_id) as stores:
            return await self._suspend(stores, club_id, reason)

    async def _suspend(self, stores: Stores, club_id: int, reason: Reason) -> Club | None:
        club = await existing_club(stores, club_id)
        if not reason.is_mendable or club.trouble is not None:
            return None
        await stores.clubs.set_trouble(club_id, reason)
        return club

    async def mend(self, club_id: int) -> Challenge | None:
        """Record that the club can be posted to again.

        Returns today's challenge to send, if that is what failed and it is not too late for it.
        """
        now = self._clock()
        async with self._database.write(club_id) as stores:
            club = await existing_club(stores, club_id)
            if club.trouble is None:
                return None
            calendar = club.calendar
            last = calendar.last_due(now)
            is_in_time = now - calendar.due(last) <= club.catch_up
            post = await latest_post(stores, club, now)
            # Nothing is owed for the days of the trouble, but for today's if it is not too late.
            is_owed = is_in_time and (post is None or post.day < last)
            next_due = calendar.due(last) if is_owed else await upcoming(stores, club, now)
            await stores.clubs.set_trouble(club_id, None)
            await stores.clubs.set_next_due(club_id, next_due)
            if post is None or (post.day, post.state) != (last, PostState.FAILED):
                return None
            if not is_in_time or club.is_paused:
                return None
            again = self._reclaimed(post, club, now)
            await stores.posts.update(again, PostState.FAILED)
            challenge = await self._challenge(stores, club, again)
        return replace(challenge, is_uncertain=again.may_be_there)

    async def move(self, challenge: Challenge) -> Challenge:
        """Return the challenge on its way to the club's channel, as it is not in its first one."""
        if challenge.goes_to is None:
            return challenge
        moved = replace(challenge.post, channel_id=challenge.goes_to)
        async with self._database.write(challenge.club.id) as stores:
            await stores.posts.update(moved, PostState.CLAIMED)
        return replace(challenge, post=moved, goes_to=None)

    async def give_up(self, post: Post) -> None:
        """Record that the post may be in its channel, so that it is not sent again."""
        async with self._database.write(post.club_id) as stores:
            skipped = replace(post, state=PostState.SKIPPED, reason=Reason.UNCERTAIN)
            await stores.posts.update(skipped, PostState.CLAIMED)

    async def today(self, club_id: int) -> Assignment:
        """Return the exercise of the club's current day, posted or not.

        Raises:
            NotSetUp: this server is no club yet.
        """
        async with self._database.read() as stores:
            club = await existing_club(stores, club_id)
            day = club.calendar.day(self._clock())
            return await self.assigned(stores, club, day)

    async def assigned(self, stores: Stores, club: Club, day: date) -> Assignment:
        """Return the exercise of this club day, posted or not."""
        post = await stores.posts.get(club.id, day)
        return Assignment(await self._exercise(stores, club, day, post), day)

    async def posted(self, club_id: int, day: date) -> Challenge | None:
        """Return the challenge of this day if it has a post."""

        async def look(stores: Stores) -> Challenge | None:
            club = await existing_club(stores, club_id)
            post = await stores.posts.get(club_id, day)
            return await self._challenge(stores, club, post) if post else None

        return await self._database.look(look)

    def outdate(self, club_id: int, day: date, wait: timedelta = timedelta(0)) -> None:
        """Remember that the card of this day no longer says how many did it.

        `wait` puts off the refresh, after one that failed.
        """
        self._outdated.setdefault((club_id, day), self._clock() + wait)

    def take_outdated(self) -> list[tuple[int, date]]:
        """Return club and day of the cards to refresh now, each once however many clicked."""
        now = self._clock()
        ready = [key for key, since in self._outdated.items() if since <= now]
        for key in ready:
            del self._outdated[key]
        return ready

    async def _skip_before(
        self, stores: Stores, club: Club, day: date, latest: Post | None
    ) -> None:
        """Record as skipped every day between the latest post and this day."""
        calendar = club.calendar
        awaited = calendar.last_due(club.next_due)
        for over in calendar.days(latest.day + DAY if latest else awaited, day - DAY):
            reason = Reason.MISSED if over >= awaited else Reason.LEFT_OUT
            await self._record(stores, club, over, calendar.due(over), reason)

    async def _hindrance(
        self, stores: Stores, club: Club, post: Post, now: datetime
    ) -> Reason | None:
        """Return why a claim without outcome is not to be sent any more, or None."""
        if now - post.due_at > club.catch_up:
            return Reason.MISSED
        try:
            latest = await latest_post(stores, club, now)
        except ZoneGone:
            return Reason.ZONE_GONE
        if latest is not None and latest.day > post.day:
            return Reason.LEFT_OUT
        return Reason.PAUSED if club.is_paused else None

    async def _record(
        self, stores: Stores, club: Club, day: date, due_at: datetime, reason: Reason | None = None
    ) -> Post | None:
        """Record the post of a day, skipped if there is a reason; None if it has one already."""
        post = Post(
            club_id=club.id,
            day=day,
            slug=(await self._exercise(stores, club, day)).slug,
            channel_id=club.channel_id,
            due_at=due_at,
            state=PostState.SKIPPED if reason else PostState.CLAIMED,
            attempts=0 if reason else 1,
            attempted_at=self._clock(),
            reason=reason,
        )
        return post if await stores.posts.add(post) else None

    def _reclaimed(self, post: Post, club: Club, now: datetime) -> Post:
        """Return a post that did not come to be as a new claim.

        It is for the channel of today, unless it may be in that of then, where to look first.
        """
        return replace(
            post,
            state=PostState.CLAIMED,
            reason=None,
            channel_id=post.channel_id if post.may_be_there else club.channel_id,
            attempts=2 if post.may_be_there else 1,
            attempted_at=now,
        )

    async def _challenge(self, stores: Stores, club: Club, post: Post) -> Challenge:
        exercise = await self._exercise(stores, club, post.day, post)
        done_by = await stores.completions.count_on(club.id, post.day, exercise.slug)
        return Challenge(
            club=club,
            post=post,
            exercise=exercise,
            done_by=done_by,
            goal=await goal(stores, club, post.day),
            goes_to=club.channel_id if club.channel_id != post.channel_id else None,
        )

    async def _exercise(
        self, stores: Stores, club: Club, day: date, post: Post | None = None
    ) -> Exercise:
        """Return the exercise of the post; the rotation's if there is none that is known."""
        moves = await self._moves.of(stores, club)
        if post is not None:
            with suppress(UnknownExercise):
                return moves.recall(post.slug)
        return pick_daily(moves.rotation, club, day)
