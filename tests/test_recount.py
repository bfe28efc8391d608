"""`hipstride recount` as its operator runs it."""

import sqlite3
from contextlib import closing

import pytest

from bot.recount import as_sentences
from bot.services.scores import Recount
from tests.services.helpers import done, set_up
from tests.wire.process import BotProcess


@pytest.mark.slow
async def test_a_recount_says_what_was_wrong_and_mends_it(app, settings, tmp_path):
    await set_up(app)
    await done(app)
    file = settings.database_url.removeprefix("sqlite+aiosqlite:///")
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE scores SET points = 9 WHERE board = 'all'")

    async def run(*arguments):
        environment = {"DATABASE_URL": settings.database_url}
        async with BotProcess(tmp_path, "recount", *arguments, **environment) as process:
            return await process.wait(30), process.stdout

    counted = "Counted the boards of 1 club with 1 member."
    code, said = await run("--check")
    differed = "differed from what the events say"
    assert (code, said) == (1, [counted, f"3 rows {differed}: `hipstride recount` mends that."])
    assert await run() == (0, [counted, f"1 row {differed}: mended."])
    assert await run("--check") == (0, [counted, "Every score is what the events say."])


def test_clubs_that_could_not_be_counted_are_named():
    said = as_sentences(Recount(clubs=2, members=1234, wrong=1, left_out=(5, 7)), is_mended=True)
    assert said.splitlines() == [
        "Counted the boards of 2 clubs with 1,234 members.",
        "1 row differed from what the events say: mended.",
        "Left out, as this machine does not know their time zone: club 5, 7.",
    ]
