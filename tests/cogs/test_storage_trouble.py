"""A database that is away for a while: members are told so, and what is due follows."""

from pathlib import Path

import simcord

from bot.errors import StorageUnavailable
from tests.conftest import text_of


def file_of(club):
    return Path(club.app.settings.database_url.removeprefix("sqlite+aiosqlite:///"))


async def test_costs_one_line_in_the_log_and_no_post(club, clock, caplog):
    file = file_of(club)
    aside = file.rename(file.with_suffix(".aside"))
    clock.advance(hours=18)
    for _ in range(3):
        await club.tick()
        await club.env.bot.get_cog("ServersCog").forget()
    [record] = [r for r in caplog.records if r.levelname != "INFO"]
    assert "Stop the bot" in record.message
    assert record.exc_info is None
    assert club.messages == []

    aside.rename(file)
    await club.tick()
    assert "Friday 3 July" in text_of(club.messages[0])


async def test_is_told_to_whoever_taps_or_asks_and_counts_when_back(posted):
    file = file_of(posted)
    aside = file.rename(file.with_suffix(".aside"))
    sentence = posted.say("error.storage_unavailable")
    card = posted.messages[0]
    assert (await posted.ann.click(card, label="Done")).response.content == sentence
    assert (await posted.ann.slash(posted.channel, "me")).response.content == sentence
    simcord.assert_error(posted.env, StorageUnavailable)

    aside.rename(file)
    assert posted.completions() == []
    await posted.ann.click(card, label="Done")
    assert len(posted.completions()) == 1
