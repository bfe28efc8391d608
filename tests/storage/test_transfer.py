"""A copy holds one state of the source, all of it and nothing else, or there is none."""

import asyncio
import shutil
import socket
import sqlite3
import tempfile
from contextlib import closing, nullcontext
from datetime import UTC, date, datetime, time
from types import SimpleNamespace
from urllib.parse import quote, unquote

import pytest
from alembic.script import ScriptDirectory
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import BigInteger, Boolean, Date, Integer, String, Time, insert, select

from bot.errors import StartError
from bot.storage import transfer
from bot.storage.database import open_database
from bot.storage.tables import Instant, completions, members, metadata, notes
from bot.storage.transfer import Digest, Step, copy_database, growth_since
from tests.postgres import query
from tests.storage.samples import BIG

pytestmark = pytest.mark.slow

NAMES = (
    "Ann",
    "José 🏃‍♀️🔥",
    "אריה רנא سلمى",
    "e\u0301 is not é",
    "'; DROP TABLE clubs --\n\\x00",
    "\uffff",
    "",
)
SAMPLES = {
    BigInteger: (BIG, -(2**63)),
    Integer: (2**31 - 1, 0),
    Boolean: (True, False),
    String: NAMES[:2],
    Date: (date(9999, 12, 31), date(1, 1, 1)),
    Time: (time(23, 59, 59, 999999), time(0)),
    Instant: (datetime(9999, 12, 30, 23, 59, 59, 999999, UTC), datetime(1, 1, 2, tzinfo=UTC)),
}


class Seen:
    """Progress as it was reported; `at` says what to do once, at the first rows of a step."""

    def __init__(self, **at):
        self.at = at
        self.rows = {}

    def __call__(self, step, rows):
        def advance(done):
            self.rows[step][0] += done
            self.at.pop(step.name, lambda: None)()

        self.rows[step] = [0, rows]
        return nullcontext(advance)


async def fill(url, rows):
    """Insert rows, by table."""
    database = await open_database(url)
    async with database.write() as stores:
        for table, values in rows.items():
            await stores.connection.execute(insert(table), values)
    await database.close()


async def content(url):
    """Return everything in the database, by table."""
    database = await open_database(url)
    async with database.read() as stores:
        found = {
            table.name: sorted(map(tuple, await stores.connection.execute(select(table))), key=repr)
            for table in metadata.sorted_tables
        }
    await database.close()
    return found


async def refusal(source, target):
    with pytest.raises(StartError) as error:
        await copy_database(source, target, Seen())
    sentence = str(error.value)
    assert "DATABASE_URL" not in sentence
    return sentence


def every_table():
    """Return two rows for every table that there is, made of its columns' types."""
    return {
        table: [
            {column.name: SAMPLES[type(column.type)][n] for column in table.columns}
            for n in range(2)
        ]
        for table in metadata.sorted_tables
    }


def runners(number):
    return {members: [{"club_id": 1, "member_id": n, "name": NAMES[n % 7]} for n in range(number)]}


@pytest.fixture
def source(migrated, tmp_path):
    """The URL of a SQLite file with all tables and no rows."""
    return f"sqlite+aiosqlite:///{shutil.copy(migrated, tmp_path / 'from.db')}"


@pytest.fixture
def on_server(postgres):
    """The URL of a PostgreSQL database with all tables and no rows."""
    return postgres.migrated()


@pytest.fixture
def target(empty_url):
    """The URL of where there is nothing yet, of either kind."""
    return empty_url


def execute(url, sql):
    """Run a statement as another program would, and return its rows."""
    if url.startswith("postgresql"):
        return query(url, sql)
    file = url.removeprefix("sqlite+aiosqlite:///")
    with closing(sqlite3.connect(file)) as connection, connection:
        return connection.execute(sql).fetchall()


async def test_every_table_arrives_whole_there_and_back(source, target, tmp_path):
    rows = every_table()
    await fill(source, rows)
    there, back = Seen(), f"sqlite+aiosqlite:///{tmp_path / 'back.db'}"
    given = await copy_database(source, target, there)
    assert await copy_database(target, back, Seen()) == given
    assert [(digest.table, digest.rows) for digest in given] == [(t.name, 2) for t in rows]
    assert there.rows == dict.fromkeys((Step.COPY, Step.CHECK), [2 * len(rows)] * 2)
    assert await content(source) == await content(target) == await content(back)
    assert sum(map(len, (await content(back)).values())) == 2 * len(rows)


def test_no_table_counts_its_own_keys():
    """Else PostgreSQL's sequence would have to be set behind the copied rows."""
    assert [t.name for t in metadata.sorted_tables if t.autoincrement_column is not None] == []


