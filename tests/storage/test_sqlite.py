import asyncio
import os
import re
import sqlite3
import tempfile
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, event, insert, text
from sqlalchemy.exc import IntegrityError

from bot.domain.exercise import Level
from bot.errors import StartError
from bot.services.clubs import SetUp
from bot.storage.database import open_database
from bot.storage.one_trip import MOST_SENT
from bot.storage.tables import metadata, notes

NOBODY = 65534


def url(file):
    return f"sqlite+aiosqlite:///{file}"


def tables_of(file):
    """Every table and index of the file as it was made, without the migrations' own."""
    with closing(sqlite3.connect(file)) as connection:
        rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
        made = {name: " ".join(sql.split()) for name, sql in rows}
    made.pop("alembic_version", None)
    return made


@contextmanager
def without_privileges():
    """Stop being root, for whom no file is read-only."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


async def refusal(file):
    with pytest.raises(StartError) as error:
        await open_database(url(file))
    return str(error.value)


@pytest.fixture
def engine():
    return "sqlite"


async def test_a_transaction_in_a_thread_that_waits_for_something_else_is_undone(database):
    async def wait(stores):
        await stores.notes.set("lost", "yes")
        await asyncio.sleep(0)

    with pytest.raises(RuntimeError, match="waits for something else"):
        await database.transact(wait)
    async with database.read() as stores:
        assert await stores.notes.get("lost") is None


@pytest.fixture
def file(tmp_path):
    return tmp_path / "club.db"


@pytest.mark.parametrize("is_write", [True, False])
async def test_what_is_committed_survives_a_power_cut(database, is_write):
    async with database.write() if is_write else database.read() as stores:
        # The settings of a connection show on that connection only.
        run = stores.notes._connection.exec_driver_sql
        assert (await run("PRAGMA journal_mode")).scalar() == "wal"
        assert (await run("PRAGMA synchronous")).scalar() == 2  # FULL
        assert (await run("PRAGMA busy_timeout")).scalar() == 2000


@pytest.mark.parametrize("way", ["look", "transact"])
async def test_what_a_thread_commits_survives_a_power_cut(database, way):
    async def settings(stores):
        names = "journal_mode", "synchronous", "busy_timeout"
        run = stores.notes._connection.scalar
        return [await run(text(f"PRAGMA {name}")) for name in names]

    assert await getattr(database, way)(settings) == ["wal", 2, 2000]


async def test_many_dones_at_once_go_through_no_table_as_a_whole(app):
    for club_id in (1, 2):
        wanted = {"time": "07:00", "timezone": "UTC", "role_id": None, "target": None}
        await app.clubs.set_up(SetUp(club_id=club_id, channel_id=1, coach_id=1, **wanted))
    asked = []
    engine = app.database._at_once._engine
    event.listen(engine, "before_cursor_execute", lambda *args: asked.append(args[2:4]))

    who = [(club_id, member_id) for club_id in (1, 2) for member_id in range(5)]
    today = app.clock().date()
    await asyncio.gather(
        *(app.practice.mark_done(*w, "ann", "a-march", today, Level.STANDARD) for w in who)
    )

    plans = []
    with engine.connect() as connection:
        for statement, parameters in asked:
            row = parameters[0] if isinstance(parameters, list) else parameters
            if statement.startswith("SELECT"):
                found = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", row)
                plans += [line.detail for line in found]
    assert any("SEARCH completions" in line for line in plans)
    tables = "|".join(metadata.tables)
    assert not [line for line in plans if re.match(rf"SCAN ({tables})\b", line)]


async def test_the_migrations_make_tables_in_the_same_words(file, tmp_path):
    await (await open_database(url(file))).close()
    planned = tmp_path / "planned.db"
    engine = create_engine(f"sqlite:///{planned}")
    metadata.create_all(engine)
    engine.dispose()
    assert tables_of(file) == tables_of(planned)


async def test_a_file_that_is_no_database_is_refused_and_left_alone(file):
    file.write_text("Dear diary, today I ran. " * 50)
    sentence = await refusal(file)
    assert str(file) in sentence
    assert "not a database" in sentence
    assert file.read_text().startswith("Dear diary")


@pytest.mark.parametrize("where", ["no/such/folder/club.db", "."])
async def test_a_missing_folder_or_a_folder_in_its_place_is_refused(tmp_path, where):
    sentence = await refusal(tmp_path / where)
    assert "unable to open database file" in sentence
    assert "in a folder that exists and that this user may write to" in sentence


@pytest.fixture
def open_folder():
    """A folder that anybody may enter, as tmp_path is not."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.mark.parametrize("is_folder_open", [True, False])
async def test_a_file_that_may_not_be_written_is_refused(open_folder, is_folder_open):
    file = open_folder / "club.db"
    await (await open_database(url(file))).close()
    file.chmod(0o444)
    open_folder.chmod(0o777 if is_folder_open else 0o755)
    with without_privileges():
        sentence = await refusal(file)
    assert "readonly database" in sentence
    assert str(file) in sentence


async def test_a_database_of_another_program_is_refused_and_left_alone(file):
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("CREATE TABLE members (nick TEXT)")
    before = tables_of(file)
    assert "members already exists" in await refusal(file)
    assert tables_of(file) == before


@pytest.mark.parametrize("count", [0, 1, 99, 100, 101, 250])
async def test_all_rows_come_in_order_however_many_and_however_they_are_fetched(tmp_path, count):
    query = text(
        "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers LIMIT :count) "
        "SELECT n FROM numbers WHERE n <= :count"
    )
    expected = list(range(1, count + 1))
    database = await open_database(url(tmp_path / "rows.db"))
    async with database.read() as stores:
        values = {"count": count}
        assert list(await stores.connection.scalars(query, values)) == expected
        streamed = await stores.connection.stream_scalars(query, values)
        assert [n async for n in streamed] == expected
        streamed = await stores.connection.stream_scalars(query, values)
        assert [n async for part in streamed.partitions(7) for n in part] == expected
    await database.close()


async def test_an_insert_that_nobody_waited_for_undoes_its_transaction_when_it_fails(tmp_path):
    database = await open_database(url(tmp_path / "club.db"))
    add = insert(notes)
    with pytest.raises(IntegrityError, match="UNIQUE"):
        async with database.write() as stores:
            await stores.connection.execute(add, {"key": "twice", "value": "1"})
            await stores.connection.execute(add, {"key": "twice", "value": "2"})
            await stores.connection.execute(add, {"key": "after", "value": "3"})
    async with database.write() as stores:  # the same connection goes on
        assert [await stores.notes.get(key) for key in ("twice", "after")] == [None, None]
        await stores.notes.set("next", "here")
    async with database.read() as stores:
        assert await stores.notes.get("next") == "here"
    await database.close()


async def test_what_waits_after_an_insert_hears_that_it_failed(tmp_path):
    database = await open_database(url(tmp_path / "club.db"))
    with pytest.raises(IntegrityError, match="UNIQUE"):
        async with database.write() as stores:
            rows = [{"key": "twice", "value": value} for value in "12"]
            await stores.connection.execute(insert(notes), rows)
            await stores.notes.get("twice")
            raise AssertionError("it was read")
    await database.close()


async def test_more_inserts_than_may_wait_are_all_done_in_their_order(tmp_path):
    database = await open_database(url(tmp_path / "club.db"))
    async with database.write() as stores:
        for n in range(3 * MOST_SENT):
            await stores.notes.set("last", str(n))
    async with database.read() as stores:
        assert await stores.notes.get("last") == str(3 * MOST_SENT - 1)
    await database.close()
