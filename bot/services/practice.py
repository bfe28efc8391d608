"""Looking up a move or a reason, doing the move, and seeing how one stands."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.domain.badges import Badge, earned
from bot.domain.challenge import Assignment
from bot.domain.club import Club
from bot.domain.days import Clock, check_credit, week_of
from bot.domain.exercise import Exercise, Level
from bot.domain.half_year import HeatDay, first_week, half_year
from bot.domain.knowledge import Knowledge, Light, Reference, SafetyNote, Topic
from bot.domain.muscles import MuscleGroup, trained
from bot.domain.pauses import is_returning
from bot.domain.streaks import Consistency, Streak, consistency, streak, summary, weeks
from bot.services.clubs import existing_club
from bot.services.daily import Daily
from bot.services.moves import Moves
from bot.storage.database import Database, Stores


@dataclass(frozen=True, slots=True, kw_only=True)
class Gain:
    """How a member stands once something is recorded, and the badges that it earned.

    `is_return`: it is the first week after a pause.
    """

    streak: Streak
    badges: tuple[Badge, ...] = ()
    is_return: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """An exercise done: new or done before that day, and how the member stands now."""

    exercise: Exercise
    level: Level
    day: date
    is_new: bool
    is_today: bool
    gain: Gain

    @property
    def streak(self) -> Streak:
        """How the member stands now."""
        return self.gain.streak


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How a member stands in a club; `counts` is how often they did each exercise, most first.

    `muscles` is how many completions trained each group, most first, and `half_year` 26 weeks of
    days up to today.
    """

    streak: Streak
    sessions: int
    this_month: int
    week_days: tuple[date, ...]
    today: date
    counts: tuple[tuple[Exercise, int], ...]
    consistency: Consistency | None
    badges: tuple[Badge, ...]
    muscles: tuple[tuple[MuscleGroup, int], ...]
    half_year: tuple[tuple[HeatDay, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A topic with its moves and sources; `stop` says from how much pain on to leave a move."""

    topic: Topic
    moves: tuple[Exercise, ...]
    sources: tuple[Reference, ...]
    stop: Light


@dataclass(frozen=True, slots=True, kw_only=True)
class Background:
    """What stands behind an exercise: its sources, and the safety note for every move."""

    exercise: Exercise
    sources: tuple[Reference, ...]
    safety: SafetyNote


class Practice:
    """What members can ask for."""

    def __init__(
        self,
        database: Database,
        moves: Moves,
        knowledge: Knowledge,
        daily: Daily,
        clock: Clock,
        badges: Sequence[Badge] = (),
    ) -> None:
        self._database = database
        self._moves = moves
        self._knowledge = knowledge
        self._daily = daily
        self._clock = clock
        self._badges = badges

    async def assign(self, club_id: int | None, name: str) -> Assignment:
        """Return the exercise of this name with the club day it would count for.

        Raises:
            UnknownExercise: with the three nearest names.
        """
        if club_id is None:
            return Assignment((await self._moves.offered(None)).get(name), None)
        async with self._database.read() as stores:
            club = await stores.clubs.get(club_id)
            moves = await self._moves.of(stores, club)
        day = club.calendar.day(self._clock()) if club else None
        return Assignment(moves.offered.get(name), day)

    async def recall(self, club_id: int | None, slug: str) -> Exercise:
        """Return the exercise of an earlier card, also if the club has retired it since.

        Raises:
            UnknownExercise: the library has lost it.
        """
        async with self._database.read() as stores:
            club = await stores.clubs.get(club_id) if club_id else None
            return (await self._moves.of(stores, club)).recall(slug)

    def explain(self, name: str) -> Explanation:
        """Return what is known about the topic or complaint of this name.

        Raises:
            UnknownTopic: with three titles that are near.
        """
        topic = self._knowledge.topic(name)
        return Explanation(
            topic=topic,
            moves=tuple(self._moves.library.get(slug) for slug in topic.moves),
            sources=self._knowledge.sources(topic),
            stop=self._knowledge.safety.lights[-1],
        )

    async def background(self, club_id: int | None, slug: str) -> Background:
        """Return what stands behind the exercise of a card.

        Raises:
            UnknownExercise: the library has lost it.
        """
        exercise = await self.recall(club_id, slug)
        refs = dict.fromkeys(evidence.ref for evidence in exercise.evidence if evidence.ref)
        return Background(
            exercise=exercise,
            sources=tuple(self._knowledge.references[ref] for ref in refs),
            safety=self._knowledge.safety,
        )

    async def day(self, club_id: int | None) -> date | None:
        """Return the club's current day, or None where there is no club."""
        if club_id is None:
            return None
        async with self._database.read() as stores:
            club = await stores.clubs.get(club_id)
        return club.calendar.day(self._clock()) if club else None

    async def mark_done(
        self, club_id: int, member_id: int, name: str, slug: str, day: date, level: Level
    ) -> Completion:
        """Record that the member, called `name`, did the exercise; return once it is durable.

        Raises:
            NotSetUp: this server is no club (any more).
            UnknownExercise: the library has lost the exercise of an old card.
            TooLate, TooEarly: the day can no longer, or not yet, be credited.
        """
        now = self._clock()
        async with self._database.write(club_id) as stores:
            club = await existing_club(stores, club_id)
            exercise = (await self._moves.of(stores, club)).recall(slug)
            today = club.calendar.day(now)
            check_credit(day, today, club.credit_days, club.calendar)
            is_new = await stores.completions.add(
                club_id, member_id, day, exercise.slug, level, now
            )
            gain = await self.settle(stores, club, member_id, name, is_new=is_new)
        if is_new:
            self._daily.outdate(club_id, day)
        return Completion(
            exercise=exercise,
            level=level,
            day=day,
            is_new=is_new,
            is_today=day == today,
            gain=gain,
        )

    async def settle(
        self, stores: Stores, club: Club, member_id: int, name: str, *, is_new: bool
    ) -> Gain:
        """Record the member's name and what they earned, once their completions are; return it.

        Only with something new can there be a badge to earn.
        """
        today = club.calendar.day(self._clock())
        await stores.completions.save_name(club.id, member_id, name, today)
        history = await stores.members.history(club.id, member_id)
        stands = streak(history.record, club.targets, today, club.calendar)
        missing = [badge for badge in self._badges if badge.id not in history.badges]
        new = earned(missing, history.entries, stands.best) if is_new else []
        if new:
            await stores.members.award(club.id, member_id, [badge.id for badge in new], today)
        is_return = is_returning(history.pauses, today)
        return Gain(streak=stands, badges=tuple(new), is_return=is_return)

    async def progress(self, club_id: int, member_id: int) -> Progress:
        """Return how the member stands in the club.

        Raises:
            NotSetUp: this server is no club yet.
        """
        async with self._database.read() as stores:
            club = await existing_club(stores, club_id)
            history = await stores.members.history(club_id, member_id)
            moves = await self._moves.of(stores, club)
        today = club.calendar.day(self._clock())
        days = history.days
        counts = Counter(entry.slug for entry in history.entries)
        most_first = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        known = moves.known
        counted = tuple((known[slug], n) for slug, n in most_first if slug in known)
        passed = weeks(history.record, club.targets, today, club.calendar, first_week(today))
        return Progress(
            streak=summary(passed),
            sessions=len(days),
            this_month=sum(day >= today.replace(day=1) for day in days),
            week_days=tuple(sorted(day for day in days if day >= week_of(today))),
            today=today,
            counts=counted,
            consistency=consistency(passed, history.joined),
            badges=tuple(badge for badge in self._badges if badge.id in history.badges),
            muscles=trained(counted),
            half_year=half_year(history.entries, passed, today),
        )