async def test_more_rows_than_fit_a_batch_arrive_in_full(source, target, monkeypatch):
    monkeypatch.setattr(transfer, "BATCH", 10)
    await fill(source, runners(25))
    await copy_database(source, target, Seen())
    assert await content(target) == await content(source)


@pytest.fixture(params=["source", pytest.param("on_server", marks=pytest.mark.slow)])
def live(request):
    """The URL of either kind with all tables and no rows."""
    return request.getfixturevalue(request.param)


async def test_what_is_written_meanwhile_is_left_out_and_reported(live, target, monkeypatch):
    source = live
    monkeypatch.setattr(transfer, "BATCH", 10)
    await fill(source, {**runners(25), **{k: v for k, v in every_table().items() if k != members}})
    before = await content(source)

    def write():  # only the first table has been read then
        execute(
            source, "INSERT INTO members (club_id, member_id, name) VALUES (0, 1, 'a'), (2, 1, 'b')"
        )
        execute(source, "DELETE FROM notes WHERE key = 'Ann'")
        execute(source, "UPDATE targets SET days = 1")

    copied = await copy_database(source, target, Seen(COPY=write))
    assert await content(target) == before
    assert await growth_since(source, copied, Seen()) == {"members": 2, "notes": -1, "targets": 0}
    assert await growth_since(target, copied, Seen()) == {}


# What happens in the target whenever a member arrives: as SQLite's trigger does it after the
# row, and PostgreSQL's before it.
CORRUPTIONS = {
    "a value changes": (
        "UPDATE members SET name = 'Bob' WHERE member_id = NEW.member_id",
        "NEW.name := 'Bob'",
    ),
    "a row is lost": ("DELETE FROM members WHERE member_id = NEW.member_id", "RETURN NULL"),
    "a row is made up": ("INSERT INTO notes VALUES (NEW.name, '')",) * 2,
}


def corrupt(url, in_sqlite, in_postgresql):
    if url.startswith("sqlite"):
        execute(url, f"CREATE TRIGGER corrupt AFTER INSERT ON members BEGIN {in_sqlite}; END")
        return
    function = f"$$BEGIN {in_postgresql}; RETURN NEW; END$$"
    execute(url, f"CREATE FUNCTION corrupt() RETURNS trigger LANGUAGE plpgsql AS {function}")
    row = "BEFORE INSERT ON members FOR EACH ROW"
    execute(url, f"CREATE TRIGGER corrupt {row} EXECUTE FUNCTION corrupt()")


@pytest.mark.parametrize("corruption", CORRUPTIONS)
async def test_a_copy_that_reads_back_differently_is_not_kept(source, target, corruption):
    await fill(source, runners(1))
    await (await open_database(target)).close()
    corrupt(target, *CORRUPTIONS[corruption])
    sentence = await refusal(source, target)
    table = "notes" if corruption == "a row is made up" else "members"
    assert f"gives back something else than it was given: {table} has" in sentence
    assert not any((await content(target)).values())


async def test_a_cancelled_copy_leaves_an_empty_target_that_takes_the_next(source, target):
    await fill(source, every_table())
    seen = Seen()
    copying = asyncio.create_task(copy_database(source, target, seen))
    seen.at = {"CHECK": copying.cancel}
    with pytest.raises(asyncio.CancelledError):
        await copying
    assert not any((await content(target)).values())
    await copy_database(source, target, Seen())
    assert await content(target) == await content(source)


async def test_a_target_with_rows_is_refused_and_left_alone(source, target):
    await fill(source, every_table())
    await fill(target, {members: runners(3)[members], notes: [{"key": "a", "value": "b"}]})
    before = await content(target)
    sentence = await refusal(source, target)
    assert "TO, " in sentence
    assert "is not empty (it has rows in members, notes): name a new, empty database" in sentence
    assert await content(target) == before


async def test_a_target_of_another_program_or_another_version_is_refused(source, target):
    await fill(source, runners(1))
    execute(target, "CREATE TABLE diary (day TEXT)")
    assert "belongs to another program (it holds diary)" in await refusal(source, target)
    execute(target, "DROP TABLE diary")
    await (await open_database(target)).close()
    execute(target, "UPDATE alembic_version SET version_num = '9999'")
    assert "was made by a newer Hipstride (version 9999)" in await refusal(source, target)
    assert execute(target, "SELECT version_num FROM alembic_version") == [("9999",)]


