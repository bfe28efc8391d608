from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.domain.days import Span
from bot.domain.goal import Goal
from bot.domain.standings import Cohort, Kind, Period
from bot.errors import BadDay, HalfASeason, NoSeason, NotSetUp, SeasonBackwards, SeasonTooLong
from bot.services.standings import Wanted
from bot.storage.tables import members
from tests.services.helpers import ANN, BEN, CLUB, DAY, TODAY, change, done, set_up

pytestmark = pytest.mark.usefixtures("london")


async def board(app, kind=Kind.SESSIONS, period=Period.ALL, viewer=ANN, page=0):
    wanted = Wanted(kind=kind, period=period, page=page, viewer_id=viewer)
    return await app.standings.board(CLUB, wanted)


async def mark(app, member, **values):
    """Set what no command sets yet about a member."""
    async with app.database.write() as stores:
        of_member = members.c.member_id == member
        await stores.connection.execute(update(members).where(of_member).values(**values))


def listed(board):
    return [(row.place, row.member_id, row.points) for row in board.rows]


@pytest.fixture
async def history(app, london):
    """Ann did a move today, on Monday, last Sunday, in June and last year; Ben on Monday."""
    await change(app, credit_days=1000)
    for age in (0, 3, 4, 20, 200):
        await done(app, TODAY - age * DAY)
    await done(app, TODAY - 3 * DAY, member=BEN)


@pytest.mark.usefixtures("history")
@pytest.mark.parametrize(
    ("period", "sessions"),
    [(Period.WEEK, {ANN: 2, BEN: 1}), (Period.MONTH, {ANN: 1}), (Period.ALL, {ANN: 5, BEN: 1})],
)
async def test_a_board_counts_its_period_only(app, period, sessions):
    shown = await board(app, period=period)
    assert {row.member_id: row.points for row in shown.rows} == sessions
    assert (shown.club_points, shown.members) == (sum(sessions.values()), len(sessions))
    assert (shown.kind, shown.period) == (Kind.SESSIONS, period)


async def test_a_week_begins_when_the_clubs_monday_begins(app, clock):
    clock.now = clock.now.replace(day=6, hour=1, minute=59)  # Monday 02:59 in London: still Sunday
    await done(app, TODAY + 3 * DAY)
    assert (await board(app, period=Period.WEEK)).club_points == 1
    clock.advance(minutes=1)
    assert (await board(app, period=Period.WEEK)).club_points == 0


async def test_the_viewers_own_row_is_there_even_on_another_page(app):
    for member in range(1, 13):
        await done(app, TODAY, member)
        if member < 12:
            await done(app, TODAY - DAY, member)
    first = await board(app, viewer=12)
    assert (len(first.rows), first.pages) == (10, 2)
    assert first.is_own_elsewhere
    assert (first.own.place, first.own.points, first.own.name) == (12, 1, "m12")
    assert {row.place for row in first.rows} == {1}
    assert (first.club_points, first.members) == (23, 12)
    second = await board(app, viewer=12, page=1)
    assert listed(second) == [(1, 11, 2), (12, 12, 1)]
    assert not second.is_own_elsewhere


@pytest.mark.parametrize(("page", "shown"), [(-5, 0), (0, 0), (1, 1), (2, 2), (3, 2), (10**9, 2)])
async def test_a_page_that_there_is_not_is_the_nearest_that_there_is(app, page, shown):
    for member in range(1, 22):
        await done(app, member=member)
    found = await board(app, page=page)
    assert (found.page, found.pages) == (shown, 3)
    assert [row.member_id for row in found.rows] == list(range(1, 22))[shown * 10 :][:10]


async def test_a_viewer_without_sessions_has_no_row(app):
    await done(app)
    shown = await board(app, viewer=BEN)
    assert shown.own is None
    assert not shown.is_own_elsewhere


async def test_a_board_for_all_has_no_row_of_its_own(app):
    await done(app)
    shown = await board(app, viewer=None)
    assert (shown.own, shown.viewer.points, shown.cohort) == (None, 0, None)


async def test_two_moves_on_one_day_are_one_session(app):
    await done(app)
    await done(app, slug="monster-steps")
    assert (await board(app)).club_points == 1


async def test_a_board_shows_the_latest_names(app):
    await done(app, name="Ann")
    await done(app, name="Annie")
    assert [row.name for row in (await board(app)).rows] == ["Annie"]


