"""The stored scores are what the events say, whatever happened and in whatever order."""

import asyncio
import shutil
from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.app import open_app
from bot.domain.pauses import PauseReason
from bot.domain.routine import Wish
from bot.domain.standings import Kind
from bot.errors import UserError
from bot.services.standings import Wanted
from bot.settings import Settings
from tests.conftest import FrozenClock
from tests.services.helpers import ANN, BEN, CLUB, DAY, TODAY, change, done, rows, set_up

MOVES = "a-march", "clamshell"
ZONES = ("Europe/London", "Asia/Tokyo", "Pacific/Honolulu", "Pacific/Kiritimati")
members = st.sampled_from([ANN, BEN, 3])
steps = st.lists(
    st.one_of(
        st.tuples(st.just("do"), members, st.integers(0, 7), st.sampled_from(MOVES)),
        st.tuples(st.just("do"), members, st.just(0), st.just("a-march")),
        st.tuples(st.just("undo"), members),
        st.tuples(st.just("pause"), members, st.integers(-20, 20), st.none() | st.integers(0, 20)),
        st.tuples(st.just("end a pause"), members),
        st.tuples(st.just("wait"), st.integers(1, 30)),
        st.tuples(st.just("move"), st.sampled_from(ZONES)),
        st.tuples(st.just("target"), st.integers(1, 7)),
        st.tuples(st.just("season"), st.integers(-30, 10), st.integers(0, 40)),
    ),
    max_size=25,
)


class Life:
    """A club to which things happen."""

    def __init__(self, app, clock):
        self.app, self.clock = app, clock

    async def today(self):
        return await self.app.practice.day(CLUB)

    async def let(self, what, *how):
        with suppress(UserError):
            await getattr(self, what.replace(" ", "_"))(*how)

    async def do(self, member, age, slug):
        await done(self.app, await self.today() - age * DAY, member, slug=slug)

    async def undo(self, member):
        await self.app.diary.undo(CLUB, member)

    async def pause(self, member, age, length):
        first = await self.today() - age * DAY
        last = None if length is None else str(first + length * DAY)
        await self.app.diary.pause(CLUB, member, str(first), last, PauseReason.RACE)

    async def end_a_pause(self, member):
        async with self.app.database.read() as stores:
            history = await stores.members.history(CLUB, member)
        for pause in history.pauses:
            await self.app.diary.end_pause(CLUB, member, pause.first)

    async def wait(self, hours):
        self.clock.advance(hours=7 * hours)

    async def move(self, zone):
        await set_up(self.app, timezone=zone)

    async def target(self, days):
        await set_up(self.app, target=days)

    async def season(self, begin, length):
        first = await self.today() + begin * DAY
        await self.app.clubs.set_season(CLUB, str(first), str(first + length * DAY))


@pytest.fixture
def fresh_url(request, engine, tmp_path):
    """Return a function that gives the URL of a database with all tables and no rows."""

    def fresh():
        if engine == "postgresql":
            return request.getfixturevalue("postgres").migrated()
        file = shutil.copy(request.getfixturevalue("migrated"), tmp_path / "club.db")
        for leftover in tmp_path.glob("club.db-*"):
            leftover.unlink()
        return f"sqlite+aiosqlite:///{file}"

    return fresh


