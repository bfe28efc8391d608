"""What is stored about a member: shown, exported and deleted whole, and nobody else's with it."""

import csv
import io
import json
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, time

import pytest
from sqlalchemy import BigInteger, insert, select

from bot.domain.challenge import Reason
from bot.domain.club import NOBODY
from bot.domain.exercise import Level
from bot.domain.pauses import PauseReason
from bot.errors import MemberHides, NotSetUp
from bot.services.archive import pack
from bot.services.clubs import Training
from bot.services.standings import Wanted
from bot.storage.completions import Done
from bot.storage.personal import personal_columns
from bot.storage.tables import buddies, metadata, reminders
from bot.ui.privacy import TOLD
from tests.services.helpers import CLUB, DAY, TODAY, done, set_up
from tests.services.test_guides import start, tap
from tests.services.test_own_moves import form
from tests.storage.samples import BIG

pytestmark = pytest.mark.slow

ANN, BEN = 111222333444555666, 777888999000111222  # like nothing else in the database
OTHER_CLUB = 1002
MOVES = {ANN: "A", BEN: "B"}
MOST = 10 * 2**20
# Ids of things, not of people. A new column is one of these, or has to go when somebody goes.
THINGS = {"id", "club_id", "channel_id", "role_id", "message_id", "pair_id"}
REMINDER = {
    "at": time(7),
    "weekdays": 127,
    "zone": "UTC",
    "locale": "de",
    "next_due_at": datetime(2026, 7, 3, 7, tzinfo=UTC),
    "claimed_at": datetime(2026, 7, 2, 7, tzinfo=UTC),
    "channel_id": 3,
}
BUDDY = {"pair_id": 4, "since": TODAY, "takes_nudges": True, "nudged_on": TODAY}


async def live(app, member, club_id):
    """Let the member do all there is to do in a club."""
    await set_up(app, club_id=club_id, coach_id=member, role_id=5, target=1)
    await app.clubs.set_season(club_id, "1 June 2026", "30 August 2026")
    await app.clubs.set_goal(club_id, 30)
    await app.clubs.learn_locales({club_id: "de"})
    for n in range(2):
        await done(app, TODAY - n * DAY, member, club_id=club_id, name="x")
    await done(app, member=member, club_id=club_id, name="x", slug="clamshell", level=Level.EASIER)
    await app.voids.take_out(club_id, member, TODAY, "clamshell")
    await done(app, member=member, club_id=club_id, name="x", slug="dead-bug", level=Level.EASIER)
    await app.diary.pause(club_id, member, "2026-06-10", "2026-06-12", PauseReason.INJURY)
    await app.guides.begin(start(member, id=member % 1000, club_id=club_id))
    await app.guides.pause(tap(member, guide_id=member % 1000, club_id=club_id))
    draft = await app.own_moves.propose_form(club_id, member, form(f"Move {MOVES[member]}"))
    await app.own_moves.save(club_id, member, draft.token)
    await app.own_moves.propose_form(club_id, member, form("Not saved"))
    await app.privacy.hide(member, club_id, "x", is_hidden=True)
    async with app.database.write() as stores:
        await stores.members.set_left(club_id, [member], app.clock())
        of = {"club_id": club_id, "member_id": member}
        await stores.connection.execute(insert(reminders).values(of | REMINDER))
        await stores.connection.execute(insert(buddies).values(of | BUDDY))


async def happen(app, club_id):
    """Let everything befall the club that leaves something in its rows."""
    challenge = await app.daily.claim_now(club_id)
    if club_id == CLUB:
        await app.daily.sent(challenge, 9)
    else:
        await app.daily.failed(challenge.post, Reason.FORBIDDEN)
    await app.clubs.train(Training(club_id=club_id, race="8 November 2026"))
    await app.clubs.pause(club_id)
    await app.clubs.left(club_id)


@pytest.fixture
async def world(app):
    """Two clubs in which two members did everything."""
    for club_id in (CLUB, OTHER_CLUB):
        await live(app, BEN, club_id)
        await live(app, ANN, club_id)
        await happen(app, club_id)
    async with app.database.write() as stores:
        await stores.notes.set("commands:1", "hash")
    return app


async def content(app):
    """Return every row of the database, by table."""
    async with app.database.read() as stores:
        return {
            table: [row._mapping for row in await stores.connection.execute(select(table))]
            for table in metadata.sorted_tables
        }


async def found(app, member, club_id=None):
    """Return each column in which the member's id is, be it within a text."""
    return {
        (table.name, name)
        for table, rows in (await content(app)).items()
        for row in rows
        for name, value in row.items()
        if str(member) in str(value)
        if club_id is None or club_id in (row.get("club_id"), row.get("id"))
    }


