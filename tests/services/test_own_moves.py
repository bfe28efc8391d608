"""Own moves of a club over time, in one process and in two."""

import asyncio
from datetime import timedelta

import pytest

from bot.domain.exercise import Category, Difficulty, Equipment, Muscle
from bot.domain.own_moves import Form, MoveState
from bot.domain.rotation import pick_daily
from bot.errors import (
    BadPack,
    DraftGone,
    NoPack,
    NotSetUp,
    TooManyMoves,
    UnknownExercise,
    UnknownOwnMove,
)
from bot.services.own_moves import Change
from tests.services.helpers import ANN, CLUB, COACH, DAY, TODAY, done, post_of, rows, set_up
from tests.test_own_moves import EXAMPLE, LEAST

OTHER = 5005
pytestmark = pytest.mark.usefixtures("london")


def form(name="Calf walk", **changes):
    usual = {
        "steps": "Walk on your toes.",
        "dose": "2 x 20 m",
        "level": Difficulty.BEGINNER,
        "stop": "",
        "muscle": Muscle.CALVES,
        "category": Category.DRILL,
        "equipment": Equipment.NONE,
        "in_rotation": True,
    }
    return Form(name=name, **{**usual, **changes})


async def load(app, source, coach=COACH, club_id=CLUB):
    data = source if isinstance(source, bytes) else source.encode()

    async def read():
        return data

    return await app.own_moves.propose_pack(club_id, coach, len(data), read)


async def save(app, source, coach=COACH, club_id=CLUB):
    draft = await load(app, source, coach, club_id)
    return await app.own_moves.save(club_id, coach, draft.token)


def many(n, first=0):
    return "".join(
        LEAST.replace("calf-walk", f"m{i}").replace("Calf walk", f"Move {i}")
        for i in range(first, first + n)
    )


async def names(app, club_id=CLUB):
    return {e.name for e in await app.moves.offered(club_id)} - {e.name for e in app.catalogue}


async def test_what_is_proposed_is_offered_only_once_it_is_saved(app):
    draft = await app.own_moves.propose_form(CLUB, COACH, form())
    assert await names(app) == set()
    assert [move.change for move in draft.moves] == [Change.NEW]

    await app.own_moves.save(CLUB, COACH, draft.token)
    assert await names(app) == {"Calf walk"}
    with pytest.raises(DraftGone):
        await app.own_moves.save(CLUB, COACH, draft.token)


async def test_no_other_club_ever_sees_it(app, clock):
    await set_up(app, club_id=OTHER)
    await save(app, EXAMPLE)

    assert await names(app, OTHER) == set()
    for ask in (app.practice.assign, app.practice.recall):
        with pytest.raises(UnknownExercise):
            await ask(OTHER, "own-hill-bounds")
    with pytest.raises(UnknownExercise):
        await done(app, slug="own-hill-bounds", club_id=OTHER)
    with pytest.raises(UnknownOwnMove):
        await app.own_moves.retire(OTHER, "own-hill-bounds")
    assert await app.own_moves.of(OTHER) == ()
    await save(app, EXAMPLE.replace('"Hill bounds"', '"Stair bounds"'), club_id=OTHER)
    assert "Hill bounds" in await names(app)
    assert "Stair bounds" in await names(app, OTHER)


async def test_another_coach_cannot_save_or_see_the_draft(app):
    draft = await app.own_moves.propose_form(CLUB, COACH, form())
    for ask in (app.own_moves.draft, app.own_moves.form, app.own_moves.save):
        with pytest.raises(DraftGone):
            await ask(CLUB, ANN, draft.token)


async def test_what_one_process_saves_and_retires_another_offers_and_forgets(app, other_process):
    assert await names(other_process) == set()
    await save(app, LEAST)
    assert await names(other_process) == {"Calf walk"}
    await save(other_process, LEAST.replace("Calf walk", "Toe walk"))
    assert await names(app) == {"Toe walk"}
    await app.own_moves.retire(CLUB, "toe walk")
    assert await names(other_process) == set()


