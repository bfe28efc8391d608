"""A database that goes bad while the bot runs: one line with the remedy, one when it is well."""

import logging
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from bot.domain.exercise import Level
from bot.errors import StorageUnavailable
from bot.storage import sqlite
from bot.storage.completions import Done
from bot.storage.database import open_database
from tests.postgres import query
from tests.storage.samples import NOON

OTHERS_OUT = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()"""


async def remember(database, value="yes"):
    async with database.write() as stores:
        await stores.notes.set("kept", value)


async def remembered(database):
    async with database.read() as stores:
        return await stores.notes.get("kept")


async def remember_in_one_go(database, value="yes"):
    await database.transact(lambda stores: stores.notes.set("kept", value))


async def remembered_in_one_go(database):
    return await database.look(lambda stores: stores.notes.get("kept"))


async def run(database, sql):
    """Run SQL on the very connection that is used next: there is one, and it is handed back."""
    async with database.read() as stores:
        await stores.notes._connection.exec_driver_sql(sql)


def lines(caplog):
    return [record.message for record in caplog.records if record.name == "bot.storage.database"]


class TestOfSQLite:
    @pytest.fixture
    def engine(self):
        return "sqlite"

    @pytest.fixture(autouse=True)
    def _in_the_log(self, caplog):
        caplog.set_level(logging.INFO)

    @pytest.fixture
    def file(self, database_url):
        return Path(database_url.removeprefix("sqlite+aiosqlite:///"))

    @pytest.mark.parametrize(
        ("spoil", "mend", "remedy"),
        [
            ("PRAGMA query_only = ON", "PRAGMA query_only = OFF", "Let the user that runs the bot"),
            ("PRAGMA max_page_count = 1", "PRAGMA max_page_count = 99999", "Make room on its disk"),
        ],
        ids=["read-only", "full"],
    )
    async def test_that_cannot_be_written_is_one_line_until_it_is_well(
        self, database, caplog, spoil, mend, remedy
    ):
        await remember(database)
        await run(database, spoil)
        for _ in range(3):
            with pytest.raises(StorageUnavailable):
                await remember(database, "x" * 100_000)
            assert await remembered(database) == "yes"
        [line] = lines(caplog)
        assert line.startswith("the database cannot be written: ")
        assert remedy in line
        await run(database, mend)
        await remember(database, "again")
        assert lines(caplog) == [line, "the database is well again; what is due follows"]

    async def test_that_is_full_in_the_middle_of_a_transaction_in_one_go_is_well_afterwards(
        self, database, caplog
    ):
        day = date(2026, 7, 2)

        async def spoil(stores):
            stores.connection.raw.execute("PRAGMA max_page_count = 1")

        async def add(stores, slug="a-march"):
            await stores.notes.set("last", slug[:1])
            await stores.completions.add([Done(1, 2, day, slug, Level.STANDARD)], NOON)

        for _ in range(3):  # until it is prepared
            await database.transact(add)
        await remember_in_one_go(database)
        assert await remembered_in_one_go(database) == "yes"  # on a connection of its own
        await database.transact(spoil)
        for _ in range(3):
            with pytest.raises(StorageUnavailable):
                await database.transact(lambda stores: add(stores, "x" * 100_000))
            assert await database.look(lambda stores: stores.notes.get("last")) == "a"
        [line] = lines(caplog)
        assert line.startswith("the database cannot be written: ")
        assert "Make room on its disk" in line
        with database._at_once._engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA max_page_count = 99999")
        await database.transact(lambda stores: add(stores, "y" * 100_000))
        assert lines(caplog) == [line, "the database is well again; what is due follows"]

    @pytest.mark.parametrize(
        ("remember", "remembered"),
        [(remember, remembered), (remember_in_one_go, remembered_in_one_go)],
        ids=["in a block", "in one go"],
    )
    async def test_that_another_program_holds_can_be_read_and_is_written_afterwards(
        self, database_url, file, caplog, monkeypatch, remember, remembered
    ):
        monkeypatch.setattr(sqlite, "BUSY", 0.05)
        database = await open_database(database_url)
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StorageUnavailable):
                await remember(database)
            assert await remembered(database) is None
        [line] = lines(caplog)
        assert "locked. Another program holds it" in line
        await remember(database)
        assert await remembered(database) == "yes"
        await database.close()

    @pytest.mark.parametrize("is_replaced", [False, True], ids=["deleted", "replaced"])
    async def test_whose_file_is_deleted_or_replaced_is_touched_no_more(
        self, database, file, caplog, is_replaced
    ):
        aside = file.rename(file.with_suffix(".aside"))
        if is_replaced:
            file.write_bytes(b"of a newer version")
        in_one_go = remember_in_one_go, remembered_in_one_go
        for ask in (remember, remembered, *in_one_go, remember):
            with pytest.raises(StorageUnavailable):
                await ask(database)
        [line] = lines(caplog)
        assert f"{file} was deleted or replaced. Stop the bot" in line
        aside.rename(file)
        assert await remembered(database) is None

    async def test_a_mistake_of_our_own_is_no_trouble_of_the_database(self, database, caplog):
        with pytest.raises(Exception, match="no such table: nowhere"):
            await run(database, "SELECT * FROM nowhere")
        assert lines(caplog) == []


@pytest.mark.slow
class TestOfPostgreSQL:
    @pytest.fixture
    def engine(self):
        return "postgresql"

    async def test_that_goes_away_in_a_transaction_undoes_it_and_is_well_when_back(
        self, database, database_url, postgres, caplog
    ):
        caplog.set_level(logging.INFO)
        await remember(database)
        [socket] = [s for s in postgres.folder.glob(".s.PGSQL.*") if s.suffix != ".lock"]
        with pytest.raises(StorageUnavailable):
            async with database.write(1) as stores:
                await stores.notes.set("kept", "lost")
                query(database_url, OTHERS_OUT)
                aside = socket.rename(postgres.folder / "aside")
                await stores.notes.set("kept", "lost, too")
        for _ in range(3):
            with pytest.raises(StorageUnavailable):
                await remembered(database)
            with pytest.raises(StorageUnavailable):
                await remember(database)
        assert len(lines(caplog)) <= 2  # broken off, and then out of reach
        assert all("See that PostgreSQL runs" in line for line in lines(caplog))
        aside.rename(socket)
        assert await remembered(database) == "yes"
        assert lines(caplog)[-1] == "the database is well again; what is due follows"

    async def test_that_may_only_be_read_is_named(self, database, database_url, caplog):
        name = database_url.partition("@/")[2].partition("?")[0]
        query(database_url, f"ALTER DATABASE {name} SET default_transaction_read_only = on")
        query(database_url, OTHERS_OUT)
        try:
            with pytest.raises(StorageUnavailable):
                await remember(database)
            assert "Set DATABASE_URL to the server that may be written" in lines(caplog)[0]
        finally:
            readable = f"ALTER DATABASE {name} RESET default_transaction_read_only"
            query(database_url, "SET default_transaction_read_only = off", readable)
