import asyncio
import threading
from datetime import date

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.domain.challenge import PostState
from bot.errors import StartError
from bot.storage.database import MIGRATIONS, open_database
from bot.storage.tables import metadata
from tests.storage.samples import BIG, NOON, TODAY, club, post


async def run(url, work):
    """Let `work` have a connection as another program would."""
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        result = await connection.run_sync(work)
    await engine.dispose()
    return result


async def test_the_migrations_make_exactly_the_tables(empty_url):
    await (await open_database(empty_url)).close()

    def differences(connection):
        return compare_metadata(MigrationContext.configure(connection), metadata)

    assert await run(empty_url, differences) == []


async def test_opening_a_database_again_keeps_what_is_in_it(empty_url):
    for turn in range(3):
        database = await open_database(empty_url)
        async with database.write() as stores:
            assert await stores.notes.get("round") == (str(turn - 1) if turn else None)
            await stores.notes.set("round", str(turn))
        await database.close()


async def test_five_may_open_an_empty_one_at_once(empty_url):
    async def start(number):
        database = await open_database(empty_url)
        async with database.write() as stores:
            await stores.notes.set(number, "here")
        await database.close()

    # Threads, each with its own event loop, meet in the database as processes do.
    await asyncio.gather(*(asyncio.to_thread(asyncio.run, start(n)) for n in "12345"))
    database = await open_database(empty_url)
    async with database.read() as stores:
        assert [await stores.notes.get(n) for n in "12345"] == ["here"] * 5
    await database.close()


async def test_a_database_of_a_newer_version_is_refused_and_left_alone(empty_url):
    await (await open_database(empty_url)).close()
    newer = text("UPDATE alembic_version SET version_num = '9999'")
    await run(empty_url, lambda connection: connection.execute(newer))
    with pytest.raises(StartError) as error:
        await open_database(empty_url)
    assert "newer Hipstride" in str(error.value)
    assert "Update Hipstride, or restore a backup" in str(error.value)
    version = text("SELECT version_num FROM alembic_version")
    assert await run(empty_url, lambda connection: connection.scalar(version)) == "9999"


async def test_an_exception_undoes_everything_in_its_block(database):
    async with database.write() as stores:
        await stores.notes.set("kept", "yes")
    with pytest.raises(ZeroDivisionError):
        async with database.write() as stores:
            await stores.notes.set("kept", "no")
            await stores.notes.set("lost", "yes")
            raise ZeroDivisionError
    async with database.write() as stores:
        assert await stores.notes.get("kept") == "yes"
        assert await stores.notes.get("lost") is None


async def test_a_transaction_in_one_go_returns_what_it_made_and_is_kept(database):
    async def count(stores):
        number = int(await stores.notes.get("number") or 0) + 1
        await stores.notes.set("number", str(number))
        return number

    counts = await asyncio.gather(*(database.transact(count) for _ in range(5)))
    assert sorted(counts) == [1, 2, 3, 4, 5]
    async with database.read() as stores:
        assert await stores.notes.get("number") == "5"


async def test_an_exception_undoes_a_transaction_in_one_go(database):
    async def fail(stores):
        await stores.notes.set("lost", "yes")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await database.transact(fail)
    async with database.write() as stores:
        assert await stores.notes.get("lost") is None


async def test_a_cancelled_transaction_in_one_go_ends_before_the_next_begins(database):
    done = []

    async def write(stores):
        loop.call_soon_threadsafe(writing.cancel)  # comes before the end of what a thread does
        for number in range(10):
            await stores.notes.set("number", str(number))
        done.append("all")

    loop = asyncio.get_running_loop()
    writing = asyncio.create_task(database.transact(write))
    with pytest.raises(asyncio.CancelledError):
        await writing
    kept = ["9"] if done else [None]
    async with database.write() as stores:
        assert [await stores.notes.get("number")] == kept


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_closing_waits_for_a_transaction_in_one_go_and_holds_up_nobody(database_url):
    database = await open_database(database_url)
    begun, goes_on = threading.Event(), threading.Event()

    async def wait(stores):
        await stores.notes.set("kept", "yes")
        begun.set()
        return goes_on.wait(timeout=2)

    writing = asyncio.create_task(database.transact(wait))
    await asyncio.to_thread(begun.wait)
    closing = asyncio.create_task(database.close())
    asyncio.get_running_loop().call_later(0.01, goes_on.set)
    await closing
    assert await writing, "the loop stood still until the transaction gave up"
    again = await open_database(database_url)
    assert await again.look(lambda stores: stores.notes.get("kept")) == "yes"
    await again.close()


