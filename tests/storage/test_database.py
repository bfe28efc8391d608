import asyncio
import os
import sqlite3
import tempfile
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from bot.errors import StartError
from bot.storage.database import open_database
from bot.storage.tables import metadata

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


@pytest.mark.parametrize("is_write", [True, False])
async def test_what_is_committed_survives_a_power_cut(database, is_write):
    async with database.write() if is_write else database.read() as stores:
        # The settings of a connection show on that connection only.
        run = stores.notes._connection.exec_driver_sql
        assert (await run("PRAGMA journal_mode")).scalar() == "wal"
        assert (await run("PRAGMA synchronous")).scalar() == 2  # FULL
        assert (await run("PRAGMA busy_timeout")).scalar() == 5000


async def test_the_migrations_make_exactly_the_tables(database, file, tmp_path):
    engine = create_engine(f"sqlite:///{file}")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()

    planned = tmp_path / "planned.db"
    engine = create_engine(f"sqlite:///{planned}")
    metadata.create_all(engine)
    engine.dispose()
    assert tables_of(file) == tables_of(planned)


async def test_opening_a_database_again_keeps_what_is_in_it(file):
    for turn in range(3):
        database = await open_database(url(file))
        async with database.write() as stores:
            assert await stores.notes.get("round") == (str(turn - 1) if turn else None)
            await stores.notes.set("round", str(turn))
        await database.close()


async def test_two_may_open_it_at_once(file):
    one, two = await asyncio.gather(open_database(url(file)), open_database(url(file)))
    async with one.write() as stores:
        await stores.notes.set("from", "one")
    async with two.read() as stores:
        assert await stores.notes.get("from") == "one"
    await one.close()
    await two.close()


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


async def test_writers_take_turns_and_lose_nothing(database):
    async def increase():
        async with database.write() as stores:
            number = int(await stores.notes.get("number") or 0)
            await asyncio.sleep(0)
            await stores.notes.set("number", str(number + 1))

    await asyncio.gather(*(increase() for _ in range(20)))
    async with database.read() as stores:
        assert await stores.notes.get("number") == "20"


async def test_a_reader_sees_one_state_while_another_writes(database):
    async with database.read() as before:
        assert await before.notes.get("a") is None
        async with database.write() as stores:
            await stores.notes.set("a", "1")
        assert await before.notes.get("a") is None
    async with database.read() as after:
        assert await after.notes.get("a") == "1"


async def test_a_database_of_a_newer_version_is_refused_and_left_alone(database, file):
    await database.close()
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    sentence = await refusal(file)
    assert "newer Hipstride" in sentence
    assert "Update Hipstride, or restore a backup" in sentence
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT * FROM alembic_version").fetchone() == ("9999",)


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
