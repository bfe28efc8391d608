import asyncio
from dataclasses import replace

import pytest

from bot.domain.catalogue import Catalogue
from bot.domain.exercise import Equipment, Level
from bot.domain.routine import Wish
from bot.errors import NotSetUp, RoutineChanged, TooEarly, TooLate, TooManyMinutes
from bot.services.routines import Routines
from tests.services.helpers import ANN, BEN, CLUB, DAY, TODAY, change, done, rows, with_only

pytestmark = pytest.mark.usefixtures("london")

WISH = Wish(minutes=15)


async def built(app, club_id=CLUB, member=ANN, wish=WISH):
    return await app.routines.build(club_id, member, wish)


async def all_done(app, offer, member=ANN, **changes):
    routine = offer.routine
    usual = {"wish": routine.wish, "day": routine.day, "stamp": routine.stamp, "club_id": CLUB}
    return await app.routines.mark_done(**{**usual, **changes}, member_id=member, name=f"m{member}")


def slugs(offer):
    return sorted(turn.exercise.slug for turn in offer.routine.turns)


async def test_a_club_has_one_routine_a_day_for_all_and_a_member_one_of_their_own(app):
    anns, bens = await built(app), await built(app, member=BEN)
    assert anns == bens
    assert (anns.day, anns.routine.day) == (TODAY, TODAY)

    own, other = await built(app, club_id=None), await built(app, club_id=None, member=BEN)
    assert own.day is None
    assert own.routine.day == TODAY
    assert slugs(own) != slugs(other)


async def test_a_wish_that_cannot_be_met_is_refused(app):
    with pytest.raises(TooManyMinutes):
        await built(app, wish=Wish(minutes=60, equipment=frozenset()))


async def test_done_records_every_move_once_at_the_standard_level(app, settings):
    offer = await built(app)
    answers = await asyncio.gather(*(all_done(app, offer) for _ in range(10)))

    recorded = rows(settings, "SELECT slug, level, member_id FROM completions ORDER BY slug")
    assert recorded == [(slug, "standard", ANN) for slug in slugs(offer)]
    assert sorted(answer.new for answer in answers) == [0] * 9 + [len(recorded)]
    assert {answer.gain.streak.this_week for answer in answers} == {1}


async def test_a_session_earns_its_badges_once(app):
    offer = await built(app)
    answers = [await all_done(app, offer) for _ in range(2)]
    assert [badge.id for badge in answers[0].gain.badges][:1] == ["first-move"]
    assert answers[1].gain.badges == ()


async def test_two_processes_record_a_routine_once(app, other_process, settings):
    offer = await built(app)
    answers = await asyncio.gather(*(all_done(p, offer) for p in (app, other_process) * 3))

    assert sum(answer.new for answer in answers) == len(slugs(offer))
    assert rows(settings, "SELECT count(*) FROM completions") == [(len(slugs(offer)),)]


async def test_a_move_done_before_keeps_its_level_and_the_others_are_new(app, settings):
    offer = await built(app)
    await done(app, slug=slugs(offer)[0], level=Level.EASIER)
    answer = await all_done(app, offer)

    assert answer.new == len(slugs(offer)) - 1
    assert rows(settings, "SELECT count(*) FROM completions WHERE level = 'easier'") == [(1,)]


async def test_a_routine_is_one_day_on_the_board_and_in_the_streak(app):
    answer = await all_done(app, await built(app))
    progress = await app.practice.progress(CLUB, ANN)

    assert answer.is_today
    assert (answer.gain.streak.this_week, progress.sessions) == (1, 1)


async def test_a_failure_half_way_leaves_nothing_behind(app, settings, monkeypatch):
    async def fail(*_):
        raise RuntimeError("half way")

    monkeypatch.setattr("bot.storage.members.MemberStore.save_names", fail)
    offer = await built(app)
    with pytest.raises(RuntimeError, match="half way"):
        await all_done(app, offer)
    assert rows(settings, "SELECT * FROM completions") == []
    assert app.daily.take_outdated() == []


async def test_only_what_is_new_makes_the_card_out_of_date(app):
    offer = await built(app)
    await all_done(app, offer)
    assert app.daily.take_outdated() == [(CLUB, TODAY)]
    await all_done(app, offer)
    assert app.daily.take_outdated() == []


@pytest.mark.parametrize(("age", "error"), [(2, TooLate), (-1, TooEarly)])
async def test_a_day_that_cannot_be_credited_writes_nothing(app, settings, age, error):
    with pytest.raises(error):
        await all_done(app, await built(app), day=TODAY - age * DAY)
    assert rows(settings, "SELECT * FROM completions") == []


async def test_yesterdays_routine_counts_for_yesterday(app, settings, clock):
    offer = await built(app)
    clock.advance(days=1)
    answer = await all_done(app, offer)

    assert not answer.is_today
    assert rows(settings, "SELECT DISTINCT day FROM completions") in (
        [(TODAY,)],
        [(TODAY.isoformat(),)],
    )


async def test_a_server_that_is_no_club_is_told_so(app):
    offer = await built(app, club_id=9)
    assert offer.day is None
    with pytest.raises(NotSetUp):
        await all_done(app, offer, club_id=9)


@pytest.mark.parametrize("gone", ["one of its moves", "everything"])
async def test_moves_that_have_changed_since_are_not_counted(app, library, settings, clock, gone):
    offer = await built(app)
    left = [e for e in app.catalogue if gone != "everything" and e.slug != slugs(offer)[0]]
    moves = with_only(app, library, Catalogue(left))
    changed = Routines(app.database, moves, app.practice, app.recorder, clock)
    routine = offer.routine
    with pytest.raises(RoutineChanged):
        await changed.mark_done(CLUB, ANN, "Ann", WISH, routine.day, routine.stamp)
    assert rows(settings, "SELECT * FROM completions") == []


async def test_other_inputs_than_those_of_the_stamp_are_not_counted(app, settings):
    offer = await built(app)
    for wish in (replace(WISH, minutes=30), replace(WISH, equipment=frozenset(Equipment))):
        with pytest.raises(RoutineChanged):
            await all_done(app, offer, wish=wish)
    assert rows(settings, "SELECT * FROM completions") == []


async def test_an_old_day_is_told_before_a_change_of_moves(app):
    await change(app, credit_days=0)
    with pytest.raises(TooLate):
        await all_done(app, await built(app), day=TODAY - DAY, stamp="00000000")
