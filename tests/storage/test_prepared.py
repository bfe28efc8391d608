"""The first time SQLAlchemy runs a statement, later sqlite3 does: nobody may see a difference."""

import gc
from datetime import date, timedelta

import pytest
from sqlalchemy import select, text

from bot.domain.challenge import PostState
from bot.domain.club import NOBODY
from bot.domain.days import Span
from bot.domain.exercise import Level
from bot.domain.pauses import Pause, PauseReason
from bot.domain.streaks import Target
from bot.storage.completions import Done
from bot.storage.members import Award, Named
from bot.storage.tables import completions, notes
from tests.storage.samples import BIG, IN_TOKYO, MONDAY, NOON, TODAY, club, post

TIMES = 3  # by SQLAlchemy, prepared, as prepared
ANN, BEN = (BIG, 1), (BIG, 2)


@pytest.fixture
async def stocked(database):
    """Of every kind of value there is one, and one that is missing."""
    bare = club(id=1, role_id=None, locale=None, paused_at=NOON, set_up_by=NOBODY, races=())
    rich = club(goal=12, season=Span(MONDAY, TODAY), has_ranking=False, next_due=IN_TOKYO)
    async with database.write() as stores:
        for each in (bare, rich):
            await stores.clubs.save(each)
            for week, days in enumerate((4, 3)):
                target = Target(MONDAY + week * timedelta(7), days)
                await stores.clubs.save_target(each.id, target)
        await stores.completions.add([Done(*ANN, TODAY, "a-march", Level.EASIER)], NOON)
        await stores.completions.add([Done(*BEN, TODAY, "a-march", Level.HARDER)], NOON)
        await stores.members.save_names([Named(*ANN, "Ann", MONDAY)])
        await stores.members.award([Award(*ANN, "first-move", TODAY)])
        for last in (None, date(2024, 2, 29)):
            pause = Pause(date(2024, 2, 1) if last else TODAY, last, PauseReason.RACE)
            await stores.members.replace_pauses(*ANN, [], pause)
    return database


READS = {
    "a club": lambda stores: stores.clubs.get(BIG),
    "a club with gaps": lambda stores: stores.clubs.get(1),
    "no club": lambda stores: stores.clubs.get(2),
    "clubs": lambda stores: stores.clubs.get_all([BIG, 1, 2]),
    "a history": lambda stores: stores.members.history(*ANN),
    "histories": lambda stores: stores.members.histories([ANN, BEN, (3, 3)]),
    "ids": lambda stores: stores.clubs.ids(),
    "what is due": lambda stores: stores.clubs.due(NOON),
    "a number": lambda stores: stores.completions.count_on(BIG, TODAY, "a-march"),
    "nothing": lambda stores: stores.posts.get(BIG, TODAY),
}


@pytest.mark.parametrize("read", READS.values(), ids=READS)
async def test_what_is_read_again_and_again_is_the_same(stocked, read):
    async with stocked.read() as stores:
        expected = await read(stores)
    assert [await stocked.look(read) for _ in range(TIMES)] == [expected] * TIMES
    assert [await stocked.transact(read) for _ in range(TIMES)] == [expected] * TIMES


async def test_what_is_written_again_and_again_is_written_alike(stocked):
    for n in range(TIMES):
        who, day = (9, n), TODAY + timedelta(n)

        async def write(stores, who=who, day=day):
            both = [Done(*who, day, slug, Level.STANDARD) for slug in ("a-march", "b-march")]
            await stores.completions.add(both, IN_TOKYO)
            await stores.completions.add(both[:1], NOON)  # is there, so it stays
            await stores.members.save_names([Named(*who, f"{who}", day)])
            await stores.clubs.set_next_due(BIG, IN_TOKYO + timedelta(days=day.day))

        await stocked.transact(write)
    async with stocked.read() as stores:
        query = select(completions).where(completions.c.club_id == 9)
        rows = (await stores.connection.execute(query)).all()
        found = await stores.members.histories([(9, n) for n in range(TIMES)])
        last = await stores.clubs.get(BIG)
        plain = select(completions.c.done_at.cast(notes.c.value.type))
        as_stored = set(await stores.connection.scalars(plain.where(completions.c.club_id == 9)))
    assert {(r.member_id, r.day, r.slug, r.level, r.done_at) for r in rows} == {
        (n, TODAY + timedelta(n), slug, "standard", NOON)
        for n in range(TIMES)
        for slug in ("a-march", "b-march")
    }
    assert len(as_stored) == 1
    assert [(h.joined, h.name) for h in found.values()] == [
        (TODAY + timedelta(n), f"{(9, n)}") for n in range(TIMES)
    ]
    assert last.next_due == NOON + timedelta(days=TODAY.day + TIMES - 1)


async def test_a_statement_that_returns_what_it_wrote_does_so_each_time(stocked):
    days = [TODAY, TODAY + timedelta(1), TODAY, TODAY + timedelta(2)]
    added = [
        await stocked.transact(lambda stores, day=day: stores.posts.add(post(day=day)))
        for day in days
    ]
    assert added == [True, True, False, True]
    async with stocked.read() as stores:
        assert (await stores.posts.get(BIG, days[-1])).state is PostState.CLAIMED


async def test_a_mistake_in_a_prepared_statement_undoes_its_transaction(stocked):
    async def write(stores):
        await stores.notes.set("lost", "yes")
        await stores.completions.add([Done(*ANN, TODAY, None, Level.STANDARD)], NOON)

    for _ in range(TIMES):
        with pytest.raises(Exception, match=r"NOT NULL|not-null"):
            await stocked.transact(write)
    assert await stocked.look(lambda stores: stores.notes.get("lost")) is None
    await stocked.transact(lambda stores: stores.notes.set("kept", "yes"))
    assert await stocked.look(lambda stores: stores.notes.get("kept")) == "yes"


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_statements_that_are_built_for_once_are_not_kept(stocked):
    async def read(stores):
        for n in range(200):
            await stores.connection.execute(select(notes).where(notes.c.key == str(n)))
            await stores.connection.execute(text("SELECT 1"))

    await stocked.look(read)
    gc.collect()
    assert len(stocked._at_once._reading._preparer._met) < 10