async def test_a_source_that_is_not_to_be_copied_is_refused_before_there_is_a_target(
    empty_url, tmp_path, monkeypatch
):
    source, target = empty_url, tmp_path / "to.db"

    async def is_refused():
        sentence = await refusal(source, f"sqlite+aiosqlite:///{target}")
        assert not target.exists()
        return sentence

    execute(source, "SELECT 1")  # now there is a file, an empty one
    assert "is empty: there is nothing to copy" in await is_refused()
    execute(source, "CREATE TABLE diary (day TEXT)")
    assert "belongs to another program (it holds diary)" in await is_refused()
    execute(source, "DROP TABLE diary")
    await (await open_database(source)).close()
    assert "holds no rows: there is nothing to copy" in await is_refused()
    execute(source, "UPDATE alembic_version SET version_num = '9999'")
    assert "was made by a newer Hipstride (version 9999): update this one" in await is_refused()
    versions = ScriptDirectory.walk_revisions
    monkeypatch.setattr(
        ScriptDirectory,
        "walk_revisions",
        lambda self: [*versions(self), SimpleNamespace(revision="9999")],
    )
    assert "was made by an older Hipstride (version 9999): start this one" in await is_refused()


async def test_a_source_that_is_not_there_is_named_and_not_made(tmp_path):
    missing = tmp_path / "hipstrid.db"
    target = tmp_path / "to.db"
    sentence = await refusal(f"sqlite+aiosqlite:///{missing}", f"sqlite+aiosqlite:///{target}")
    assert sentence == f"There is no file {missing}. Correct FROM."
    assert list(tmp_path.iterdir()) == []


async def test_a_source_that_went_away_after_the_copy_is_named(source, tmp_path):
    await fill(source, runners(1))
    copied = await copy_database(source, f"sqlite+aiosqlite:///{tmp_path / 'to.db'}", Seen())
    (tmp_path / "from.db").unlink()
    with pytest.raises(StartError, match=r"There is no file .*from\.db\. Correct FROM\."):
        await growth_since(source, copied, Seen())


async def test_a_source_with_an_odd_name_is_found(source, tmp_path):
    await fill(source, runners(1))
    odd = f"sqlite+aiosqlite:///{(tmp_path / 'from.db').rename(tmp_path / 'läufe #1 & more.db')}"
    await copy_database(odd, f"sqlite+aiosqlite:///{tmp_path / 'to.db'}", Seen())


async def test_a_source_that_is_no_database_is_refused_and_left_alone(tmp_path):
    diary = tmp_path / "diary.db"
    diary.write_text("Dear diary, today I ran. " * 50)
    sentence = await refusal(f"sqlite+aiosqlite:///{diary}", f"sqlite+aiosqlite:///{tmp_path}/b.db")
    assert "file is not a database" in sentence
    assert diary.read_text().startswith("Dear diary")
    assert list(tmp_path.iterdir()) == [diary]


async def test_a_source_whose_index_lost_its_rows_is_refused(source, tmp_path):
    """Read in the order of that index, the table looks empty."""
    await fill(source, runners(200))
    root = "SELECT rootpage FROM sqlite_master WHERE name = 'sqlite_autoindex_members_1'"
    [(page,)] = execute(source, root)
    with (tmp_path / "from.db").open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\x0a\0\0\0\0\x10\0\0")  # an index page without entries
    assert execute(source, "SELECT * FROM members ORDER BY club_id, member_id") == []
    sentence = await refusal(source, f"sqlite+aiosqlite:///{tmp_path / 'to.db'}")
    assert "is damaged (" in sentence
    assert "restore a backup of it first" in sentence


async def test_a_value_that_is_none_is_refused_with_its_table(source, tmp_path):
    await fill(source, runners(1))
    execute(source, "INSERT INTO targets VALUES (1, 'next Monday', 3)")
    sentence = await refusal(source, f"sqlite+aiosqlite:///{tmp_path / 'to.db'}")
    assert "cannot be read, at targets: Invalid isoformat string: 'next Monday'" in sentence


SAME = "FROM and TO are the same database: name a new, empty one as TO."


@pytest.fixture
def names(tmp_path, monkeypatch):
    """Other names of `source`."""
    (tmp_path / "symbolic.db").symlink_to("from.db")
    (tmp_path / "hard.db").hardlink_to(tmp_path / "from.db")
    monkeypatch.chdir(tmp_path)
    return "from.db", f"../{tmp_path.name}/from.db", "symbolic.db", "hard.db"


async def test_the_same_file_twice_is_refused_under_all_its_names(source, names):
    await fill(source, runners(1))
    for name in names:
        assert await refusal(source, f"sqlite+aiosqlite:///{name}") == SAME


@pytest.mark.slow
async def test_a_servers_database_twice_is_refused_under_all_its_names(on_server, tmp_path):
    await fill(on_server, runners(1))
    folder = unquote(on_server.partition("?host=")[2])
    (tmp_path / "pg").symlink_to(folder)
    same = f"{on_server.partition('?')[0]}?host={quote(str(tmp_path / 'pg'), safe='')}"
    assert await refusal(on_server, on_server) == await refusal(on_server, same) == SAME