async def test_clubs_do_not_see_each_other(app):
    await set_up(app, club_id=9)
    await done(app, club_id=9, member=BEN)
    assert (await board(app)).rows == ()


async def test_a_server_that_is_no_club_has_no_board(app):
    with pytest.raises(NotSetUp):
        await app.standings.board(9, Wanted(viewer_id=ANN))


@pytest.mark.parametrize("how", [{"is_hidden": True}, {"left_at": TODAY}])
async def test_who_hides_or_left_is_named_nowhere_and_counts_for_the_club(app, clock, how):
    for member, days in ((ANN, 3), (BEN, 2), (3, 1)):
        for age in range(days):
            await change(app, credit_days=7)
            await done(app, TODAY - age * DAY, member)
    await mark(app, ANN, **({"left_at": clock.now} if "left_at" in how else how))
    for kind, total in ((Kind.SESSIONS, 6), (Kind.STREAK, 1)):
        shown = await board(app, kind)
        assert ANN not in {row.member_id for row in shown.rows}
        assert shown.club_points == total
    shown = await board(app, viewer=BEN)
    assert listed(shown) == [(1, BEN, 2), (2, 3, 1)]
    assert (shown.members, shown.ranked, shown.own.place) == (3, 2, 1)


async def test_who_hides_sees_what_counts_for_the_club_but_no_place(app):
    await done(app)
    await mark(app, ANN, is_hidden=True)
    shown = await board(app)
    assert (shown.own, shown.cohort) == (None, None)
    assert (shown.viewer.points, shown.viewer.is_hidden) == (1, True)


async def test_who_left_is_back_with_their_next_done(app):
    await done(app)
    await app.standings.left(CLUB, [ANN])
    assert (await board(app, viewer=BEN)).rows == ()
    await done(app, TODAY - DAY)
    assert listed(await board(app, viewer=BEN)) == [(1, ANN, 2)]


async def test_a_club_without_ranking_names_nobody_and_counts_together(app):
    await done(app)
    await done(app, member=BEN)
    await app.clubs.set_ranking(CLUB, is_on=False)
    shown = await board(app)
    assert (shown.rows, shown.own, shown.cohort, shown.is_ranking) == ((), None, None, False)
    assert (shown.club_points, shown.viewer.points) == (2, 1)
    await app.clubs.set_ranking(CLUB, is_on=True)
    assert len((await board(app)).rows) == 2


async def test_newcomers_of_this_month_are_ranked_among_themselves(app, clock):
    clock.advance(days=-5)  # in June
    for _ in range(3):
        await done(app, clock.now.date(), member=BEN)
        clock.advance(days=1)
    clock.advance(days=5)
    today = clock.now.date()
    for member, days in ((ANN, 1), (3, 2), (4, 1)):
        for age in range(days):
            await done(app, today - age * DAY, member)
    assert (await board(app, viewer=ANN)).cohort == Cohort(place=2, members=3)
    assert (await board(app, viewer=3)).cohort == Cohort(place=1, members=3)
    assert (await board(app, viewer=BEN)).cohort is None


async def test_who_is_new_alone_is_not_compared(app):
    await done(app)
    assert (await board(app)).cohort is None


async def test_streaks_are_ranked_as_they_stand_today(app, clock):
    await set_up(app, target=1)
    clock.advance(weeks=1)
    for week in range(3):
        today = await app.practice.day(CLUB)
        await done(app, today)
        if week == 0:
            await done(app, today, member=BEN)
        clock.advance(weeks=1)
    shown = await board(app, Kind.STREAK)
    assert listed(shown) == [(1, ANN, 3)]  # Ben missed two weeks
    assert shown.members == 1
    clock.advance(weeks=2)
    assert (await board(app, Kind.STREAK)).rows == ()


async def test_consistency_is_ranked_by_the_last_full_weeks(app, clock):
    await change(app, credit_days=7)
    for member, ages in ((ANN, (0, 1, 2)), (BEN, (0, 1))):
        for age in ages:
            await done(app, TODAY - age * DAY, member)
    assert (await board(app, Kind.CONSISTENCY)).rows == ()  # no week is full yet
    clock.advance(weeks=1)
    shown = await board(app, Kind.CONSISTENCY)
    assert listed(shown) == [(1, ANN, 100)]  # the first week counts only if it was hit
    clock.advance(weeks=1)
    assert listed(await board(app, Kind.CONSISTENCY)) == [(1, ANN, 50)]
    clock.advance(weeks=4)
    assert (await board(app, Kind.CONSISTENCY)).rows == ()