async def test_the_world_of_these_tests_fills_every_column_of_every_table(world):
    everything = await content(world)
    empty = [
        f"{table.name}.{column.name}"
        for table, rows in everything.items()
        for column in table.columns
        if all(row[column.name] in (None, "") for row in rows)
    ]
    assert empty == []


def test_every_column_with_an_id_is_known_to_be_of_a_member_or_of_a_thing():
    ids = {c for table in metadata.sorted_tables for c in table.columns if is_id(c)}
    assert {column for column in ids if column.name not in THINGS} == set(personal_columns())


def is_id(column):
    return isinstance(column.type, BigInteger)


async def test_a_members_id_is_only_where_it_is_known_to_be(world):
    for member in (ANN, BEN):
        columns = {(column.table.name, column.name) for column in personal_columns()}
        assert await found(world, member) <= columns
    assert await found(world, ANN) == columns


async def test_after_a_delete_everywhere_the_id_is_in_no_column_of_no_table(world):
    before = await content(world)
    kept = await found(world, BEN)

    await world.privacy.delete(ANN, None)

    assert await found(world, ANN) == set()
    assert await found(world, BEN) == kept
    for table, rows in (await content(world)).items():
        others = [row for row in before[table] if row.get("member_id") != ANN]
        if table.name not in ("clubs", "exercises", "score_counts"):
            assert rows == others, table.name


async def test_a_delete_in_one_club_leaves_the_other_as_it_was(world):
    before = await found(world, ANN, OTHER_CLUB)

    await world.privacy.delete(ANN, CLUB)

    assert await found(world, ANN, CLUB) == set()
    assert await found(world, ANN, OTHER_CLUB) == before


async def test_the_club_and_its_moves_stay_without_the_one_who_made_them(world):
    await world.privacy.delete(ANN, None)

    everything = {table.name: rows for table, rows in (await content(world)).items()}
    assert [row["set_up_by"] for row in everything["clubs"]] == [NOBODY, NOBODY]
    assert {row["member_id"] for row in everything["exercises"]} == {None, BEN}
    assert len(everything["exercises"]) == 4


async def test_boards_and_goal_follow_a_delete_at_once(app):
    await set_up(app)
    for member in (ANN, BEN):
        await done(app, member=member)
    await done(app, TODAY - DAY, ANN)

    await app.privacy.delete(ANN, CLUB)

    board = await app.standings.board(CLUB, Wanted())
    assert [(row.member_id, row.points) for row in board.rows] == [(BEN, 1)]
    assert (board.club_points, board.members) == (1, 1)
    assert (await app.scores.recount(is_mended=False)).wrong == 0


async def test_after_a_delete_a_move_begins_anew(app, clock):
    await set_up(app, target=1)
    for n in (7, 1, 0):
        async with app.database.write() as stores:
            day = TODAY - n * DAY
            await stores.completions.add([Done(CLUB, ANN, day, "a-march", Level.STANDARD)], clock())
    await app.privacy.hide(ANN, CLUB, "Ann", is_hidden=True)
    await app.scores.recount(is_mended=True)
    assert (await app.practice.progress(CLUB, ANN)).streak.weeks == 2

    await app.privacy.delete(ANN, CLUB)
    again = await done(app, member=ANN)
    progress = await app.practice.progress(CLUB, ANN)

    assert again.is_new
    assert (progress.sessions, progress.streak.weeks) == (1, 1)
    assert [badge.id for badge in progress.badges] == ["first-move"]
    assert not (await app.standings.board(CLUB, Wanted(viewer_id=ANN))).viewer.is_hidden
    assert (await app.scores.recount(is_mended=False)).wrong == 0


async def test_a_club_without_a_time_zone_can_be_left_too(app):
    await set_up(app)
    await done(app, member=ANN)
    async with app.database.write() as stores:
        club = await stores.clubs.get(CLUB)
        await stores.clubs.save(replace(club, zone="Atlantis/Capital"))

    await app.privacy.delete(ANN, CLUB)
    assert await found(app, ANN) == set()


async def test_who_deletes_twice_deletes_nothing_more(world):
    await world.privacy.delete(ANN, None)
    before = await content(world)
    assert await world.privacy.delete(ANN, None) == []
    assert await content(world) == before