def test_whatever_happens_the_scores_are_what_a_recount_finds(fresh_url, library, request):
    is_slow = request.config.getoption("-m") != "not slow"

    @settings(
        max_examples=60 if is_slow else 8,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(steps, st.integers(0, 40))
    def check(happened, days):
        asyncio.run(live(fresh_url(), happened, days))

    async def live(url, happened, days):
        clock = FrozenClock()
        chosen = Settings(_env_file=None, database_url=url, shard_count=1)
        async with open_app(chosen, clock, library) as app:
            await set_up(app)
            await change(app, credit_days=7)
            life = Life(app, clock)
            for step in happened:
                await life.let(*step)
            clock.advance(days=days)
            assert (await app.scores.recount(is_mended=False)).wrong == 0

    check()


@pytest.fixture
async def lively(app, london, clock):
    """Ann did a move today and yesterday, Ben today."""
    await done(app)
    await done(app, TODAY - DAY)
    await done(app, member=BEN)


@pytest.mark.usefixtures("lively")
@pytest.mark.parametrize(
    ("damage", "wrong"),
    [
        ("UPDATE scores SET points = points + 1 WHERE member_id = 1 AND board = 'all'", 3),
        ("DELETE FROM scores WHERE member_id = 2 AND board = 'all'", 2),
        ("UPDATE score_counts SET members = 7 WHERE board = 'all' AND points = 2", 1),
        ("INSERT INTO scores VALUES (1001, 9, 'all', 5, NULL)", 2),
        ("INSERT INTO score_counts VALUES (1001, 'all', 99, 1)", 1),
    ],
)
async def test_a_recount_finds_what_is_wrong_and_mends_it(app, settings, damage, wrong):
    assert (await app.scores.recount(is_mended=False)).wrong == 0
    before = rows(settings, "SELECT * FROM scores ORDER BY member_id, board")
    rows(settings, damage if "postgresql" not in settings.database_url else f"{damage} RETURNING 1")
    found = await app.scores.recount(is_mended=False)
    assert (found.clubs, found.wrong) == (1, wrong)
    await app.scores.recount(is_mended=True)
    assert (await app.scores.recount(is_mended=False)).wrong == 0
    assert rows(settings, "SELECT * FROM scores ORDER BY member_id, board") == before


@pytest.mark.usefixtures("london")
async def test_a_whole_routine_is_one_session_on_the_boards(app):
    wish = Wish(minutes=15)
    routine = (await app.routines.build(CLUB, ANN, wish)).routine
    await app.routines.mark_done(CLUB, ANN, "ann", wish, TODAY, routine.stamp)
    assert (await app.standings.board(CLUB, Wanted(kind=Kind.GOAL))).club_points == 1
    assert (await app.scores.recount(is_mended=False)).wrong == 0


@pytest.mark.usefixtures("lively")
async def test_a_start_counts_the_clubs_that_were_never_counted(app, settings, clock, library):
    everything = "SELECT * FROM scores ORDER BY member_id, board"
    before = rows(settings, everything)
    async with app.database.write() as stores:
        await stores.connection.exec_driver_sql("DELETE FROM scores")
        await stores.connection.exec_driver_sql("DELETE FROM score_counts")
        await stores.clubs.set_counted(CLUB, None)
    async with open_app(settings, clock, library) as again:
        assert rows(settings, everything) == before
        assert (await again.scores.recount(is_mended=False)).wrong == 0
        assert (await again.scores.catch_up()).clubs == 0


@pytest.mark.usefixtures("lively")
async def test_a_club_whose_zone_is_gone_is_left_out_and_said(app):
    await change(app, zone="Nowhere/Atlantis")
    found = await app.scores.recount(is_mended=True)
    assert (found.clubs, found.left_out) == (0, (CLUB,))


@pytest.mark.slow
async def test_a_recount_takes_more_members_than_go_at_once(app, london, clock):
    for member in range(1, 120):
        await done(app, member=member)
    async with app.database.write() as stores:
        await stores.connection.exec_driver_sql("DELETE FROM scores")
    found = await app.scores.recount(is_mended=True)
    assert (found.members, (await app.scores.recount(is_mended=False)).wrong) == (119, 0)


async def test_two_at_once_in_one_club_are_both_counted(app, london, other_process):
    both = app, other_process
    await asyncio.gather(*(done(each, member=m) for m in range(1, 11) for each in both))
    assert (await app.scores.recount(is_mended=False)).wrong == 0
    board = await app.standings.board(CLUB, Wanted(kind=Kind.GOAL))
    assert (board.club_points, board.members) == (10, 10)


async def test_a_club_that_is_deleted_leaves_no_score(app, settings, clock, lively):
    await app.clubs.left(CLUB)
    clock.now += timedelta(days=1000)
    await app.clubs.forget()
    for table in ("scores", "score_counts"):
        assert rows(settings, f"SELECT * FROM {table}") == []
