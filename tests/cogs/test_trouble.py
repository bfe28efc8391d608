"""A club that cannot be posted to: its admin is told once, and it goes on once that is mended."""

import pytest

from tests.conftest import text_of
from tests.simcord_gaps import (
    allow_bot_by_role,
    delete_channel,
    deny_bot,
    disconnect_from,
    edit_often,
    edit_server,
)

pytestmark = pytest.mark.slow


@pytest.fixture
async def troubled(club, clock):
    """A club whose challenge of Friday, seven o'clock, was forbidden."""
    await deny_bot(club.channel, send_messages=True)
    clock.advance(hours=18)
    await club.tick()
    return club


def told(club) -> list[str]:
    """What the coach was told in direct messages."""
    return [message.content for message in club.coach_user.dm_channel.history()]


async def trouble_of(club):
    return (await club.app.clubs.status(club.club_id)).club.trouble


async def test_the_coach_is_told_once_what_is_wrong_and_how_to_mend_it(troubled, clock):
    for _ in range(3):
        clock.advance(days=1)
        await troubled.tick()

    [message] = told(troubled)
    assert troubled.guild.name in message
    assert f"<#{troubled.channel.id}>" in message
    assert "**Send Messages**" in message
    tried = troubled.requests("POST", f"/channels/{troubled.channel.id}/messages")
    assert len(tried) == 2  # once with the picture and once without, and never again
    assert await trouble_of(troubled) == "forbidden"


async def test_a_deleted_channel_is_told_as_such(club, clock):
    await delete_channel(club.channel)
    clock.advance(hours=18)
    await club.tick()

    [message] = told(club)
    assert club.say("remedy.channel_gone") in message


async def test_trouble_that_comes_back_is_told_again(troubled, clock):
    await deny_bot(troubled.channel, send_messages=False)
    assert await trouble_of(troubled) is None
    await deny_bot(troubled.channel, send_messages=True)
    clock.advance(days=1)
    await troubled.tick()

    assert len(told(troubled)) == 2


async def test_with_closed_direct_messages_the_log_says_so_and_the_post_is_recorded(
    club, clock, caplog
):
    await deny_bot(club.channel, send_messages=True)
    club.env.inject_error("POST", "/users/@me/channels", status=403, code=50007)
    clock.advance(hours=18)
    await club.tick()

    assert "nobody could be told" in caplog.text
    assert (await club.app.clubs.status(club.club_id)).latest.state == "failed"


async def test_a_permission_given_back_in_time_brings_todays_challenge_at_once(troubled, clock):
    clock.advance(hours=1)
    await deny_bot(troubled.channel, send_messages=False)

    [card] = troubled.messages
    assert "Friday 3 July" in text_of(card)
    post = (await troubled.app.clubs.status(troubled.club_id)).latest
    assert (post.state, post.message_id) == ("sent", card.id)


async def test_mended_days_later_it_goes_on_with_the_next_challenge(troubled, clock):
    clock.advance(days=3, hours=8)  # Monday afternoon, too late for that day's
    await deny_bot(troubled.channel, send_messages=False)
    await troubled.tick()
    assert troubled.messages == []

    clock.advance(hours=16)
    await troubled.tick()
    [card] = troubled.messages
    assert "Tuesday 7 July" in text_of(card)


async def test_mended_days_later_within_the_window_todays_comes_with_the_next_tick(troubled, clock):
    clock.advance(days=3, hours=2)
    await deny_bot(troubled.channel, send_messages=False)
    await troubled.tick()

    [card] = troubled.messages
    assert "Monday 6 July" in text_of(card)


async def test_a_change_that_mends_nothing_changes_nothing(troubled):
    await deny_bot(troubled.channel, send_messages=True, embed_links=True)
    assert await trouble_of(troubled) == "forbidden"
    assert troubled.messages == []


async def test_asking_for_the_status_is_enough_to_go_on(club, clock):
    club.env.inject_error("POST", "/channels/*/messages", status=403, code=50013, times=2)
    clock.advance(hours=18)
    await club.tick()
    assert await trouble_of(club) == "forbidden"

    status = text_of((await club.coach.slash(club.channel, "club status")).response)
    assert await trouble_of(club) is None
    assert club.say("club.well") in status
    assert any("Friday 3 July" in text_of(message) for message in club.messages)


async def test_a_new_set_up_or_a_post_now_ends_the_trouble(troubled):
    other = troubled.guild.create_text_channel("hips2")
    saved = await troubled.set_up(channel=other)
    assert await trouble_of(troubled) is None
    await troubled.coach.click(saved.response, label=troubled.say("club.post_now"))

    assert "Friday 3 July" in text_of(other.last_message)


async def test_one_clubs_trouble_moves_no_other(troubled, clock):
    other = troubled.env.create_guild("Hill Harriers")
    clock.advance(days=1)
    other.create_role("Runners", mentionable=True)
    await edit_often(other.create_text_channel("hips"), 1)
    assert await trouble_of(troubled) == "forbidden"


async def test_changes_in_a_server_that_is_well_or_no_club_ask_discord_nothing(club):
    other = club.env.create_guild("Hill Harriers")
    before = len(club.env.http_requests)
    await edit_often(club.channel, 3)
    await edit_often(other.create_text_channel("hips"), 3)
    assert len(club.env.http_requests) == before


async def test_many_changes_at_once_are_looked_at_together(troubled):
    before = len(troubled.env.http_requests)
    await edit_often(troubled.channel, 50)
    asked = troubled.env.http_requests[before:]
    assert 1 <= sum(call.path == f"/guilds/{troubled.club_id}" for call in asked) <= 2


async def test_a_role_given_to_the_bot_mends_the_club(troubled):
    await allow_bot_by_role(troubled.channel)
    assert await trouble_of(troubled) is None


async def test_while_discord_does_not_say_whether_it_is_mended_the_club_waits(troubled, caplog):
    troubled.env.inject_error("GET", "/guilds/*", status=503)
    await deny_bot(troubled.channel, send_messages=False)
    assert await trouble_of(troubled) == "forbidden"
    assert f"club {troubled.club_id}: Discord does not say" in caplog.text

    await edit_often(troubled.channel, 1)
    assert await trouble_of(troubled) is None
    assert len(troubled.messages) == 1


async def test_with_closed_direct_messages_the_servers_own_channel_is_told(club, clock):
    office = club.guild.create_text_channel("office")
    await edit_server(club.guild, system_channel_id=office.id)
    club.env.inject_error("POST", "/users/@me/channels", status=403, code=50007)
    await delete_channel(club.channel)
    clock.advance(hours=18)
    await club.tick()

    [message] = office.history()
    assert club.guild.name in message.content
    assert club.say("remedy.channel_gone") in message.content


async def test_a_club_that_another_process_is_connected_to_is_treated_alike(club, clock):
    await deny_bot(club.channel, send_messages=True)
    disconnect_from(club.env, club.club_id)
    clock.advance(hours=18)
    await club.tick()
    [message] = told(club)
    assert club.guild.name in message

    await deny_bot(club.channel, send_messages=False)
    [card] = club.messages
    assert "Friday 3 July" in text_of(card)
