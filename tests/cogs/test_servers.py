"""Leaving a server keeps its club for a while; coming back goes on where it was."""

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from bot.app import open_app
from bot.client import Bot
from tests.conftest import text_of
from tests.simcord_gaps import deny_bot, edit_server, hide, interaction_context

pytestmark = pytest.mark.slow


def rows_about(world, club_id: int) -> int:
    """How many rows of all tables hold the club's id, wherever it stands."""
    file = world.app.settings.database_url.removeprefix("sqlite+aiosqlite:///")
    with closing(sqlite3.connect(file)) as connection:
        tables = [
            name
            for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        ]
        return sum(
            club_id in row
            for table in tables
            for row in connection.execute(f'SELECT * FROM "{table}"').fetchall()
        )


@pytest.fixture
async def lively(club, clock):
    """A club with a post, a completion and a change of target behind it."""
    clock.advance(hours=18)
    await club.tick()
    await club.ann.click(club.messages[-1], label=club.say("challenge.done"))
    await club.set_up(target=5)
    return club


async def leave(world) -> None:
    world.env.backend.remove_guild(world.club_id)
    await world.env.settle()


async def forget(world) -> None:
    await world.env.bot.get_cog("ServersCog").forget()


async def test_a_server_that_removed_the_bot_is_not_posted_to(club, clock):
    await leave(club)
    clock.advance(days=2)
    assert await club.app.daily.due() == []


async def test_what_is_stored_stays_for_the_retention_time_and_then_goes_completely(lively, clock):
    other = await lively.app.clubs.status(lively.club_id)
    await leave(lively)
    clock.advance(days=lively.app.settings.retention_days)
    await forget(lively)
    assert rows_about(lively, lively.club_id) >= 5
    assert (await lively.app.clubs.status(lively.club_id)).club == other.club

    clock.advance(seconds=1)
    await forget(lively)
    assert rows_about(lively, lively.club_id) == 0


async def test_a_club_that_is_still_there_is_never_forgotten(lively, clock):
    clock.advance(days=1000)
    await forget(lively)
    assert rows_about(lively, lively.club_id) >= 5


async def test_a_server_that_takes_the_bot_back_goes_on_with_its_next_challenge(lively, clock):
    await leave(lively)
    clock.advance(days=10)
    await lively.app.clubs.returned(lively.club_id)
    assert await lively.app.daily.due() == []
    clock.advance(days=1)
    assert await lively.app.daily.due() == [lively.club_id]
    clock.advance(days=1000)
    await forget(lively)
    assert rows_about(lively, lively.club_id) >= 5


async def test_a_server_that_is_no_club_may_come_and_go(world):
    await world.app.clubs.returned(world.club_id)
    await leave(world)
    assert rows_about(world, world.club_id) == 0


async def test_leaving_and_returning_while_the_bot_is_away_is_noticed_at_its_next_start(
    lively, settings, clock, library
):
    gone, back = 7 << 22, lively.club_id
    async with lively.app.database.write() as stores:
        club = await stores.clubs.get(back)
    await lively.app.clubs.left(back)
    async with open_app(settings, clock, library) as app:
        async with app.database.write() as stores:
            await stores.clubs.save(replace(club, id=gone))
        bot = Bot(app, is_ticking=False)
        await lively.env.bot.close()
        await lively.env.restart_bot(bot)
        await bot.get_cog("ServersCog").on_ready()
        async with app.database.read() as stores:
            assert await stores.clubs.presence() == {gone: False, back: True}
        me = text_of((await lively.ann.slash(lively.channel, "me")).response)
        assert "1 session" in me
        await bot.close()


async def language_of(world) -> str | None:
    return (await world.app.clubs.status(world.club_id)).club.locale


async def test_a_club_learns_its_servers_language_and_every_change_of_it(world):
    with interaction_context(guild_locale="nl"):
        await world.set_up()
    assert await language_of(world) == "nl"
    await edit_server(world.guild, preferred_locale="fr")
    assert await language_of(world) == "fr"
    await world.app.clubs.learn_locales({world.club_id: "de"})  # what it was when the bot left
    await world.env.bot.get_cog("ServersCog").on_ready()
    assert await language_of(world) == "fr"


async def test_the_challenge_and_its_trouble_are_told_in_the_servers_language(
    club, clock, monkeypatch
):
    asked = []
    speaking = club.app.texts.speaking

    def listen(locale: object):
        asked.append(locale)
        return speaking(locale)

    monkeypatch.setattr(club.app.texts, "speaking", listen)
    await club.app.clubs.learn_locales({club.club_id: "nl"})
    await deny_bot(club.channel, send_messages=True)
    clock.advance(hours=18)
    await club.tick()
    assert asked == ["nl", "nl"]


async def test_an_outage_of_discord_is_no_leaving(club):
    await edit_server(club.guild, preferred_locale="fr")
    await hide(club.env, club.club_id)
    await club.env.bot.get_cog("ServersCog").on_ready()
    async with club.app.database.read() as stores:
        assert await stores.clubs.presence() == {club.club_id: True}
    assert await language_of(club) == "fr"
