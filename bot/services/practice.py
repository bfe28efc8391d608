"""Looking up a move or a reason, doing the move, and seeing how one stands."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.domain.badges import Badge, earned
from bot.domain.catalogue import Catalogue
from bot.domain.challenge import Assignment
from bot.domain.days import Clock, check_credit, week_of
from bot.domain.exercise import Exercise, Level
from bot.domain.half_year import HeatDay, first_week, half_year
from bot.domain.history import History
from bot.domain.knowledge import Knowledge, Light, Reference, SafetyNote, Topic
from bot.domain.muscles import MuscleGroup, trained
from bot.domain.pauses import is_returning
from bot.domain.streaks import Consistency, Streak, consistency, streak, summary, weeks
from bot.services.clubs import existing_club
from bot.services.daily import Daily
from bot.services.scores import Change, keep_scores
from bot.storage.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """An exercise done: new or done before that day, and how the member stands now.

    `badges` are those that it earned; `is_return`: it is the first week after a pause.
    """

    exercise: Exercise
    level: Level
    day: date
    is_new: bool
    is_today: bool
    streak: Streak
    badges: tuple[Badge, ...] = ()
    is_return: bool = False


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
        catalogue: Catalogue,
        knowledge: Knowledge,
        daily: Daily,
        clock: Clock,
        badges: Sequence[Badge] = (),
    ) -> None:
        self._database = database
        self._catalogue = catalogue
        self._knowledge = knowledge
        self._daily = daily
        self._clock = clock
        self._badges = badges

    async def assign(self, club_id: int | None, name: str) -> Assignment:
        """Return the exercise of this name with the club day it would count for.

        Raises:
            UnknownExercise: with the three nearest names.
        """
        return Assignment(self._catalogue.get(name), await self.day(club_id))

    def explain(self, name: str) -> Explanation:
        """Return what is known about the topic or complaint of this name.

        Raises:
            UnknownTopic: with three titles that are near.
        """
        topic = self._knowledge.topic(name)
        return Explanation(
            topic=topic,
            moves=tuple(self._catalogue.get(slug) for slug in topic.moves),
            sources=self._knowledge.sources(topic),
            stop=self._knowledge.safety.lights[-1],
        )

    def background(self, name: str) -> Background:
        """Return what stands behind the exercise of this name.

        Raises:
            UnknownExercise: with the three nearest names.
        """
        exercise = self._catalogue.get(name)
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
        exercise = self._catalogue.get(slug)
        now = self._clock()
        async with self._database.write(club_id) as stores:
            club = await existing_club(stores, club_id)
            today = club.calendar.day(now)
            check_credit(day, today, club.credit_days, club.calendar)
            is_new = await stores.completions.add(
                club_id, member_id, day, exercise.slug, level, now
            )
            await stores.completions.save_name(club_id, member_id, name, today)
            history = await stores.members.history(club_id, member_id)
            stands = streak(history.record, club.targets, today, club.calendar)
            new = self._newly_earned(history, stands) if is_new else []
            if new:
                await stores.members.award(club_id, member_id, [b.id for b in new], today)
            if is_new:
                change = Change(
                    club=club,
                    member_id=member_id,
                    before=history.without(day, slug).record,
                    after=history.record,
                    stands=stands,
                )
                await keep_scores(stores, [change], {club_id: today})
        if is_new:
            self._daily.outdate(club_id, day)
        return Completion(
            exercise=exercise,
            level=level,
            day=day,
            is_new=is_new,
            is_today=day == today,
            streak=stands,
            badges=tuple(new),
            is_return=is_returning(history.pauses, today),
        )

    def _newly_earned(self, history: History, stands: Streak) -> list[Badge]:
        missing = [badge for badge in self._badges if badge.id not in history.badges]
        return earned(missing, history.entries, stands.best)

    async def progress(self, club_id: int, member_id: int) -> Progress:
        """Return how the member stands in the club.

        Raises:
            NotSetUp: this server is no club yet.
        """
        async with self._database.read() as stores:
            club = await existing_club(stores, club_id)
            history = await stores.members.history(club_id, member_id)
        today = club.calendar.day(self._clock())
        known = {exercise.slug: exercise for exercise in self._catalogue}
        days = history.days
        counts = Counter(entry.slug for entry in history.entries)
        most_first = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
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