async def test_a_new_target_changes_the_consistency_of_weeks_to_come(app, clock):
    await change(app, credit_days=7)
    for age in (0, 1, 2):
        await done(app, TODAY - age * DAY)
    await set_up(app, target=6)  # from Monday on
    clock.advance(weeks=2)
    assert listed(await board(app, Kind.CONSISTENCY)) == [(1, ANN, 33)]  # 3 of 3 + 6


async def test_the_season_is_what_the_coach_chose_and_counts_what_was_done_before(app):
    await change(app, credit_days=30)
    for age in (0, 1, 10, 20):
        await done(app, TODAY - age * DAY)
    with pytest.raises(NoSeason):
        await board(app, period=Period.SEASON)
    season = await app.clubs.set_season(CLUB, str(TODAY - 10 * DAY), str(TODAY))
    shown = await board(app, period=Period.SEASON)
    assert (shown.club_points, shown.season) == (3, season)
    await done(app, TODAY - 2 * DAY)
    await done(app, TODAY - 15 * DAY)
    assert (await board(app, period=Period.SEASON)).club_points == 4
    await app.clubs.set_season(CLUB, str(TODAY - 30 * DAY), str(TODAY - 9 * DAY))
    assert (await board(app, period=Period.SEASON)).club_points == 3
    assert await app.clubs.set_season(CLUB, None, None) is None
    with pytest.raises(NoSeason):
        await board(app, period=Period.SEASON)
    assert (await app.scores.recount(is_mended=False)).wrong == 0


@pytest.mark.parametrize(
    ("first", "last", "error"),
    [
        ("2 July", None, HalfASeason),
        (None, "2 July", HalfASeason),
        ("soon", "later", BadDay),
        ("2026-07-02", "2026-07-01", SeasonBackwards),
        ("2026-01-01", "2027-06-01", SeasonTooLong),
        ("2036-01-01", "2036-02-01", SeasonTooLong),
    ],
)
async def test_a_season_that_makes_no_sense_changes_nothing(app, first, last, error):
    before = await app.clubs.set_season(CLUB, "2026-06-01", "2026-08-31")
    with pytest.raises(error):
        await app.clubs.set_season(CLUB, first, last)
    assert (await app.clubs.status(CLUB)).club.season == before


async def test_a_season_may_be_written_as_people_write_days(app):
    season = await app.clubs.set_season(CLUB, "1 June", "31 August")
    assert season == Span(TODAY.replace(month=6, day=1), TODAY.replace(month=8, day=31))


async def test_the_goal_is_the_coachs_or_suggested_from_the_last_full_weeks(app, clock):
    assert (await board(app, Kind.GOAL)).goal is None
    await change(app, credit_days=7)
    for member in range(1, 11):
        await done(app, member=member)
    clock.advance(weeks=1)
    await done(app, TODAY + 7 * DAY)
    shown = await board(app, Kind.GOAL)
    assert shown.goal == Goal(target=15, done=1, is_suggested=True)
    assert shown.weeks == (0, 0, 0, 10)
    assert shown.viewer.points == 1
    assert await app.clubs.set_goal(CLUB, 40) == Goal(target=40, done=1, is_suggested=False)
    assert (await board(app)).goal.target == 40
    assert await app.clubs.set_goal(CLUB, 0) is None
    assert (await board(app)).goal is None
    assert (await app.clubs.set_goal(CLUB, None)).is_suggested


async def test_the_challenge_tells_the_goal_of_its_week(app, clock):
    await app.clubs.set_goal(CLUB, 4)
    await done(app)
    clock.advance(hours=18)
    challenge = await app.daily.claim(CLUB)
    assert challenge.goal == Goal(target=4, done=1, is_suggested=False)
    await done(app, TODAY + DAY)
    assert (await app.daily.posted(CLUB, TODAY + DAY)).goal.done == 2
    clock.advance(hours=timedelta(days=7) / timedelta(hours=1))
    assert (await app.daily.claim(CLUB)).goal.done == 0
