"""What a coach takes out of the count is gone from every number, and can be put back whole."""

import pytest
from sqlalchemy import select

from bot.domain.exercise import Level
from bot.errors import NothingToVoid, NotSetUp, Voided
from bot.services.recording import Report
from bot.services.standings import Wanted
from bot.storage.tables import awards, completions, score_counts, scores, voids
from tests.services.helpers import ANN, BEN, CLUB, DAY, TODAY, done, set_up

COUNTED = completions, awards, scores, score_counts


@pytest.fixture(autouse=True)
async def club(app):
    await set_up(app, target=1)


async def stored(app, *tables):
    async with app.database.read() as stores:
        found = [await stores.connection.execute(select(table)) for table in tables]
        rows = [sorted(map(tuple, each), key=repr) for each in found]
    return [[row for row in each if row[-1] != 0] for each in rows]  # a count of none is no count


async def history(app, member=ANN):
    async with app.database.read() as stores:
        return await stores.members.history(CLUB, member)


async def test_it_leaves_what_there_would_be_if_it_had_never_been_done(app):
    await done(app, TODAY - DAY, slug="clamshell")
    await done(app, member=BEN)
    before = await stored(app, *COUNTED)
    await done(app, level=Level.HARDER)
    with_it = await stored(app, *COUNTED)

    gone = await app.voids.take_out(CLUB, ANN, TODAY, "a-march")
    assert (gone.counts, gone.streak.this_week, gone.entry.level) == (False, 1, Level.HARDER)
    assert await stored(app, *COUNTED) == before
    assert (await app.scores.recount_club(CLUB, is_mended=False)).wrong == 0

    back = await app.voids.put_back(CLUB, ANN, TODAY, "a-march")
    assert (back.counts, back.streak.this_week) == (True, 2)
    assert await stored(app, *COUNTED) == with_it
    assert await stored(app, voids) == [[]]
    assert (await app.scores.recount_club(CLUB, is_mended=False)).wrong == 0


async def test_badges_go_with_what_they_rest_on_and_come_back_with_it(app):
    earned = (await done(app)).gain.badges
    assert earned
    gone = await app.voids.take_out(CLUB, ANN, TODAY, "a-march")
    assert gone.badges == earned
    assert (await history(app)).badges == frozenset()
    assert (await app.voids.put_back(CLUB, ANN, TODAY, "a-march")).badges == earned
    assert (await history(app)).badges == {badge.id for badge in earned}


async def test_a_badge_that_rests_on_more_than_that_stays(app):
    earned = (await done(app, TODAY - DAY)).gain.badges
    await done(app)
    assert (await app.voids.take_out(CLUB, ANN, TODAY, "a-march")).badges == ()
    assert (await history(app)).badges == {badge.id for badge in earned}


async def test_done_again_does_not_bring_it_back_and_says_who_can(app):
    await done(app)
    await app.voids.take_out(CLUB, ANN, TODAY, "a-march")
    with pytest.raises(Voided) as error:
        await done(app)
    assert error.value.values == {"day": TODAY}
    assert (await history(app)).entries == ()
    assert (await done(app, slug="clamshell")).is_new
    assert (await done(app, TODAY - DAY)).is_new


async def test_of_a_routine_the_rest_counts(app):
    await done(app)
    await app.voids.take_out(CLUB, ANN, TODAY, "a-march")
    moves = (("a-march", Level.STANDARD), ("clamshell", Level.STANDARD))
    both = Report(club_id=CLUB, member_id=ANN, name="ann", day=TODAY, moves=moves)
    recorded = await app.recorder.record(both)
    assert recorded.new == 1
    assert [entry.slug for entry in (await history(app)).entries] == ["clamshell"]


async def test_the_card_of_that_day_is_written_anew_both_times(app):
    await done(app)
    app.daily.take_outdated()
    await app.voids.take_out(CLUB, ANN, TODAY, "a-march")
    assert app.daily.take_outdated() == [(CLUB, TODAY)]
    await app.voids.put_back(CLUB, ANN, TODAY, "a-march")
    assert app.daily.take_outdated() == [(CLUB, TODAY)]


async def test_the_board_follows(app):
    await done(app)
    await app.voids.take_out(CLUB, ANN, TODAY, "a-march")
    assert (await app.standings.board(CLUB, Wanted(viewer_id=BEN))).members == 0


async def test_the_history_shows_it_as_taken_out_and_does_not_count_it(app):
    await done(app)
    await done(app, slug="clamshell")
    await app.voids.take_out(CLUB, ANN, TODAY, "a-march")
    page = await app.diary.history(CLUB, ANN, 0)
    assert [entry.slug for entry, _ in page.entries] == ["a-march", "clamshell"]
    assert (page.count, [entry.slug for entry in page.voided]) == (1, ["a-march"])


@pytest.mark.parametrize("slug", ["clamshell", "a-march"])
async def test_what_is_not_in_the_count_cannot_be_taken_out(app, slug):
    await done(app, member=BEN)
    with pytest.raises(NothingToVoid):
        await app.voids.take_out(CLUB, ANN, TODAY, slug)
    with pytest.raises(NothingToVoid):
        await app.voids.put_back(CLUB, BEN, TODAY, slug)


async def test_without_a_club_there_is_nothing(app):
    with pytest.raises(NotSetUp):
        await app.voids.take_out(9, ANN, TODAY, "a-march")
    with pytest.raises(NotSetUp):
        await app.voids.entries(9, ANN)


async def test_the_entries_of_a_member_come_the_latest_first(app):
    await done(app, TODAY - DAY)
    await done(app, slug="clamshell")
    await done(app, member=BEN)
    today, entries = await app.voids.entries(CLUB, ANN)
    assert today == TODAY
    assert [(e.day, x.slug) for e, x in entries] == [(TODAY, "clamshell"), (TODAY - DAY, "a-march")]