async def test_what_is_shown_is_every_row_with_the_id(world):
    entries = await world.privacy.stored(ANN, None)
    rows = [
        (table.name, row)
        for table, rows in (await content(world)).items()
        for row in rows
        if str(ANN) in {str(value) for value in row.values()}
    ]
    assert sorted(e.table for e in entries) == sorted(name for name, _ in rows)
    assert {column.table.name for column in personal_columns()} == set(TOLD)
    here = await world.privacy.stored(ANN, CLUB)
    assert here == [entry for entry in entries if entry.club_id == CLUB]


def read(part):
    with zipfile.ZipFile(io.BytesIO(part)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name).decode() for name in archive.namelist()}


async def test_an_export_has_it_all_as_json_and_as_csv_but_no_secret(world):
    [part] = await world.privacy.export(ANN, None, MOST)
    files = read(part)
    whole = json.loads(files["hipstride.json"])

    assert whole["member_id"] == str(ANN)
    done_there = {row["slug"]: row for row in whole["completions"]}
    assert done_there["dead-bug"]["day"] == "2026-07-02"
    assert done_there["dead-bug"]["club_id"] == str(OTHER_CLUB)
    entries = await world.privacy.stored(ANN, None)
    for name in {entry.table for entry in entries}:
        listed = list(csv.DictReader(io.StringIO(files[f"{name}.csv"])))
        assert len(listed) == len(whole[name]) == sum(e.table == name for e in entries)
        assert [*listed[0]] == [*whole[name][0]]
    assert "token" not in "".join(files.values()).replace("token_ends_at", "")


async def test_nothing_stored_gives_no_file(app):
    assert await app.privacy.export(ANN, None, MOST) == []


async def test_an_export_larger_than_discord_takes_comes_in_parts_that_each_can_be_read(world):
    entries = await world.privacy.stored(ANN, None)
    whole = await world.privacy.export(ANN, None, MOST)
    most = len(whole[0]) * 2 // 3

    parts = await world.privacy.export(ANN, None, most)

    assert len(parts) > 1
    assert all(len(part) <= most for part in parts)
    rows = [json.loads(read(part)["hipstride.json"]) for part in parts]
    for name in {entry.table for entry in entries}:
        joined = [row for part in rows for row in part.get(name, [])]
        assert joined == json.loads(read(whole[0])["hipstride.json"])[name]


async def test_one_entry_larger_than_that_stays_whole(world):
    [entry, *_] = await world.privacy.stored(ANN, None)
    assert len(pack([entry], ANN, world.clock(), 1)) == 1


async def test_who_hides_counts_with_the_club_and_is_named_nowhere(app):
    await set_up(app)
    for member in (ANN, BEN):
        await done(app, member=member)

    assert await app.privacy.hide(ANN, CLUB, "Ann", is_hidden=True) == [CLUB]

    board = await app.standings.board(CLUB, Wanted())
    assert [row.member_id for row in board.rows] == [BEN]
    assert board.club_points == 2
    with pytest.raises(MemberHides):
        await app.standings.sessions(CLUB, ANN)
    await app.privacy.hide(ANN, CLUB, "Ann", is_hidden=False)
    assert len((await app.standings.board(CLUB, Wanted())).rows) == 2
    assert (await app.standings.sessions(CLUB, ANN)).total == 1


async def test_who_hides_before_the_first_move_stays_hidden_and_begins_with_it(app):
    await set_up(app)
    await app.privacy.hide(ANN, CLUB, "Ann", is_hidden=True)
    await done(app, member=ANN)

    board = await app.standings.board(CLUB, Wanted(viewer_id=ANN))
    assert board.rows == ()
    assert board.viewer.is_hidden
    assert board.viewer.joined == TODAY


async def test_hiding_everywhere_is_hiding_in_each_club_that_knows_the_member(world):
    await world.privacy.hide(ANN, None, "Ann", is_hidden=False)
    assert await world.privacy.hide(ANN, None, "Ann", is_hidden=True) == [CLUB, OTHER_CLUB]
    assert await world.privacy.hide(BIG, None, "Big", is_hidden=True) == []
    for club_id in (CLUB, OTHER_CLUB):
        with pytest.raises(MemberHides):
            await world.standings.sessions(club_id, ANN)


async def test_in_a_server_that_is_no_club_nobody_can_hide(app):
    with pytest.raises(NotSetUp):
        await app.privacy.hide(ANN, 404, "Ann", is_hidden=True)


async def test_the_tally_of_a_recent_card_is_counted_anew(app):
    await set_up(app)
    await done(app, member=ANN)
    app.daily.take_outdated()
    await app.privacy.delete(ANN, CLUB)
    assert app.daily.take_outdated() == [(CLUB, TODAY)]
