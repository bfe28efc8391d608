import pytest

from bot.domain.standings import Period
from bot.errors import NotSetUp
from tests.services.helpers import ANN, BEN, CLUB, DAY, TODAY, change, done, set_up

pytestmark = pytest.mark.usefixtures("london")


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
    board = await app.standings.board(CLUB, ANN, period)
    assert {row.member_id: row.sessions for row in board.top} == sessions
    assert (board.club_sessions, board.members) == (sum(sessions.values()), len(sessions))
    assert board.period is period


async def test_a_week_begins_when_the_clubs_monday_begins(app, clock):
    clock.now = clock.now.replace(day=6, hour=1, minute=59)  # Monday 02:59 in London: still Sunday
    await done(app, TODAY + 3 * DAY)
    assert (await app.standings.board(CLUB, ANN, Period.WEEK)).club_sessions == 1
    clock.advance(minutes=1)
    assert (await app.standings.board(CLUB, ANN, Period.WEEK)).club_sessions == 0


async def test_the_viewers_own_row_is_there_even_below_the_top(app):
    for member in range(1, 13):
        await done(app, TODAY, member)
        if member < 12:
            await done(app, TODAY - DAY, member)
    board = await app.standings.board(CLUB, 12, Period.ALL)
    assert len(board.top) == 10
    assert board.is_own_below
    assert (board.own.place, board.own.sessions, board.own.name) == (12, 1, "m12")
    assert {row.place for row in board.top} == {1}
    assert (board.club_sessions, board.members) == (23, 12)


async def test_a_viewer_without_sessions_has_no_row(app):
    await done(app)
    board = await app.standings.board(CLUB, BEN, Period.ALL)
    assert board.own is None
    assert not board.is_own_below


async def test_two_moves_on_one_day_are_one_session(app):
    await done(app)
    await done(app, slug="monster-steps")
    assert (await app.standings.board(CLUB, ANN, Period.ALL)).club_sessions == 1


async def test_a_board_shows_the_latest_names(app):
    await done(app, name="Ann")
    await done(app, name="Annie")
    assert [r.name for r in (await app.standings.board(CLUB, ANN, Period.ALL)).top] == ["Annie"]


async def test_clubs_do_not_see_each_other(app):
    await set_up(app, club_id=9)
    await done(app, club_id=9, member=BEN)
    assert (await app.standings.board(CLUB, ANN, Period.ALL)).top == ()


async def test_a_server_that_is_no_club_has_no_board(app):
    with pytest.raises(NotSetUp):
        await app.standings.board(9, ANN, Period.ALL)