async def test_two_coaches_who_save_one_name_at_once_leave_one_move(app, other_process):
    drafts = [
        await process.own_moves.propose_form(CLUB, coach, form())
        for process, coach in ((app, COACH), (other_process, ANN))
    ]
    saved = await asyncio.gather(
        app.own_moves.save(CLUB, COACH, drafts[0].token),
        other_process.own_moves.save(CLUB, ANN, drafts[1].token),
    )

    assert sorted(bool(draft.problems) for draft in saved) == [False, True]
    assert await names(app) == {"Calf walk"}


async def test_a_club_without_own_moves_costs_no_statement_more(app, settings):
    async with app.database.read() as stores:
        club = await stores.clubs.get(CLUB)
    assert (await app.moves.of(None, club)).offered is app.catalogue  # asks no store at all

    await save(app, LEAST)
    async with app.database.read() as stores:
        club = await stores.clubs.get(CLUB)
        await app.moves.of(stores, club)
    assert "Calf walk" in {e.name for e in (await app.moves.of(None, club)).offered}


async def test_the_rotation_takes_those_in_that_the_coach_wants_in(app):
    await save(app, EXAMPLE)
    async with app.database.read() as stores:
        moves = await app.moves.of(stores, await stores.clubs.get(CLUB))
    assert {e.slug for e in moves.rotation} - {e.slug for e in app.catalogue} == {"own-hill-bounds"}
    club = (await app.clubs.status(CLUB)).club
    year = {pick_daily(moves.rotation, club, TODAY + n * DAY).slug for n in range(366)}
    assert "own-hill-bounds" in year
    assert "own-wall-sit" not in year


async def posted_own(app, clock):
    """Let days pass until an own move is the challenge, and return it."""
    for _ in range(200):
        clock.now += DAY
        challenge = await app.daily.claim(CLUB)
        await app.daily.sent(challenge, 1)
        if challenge.exercise.slug.startswith("own-"):
            return challenge
    raise AssertionError("no own move in 200 days")


async def test_a_posted_move_that_is_retired_keeps_its_name_and_its_day(app, clock):
    await save(app, LEAST)
    challenge = await posted_own(app, clock)
    day = challenge.post.day
    await done(app, day, slug="own-calf-walk")
    await app.own_moves.retire(CLUB, "own-calf-walk")

    assert (await app.daily.today(CLUB)).exercise.name == "Calf walk"
    again = await app.daily.posted(CLUB, day)
    assert (again.exercise.name, again.done_by) == ("Calf walk", 1)
    assert (await done(app, day, member=2, slug="own-calf-walk")).is_new
    counts = (await app.practice.progress(CLUB, ANN)).counts
    assert [(e.name, n) for e, n in counts] == [("Calf walk", 1)]
    clock.now += DAY
    following = await app.daily.claim(CLUB)
    assert following.exercise.slug != "own-calf-walk"
    assert (await post_of(app, day)).slug == "own-calf-walk"


async def test_importing_again_tells_new_changed_and_same_apart_and_writes_only_changes(
    app, settings, clock
):
    await save(app, EXAMPLE)
    clock.now += DAY
    changed = EXAMPLE.replace('"Wall sit"', '"Long wall sit"') + LEAST
    saved = await save(app, changed)

    assert saved.named(Change.NEW) == ("Calf walk",)
    assert saved.named(Change.CHANGED) == ("Long wall sit",)
    assert saved.named(Change.SAME) == ("Hill bounds",)
    dates = rows(settings, "SELECT slug, added_at < changed_at FROM exercises ORDER BY slug")
    assert [(slug, bool(later)) for slug, later in dates] == [
        ("own-calf-walk", False),
        ("own-hill-bounds", False),
        ("own-wall-sit", True),
    ]


async def test_nothing_of_a_pack_with_an_error_is_kept(app, settings):
    with pytest.raises(BadPack):
        await load(app, EXAMPLE + LEAST.replace("calves", "ears"))
    with pytest.raises(NoPack):
        await load(app, b"\x89PNG\r\n\x1a\n\xff")
    for table in ("exercises", "drafts"):
        assert rows(settings, f"SELECT count(*) FROM {table}") == [(0,)]