async def test_a_cancelled_write_undoes_everything_and_lets_the_next_in(database):
    begun = asyncio.Event()

    async def hang():
        async with database.write() as stores:
            await stores.notes.set("lost", "yes")
            begun.set()
            await asyncio.Event().wait()

    writing = asyncio.create_task(hang())
    await begun.wait()
    writing.cancel()
    await asyncio.gather(writing, return_exceptions=True)
    async with database.write() as stores:
        assert await stores.notes.get("lost") is None


@pytest.fixture
async def processes(database, database_url):
    """Two that have the database open, each with connections of its own."""
    other = await open_database(database_url)
    yield database, other
    await other.close()


@pytest.mark.slow
@pytest.mark.parametrize("is_set_up", [True, False])
async def test_writers_of_a_club_take_turns_and_lose_nothing(processes, is_set_up):
    async def increase(database):
        async with database.write(BIG) as stores:
            found = await stores.clubs.get(BIG)
            channel = found.channel_id if found else 0
            await asyncio.sleep(0.001)
            await stores.clubs.save(club(channel_id=channel + 1))

    if is_set_up:
        async with processes[0].write() as stores:
            await stores.clubs.save(club(channel_id=0))
    await asyncio.gather(*(increase(database) for database in processes for _ in range(20)))
    async with processes[1].read() as stores:
        assert (await stores.clubs.get(BIG)).channel_id == 40


async def test_writers_of_no_club_take_turns_with_all(processes):
    async def increase(database, *club_ids):
        async with database.write(*club_ids) as stores:
            number = int(await stores.notes.get("number") or 0)
            await asyncio.sleep(0.001)
            if not club_ids:
                await stores.notes.set("number", str(number + 1))

    clubs = ((), (1,), (2,), (2, 1), (1, 2, 3))
    writers = [(database, *club_ids) for database in processes for club_ids in clubs]
    await asyncio.gather(*(increase(*writer) for writer in writers * 5))
    async with processes[0].read() as stores:
        assert await stores.notes.get("number") == "10"


@pytest.mark.parametrize("writes_to", [(BIG,), (), (1, BIG)])
async def test_the_outcome_of_a_post_waits_for_whoever_decides_about_it(processes, writes_to):
    """Else a claim that is taken up again could overwrite that it was sent."""
    one, other = processes
    sent = post(state=PostState.SENT, message_id=7)

    async def settle():
        async with other.write(BIG) as stores:
            await stores.posts.update(sent, PostState.CLAIMED)

    async with one.write() as stores:
        await stores.posts.add(post())
    async with one.write(*writes_to) as stores:
        found = await stores.posts.get(BIG, TODAY)
        settling = asyncio.create_task(settle())
        await asyncio.wait([settling], timeout=0.1)
        assert not settling.done()
        await stores.posts.update(found, found.state)
    await settling
    async with one.read() as stores:
        assert await stores.posts.get(BIG, TODAY) == sent


async def test_a_reader_sees_one_state_while_another_writes(database):
    async with database.read() as before:
        assert await before.notes.get("a") is None
        async with database.write() as stores:
            await stores.notes.set("a", "1")
        assert await before.notes.get("a") is None
    async with database.read() as after:
        assert await after.notes.get("a") == "1"


async def test_a_club_of_the_first_version_is_kept_and_its_members_began_with_their_first_day(
    empty_url,
):
    def begin(connection):
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(MIGRATIONS))
        command.upgrade(config, "0001")
        values = "9, 8, 'UTC', '07:00:00', NULL, 3, 1, 21600, NULL, NULL, NULL"
        moments = "'2026-07-03 07:00:00', 5, '2026-07-02 12:00:00'"
        connection.execute(text(f"INSERT INTO clubs VALUES ({values}, {moments})"))
        connection.execute(text("INSERT INTO members VALUES (9, 1, 'Ann'), (9, 2, 'Ben')"))
        for day in ("2026-07-02", "2026-06-30"):
            values = f"9, 1, '{day}', 'a-march', 'standard', '2026-07-02 12:00:00'"
            connection.execute(text(f"INSERT INTO completions VALUES ({values})"))

    await run(empty_url, begin)
    database = await open_database(empty_url)
    async with database.read() as stores:
        kept = await stores.clubs.get(9)
        ann, ben = [await stores.members.history(9, member) for member in (1, 2)]
    await database.close()
    assert (ann.joined, ben.joined) == (date(2026, 6, 30), None)
    assert (kept.channel_id, kept.set_up_at, kept.locale) == (8, NOON, None)
    assert (kept.long_runs, kept.races) == (frozenset(), ())
