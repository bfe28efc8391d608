"""Every message fits what Discord takes, and every button can be found again from its custom_id."""

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import product
from types import SimpleNamespace
from typing import Any

import discord
import pytest
from discord import app_commands, ui

from bot import errors
from bot.client import BUTTONS
from bot.content.catalogue import load_content
from bot.domain.buddies import Buddies
from bot.domain.challenge import Assignment, Post, PostState, Reason
from bot.domain.club import Club
from bot.domain.days import Span
from bot.domain.exercise import Category, Difficulty, Equipment, Level, Muscle
from bot.domain.focus import Focus
from bot.domain.goal import Goal
from bot.domain.guide import Guide, phases
from bot.domain.half_year import half_year
from bot.domain.history import Entry
from bot.domain.muscles import trained
from bot.domain.pauses import Pause, PauseReason
from bot.domain.personal import Entry as Stored
from bot.domain.recent import recent
from bot.domain.reminder import EVERY_DAY, Reminder
from bot.domain.routine import MOST_MOVES, Wish, build_routine
from bot.domain.standings import Board, Cohort, Kind, Period, Ranked, Viewer
from bot.domain.streaks import (
    WEEK,
    Consistency,
    Record,
    Streak,
    Target,
    consistency,
    summary,
    weeks,
)
from bot.services.buddies import Nudged, Poke, Request
from bot.services.buddies import Standing as BuddyStanding
from bot.services.clubs import Status
from bot.services.daily import Challenge
from bot.services.diary import HistoryPage, Paused, Standing, Today, Undone
from bot.services.guides import GuidedSet
from bot.services.practice import Completion, Explanation, Progress
from bot.services.recording import Gain
from bot.services.reminders import Nudge
from bot.services.routines import Offer
from bot.services.voids import Voided
from bot.settings import SHIPPED_DATA
from bot.texts import load_texts
from bot.ui.browse import ExerciseList, Filters
from bot.ui.buddy import poke_card, request_card, standing_card
from bot.ui.challenge_card import ChallengeCard
from bot.ui.club import StatusCard, TrainingCard
from bot.ui.details import Detail, DetailCard
from bot.ui.done import done_line
from bot.ui.exercise_card import ExerciseCard
from bot.ui.guide import GuideCard
from bot.ui.help import AboutCard, HelpCard
from bot.ui.history import HistoryCard
from bot.ui.illustration import shortened
from bot.ui.leaderboard import Leaderboard
from bot.ui.pause import PauseCard
from bot.ui.permissions import NEEDED
from bot.ui.pictures import pictures_of
from bot.ui.privacy import DeleteCard, DeletedCard, Scope, StoredCard
from bot.ui.profile import Person, ProfileCard
from bot.ui.reminder import ReminderCard, ReminderMessage
from bot.ui.routine import RoutineCard
from bot.ui.safe import explain
from bot.ui.streak import StreakCard, StreakWhyCard
from bot.ui.today import TodayCard
from bot.ui.undo import UndoneCard
from bot.ui.voids import VoidedCard
from bot.ui.why import SourcesCard, WhyCard

CONTENT = load_content(SHIPPED_DATA)
CATALOGUE = CONTENT.catalogue
t = load_texts(SHIPPED_DATA).speaking("en-US")
ID = 2**63 - 1  # as long as an id can be
DAY = date(2026, 9, 30)  # a Wednesday in September: the longest names
NOW = datetime(2026, 9, 30, tzinfo=UTC)
BUTTON, ROW, TEXT = 2, 1, 10

CLUB = Club(
    id=ID,
    channel_id=ID,
    zone="America/Argentina/ComodRivadavia",
    post_time=time(7),
    role_id=ID,
    set_up_by=ID,
    set_up_at=NOW,
    next_due=NOW,
    targets=(Target(date(2026, 9, 28), 3), Target(date(2026, 10, 5), 7)),
    long_runs=frozenset(range(7)),
    races=tuple(date(2027, 9, 22 + n % 7) for n in range(20)),
)
POST = Post(
    club_id=ID,
    day=DAY,
    slug="monster-steps",
    channel_id=ID,
    due_at=NOW,
    attempted_at=NOW,
    state=PostState.FAILED,
    reason=Reason.MISSED,
)
HOSTILE = ["*" * 32, "[a](b)" * 5, "<@1>" * 8, "://" * 10, "👨\u200d👩\u200d👧" * 6, "@here" * 6]