WRONG = [
    "",
    "club.db",
    "sqlite:///club.db",
    "sqlite+aiosqlite://",
    "sqlite+aiosqlite:///:memory:",
    "postgres://carol:s3cret@db/club",
    "postgresql://carol:s3cret@db/club",
    "postgresql+asyncpg://carol:s3cret@db",
    "postgresql+asyncpg://carol:s3cret@db:many/club",
    "postgresql+asyncpg://carol:s3cret@db/club?sslmode=require",
]


@pytest.mark.parametrize("wrong", WRONG)
async def test_an_address_that_is_none_is_named_without_its_password(source, wrong, tmp_path):
    await fill(source, runners(1))
    for_source = await refusal(wrong, source)
    for_target = await refusal(source, wrong)
    assert "FROM" in for_source
    assert "TO" in for_target
    assert "s3cret" not in for_source + for_target


async def test_a_target_that_cannot_be_made_is_named(source, tmp_path):
    await fill(source, runners(1))
    sentence = await refusal(source, f"sqlite+aiosqlite:///{tmp_path}/no/such/folder/to.db")
    assert "unable to open database file" in sentence
    assert "TO must name a file in a folder that exists" in sentence


@pytest.mark.parametrize("is_source", [True, False])
async def test_a_server_out_of_reach_is_named(source, is_source):
    await fill(source, runners(1))
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    away = f"postgresql+asyncpg://carol:s3cret@127.0.0.1:{port}/club"
    sentence = await (refusal(away, source) if is_source else refusal(source, away))
    assert f"carol:***@127.0.0.1:{port}/club cannot be reached" in sentence
    assert f"or correct {'FROM' if is_source else 'TO'}." in sentence


@pytest.mark.slow
async def test_a_target_that_may_only_be_read_is_named(source, postgres):
    await fill(source, runners(1))
    target = postgres.empty()
    name = target.partition("@/")[2].partition("?")[0]
    execute(target, f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    sentence = await refusal(source, target)
    assert "read-only transaction" in sentence
    assert "TO must name a database in which its user may make and change tables" in sentence


@pytest.mark.slow
async def test_a_text_that_postgresql_cannot_hold_is_named_by_its_row(source, on_server, tmp_path):
    await fill(source, {members: [{"club_id": 7, "member_id": 8, "name": "Ann\0"}]})
    sentence = await refusal(source, on_server)
    assert "the character NUL, which FROM has in a text of members" in sentence
    assert "at club_id 7, member_id 8: remove it there" in sentence
    await copy_database(source, f"sqlite+aiosqlite:///{tmp_path / 'to.db'}", Seen())


@pytest.mark.slow
async def test_a_server_without_unicode_refuses_the_rows_in_a_sentence(source, postgres):
    await fill(source, runners(7))
    options = "ENCODING 'LATIN1' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'"
    execute(postgres.url("postgres"), f"CREATE DATABASE latin {options}")
    sentence = await refusal(source, postgres.url("latin"))
    assert "does not take the rows of members: " in sentence
    assert 'has no equivalent in encoding "LATIN1"' in sentence
    assert not any((await content(postgres.url("latin"))).values())


VALUES = st.one_of(st.none(), st.integers(), st.text(), st.dates(), st.times(), st.datetimes())
ROWS = st.lists(st.tuples(VALUES, VALUES), max_size=5)


@settings(max_examples=50)
@given(ROWS, ROWS, st.randoms())
def test_digests_are_equal_exactly_for_the_same_rows_in_any_order(rows, others, random):
    shuffled = random.sample(rows, len(rows))
    one = Digest("any").plus(rows)
    assert Digest("any").plus(shuffled[:2]).plus(shuffled[2:]) == one
    is_same = sorted(map(repr, rows)) == sorted(map(repr, others))
    assert (Digest("any").plus(others) == one) == is_same


NAME = st.text(st.characters(codec="utf-8", exclude_characters="\0"))
IDS = st.integers(-(2**63), 2**63 - 1)
COMPLETIONS = st.fixed_dictionaries(
    {
        "club_id": IDS,
        "member_id": IDS,
        "day": st.dates(),
        "slug": NAME,
        "level": NAME,
        "done_at": st.datetimes(timezones=st.just(UTC)),
    }
)


@pytest.mark.slow
@settings(max_examples=20, deadline=None)
@given(rows=st.lists(COMPLETIONS, min_size=1, max_size=50, unique_by=lambda row: row["member_id"]))
def test_any_rows_are_the_same_on_both_sides(postgres, migrated, rows):
    target = postgres.migrated()
    with tempfile.TemporaryDirectory() as folder:
        source = f"sqlite+aiosqlite:///{shutil.copy(migrated, folder)}"
        asyncio.run(fill(source, {completions: rows}))
        asyncio.run(copy_database(source, target, Seen()))
        assert asyncio.run(content(source)) == asyncio.run(content(target))