async def test_a_file_that_is_too_large_is_not_even_read(app):
    async def read():
        raise AssertionError("it was read")

    with pytest.raises(NoPack):
        await app.own_moves.propose_pack(CLUB, COACH, 256 * 1024 + 1, read)


async def test_50_moves_are_room_for_no_more_until_one_is_retired(app):
    await save(app, many(50))
    with pytest.raises(TooManyMoves):
        await load(app, LEAST)
    with pytest.raises(TooManyMoves):
        await app.own_moves.check_room(CLUB)
    await save(app, many(50).replace("Move 7", "Lucky move"))  # changing them is no more
    await app.own_moves.retire(CLUB, "lucky move")
    await save(app, LEAST)
    assert len(await names(app)) == 50


async def test_200_are_kept_with_those_that_are_retired(app, settings):
    for first in range(0, 200, 50):
        await save(app, many(50, first))
        rows(settings, "UPDATE exercises SET state = 'retired' RETURNING slug")
    with pytest.raises(TooManyMoves):
        await load(app, LEAST)
    await save(app, many(50))  # but they can come back
    assert len(await names(app)) == 50


async def test_a_retired_move_comes_back_when_it_is_added_again(app, settings):
    await save(app, LEAST)
    await app.own_moves.retire(CLUB, "Calf walk")
    draft = await app.own_moves.propose_form(CLUB, COACH, form())
    assert [move.change for move in draft.moves] == [Change.NEW]
    await app.own_moves.save(CLUB, COACH, draft.token)
    assert rows(settings, "SELECT slug, state FROM exercises") == [("own-calf-walk", "active")]


async def test_a_draft_that_nobody_came_back_to_is_deleted_with_the_next(app, clock, settings):
    await app.own_moves.propose_form(CLUB, ANN, form())
    clock.now += timedelta(days=1, seconds=1)
    await app.own_moves.propose_form(CLUB, COACH, form())
    assert rows(settings, "SELECT member_id FROM drafts") == [(COACH,)]


async def test_what_was_typed_comes_back_whole(app):
    typed = form(name="x\x00\u202e'\"", steps="a\nb", dose="?", stop="s", in_rotation=False)
    draft = await app.own_moves.propose_form(CLUB, COACH, typed)
    assert draft.problems
    assert await app.own_moves.form(CLUB, COACH, draft.token) == typed


async def test_a_club_that_is_forgotten_leaves_no_move_and_no_draft(app, clock, settings):
    await save(app, EXAMPLE)
    await app.own_moves.propose_form(CLUB, COACH, form())
    await app.clubs.left(CLUB)
    clock.now += timedelta(days=91)
    assert await app.clubs.forget() == [CLUB]
    for table in ("exercises", "drafts"):
        assert rows(settings, f"SELECT count(*) FROM {table}") == [(0,)]


async def test_setting_the_club_up_anew_keeps_its_moves(app):
    await save(app, LEAST)
    await set_up(app, time="08:00")
    assert await names(app) == {"Calf walk"}


async def test_a_move_that_this_version_no_longer_takes_is_left_out_and_logged(
    app, settings, other_process, caplog
):
    await save(app, EXAMPLE)
    rows(
        settings,
        "UPDATE exercises SET definition = '{\"levle\": 1}' WHERE slug = 'own-wall-sit' "
        "RETURNING slug",
    )
    assert await names(other_process) == {"Hill bounds"}
    assert "own move own-wall-sit is left out" in caplog.text
    assert {move.state for move in await other_process.own_moves.of(CLUB)} == {MoveState.ACTIVE}


async def test_a_server_that_is_no_club_has_none(app):
    for ask in (
        app.own_moves.of(9),
        app.own_moves.check_room(9),
        app.own_moves.retire(9, "x"),
        app.own_moves.propose_form(9, COACH, form()),
        load(app, LEAST, club_id=9),
    ):
        with pytest.raises(NotSetUp):
            await ask
