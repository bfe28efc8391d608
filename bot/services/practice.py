"""Looking up a move or a reason, doing the move, and seeing how one stands."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.domain.badges import Badge
from bot.domain.challenge import Assignment
from bot.domain.days import Clock, week_of
from bot.domain.exercise import Exercise, Level
from bot.domain.half_year import HeatDay, first_week, half_year
from bot.domain.knowledge import Knowledge, Light, Reference, SafetyNote, Topic
from bot.domain.muscles import MuscleGroup, trained
from bot.domain.streaks import Consistency, Streak, consistency, summary, weeks
from bot.services.buddies import weeks_with_buddy
from bot.services.clubs import existing_club
from bot.services.moves import Moves
from bot.services.recording import Gain, Recorder, Report
from bot.storage.database import Database, Stores


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
    with_buddy: int | None = None
    """Weeks in a row that they and their buddy both hit; None without a buddy."""


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
        recorder: Recorder,
        clock: Clock,
        badges: Sequence[Badge] = (),
    ) -> None:
        self._database = database
        self._moves = moves
        self._knowledge = knowledge
        self._recorder = recorder
        self._clock = clock
        self._badges = badges

    async def assign(self, club_id: int | None, name: str) -> Assignment:
        """Return the exercise of this name with the club day it would count for.

        Raises:
            UnknownExercise: with the three nearest names.
        """
        if club_id is None:
            return Assignment((await self._moves.offered(None)).get(name), None)

        async def look(stores: Stores) -> Assignment:
            club = await stores.clubs.get(club_id)
            moves = await self._moves.of(stores, club)
            day = club.calendar.day(self._clock()) if club else None
            return Assignment(moves.offered.get(name), day)

        return await self._database.look(look)

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
            moves=tuple(self._moves.shipped.get(slug) for slug in topic.moves),
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
        self,
        club_id: int,
        member_id: int,
        name: str,
        slug: str,
        day: date,
        level: Level,
        *,
        keeps_name: bool = False,
    ) -> Completion:
        """Record that the member, called `name`, did the exercise; return once it is durable.

        `keeps_name`: they are called so elsewhere, so a name that the club knows stays.

        Raises:
            NotSetUp: this server is no club (any more).
            UnknownExercise: the library has lost the exercise of an old card.
            TooLate, TooEarly: the day can no longer, or not yet, be credited.
        """
        recorded = await self._recorder.record(
            Report(
                club_id=club_id,
                member_id=member_id,
                name=name,
                day=day,
                moves=((slug, level),),
                keeps_name=keeps_name,
            )
        )
        return Completion(
            exercise=recorded.exercises[0],
            level=level,
            day=day,
            is_new=recorded.new > 0,
            is_today=recorded.is_today,
            gain=recorded.gain,
        )

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
            with_buddy = await weeks_with_buddy(stores, club, member_id, history, today)
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
            consistency=consistency(history.record, club.targets, today, club.calendar),
            badges=tuple(badge for badge in self._badges if badge.id in history.badges),
            muscles=trained(counted),
            half_year=half_year(history.entries, passed, today),
            with_buddy=with_buddy,
        )