def walk(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for component in components:
        yield component
        yield from walk(component.get("components", []))
        if "accessory" in component:
            yield from walk([component["accessory"]])


def check_fits(view: ui.LayoutView) -> None:
    """Fail if Discord would refuse the message."""
    components = view.to_components()
    everything = list(walk(components))
    assert view.timeout is None
    assert len(everything) <= 40
    texts = [c["content"] for c in everything if c["type"] == TEXT]
    assert sum(len(text.encode("utf-16-le")) // 2 for text in texts) <= 4000
    assert all(text.strip() for text in texts)
    described = [p for c in everything for p in [*c.get("items", []), c] if "media" in p]
    assert all(40 <= len(picture["description"]) <= 1024 for picture in described)
    for row in everything:
        assert row["type"] != ROW or 1 <= len(row["components"]) <= 5
    buttons = [c for c in everything if c["type"] == BUTTON]
    assert all(1 <= len(button["label"]) <= 80 for button in buttons)
    custom_ids = [button["custom_id"] for button in buttons if "url" not in button]
    assert len(set(custom_ids)) == len(custom_ids)
    assert all(1 <= len(custom_id) <= 100 for custom_id in custom_ids)


async def check_buttons(view: ui.LayoutView) -> None:
    """Fail unless each custom_id belongs to one class, which makes the same of it again."""
    for component in walk(view.to_components()):
        if component["type"] != BUTTON or "url" in component:
            continue
        custom_id = component["custom_id"]
        found = [(button, match) for button in BUTTONS if (match := button.fullmatch(custom_id))]
        [(button, match)] = found
        rebuilt = await button.from_custom_id(None, ui.Button(custom_id=custom_id), match)
        assert rebuilt.custom_id == custom_id


@pytest.mark.parametrize("exercise", list(CATALOGUE), ids=lambda e: e.slug)
@pytest.mark.parametrize("day", [DAY, None])
async def test_every_rung_of_every_exercise_fits(exercise, day):
    for rung in range(len(exercise.ladder)):
        card = ExerciseCard(exercise, day, t, rung)
        check_fits(card)
        await check_buttons(card)
        assert [path.suffix for path in pictures_of(card)] == [".gif"]


@pytest.mark.parametrize("exercise", list(CATALOGUE), ids=lambda e: e.slug)
async def test_every_detail_of_every_rung_fits(app, exercise):
    background = await app.practice.background(None, exercise.slug)
    for rung in range(len(exercise.ladder)):
        for detail in Detail:
            card = DetailCard(background, detail, rung, t)
            check_fits(card)
            await check_buttons(card)


REMINDER = Reminder(
    club_id=ID,
    member_id=ID,
    at=time(19, 30),
    weekdays=EVERY_DAY - {6},
    zone=CLUB.zone,
    locale="en-US",
    next_due=NOW,
)


@pytest.mark.parametrize("exercise", list(CATALOGUE), ids=lambda e: e.slug)
async def test_every_reminder_fits(exercise):
    post = replace(POST, message_id=ID)
    nudge = Nudge(reminder=REMINDER, assignment=Assignment(exercise, DAY), post=post)
    for server in [None, *HOSTILE]:
        card = ReminderMessage(nudge, server, t)
        check_fits(card)
        await check_buttons(card)


async def test_every_card_of_buddies_fits():
    request = Request(ID, ID - 1, ID - 2, DAY)
    move = max(CATALOGUE, key=lambda exercise: len(exercise.slug))
    poke = Poke(outcome=Nudged.SENT, buddy_id=ID, assignment=Assignment(move, DAY))
    cards = [standing_card(None, t)]
    for server in [None, *HOSTILE]:
        name = server or "Ann"
        cards += [request_card(request, name, server, t), poke_card(ID, poke, name, server, t)]
    for mine, theirs, takes in product((True, False), repeat=3):
        standing = BuddyStanding(
            club_id=ID,
            pair=Buddies(ID, ID - 1, DAY, i_take_nudges=takes),
            weeks=1,
            i_am_done=mine,
            they_are_done=theirs,
            may_nudge=True,
        )
        cards.append(standing_card(standing, t))
    for card in cards:
        check_fits(card)
        await check_buttons(card)


@pytest.mark.parametrize("reminder", [None, REMINDER, REMINDER.close()])
async def test_every_answer_about_a_reminder_fits(reminder):
    card = ReminderCard(reminder, t)
    check_fits(card)
    await check_buttons(card)


@pytest.mark.parametrize("exercise", list(CATALOGUE), ids=lambda e: e.slug)
async def test_every_challenge_fits(exercise):
    card = ChallengeCard(Challenge(club=CLUB, post=POST, exercise=exercise, done_by=99999), t)

    check_fits(card)
    await check_buttons(card)


@pytest.mark.parametrize("exercise", list(CATALOGUE), ids=lambda e: e.slug)
async def test_every_phase_of_every_rung_fits_running_and_standing_still(exercise):
    for rung in range(len(exercise.ladder)):
        of = phases(exercise, rung)
        for phase, left_s in product(range(len(of) + 1), (None, 599)):
            guide = Guide(
                id=ID,
                member_id=ID,
                club_id=ID,
                slug=exercise.slug,
                rung=rung,
                day=DAY,
                locale="en-US",
                token="",
                token_ends_at=NOW,
                due_at=NOW,
                phase=phase,
                left_s=left_s,
            )
            card = GuideCard(GuidedSet(guide, exercise, of), t)
            check_fits(card)
            await check_buttons(card)


@pytest.mark.parametrize("topic", CONTENT.knowledge.topics, ids=lambda topic: topic.slug)
async def test_every_answer_to_a_why_fits_and_so_do_its_sources(topic):
    explanation = Explanation(
        topic=topic,
        moves=tuple(CATALOGUE.get(slug) for slug in topic.moves),
        sources=CONTENT.knowledge.sources(topic),
        stop=CONTENT.knowledge.safety.lights[-1],
    )

    for card in (WhyCard(explanation, t), SourcesCard(explanation, t)):
        check_fits(card)
        await check_buttons(card)


@pytest.mark.parametrize("focus", [None, *Focus])
@pytest.mark.parametrize("day", [DAY, None])
async def test_every_routine_fits(focus, day):
    everything = frozenset(Equipment)
    wishes = [Wish(minutes=n, equipment=everything, focus=focus) for n in (5, 15, 30, 60)]
    fitting = 0
    for wish in wishes:
        for ago in range(5):
            try:
                routine = build_routine(CATALOGUE, wish, ID, DAY - timedelta(days=ago))
            except errors.TooManyMinutes:
                continue
            stop = CONTENT.knowledge.safety.lights[-1]
            card = RoutineCard(Offer(routine=routine, day=day), stop, t)
            check_fits(card)
            await check_buttons(card)
            fitting += 1
    assert fitting >= 10


async def test_a_routine_of_as_many_moves_as_can_be_fits():
    routine = build_routine(CATALOGUE, Wish(minutes=60), ID, DAY)
    turns = sorted(routine.turns * 2, key=lambda turn: len(turn.rung.name))[-MOST_MOVES:]
    moves = [replace(turn.exercise, slug=f"{n:x}" * 40) for n, turn in enumerate(turns)]
    turns = [replace(turn, exercise=e) for turn, e in zip(turns, moves, strict=True)]
    offer = Offer(routine=replace(routine, turns=tuple(turns)), day=DAY)

    check_fits(RoutineCard(offer, CONTENT.knowledge.safety.lights[-1], t))
    assert len(turns) == MOST_MOVES


def all_filters() -> Iterator[Filters]:
    for category in (None, *Category):
        for muscle in (None, *Muscle):
            yield Filters(category=category, muscle=muscle)
    for equipment in (None, *Equipment):
        for difficulty in (None, *Difficulty):
            yield Filters(equipment=equipment, difficulty=difficulty)
    for muscle in Muscle:
        yield Filters(
            category=Category.STRENGTH,
            muscle=muscle,
            equipment=Equipment.NONE,
            difficulty=Difficulty.BEGINNER,
        )


async def test_every_page_of_every_filter_fits():
    pages = 0
    for filters in all_filters():
        for page in range(max(1, -(-len(filters.apply(CATALOGUE)) // 5))):
            listed = ExerciseList(CATALOGUE, filters, page, t)
            check_fits(listed)
            await check_buttons(listed)
            pages += 1
    assert pages > 150


def test_filters_survive_their_custom_id():
    longest = Filters(
        category=Category.MOBILITY_DYNAMIC,
        muscle=Muscle.QUADRATUS_LUMBORUM,
        equipment=Equipment.KETTLEBELL,
        difficulty=Difficulty.INTERMEDIATE,
    )
    for filters in (longest, *all_filters()):
        assert Filters.parse(str(filters)) == filters
    assert len(f"page:999:{longest}") <= 100


@pytest.mark.parametrize("page", [-1, 0, 1, 999])
def test_a_page_that_is_no_more_shows_one_that_is(page):
    check_fits(ExerciseList(CATALOGUE, Filters(), page, t))


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("kind", Kind)
async def test_a_board_full_of_the_longest_names_fits(name, kind):
    rows = tuple(Ranked(99999, member, name, 99999) for member in range(11))
    board = Board(
        kind=kind,
        period=Period.SEASON,
        rows=rows[:10],
        page=4999,
        pages=10_000,
        own=rows[10],
        viewer=Viewer(points=99999, joined=DAY),
        cohort=Cohort(place=499, members=500),
        club_points=9_999_999,
        members=99999,
        ranked=99999,
        is_ranking=True,
        goal=Goal(target=100_000, done=9_999_999, is_suggested=True),
        weeks=(9_999_999,) * 4,
        season=Span(DAY, DAY),
    )
    for shown in (
        board,
        replace(board, rows=(), own=None, is_ranking=False),
        replace(board, own=None, viewer=Viewer(points=99999, is_hidden=True), goal=None),
    ):
        card = Leaderboard(shown, t)
        check_fits(card)
        await check_buttons(card)


def test_a_status_with_every_problem_at_once_fits():
    status = Status(club=replace(CLUB, paused_at=NOW), latest=POST)
    names = " and ".join(t(f"permission.{name}") for name in NEEDED)
    remedies = [
        t(
            f"remedy.{remedy}",
            channel=ID,
            permissions=names,
            role=ID,
            zone="America/Argentina/ComodRivadavia",
        )
        for remedy in (*Reason, "missing", "role_gone", "role_silent")
    ]

    for state in PostState:
        for reason in (None, *Reason):
            post = replace(POST, state=state, reason=reason, message_id=ID)
            check_fits(StatusCard(replace(status, latest=post), DAY, remedies, t))


def test_the_training_of_a_club_that_runs_long_every_day_and_has_all_its_races_fits():
    check_fits(TrainingCard(CLUB, DAY, t))


async def test_help_and_about_fit(world):
    await world.env.settle()  # it hears of its server, and reads whether that is a club
    tree = world.env.bot.tree
    commands = [c for c in tree.walk_commands() if isinstance(c, app_commands.Command)]

    check_fits(HelpCard(commands, True, t))
    check_fits(AboutCard("0.0.0.dev999+g1234567.d20261122", t))


STREAK = Streak(weeks=999, best=999, this_week=7, target=7, freezes=2, to_freeze=None)
LONGEST = max(CATALOGUE, key=lambda exercise: len(exercise.name))
PAUSES = tuple(
    Pause(DAY + (n - 3) * 9 * timedelta(days=1), DAY + n * timedelta(days=1), PauseReason.HOLIDAY)
    for n in range(3)
)


@pytest.mark.parametrize("pauses", [(), PAUSES, (Pause(DAY, None, PauseReason.INJURY),)])
@pytest.mark.parametrize("per_week", [0, 3, 7])
async def test_every_streak_and_its_reasons_fit(pauses, per_week):
    calendar = CLUB.calendar
    done = {
        DAY - n * timedelta(days=1) for n in range(8, 400) if (DAY.weekday() - n) % 7 < per_week
    }
    record = Record(days=frozenset(done), pauses=pauses, joined=date(2025, 1, 1))
    passed = weeks(record, CLUB.targets, DAY, calendar, DAY - 4 * WEEK)
    standing = Standing(
        club=CLUB,
        today=DAY,
        streak=summary(passed),
        consistency=consistency(record, CLUB.targets, DAY, calendar),
        weeks=recent(passed, record, DAY, calendar),
        pauses=pauses,
        voided=tuple(DAY - n * timedelta(days=1) for n in range(28)),
        open_days=tuple(
            Assignment(exercise, DAY - n * timedelta(days=1))
            for n, exercise in enumerate(list(CATALOGUE)[:8])
        ),
    )
    for card in (StreakCard(standing, t), StreakWhyCard(standing, t)):
        check_fits(card)
        await check_buttons(card)


@pytest.mark.parametrize("pause", [*PAUSES, Pause(DAY, None, PauseReason.RACE), None])
async def test_every_pause_fits(pause):
    card = PauseCard(Paused(pause=pause, merged=PAUSES, today=DAY, streak=STREAK), t)
    check_fits(card)
    await check_buttons(card)


def _held(club_id: int) -> list[Stored]:
    """As much of a member as there can be in one club."""
    values: dict[str, list[dict[str, Any]]] = {
        "members": [{"name": "<@1>" * 8, "joined_on": DAY, "is_hidden": True, "left_at": NOW}],
        "completions": [{"day": DAY}, {"day": DAY - timedelta(days=400)}] * 900,
        "pauses": [
            {"first_day": pause.first, "last_day": pause.last, "reason": pause.reason.value}
            for pause in PAUSES * 9
        ],
        "clubs": [{"set_up_at": NOW}],
        **{name: [{}] * 50 for name in ("awards", "scores", "exercises", "drafts", "guides")},
    }
    return [Stored(name, club_id, row) for name, rows in values.items() for row in rows]


@pytest.mark.parametrize("club_id", [1, None])
async def test_all_that_is_stored_about_a_member_of_many_clubs_fits(club_id):
    scope = Scope(club_id, "x" * 100, DAY, 90)
    entries = [entry for n in range(1, 201) for entry in _held(n)]

    def name_of(_: int | None) -> str:
        return "x" * 100

    for card in (
        StoredCard(entries, scope, name_of, t),
        DeleteCard(entries, ID, scope, name_of, t),
        DeleteCard(entries, ID, scope, name_of, t, is_last=True),
        DeletedCard(entries, scope, t),
        DeleteCard([], ID, scope, name_of, t),
    ):
        check_fits(card)
        await check_buttons(card)


async def test_a_page_of_the_history_and_what_was_undone_fit():
    entries = tuple(
        (Entry(DAY - n * timedelta(days=400), LONGEST.slug, Level.STANDARD), LONGEST)
        for n in range(10)
    )
    history = HistoryPage(
        entries=entries,
        page=1,
        pages=999,
        count=9990,
        today=DAY,
        voided=frozenset(entry for entry, _ in entries),
    )
    undone = Undone(entry=entries[0][0], exercise=LONGEST, is_today=False, streak=STREAK)
    voided = Voided(
        member_id=ID,
        entry=entries[-1][0],
        exercise=LONGEST,
        counts=False,
        streak=STREAK,
        badges=CONTENT.badges,
        today=DAY,
    )
    for card in (HistoryCard(history, t), UndoneCard(undone, t), VoidedCard(voided, t)):
        check_fits(card)
        await check_buttons(card)


@pytest.mark.parametrize("exercise", list(CATALOGUE), ids=lambda e: e.slug)
async def test_every_welcome_back_fits(exercise):
    card = TodayCard(Today(assignment=Assignment(exercise, DAY), is_return=True), t)
    check_fits(card)
    await check_buttons(card)


def test_all_badges_at_once_fit_into_an_answer_and_a_profile():
    completion = Completion(
        exercise=LONGEST,
        level=Level.EASIER,
        day=DAY,
        is_new=True,
        is_today=False,
        gain=Gain(streak=STREAK, badges=CONTENT.badges, is_return=True),
    )
    assert len(done_line(completion, t)) <= 2000
    counts = tuple((exercise, 999) for exercise in CATALOGUE)
    progress = Progress(
        streak=STREAK,
        sessions=9999,
        this_month=31,
        week_days=tuple(DAY + n * timedelta(days=1) for n in range(7)),
        today=DAY,
        counts=counts,
        consistency=Consistency(28, 28),
        badges=CONTENT.badges,
        muscles=trained(counts),
        half_year=half_year((), (), DAY),
    )
    card = ProfileCard(progress, Person("W" * 32, "W" * 100), t)
    check_fits(card)
    assert len(shortened(card.illustration.description)) <= 1024


def test_a_description_that_is_too_long_ends_with_a_whole_word():
    assert shortened("word " * 204) == "word " * 204
    short = shortened("word " * 300)
    assert 1015 < len(short) <= 1024
    assert short.endswith("word …")


LONG = "x" * 6000
ZONES = ("America/Argentina/ComodRivadavia", "America/North_Dakota/New_Salem", "Europe/London")
MISTAKES = [
    errors.UnknownExercise(name=LONG, nearest=[e.name for e in CATALOGUE][:3]),
    errors.UnknownTopic(name=LONG, nearest=[topic.title for topic in CONTENT.knowledge.topics][:3]),
    errors.UnknownEquipment(name=LONG, nearest=[t(f"equipment.{e.value}") for e in Equipment][:3]),
    errors.TooFewMinutes(least=60),
    errors.TooManyMinutes(most=60),
    errors.MissingEquipment(focus=Focus.TRUNK, equipment=tuple(Equipment)),
    errors.NoMoves(focus=None),
    errors.MemberHides(),
    errors.NotYours(),
    errors.RoutineChanged(),
    errors.NotSetUp(),
    errors.TooLate(day=DAY, days_back=7),
    errors.TooEarly(day=DAY),
    errors.AlreadyPosted(),
    errors.TooManyGuides(),
    errors.ClubPaused(),
    errors.MayNotManage(owner=ID),
    errors.NotThere(),
    errors.NoAnswer(),
    errors.ZoneGone(zone=LONG),
    errors.StorageUnavailable(),
    errors.BadTime(time=LONG),
    errors.BadWeekday(name=LONG),
    errors.BadDays(name=LONG),
    errors.NoReminderTime(),
    errors.BuddyIsBot(),
    errors.BuddyIsSelf(),
    errors.BuddyTaken(),
    errors.BuddyNotFree(),
    errors.BuddyNotAsked(),
    errors.BuddyTooLate(),
    errors.NoBuddy(),
    errors.BadDate(name=LONG),
    errors.RaceOutOfReach(name=LONG),
    errors.TooManyRaces(most=20),
    errors.UnknownRace(name=LONG),
    errors.BadDay(typed=LONG),
    errors.NotYet(day=DAY),
    errors.TooLongAgo(day=DAY, oldest=DAY, n=7),
    errors.BeforeJoining(day=DAY, joined=DAY),
    errors.NothingToUndo(oldest=DAY),
    errors.NothingToVoid(),
    errors.Voided(day=DAY),
    errors.PauseBackwards(first=DAY, last=DAY),
    errors.PauseTooEarly(day=DAY, oldest=DAY, weeks=4),
    errors.PauseTooLong(day=DAY, latest=DAY),
    errors.NoSeason(),
    errors.HalfASeason(),
    errors.SeasonBackwards(first=DAY, last=DAY),
    errors.SeasonTooLong(first=DAY, last=DAY),
    errors.BadZone(zone=LONG, nearest=ZONES),
    errors.BadDose(dose=LONG),
    errors.BadPack(lines=[f"7: {LONG}"[:120]], n=1),
    errors.NoPack(most=256),
    errors.NoFile(),
    errors.TooManyMoves(most=200, n=200),
    errors.UnknownOwnMove(name=LONG),
    errors.DraftGone(),
    errors.EveryoneRole(),
    errors.ChannelGone(),
    errors.MissingPermission(permissions=NEEDED, channel=ID),
]
# Where an interaction comes from: somebody without the right to manage the server, in it.
PLACE = SimpleNamespace(guild_id=ID, permissions=discord.Permissions.none())


def test_every_mistake_is_among_those_tested_here():
    kinds = {*map(type, MISTAKES), errors.Problems}

    assert kinds == set(errors.UserError.__subclasses__())


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: type(mistake).__name__)
def test_every_mistake_is_explained_in_sentences_that_fit(mistake):
    text = explain(mistake, PLACE, t)

    assert 10 < len(text) < 500
    assert text.endswith((".", "`", "?"))


def test_a_pack_with_20_long_problems_is_explained_in_what_fits():
    lines = [f"{n}: `@everyone` {LONG}" for n in range(20)]
    text = explain(errors.BadPack(lines=lines, n=9_999_999), PLACE, t)

    assert len(text) <= 2000
    assert text.count("`") == 6
    assert all(f"\n{n}: " in text for n in range(20))


def test_all_mistakes_at_once_fit():
    assert len(explain(errors.Problems(MISTAKES[-5:]), PLACE, t)) <= 2000


def texts() -> Iterator[tuple[str, str]]:
    """Every text of every locale, with where it stands."""

    def flatten(table: dict[str, Any], path: str) -> Iterator[tuple[str, str]]:
        for key, value in table.items():
            if isinstance(value, dict):
                yield from flatten(value, f"{path} {key}")
            else:
                yield f"{path} {key}", value

    for file in sorted((SHIPPED_DATA / "locales").glob("*.toml")):
        yield from flatten(tomllib.loads(file.read_text("utf-8")), file.stem)


def test_every_text_fits_a_message_with_long_values_in_it():
    class Long(dict):
        def __missing__(self, key: str) -> str:
            return "x" * 120

    count = 0
    for path, text in texts():
        assert 0 < len(text.format_map(Long()).strip()) <= 1500, path
        count += 1
    assert count > 150
