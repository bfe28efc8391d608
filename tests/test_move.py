"""`hipstride migrate-database` as its operator runs it."""

import asyncio
import io
import re
import sys
from contextlib import asynccontextmanager

import asyncpg
import pytest

from bot.move import advice, show_bar
from bot.storage.database import open_database
from bot.storage.tables import members, targets
from bot.storage.transfer import Step
from tests.postgres import query
from tests.storage.samples import MONDAY
from tests.storage.test_transfer import content, fill
from tests.wire.process import BotProcess

COPIED = [
    "table                  rows  checksum",
    "awards                    0  0000000000000000  ok",
    "buddies                   0  0000000000000000  ok",
    "clubs                     0  0000000000000000  ok",
    "completions               0  0000000000000000  ok",
    "drafts                    0  0000000000000000  ok",
    "exercises                 0  0000000000000000  ok",
    "guides                    0  0000000000000000  ok",
    "members               1,234  0123456789abcdef  ok",
    "notes                     0  0000000000000000  ok",
    "pauses                    0  0000000000000000  ok",
    "posts                     0  0000000000000000  ok",
    "reminders                 0  0000000000000000  ok",
    "score_counts              0  0000000000000000  ok",
    "scores                    0  0000000000000000  ok",
    "targets                   1  0123456789abcdef  ok",
    "voids                     0  0000000000000000  ok",
    "",
    "Copied 1,235 rows; TO gives back the same as FROM.",
]


@pytest.fixture
async def source(database_url):
    """A file with many members and one target, the first and the last to be copied."""
    await fill(
        database_url,
        {
            members: [{"club_id": 1, "member_id": n, "name": "Ann"} for n in range(1234)],
            targets: [{"club_id": 1, "from_week": MONDAY, "days": 3}],
        },
    )
    return database_url


def without_checksums(lines):
    """Return the lines with every checksum but that of nothing replaced."""
    return [re.sub(r"  (?!0{16})[0-9a-f]{16}  ", "  0123456789abcdef  ", line) for line in lines]


@pytest.mark.slow
async def test_a_copy_shows_what_arrived_and_what_to_do_next(source, tmp_path):
    target = f"sqlite+aiosqlite:///{tmp_path / 'to.db'}"
    async with BotProcess(tmp_path, "migrate-database", source, target) as process:
        assert await process.wait(30) == 0
    assert without_checksums(process.stdout) == [
        *COPIED,
        "Nothing was written to FROM meanwhile. Now set DATABASE_URL to TO and start the bot; "
        "what a bot still writes to FROM from now on is not in the copy.",
    ]
    assert process.stderr == []
    assert await content(target) == await content(source)


@pytest.mark.slow
async def test_a_copy_that_is_refused_is_one_sentence(source, tmp_path):
    url = "postgresql+asyncpg://carol:s3cret@db:many/club"
    async with BotProcess(tmp_path, "migrate-database", source, url) as process:
        assert await process.wait(30) == 1
    assert process.stdout == []
    assert process.stderr == [
        "Nothing was copied: TO=postgresql+asyncpg://carol:***@db:many/club cannot be read: "
        "write @ : / in a user or password as %40 %3A %2F, and the port as a number."
    ]


@pytest.fixture
async def target(postgres):
    """A database of a server, where the copy's last table waits for a lock."""
    url = postgres.empty()
    await (await open_database(url)).close()
    function = "$$BEGIN PERFORM pg_advisory_xact_lock(42); RETURN NEW; END$$"
    query(url, f"CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS {function}")
    row = "BEFORE INSERT ON targets FOR EACH ROW"
    query(url, f"CREATE TRIGGER wait {row} EXECUTE FUNCTION wait()")
    return url


@asynccontextmanager
async def held_up(process, url):
    """Hold the copy up where all but its last table is in the target, not yet committed."""

    async def wait():
        waiting = "SELECT count(*) FROM pg_locks WHERE objid = 42 AND NOT granted"
        while not await connection.fetchval(waiting):  # noqa: ASYNC110 - no event tells
            await asyncio.sleep(0.05)

    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        await connection.execute("SELECT pg_advisory_lock(42)")
        async with process:
            await process.until(wait(), 30)
            yield connection
    finally:
        await connection.close()


@pytest.mark.slow
@pytest.mark.parametrize("way", ["interrupt", "kill"])
async def test_a_copy_that_is_broken_off_leaves_nothing(source, target, tmp_path, way):
    process = BotProcess(tmp_path, "migrate-database", source, target)
    async with held_up(process, target):
        getattr(process, way)()
        code = await process.wait(60)
    said = [
        "Interrupted: TO is as empty as it was, unless the copy, complete and checked, was just "
        "being committed."
    ]
    assert (code, process.stderr) == ((130, said) if way == "interrupt" else (-9, []))
    assert process.stdout == []
    assert not any((await content(target)).values())
    async with BotProcess(tmp_path, "migrate-database", source, target) as process:
        assert await process.wait(30) == 0
    assert await content(target) == await content(source)


@pytest.mark.slow
async def test_a_bot_that_wrote_meanwhile_is_an_error_with_its_remedy(source, target, tmp_path):
    process = BotProcess(tmp_path, "migrate-database", source, target)
    async with held_up(process, target) as connection:
        await fill(source, {members: [{"club_id": 2, "member_id": 1, "name": "Ben"}]})
        await connection.execute("SELECT pg_advisory_unlock(42)")
        assert await process.wait(30) == 1
    assert without_checksums(process.stdout) == COPIED
    assert process.stderr == [
        "But the bot wrote to FROM meanwhile, and the copy lacks that: members 1 row more. "
        "Stop the bot, make TO empty again, and run this once more."
    ]


def test_all_ways_in_which_the_source_may_have_changed_are_told():
    changes = advice({"clubs": 0, "completions": 12345, "members": -1})
    assert ": clubs changed, completions 12,345 rows more, members 1 row fewer. " in changes


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_terminal_shows_how_far_it_is(monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal())
    with show_bar(Step.COPY, 4) as advance:
        assert "0%" in sys.stderr.getvalue()
        advance(2)
        assert " 50%" in sys.stderr.getvalue()
        advance(2)
    assert "Copying" in sys.stderr.getvalue()
    assert "100%" in sys.stderr.getvalue()
