import asyncio
import logging
import socket

import pytest

from bot.errors import StartError
from bot.storage import postgresql
from bot.storage.database import open_database
from tests.postgres import query
from tests.storage.samples import club

pytestmark = pytest.mark.slow

PASSWORD = "s3cret@word"
AS_WRITTEN = "s3cret%40word"


@pytest.fixture
def engine():
    return "postgresql"


@pytest.fixture(scope="session")
def locked(postgres):
    """A role that the server asks for its password."""
    query(postgres.url("postgres"), f"CREATE ROLE locked LOGIN PASSWORD '{PASSWORD}'")
    return "locked"


async def refusal(url):
    with pytest.raises(StartError) as error:
        await open_database(url)
    return str(error.value)


async def test_the_password_opens_it(postgres, locked, empty_url):
    name = empty_url.partition("@/")[2].partition("?")[0]
    query(postgres.url("postgres"), f"ALTER DATABASE {name} OWNER TO {locked}")
    database = await open_database(postgres.url(name, locked, AS_WRITTEN))
    async with database.write() as stores:
        await stores.notes.set("opened", "yes")
    await database.close()


@pytest.mark.parametrize("wrong", ["other%40word", "other@word"])
async def test_a_refused_password_is_one_sentence_without_it(postgres, locked, caplog, wrong):
    caplog.set_level(logging.DEBUG)
    sentence = await refusal(postgres.url("postgres", locked, wrong))
    assert "refuses this user: password authentication failed" in sentence
    assert "Correct the user or the password in DATABASE_URL" in sentence
    assert "locked:***@/postgres" in sentence
    assert "word" not in (sentence + caplog.text).replace("password", "")


async def test_a_user_without_rights_is_told_what_it_needs(postgres, locked):
    sentence = await refusal(postgres.url("template1", locked, AS_WRITTEN))
    assert "permission denied" in sentence
    assert "a database in which its user may make and change tables" in sentence
    assert PASSWORD not in sentence
    assert AS_WRITTEN not in sentence


async def test_a_database_that_may_only_be_read_is_refused(empty_url):
    await (await open_database(empty_url)).close()
    name = empty_url.partition("@/")[2].partition("?")[0]
    query(empty_url, f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    assert "read-only transaction" in await refusal(empty_url)


async def test_an_option_that_is_none_is_named_with_the_right_one(empty_url):
    sentence = await refusal(f"{empty_url}&sslmode=require")
    assert "asyncpg does not know: sslmode." in sentence
    assert "ssl=require" in sentence


async def test_a_missing_database_is_named(postgres):
    sentence = await refusal(postgres.url("nowhere"))
    assert 'does not exist: database "nowhere" does not exist' in sentence
    assert "Make it with createdb" in sentence


async def test_a_server_out_of_reach_is_named_without_the_password():
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    sentence = await refusal(f"postgresql+asyncpg://carol:{AS_WRITTEN}@127.0.0.1:{port}/club")
    assert f"postgresql+asyncpg://carol:***@127.0.0.1:{port}/club cannot be reached" in sentence
    assert "See that PostgreSQL runs" in sentence


async def test_a_server_that_never_answers_is_given_up(monkeypatch):
    monkeypatch.setattr(postgresql, "CONNECT_WITHIN", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        sentence = await refusal(f"postgresql+asyncpg://carol@127.0.0.1:{port}/club")
    assert "cannot be reached: no answer within 0.2 seconds" in sentence


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql+asyncpg://carol:{PASSWORD}@db:many/club",
        f"postgresql+asyncpg://carol:{PASSWORD}/x@db:1/club",
        f"postgresql+asyncpg://db:many/club?user=carol&password={PASSWORD}",
    ],
)
async def test_an_address_that_cannot_be_read_is_shown_without_the_password(url):
    sentence = await refusal(url)
    assert "DATABASE_URL" in sentence
    assert "s3cret" not in sentence


async def test_a_restarted_server_costs_no_command(database, database_url):
    async with database.write() as stores:
        await stores.notes.set("kept", "yes")
    others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
    query(database_url, f"{others} AND datname = current_database()")
    async with database.read() as stores:
        assert await stores.notes.get("kept") == "yes"


async def test_clubs_do_not_wait_for_each_other(database):
    async with database.write(1) as one, asyncio.timeout(5):
        await one.clubs.save(club(id=1))
        async with database.write(2) as other:
            await other.clubs.save(club(id=2))
