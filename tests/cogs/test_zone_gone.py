"""A club whose time zone vanished from the tz database: one word to those concerned, no more."""

import sqlite3
from contextlib import closing

import pytest
import simcord

from bot.doctor.local import check_posts
from bot.errors import ZoneGone
from bot.storage.checkup import examine_database
from tests.conftest import text_of

GONE = "Europe/Atlantis"


@pytest.fixture
def adrift(club):
    """A club that is in a zone that there is no more."""
    file = club.app.settings.database_url.removeprefix("sqlite+aiosqlite:///")
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(f"UPDATE clubs SET zone = '{GONE}'")
    return club


def told(club):
    return [message.content for message in club.coach_user.dm_channel.history()]


async def test_is_left_alone_after_one_line_in_the_log_and_one_word_to_its_coach(
    adrift, clock, caplog
):
    clock.advance(hours=18)
    for _ in range(3):
        await adrift.tick()
    [record] = [r for r in caplog.records if r.levelname != "INFO"]
    assert str(adrift.club_id) in record.message
    assert GONE in record.message
    assert "/club setup" in record.message
    assert record.exc_info is None
    [word] = told(adrift)
    assert GONE in word
    assert "`/club setup`" in word
    assert adrift.messages == []


async def test_is_explained_to_whoever_asks(adrift):
    sentence = adrift.say("error.zone_gone", zone=GONE)
    asked = [(adrift.coach, "club status"), (adrift.ann, "today"), (adrift.ann, "me")]
    for member, command in asked:
        assert text_of((await member.slash(adrift.channel, command)).response) == sentence
    simcord.assert_error(adrift.env, ZoneGone)


@pytest.mark.parametrize("is_noticed", [True, False])
async def test_is_named_by_the_doctor_with_the_remedy(adrift, clock, is_noticed):
    if is_noticed:
        clock.advance(hours=18)
        await adrift.tick()
    checkup = await examine_database(adrift.app.settings.database_url)
    [finding] = check_posts(checkup.clubs, clock())
    assert str(adrift.club_id) in finding.subject
    assert "no longer knows the club's time zone" in finding.finding
    assert "`/club setup`" in finding.remedy


async def test_goes_on_once_it_is_set_up_anew(adrift, clock):
    clock.advance(hours=18)
    await adrift.tick()
    await adrift.set_up(time="08:00")
    clock.advance(hours=1)
    await adrift.tick()
    assert "Friday 3 July" in text_of(adrift.messages[0])


async def test_a_claim_without_outcome_is_skipped(club, clock):
    club.env.inject_error("POST", "/channels/*/messages", status=500)
    clock.advance(hours=18)
    await club.tick()
    file = club.app.settings.database_url.removeprefix("sqlite+aiosqlite:///")
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(f"UPDATE clubs SET zone = '{GONE}'")
    clock.advance(minutes=5)
    await club.tick()
    post = (await club.app.clubs.status(club.club_id)).latest
    assert (post.state, post.reason) == ("skipped", "zone_gone")


async def test_coming_back_to_a_server_is_noticed_all_the_same(adrift):
    await adrift.app.clubs.left(adrift.club_id)
    await adrift.app.clubs.reconcile({adrift.club_id}, lambda _: True)
    async with adrift.app.database.read() as stores:
        assert await stores.clubs.presence() == {adrift.club_id: True}
